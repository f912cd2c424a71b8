"""The lines of a book as one declaration after another takes from them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from wms.clearance import rules
from wms.clearance.rules import Free
from wms.clearance.terms import FailedRule
from wms.customs.codecs import OrderLine
from wms.db.transaction import Tx
from wms.kernel.quantity import Quantity, total
from wms.ledger import books
from wms.ledger.books import Book, BookLine
from wms.masterdata.terms import Goods


@dataclass(frozen=True, slots=True)
class Listing:
    """Goods as master data describes them, and the line that a cumulative book has for them.

    A non-cumulative book has a line for each consignment that came: `line` is None.
    """

    goods: Goods
    line: BookLine | None


@dataclass(frozen=True, slots=True)
class ListedPart:
    """A line of a release list: an order line, or the part of it that one book line gives."""

    gnum: int
    order_line: OrderLine
    goods: Goods
    book_line: BookLine
    quantity: Quantity
    total_price: Decimal


def is_cumulative(book: Book) -> bool:
    """Return whether a book adds later receipts to one line (记账模式 1)."""
    return book.mode == "cumulative"


class Shelves:
    """What the lines of a non-cumulative book hold free, less what was taken here already.

    `look` must come first. Somebody else may take at the same moment: the ledger refuses then, and
    another look reads anew. A cumulative book is not read at all: its one line a goods number is
    judged by the ledger alone.
    """

    def __init__(self, tx: Tx, book: Book, listings: dict[str, Listing]) -> None:
        self._tx, self.book, self.listings = tx, book, listings
        self._free: dict[str, tuple[Free, ...]] = {}

    def look(self) -> bool:
        """Read what is free now; return whether that can change what is planned."""
        if is_cumulative(self.book):
            return False
        found = books.free_lines(self._tx, self.book.book_no, tuple(sorted(self.listings)))
        self._free = {
            sku: tuple(Free(line, balance.free) for line, balance in lines)
            for sku, lines in found.items()
        }
        return True

    def plan(
        self, lines: Sequence[OrderLine]
    ) -> tuple[tuple[ListedPart, ...], tuple[FailedRule, ...]]:
        """Say which book line gives what, the oldest first; or every article that is short.

        Nothing is taken yet. An order line may become several lines of the list, numbered anew.
        """
        if is_cumulative(self.book):
            return tuple(_whole(line, self.listings[line.item_no]) for line in lines), ()
        free, parts, short = dict(self._free), list[ListedPart](), list[FailedRule]()
        for line in lines:
            wanted, there = Quantity.of(line.qty), free.get(line.item_no, ())
            picked = rules.pick(there, wanted)
            free[line.item_no] = picked.left
            if picked.quantity < wanted:
                held = total([one.quantity for one in there])
                short.append(
                    FailedRule("clearance.book_short", str(wanted), str(held), line.item_no)
                )
            parts += _parts(len(parts), line, self.listings[line.item_no].goods, picked.parts)
        return ((), tuple(short)) if short else (tuple(parts), ())

    def take(self, parts: Iterable[ListedPart]) -> None:
        """Note that these parts are held now."""
        for part in parts:
            sku = part.order_line.item_no
            self._free[sku] = tuple(
                Free(one.line, one.quantity - part.quantity)
                if one.line.line_no == part.book_line.line_no
                else one
                for one in self._free.get(sku, ())
            )


def _whole(line: OrderLine, listing: Listing) -> ListedPart:
    if listing.line is None:  # a cumulative book lists all its goods; matching has seen to it
        raise AssertionError(line.item_no)
    quantity = Quantity.of(line.qty)
    return ListedPart(line.gnum, line, listing.goods, listing.line, quantity, line.total_price)


def _parts(before: int, line: OrderLine, goods: Goods, picked: Sequence[Free]) -> list[ListedPart]:
    """Spread an order line's price over its parts; the last takes what rounding leaves."""
    parts, rest = list[ListedPart](), line.total_price
    for place, one in enumerate(picked, start=1):
        price = (line.price * one.quantity.decimal).quantize(Decimal("0.00001"))
        price = rest if place == len(picked) else price
        rest -= price
        parts.append(ListedPart(before + place, line, goods, one.line, one.quantity, price))
    return parts
