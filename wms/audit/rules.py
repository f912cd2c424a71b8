"""What three figures say of a line: pure functions, exact to the last piece."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby

from wms.audit.terms import (
    Compared,
    Figures,
    Gap,
    Move,
    Movement,
    Parting,
    Reason,
    Side,
    Stated,
    UnderWay,
    Verdict,
)
from wms.kernel.quantity import ZERO, Quantity, total


def under_way(move: Movement) -> UnderWay | None:
    """Return what one checklist explains, or None when it explains nothing.

    Inbound: goods stand on the floor from the scan on, the book takes them when customs posts.
    Outbound: book and floor let go when the truck is through, customs when it posts. One half of a
    transfer between books moves customs' figure at once, the book when both halves are posted.
    """
    if move.paired:
        return _paired(move)
    if move.direction == "I":
        return _inbound(move)
    if move.passed and not move.posted:
        return _of(Reason.PASSED_NOT_POSTED, move, move.declared)
    if move.posted and not move.passed:
        return _of(Reason.POSTED_NOT_PASSED, move, -move.figure)
    return None


def _paired(move: Movement) -> UnderWay | None:
    if not move.posted or move.passed:
        return None
    figure = move.figure if move.direction == "I" else -move.figure
    return _of(Reason.PAIR_NOT_POSTED, move, figure)


def _inbound(move: Movement) -> UnderWay | None:
    if not move.posted:
        return _of(Reason.RECEIVED_NOT_POSTED, move, move.received)
    still_to_come = min(move.figure, move.declared) - move.received
    if move.awaited and still_to_come > ZERO:
        return _of(Reason.POSTED_NOT_RECEIVED, move, -still_to_come)
    return None


def compare(figures: Figures) -> Compared:
    """Return the verdict on a line: a difference is explained by exactly what is on the way."""
    gap = Gap(
        figures.floor - figures.book - explained(figures, Side.FLOOR),
        figures.customs - figures.book - explained(figures, Side.CUSTOMS),
        stated_gap(figures.stated) if figures.stated is not None else ZERO,
        figures.counted.quantity if figures.counted is not None else ZERO,
    )
    if gap.sides:
        verdict = Verdict.DIFFERS
    elif figures.in_transit:
        verdict = Verdict.ON_THE_WAY
    else:
        verdict = Verdict.AGREES
    return Compared(figures, verdict, gap)


def stated_gap(stated: Stated) -> Quantity:
    """Return by how much customs' statement differs from the receipts we had of it by then.

    A receipt may be on its way while customs is asked: a statement that counts the first of those
    that came in the hours after agrees.
    """
    gap = stated.quantity - stated.receipts
    on_its_way = ZERO
    for quantity in stated.later:
        if gap == on_its_way:
            break
        on_its_way += quantity
    return ZERO if gap == on_its_way else gap


def explained(figures: Figures, side: Side) -> Quantity:
    """Return by how much papers let a side run before (+) or behind (−) the book."""
    return total([way.quantity for way in figures.in_transit if way.reason.side is side])


def share(there: Quantity, wanted: Sequence[Quantity]) -> tuple[Quantity, ...]:
    """Spread a quantity over lines in order, each up to what it wants; the last takes the rest.

    The floor knows goods, not book lines: where several lines hold the same goods, this says how
    much of the floor each of them claims. The shares always sum up to what is there.
    """
    shares = []
    for want in wanted:
        part = max(min(there, want), ZERO)
        shares.append(part)
        there -= part
    if shares:
        shares[-1] += there
    return tuple(shares)


def parting(
    side: Side, book: Sequence[Move], other: Sequence[Move], gap: Quantity
) -> Parting | None:
    """Return where a side parts from the book for good, walking back from today's `gap`.

    `gap` is the side's figure minus the book's. What was recorded at one moment counts as one.
    None when there is no gap, or when the moves given do not reach back to a moment of agreement.
    """
    if not gap:
        return None
    moments = list(_moments(book, other))
    while moments:
        at, ours, theirs = moments.pop()
        gap -= total([move.quantity for move in theirs]) - total([move.quantity for move in ours])
        if not gap:
            return Parting(side, moments[-1][0] if moments else None, at, ours, theirs)
    return None


def _moments(
    book: Sequence[Move], other: Sequence[Move]
) -> Iterator[tuple[datetime, tuple[Move, ...], tuple[Move, ...]]]:
    """Yield each moment with what moved on either side, in the order of recording."""
    both = sorted(
        [(move.at, 0, move) for move in book] + [(move.at, 1, move) for move in other],
        key=lambda one: one[:2],
    )
    for at, group in groupby(both, key=lambda one: one[0]):
        moves = list(group)
        yield (
            at,
            tuple(move for _, which, move in moves if not which),
            tuple(move for _, which, move in moves if which),
        )


def _of(reason: Reason, move: Movement, quantity: Quantity) -> UnderWay | None:
    return UnderWay(reason, move.document, quantity) if quantity else None
