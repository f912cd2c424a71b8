"""Pieces: received, taken from unit to unit, put into another status, let go."""

from wms.db.transaction import Tx
from wms.kernel.quantity import ZERO, Quantity
from wms.ledger import posting
from wms.ledger.terms import DocumentRef, Leg
from wms.stock import errors, queries
from wms.stock.service.accounts import account, post, shift
from wms.stock.service.units import leave, locked, open_unit
from wms.stock.terms import (
    ChangeStatus,
    Depart,
    Departed,
    HoldUnit,
    Moved,
    OpenUnit,
    Receive,
    Status,
    Take,
)

LEGS_AT_MOST = 5_000


def receive(tx: Tx, command: Receive) -> Moved:
    """Take a unit in with what it holds: in from the document, at a place, as of `happened_at`.

    Raises Conflict `stock.unit_known` when the number is here already, Invalid `stock.quantity`.
    """
    moved = open_unit(
        tx,
        OpenUnit(
            command.site_id,
            command.number,
            command.kind,
            command.happened_at,
            to_place=command.place,
            op=command.op,
        ),
    )
    unit = locked(tx, command.number)
    legs: list[Leg] = []
    for content in command.contents:
        if content.quantity <= ZERO:
            raise errors.quantity(content.quantity)
        to = account(tx, unit, content.sku, content.lot, content.status, content.expiry)
        legs.append(posting.direct_in(to, content.quantity, counter(command.document)))
    post(tx, command.document, tuple(legs), command.happened_at)
    return moved


def take(tx: Tx, command: Take) -> Quantity:
    """Move free pieces from one unit into another; return how many went."""
    source, target = locked(tx, command.source), locked(tx, command.target)
    return shift(
        tx,
        (source, command.status),
        (target, command.status),
        (command.sku, command.lot, command.quantity),
        DocumentRef("unit", command.target),
        happened_at=command.happened_at,
    )


def change_status(tx: Tx, command: ChangeStatus) -> Quantity:
    """Put free pieces of one lot into another status; return how many."""
    unit = locked(tx, command.number, frozen=True)
    return shift(
        tx,
        (unit, command.before),
        (unit, command.after),
        (command.sku, command.lot, command.quantity),
        DocumentRef("unit", command.number),
        happened_at=command.happened_at,
        reason=command.reason,
    )


def hold_unit(tx: Tx, command: HoldUnit) -> Quantity:
    """Hold every good piece of a unit, or make every held one good again; return how many.

    Raises Conflict `stock.promised` when some are promised to orders: those are to be released
    first, so that nobody walks to goods that may not go.
    """
    unit = locked(tx, command.number, frozen=True)
    before, after = Status.GOOD, Status.HELD
    if not command.held:
        before, after = after, before
    changed = ZERO
    for row in queries.contents(tx, command.number):
        if row.status is not before or row.unit != unit.number:
            continue
        if row.promised:
            raise errors.promised(command.number, row.promised)
        changed += shift(
            tx,
            (unit, before),
            (unit, after),
            (row.sku, row.lot, None),
            DocumentRef("unit", command.number),
            happened_at=command.happened_at or tx.now,
            reason=command.reason,
        )
    return changed


def depart(tx: Tx, command: Depart) -> Departed:
    """Let units leave the site with everything in them: out to the document, one posting.

    A seal does not hinder it (that is what seals are for). Raises Conflict `stock.promised` when
    pieces in them are still promised to other orders.
    """
    roots = [locked(tx, number, frozen=True) for number in sorted(set(command.numbers))]
    held = queries.contents_of(tx, [root.unit_id for root in roots])
    for row in held:
        if row.promised:
            raise errors.promised(row.unit, row.promised)
    side = counter(command.document)
    legs = [posting.direct_out(row.account_id, row.quantity, side) for row in held]
    for start in range(0, len(legs), LEGS_AT_MOST):
        post(tx, command.document, tuple(legs[start : start + LEGS_AT_MOST]), command.happened_at)
    for root in roots:
        leave(tx, root, command.happened_at)
    pieces: dict[str, Quantity] = {}
    for row in held:
        pieces[row.sku] = pieces.get(row.sku, ZERO) + row.quantity
    return Departed(len(roots), tuple(sorted(pieces.items())))


def counter(document: DocumentRef) -> str:
    """Return how an entry names the outside party of a document."""
    return f"{document.kind}:{document.number}"[:80]
