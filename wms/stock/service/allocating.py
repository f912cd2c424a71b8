"""Promises to orders: first expired first, then the shortest walk, never the same piece twice."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from uuid import UUID

from sqlalchemy import insert, select, update

from wms.db.transaction import Tx
from wms.kernel.quantity import ZERO, Quantity
from wms.ledger import posting
from wms.ledger.errors import Short
from wms.ledger.terms import DocumentRef, Leg
from wms.stock import errors, models, queries
from wms.stock.errors import Missing, NotEnough
from wms.stock.service.accounts import account, post
from wms.stock.service.units import locked
from wms.stock.terms import (
    Allocate,
    Allocation,
    Pick,
    ReleaseAllocations,
    Status,
    Wanted,
)
from wms.stock.views import Candidate

_TRIES: Final = 8
"""How often pieces that another order has just been promised are looked for elsewhere."""


def allocate(tx: Tx, command: Allocate) -> tuple[Allocation, ...]:
    """Promise good, unexpired, stored pieces to every line of a document, or to none.

    Two orders that reach for the last pieces at once are parted by the row lock in the ledger: one
    gets them, the other looks again. Raises NotEnough naming every article that falls short.
    """
    for line in command.lines:
        if line.quantity <= ZERO:
            raise errors.quantity(line.quantity)
    for _ in range(_TRIES):
        chosen = tuple(_choose(tx, command.lines))
        legs = [posting.reserve_out(found.account_id, part) for _, found, part in chosen]
        try:
            post(tx, command.document, tuple(legs), tx.now)
        except Short:
            continue
        return _keep(tx, command.document, chosen, legs)
    raise NotEnough(_missing(tx, command.lines))


def release_allocations(tx: Tx, command: ReleaseAllocations) -> Quantity:
    """Take back what a document was promised and has not picked; return how many pieces."""
    record = models.AllocationRecord
    tx.session.execute(
        select(record.allocation_id)
        .where(
            record.site_id == tx.site_id,
            record.document_kind == command.document.kind,
            record.document_no == command.document.number,
        )
        .order_by(record.allocation_id)
        .with_for_update()
    )
    open_ones = [row for row in queries.allocations(tx, command.document) if row.open]
    if not open_ones:
        return ZERO
    legs = tuple(posting.void_out(row.allocation_id) for row in open_ones)
    post(tx, command.document, legs, tx.now)
    back = ZERO
    for row in open_ones:
        back += row.open
        tx.session.execute(
            update(record)
            .where(record.site_id == tx.site_id, record.allocation_id == row.allocation_id)
            .values(released=row.open)
        )
    return back


def pick(tx: Tx, command: Pick) -> Allocation:
    """Move promised pieces into a unit, out of the promise and onto its account in one posting.

    Raises Unknown `stock.allocation_unknown`, Conflict `stock.too_few` beyond what is still open.
    """
    record = models.AllocationRecord
    promise = tx.session.execute(
        select(record)
        .where(record.site_id == tx.site_id, record.allocation_id == command.allocation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if promise is None:
        raise errors.AllocationUnknown(command.allocation_id)
    before = queries.allocation(tx, command.allocation_id)
    quantity = command.quantity if command.quantity is not None else before.open
    if quantity > before.open:
        raise errors.too_few(before.unit, before.sku, quantity, before.open)
    if quantity <= ZERO:
        raise errors.quantity(quantity)
    locked(tx, before.unit)
    target = locked(tx, command.target)
    into = account(tx, target, before.sku, before.lot, Status.GOOD, before.expiry)
    legs = posting.move(promise.account_id, into, quantity, promise.allocation_id)
    post(tx, before.document, legs, command.happened_at)
    promise.picked = promise.picked + quantity
    tx.session.flush()
    return replace(before, picked=before.picked + quantity, open=before.open - quantity)


def _choose(tx: Tx, lines: tuple[Wanted, ...]) -> Iterator[tuple[Wanted, Candidate, Quantity]]:
    """Yield which pieces go to which line; raise NotEnough when they do not suffice."""
    wanted: dict[str, Quantity] = defaultdict(lambda: ZERO)
    for line in lines:
        wanted[line.sku] += line.quantity
    pools: dict[str, list[tuple[Candidate, Quantity]]] = defaultdict(list)
    for candidate in queries.candidates(tx, wanted):
        pools[candidate.sku].append((candidate, candidate.free))
    chosen: list[tuple[Wanted, Candidate, Quantity]] = []
    for line in lines:
        rest, pool = line.quantity, pools[line.sku]
        while rest and pool:
            candidate, free = pool.pop(0)
            part = min(rest, free)
            chosen.append((line, candidate, part))
            rest -= part
            if free > part:
                pool.insert(0, (candidate, free - part))
        if rest:
            raise NotEnough(_missing(tx, lines))
    yield from chosen


def _missing(tx: Tx, lines: tuple[Wanted, ...]) -> list[Missing]:
    wanted: dict[str, Quantity] = defaultdict(lambda: ZERO)
    for line in lines:
        wanted[line.sku] += line.quantity
    free: dict[str, Quantity] = defaultdict(lambda: ZERO)
    for candidate in queries.candidates(tx, wanted):
        free[candidate.sku] += candidate.free
    short = [Missing(sku, q, free[sku]) for sku, q in wanted.items() if free[sku] < q]
    return short or [Missing(sku, q, free[sku]) for sku, q in wanted.items()]


def _keep(
    tx: Tx,
    document: DocumentRef,
    chosen: tuple[tuple[Wanted, Candidate, Quantity], ...],
    legs: list[Leg],
) -> tuple[Allocation, ...]:
    rows: list[dict[str, object]] = []
    made: list[Allocation] = []
    for (line, found, part), leg in zip(chosen, legs, strict=True):
        allocation_id: UUID | None = leg.reserve_id
        assert allocation_id is not None
        paper = replace(document, line=line.line)
        rows.append(
            {
                "site_id": tx.site_id,
                "allocation_id": allocation_id,
                "account_id": found.account_id,
                "document_kind": document.kind,
                "document_no": document.number,
                "document_line": line.line,
                "quantity": part,
                "picked": ZERO,
                "released": ZERO,
                "made_at": tx.now,
            }
        )
        made.append(
            Allocation(
                allocation_id,
                paper,
                found.sku,
                found.lot,
                found.expiry,
                found.unit,
                found.place,
                found.walk_order,
                part,
                ZERO,
                part,
            )
        )
    tx.session.execute(insert(models.AllocationRecord), rows)
    return tuple(made)
