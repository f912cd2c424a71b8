"""Customs' own account of each book line: 实增, 实减, 预增, 预减."""

from decimal import Decimal

from counterparts.customs.state import State

_STEPS = Decimal(100000)


def steps(quantity: str | Decimal) -> int:
    """Return a quantity in whole hundred-thousandths."""
    return int(Decimal(quantity) * _STEPS)


def plain(value: int) -> str:
    """Return steps as a plain decimal without trailing zeros."""
    text = f"{Decimal(value) / _STEPS:.5f}".rstrip("0").rstrip(".")
    return text or "0"


class Book:
    """The book lines in the state; figures are only ever added to."""

    def __init__(self, state: State) -> None:
        self.state = state

    def open(self, book: str, line: str, quantity: Decimal) -> None:
        """Open a line with a quantity, once: a line that has moved is left alone."""
        self.state.db.execute(
            "INSERT OR IGNORE INTO book_lines (book, line, inc) VALUES (?, ?, ?)",
            (book, int(line), steps(quantity)),
        )

    def line_for(self, book: str, named: str, sku: str, *, own: bool = False) -> int:
        """Return the line a checklist line moves: the named one, its SKU's, or a new one.

        With `own`, every line that is not named is a new one: the book is non-cumulative.
        """
        if named:
            return int(named)
        db = self.state.db
        row = db.execute(
            "SELECT line FROM book_lines WHERE book = ? AND sku = ?",
            (book, sku),
        ).fetchone()
        if row is None or own:
            row = db.execute(
                "SELECT coalesce(max(line), 0) + 1 FROM book_lines WHERE book = ?",
                (book,),
            ).fetchone()
            db.execute(
                "INSERT INTO book_lines (book, line, sku) VALUES (?, ?, ?)",
                (book, row[0], sku),
            )
        return int(row[0])

    def add(self, book: str, line: int, sku: str = "", **changes: int) -> None:
        """Add steps to figures: `inc`, `redc`, `prev_inc`, `prev_redc`."""
        self.state.db.execute(
            "INSERT INTO book_lines (book, line, sku) VALUES (?, ?, ?) ON CONFLICT (book, line) "
            "DO UPDATE SET sku = CASE WHEN sku = '' THEN excluded.sku ELSE sku END",
            (book, line, sku),
        )
        for figure, change in changes.items():
            if figure not in {"inc", "redc", "prev_inc", "prev_redc"}:
                raise ValueError(figure)
            self.state.db.execute(
                f"UPDATE book_lines SET {figure} = {figure} + ? WHERE book = ? AND line = ?",
                (change, book, line),
            )

    def figures(self, book: str, line: int) -> dict[str, int]:
        row = self.state.db.execute(
            "SELECT inc, redc, prev_inc, prev_redc FROM book_lines WHERE book = ? AND line = ?",
            (book, line),
        ).fetchone()
        names = ("inc", "redc", "prev_inc", "prev_redc")
        return dict(zip(names, row or (0, 0, 0, 0), strict=True))

    def left(self, book: str, line: int) -> int:
        """Return what may still be taken: 实增 less 实减 less 预减 (预增 does not count)."""
        now = self.figures(book, line)
        return now["inc"] - now["redc"] - now["prev_redc"]

    def statement(self, book: str) -> dict[str, dict[str, str]]:
        """Return every line of a book in plain decimals, as a book query would."""
        rows = self.state.db.execute(
            "SELECT line, sku, inc, redc, prev_inc, prev_redc FROM book_lines "
            "WHERE book = ? ORDER BY line",
            (book,),
        )
        return {
            str(line): {
                "sku": sku,
                "actlIncQty": plain(inc),
                "actlRedcQty": plain(redc),
                "prevdIncQty": plain(prev_inc),
                "prevdRedcQty": plain(prev_redc),
            }
            for line, sku, inc, redc, prev_inc, prev_redc in rows
        }
