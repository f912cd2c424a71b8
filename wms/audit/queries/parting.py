"""Where the figures of lines part: the entries of both sides, walked back from today."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Final
from uuid import UUID

from wms.audit import rules
from wms.audit.terms import Compared, Move, Parting, Side
from wms.clearance.queries.stated import customs_postings_of
from wms.clearance.queries.unsettled import CustomsPosting
from wms.db.transaction import ReadTx
from wms.ledger import changes
from wms.ledger.changes import Change
from wms.stock.queries.movements import changes_of_goods

REACH: Final = 500
"""How many entries of an account are walked back."""

TOGETHER: Final = 500
"""Lines whose entries are read by one round of statements."""


def with_partings(tx: ReadTx, lines: Collection[Compared]) -> tuple[Compared, ...]:
    """Return these lines in their order, those that are apart with where and since when.

    Three statements for every 500 lines that are apart, however many entries they have.
    """
    apart = [line for line in lines if line.gap.floor or line.gap.customs]
    told: dict[int, tuple[Parting, ...]] = {}
    for start in range(0, len(apart), TOGETHER):
        some = apart[start : start + TOGETHER]
        told |= {id(line): parted for line, parted in _partings(tx, some)}
    return tuple(replace(line, partings=told.get(id(line), ())) for line in lines)


def _partings(
    tx: ReadTx, lines: Collection[Compared]
) -> Iterable[tuple[Compared, tuple[Parting, ...]]]:
    accounts = [line.figures.account_id for line in lines if line.figures.account_id]
    booked = changes.changes(tx, accounts, REACH)
    on_floor = changes_of_goods(
        tx, {line.figures.goods_no for line in lines if line.gap.floor}, REACH
    )
    posted = customs_postings_of(
        tx,
        [(line.figures.book_no, line.figures.line_no) for line in lines if line.gap.customs],
        REACH,
    )
    for line in lines:
        yield line, _of(line, booked, on_floor, posted)


def _of(
    line: Compared,
    booked: Mapping[UUID, tuple[Change, ...]],
    on_floor: Mapping[str, tuple[Change, ...]],
    posted: Mapping[tuple[str, int], tuple[CustomsPosting, ...]],
) -> tuple[Parting, ...]:
    figures = line.figures
    key = (figures.book_no, figures.line_no)
    ours = moves_of(booked.get(figures.account_id, ())) if figures.account_id else ()
    theirs = {
        Side.FLOOR: (figures.floor, moves_of(on_floor.get(figures.goods_no, ()))),
        Side.CUSTOMS: (figures.customs, posted_moves(posted.get(key, ()))),
    }
    found = [
        rules.parting(side, ours, moves, figure - figures.book)
        for side, (figure, moves) in theirs.items()
        if side in line.gap.sides
    ]
    return tuple(one for one in found if one is not None)


def moves_of(told: Iterable[Change]) -> tuple[Move, ...]:
    """Return the ledger's changes as moves of a figure."""
    return tuple(
        Move(one.recorded_at, one.quantity, one.document.kind, one.document.number, one.posting_id)
        for one in told
    )


def posted_moves(told: Iterable[CustomsPosting]) -> tuple[Move, ...]:
    """Return customs' postings as moves of its figure."""
    return tuple(Move(one.recorded_at, one.quantity, "checklist", one.inner_no) for one in told)
