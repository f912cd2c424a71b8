"""The comparison as a workbook: lines, where they part, tasks, signatures, and a sheet about it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any, Final

import xlsxwriter

from wms.audit import queries
from wms.audit.terms import Compared, Reconciliation, Side, Task, Verdict
from wms.db.transaction import ReadTx
from wms.kernel.clock import BEIJING
from wms.kernel.quantity import Quantity
from wms.web.messages import language, t

Cell = str | int | Quantity | datetime | None

EXACT: Final = 10**15
"""A workbook keeps 15 digits of a number; a quantity with more steps is written as text."""

MOST: Final = 1_000_000
"""Rows of a sheet; a workbook holds 1,048,576."""

LEADS: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a cell must not begin with where a program would take it for a formula."""


def workbook(
    tx: ReadTx, found: Reconciliation, lines: Sequence[Compared], chosen: dict[str, str]
) -> bytes:
    """Return the lines as an XLSX file in the language of the request, written row by row.

    Text is always text: no cell is a formula, and one that begins like one is marked as a quote.
    """
    buffer = BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True, "in_memory": False}) as book:
        sheets = _Sheets(book)
        sheets.add("about", _about(tx, found, lines, chosen))
        sheets.add("lines", (_line(one) for one in lines), _LINES)
        sheets.add("entries", (row for one in lines for row in _entries(one)), _ENTRIES)
        sheets.add("tasks", (_task(one) for one in _tasks(tx, lines)), _TASKS)
        sheets.add("signatures", (_signature(one) for one in queries.signatures(tx)), _SIGNATURES)
    return buffer.getvalue()


_LINES: Final = (
    *("book_no", "line_no", "goods_no", "name", "unit", "book", "floor", "in_transit", "customs"),
    *("stated", "stated_at", "gap_floor", "gap_customs", "gap_stated", "gap_count"),
    *("verdict", "since"),
)
_ENTRIES: Final = (
    *("book_no", "line_no", "goods_no", "side", "agreed_at", "at", "of", "quantity"),
    *("document_kind", "document_no", "posting"),
)
_TASKS: Final = (
    *("number", "book_no", "line_no", "goods_no", "side", "state", "gap", "since"),
    *("owner", "cause", "due_on", "opened_at", "closed_at"),
)
_SIGNATURES: Final = (
    *("signed_at", "signed_by", "postings", "lines", "agrees", "findings", "breaches"),
    *("digest", "tree_size", "root", "posting", "note"),
)


class _Sheets:
    """The sheets of one workbook, each with a head row where it has columns."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.head = book.add_format({"bold": True, "bottom": 1})
        self.quote = book.add_format({"quote_prefix": True})

    def add(self, name: str, rows: Iterable[Sequence[Cell]], columns: Sequence[str] = ()) -> None:
        sheet = self.book.add_worksheet(t(f"audit.xlsx.{name}"))
        sheet.set_column(0, max(len(columns) - 1, 1), 18)
        start = 0
        if columns:
            for place, column in enumerate(columns):
                sheet.write_string(0, place, t(f"audit.xlsx.column.{column}"), self.head)
            sheet.freeze_panes(1, 0)
            start = 1
        for number, row in enumerate(rows, start=start):
            if number >= MOST:
                break
            for place, cell in enumerate(row):
                self._write(sheet, number, place, cell)

    def _write(self, sheet: Any, row: int, place: int, cell: Cell) -> None:
        if cell is None or cell == "":
            return
        if isinstance(cell, Quantity):
            if abs(cell.steps) < EXACT:
                sheet.write_number(row, place, cell.decimal)
                return
            cell = str(cell)
        if isinstance(cell, int):
            sheet.write_number(row, place, cell)
            return
        text = _moment(cell) if isinstance(cell, datetime) else cell
        sheet.write_string(row, place, text, self.quote if text.startswith(LEADS) else None)


def _about(
    tx: ReadTx, found: Reconciliation, lines: Sequence[Compared], chosen: dict[str, str]
) -> Iterable[Sequence[Cell]]:
    sealed = queries.checkpoint(tx)
    told = ", ".join(f"{name}={value}" for name, value in chosen.items())
    facts: tuple[tuple[str, Cell], ...] = (
        ("site", int(tx.site_id)),
        ("filter", told or t("audit.xlsx.no_filter")),
        ("rows", len(lines)),
        ("of_rows", len(found.lines)),
        ("as_of", found.as_of),
        ("postings", found.postings),
        ("digest", found.digest),
        ("tree_size", sealed.tree_size if sealed else t("audit.xlsx.unsealed")),
        ("root", sealed.root if sealed else t("audit.xlsx.unsealed")),
        ("who", tx.actor.name),
        ("language", language()),
        ("times", t("web.beijing_time")),
    )
    for name, fact in facts:
        yield t(f"audit.xlsx.about.{name}"), fact


def _line(one: Compared) -> Sequence[Cell]:
    figures, gap = one.figures, one.gap
    stated = figures.stated
    return (
        *(figures.book_no, figures.line_no, figures.goods_no, figures.name, figures.unit),
        *(figures.book, figures.floor, figures.transit, figures.customs),
        *(stated.quantity if stated else None, stated.stated_at if stated else None),
        *(gap.floor, gap.customs, gap.stated, gap.count),
        *(t(f"audit.verdict.{one.verdict.value}"), one.apart_since),
    )


def _entries(one: Compared) -> Iterable[Sequence[Cell]]:
    if one.verdict is not Verdict.DIFFERS:
        return
    for part in one.partings:
        for of, moves in ((None, part.book), (part.side, part.other)):
            for move in moves:
                yield (
                    *(*one.figures.key, _side(part.side), part.agreed_at, move.at),
                    t("audit.book") if of is None else _side(of),
                    *(move.quantity, move.document_kind, move.document_no),
                    str(move.posting_id) if move.posting_id else None,
                )


def _tasks(tx: ReadTx, lines: Sequence[Compared]) -> Iterable[Task]:
    live = queries.live_tasks(tx)
    return (task for line in lines for task in live.get(line.figures.key, ()))


def _task(one: Task) -> Sequence[Cell]:
    return (
        *(one.number, *one.key, _side(one.side), t(f"audit.task.state.{one.state.value}")),
        *(one.gap, one.since, one.owner, t(f"audit.cause.{one.cause}") if one.cause else None),
        *(one.due_on.isoformat() if one.due_on else None, one.opened_at, one.closed_at),
    )


def _signature(one: Any) -> Sequence[Cell]:
    sealed = one.checkpoint
    return (
        *(one.signed_at, one.signed_by, one.postings, one.lines),
        t("audit.xlsx.yes" if one.agrees else "audit.xlsx.no"),
        *(len(one.findings), one.breaches, one.digest),
        *(sealed.tree_size if sealed else None, sealed.root if sealed else None),
        *(str(one.statement_id) if one.statement_id else None, one.note),
    )


def _side(side: Side) -> str:
    return t(f"audit.side.{side.value}")


def _moment(moment: datetime) -> str:
    return moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
