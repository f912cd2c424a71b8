"""Where the figures of a line part: the entries of both sides, walked back from today."""

from typing import Final

from wms.audit import rules
from wms.audit.terms import Compared, Move, Parting, Side
from wms.clearance.queries.unsettled import customs_postings
from wms.db.transaction import ReadTx
from wms.ledger import balances, books
from wms.ledger.balances import Entry
from wms.stock.queries.movements import moves_of_goods

REACH: Final = 500
"""How many entries of each side are walked back."""


def partings(tx: ReadTx, line: Compared) -> tuple[Parting, ...]:
    """Return where floor and customs part from the book, as far back as the entries looked at."""
    figures = line.figures
    ours: tuple[Move, ...] = ()
    if figures.line_no:
        account = books.line(tx, figures.book_no, figures.line_no).account_id
        ours = _moves(balances.statement(tx, account, limit=REACH))
    found = []
    if line.gap.floor:
        theirs = _moves(moves_of_goods(tx, figures.goods_no, REACH))
        found.append(rules.parting(Side.FLOOR, ours, theirs, figures.floor - figures.book))
    if line.gap.customs:
        posted = customs_postings(tx, figures.book_no, figures.line_no, REACH)
        theirs = tuple(
            Move(one.recorded_at, one.quantity, "checklist", one.inner_no) for one in posted
        )
        found.append(rules.parting(Side.CUSTOMS, ours, theirs, figures.customs - figures.book))
    return tuple(one for one in found if one is not None)


def _moves(entries: tuple[Entry, ...]) -> tuple[Move, ...]:
    """Return what changed the stock; what is only promised or expected changes nothing yet."""
    return tuple(
        Move(
            entry.recorded_at, entry.d_in - entry.d_out, entry.document.kind, entry.document.number
        )
        for entry in entries
        if entry.d_in != entry.d_out
    )
