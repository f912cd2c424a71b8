"""Totals set right: a receipt while it is unloaded, all else after a second person's yes."""

from uuid import UUID

from sqlalchemy import update

from wms.db.transaction import Tx
from wms.kernel.errors import Invalid
from wms.kernel.quantity import ZERO, Quantity, total
from wms.ledger import approvals, posting
from wms.ledger.errors import Short
from wms.stock import errors, queries
from wms.stock.models import CountLineRecord
from wms.stock.service.accounts import account, post
from wms.stock.service.pieces import counter
from wms.stock.service.units import locked
from wms.stock.terms import ADJUST, Adjust, CorrectReceipt


def correct_receipt(tx: Tx, command: CorrectReceipt) -> Quantity:
    """Set right what was taken off a truck by a signed quantity, against its paper; return it.

    Raises Invalid `stock.reason` without a reason, Conflict `stock.too_few` below zero.
    """
    return _change(tx, command, counter(command.document))


def propose_adjustment(tx: Tx, command: Adjust) -> UUID:
    """Ask a second person to set right what a unit holds; nothing moves yet. Return the proposal.

    Raises what `adjust` would raise now, so that nobody is asked for what cannot be done.
    """
    content = command.content
    _check(command)
    unit = locked(tx, command.number)
    if content.quantity < ZERO:
        free = total(
            [
                row.free
                for row in queries.contents(tx, unit.number)
                if (row.unit, row.sku, row.lot, row.status)
                == (unit.number, content.sku, content.lot, content.status)
            ]
        )
        if free + content.quantity < ZERO:
            raise errors.too_few(unit.number, content.sku, -content.quantity, free)
    subject = f"{unit.number} {content.sku} {content.lot}".strip()
    asked = approvals.propose(tx, ADJUST, command, subject, command.reason)
    return asked.proposal_id


def adjust(tx: Tx, command: Adjust) -> Quantity:
    """Set right what a unit holds by a signed quantity; return it.

    The ledger refuses pieces lost or found without the approval that `command` names. Raises
    Invalid `stock.reason` without a reason, Conflict `stock.too_few` below zero.
    """
    way = "found" if command.content.quantity > ZERO else "lost"
    changed = _change(tx, command, f"{way}:{counter(command.document)}"[:80])
    _set_right(tx, command, command.content.quantity)
    return changed


def adjustment_reversed(tx: Tx, command: Adjust) -> None:
    """Let a count differ again by what an adjustment had set right, now that it was reversed."""
    _set_right(tx, command, -command.content.quantity)


def _change(tx: Tx, command: Adjust | CorrectReceipt, side: str) -> Quantity:
    _check(command)
    content = command.content
    unit = locked(tx, command.number)
    at = account(tx, unit, content.sku, content.lot, content.status, content.expiry)
    if content.quantity > ZERO:
        leg = posting.direct_in(at, content.quantity, side)
    else:
        leg = posting.direct_out(at, -content.quantity, side)
    approval_id = command.approval_id if isinstance(command, Adjust) else None
    try:
        post(tx, command.document, (leg,), command.happened_at, command.reason, approval_id)
    except Short as short:
        free = short.obstacles[0].there
        raise errors.too_few(command.number, content.sku, -content.quantity, free) from short
    return content.quantity


def _check(command: Adjust | CorrectReceipt) -> None:
    if not command.reason.strip():
        raise Invalid("stock.reason", read=command.number)
    if not command.content.quantity:
        raise errors.quantity(command.content.quantity)


def _set_right(tx: Tx, command: Adjust, quantity: Quantity) -> None:
    """Write down by how much a count's difference is set right, if the adjustment stands on one."""
    if command.document.kind != "count":
        return
    line = CountLineRecord
    tx.session.execute(
        update(line)
        .where(
            line.site_id == tx.site_id,
            line.count_no == command.document.number,
            line.unit == command.number,
            line.sku == command.content.sku,
        )
        .values(adjusted=line.adjusted + quantity)
    )
