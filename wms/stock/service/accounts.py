"""Floor accounts: the account of one lot in one status in one unit, opened when first needed."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from wms.db.transaction import Tx
from wms.kernel.ids import id_from, new_id
from wms.kernel.quantity import ZERO, Quantity
from wms.ledger import posting
from wms.ledger.balances import balance
from wms.ledger.errors import Short
from wms.ledger.terms import DocumentRef, Family, Leg, Posted, Posting
from wms.masterdata import queries as masterdata
from wms.stock import errors, models
from wms.stock.service.units import LockedUnit
from wms.stock.terms import Status


def account(
    tx: Tx, unit: LockedUnit, sku: str, lot: str, status: Status, expiry: date | None
) -> UUID:
    """Return the account for these pieces, opening it in the ledger if it is new.

    Raises Unknown `masterdata.goods_unknown`, Conflict `stock.expiry` when the lot is known in this
    unit with another expiry date.
    """
    account_id = id_from("floor", str(tx.site_id), str(unit.unit_id), sku, lot, status)
    known = tx.session.get(models.FloorAccount, (tx.site_id, account_id))
    if known is None:
        masterdata.goods(tx, sku)
        posting.open_account(tx, Family.FLOOR, account_id)
        opened = tx.session.execute(
            insert(models.FloorAccount)
            .values(
                site_id=tx.site_id,
                account_id=account_id,
                unit_id=unit.unit_id,
                sku=sku,
                lot=lot,
                status=status,
                expiry=expiry,
            )
            .on_conflict_do_nothing()
            .returning(models.FloorAccount.account_id)
        )
        if opened.first() is not None:
            return account_id
        known = tx.session.get_one(models.FloorAccount, (tx.site_id, account_id))
    if known.expiry != expiry:
        raise errors.expiry(sku, lot, expiry, known.expiry)
    return account_id


def existing(
    tx: Tx, unit: LockedUnit, sku: str, lot: str, status: Status
) -> models.FloorAccount | None:
    """Return the account for these pieces in this unit, if it was ever opened."""
    record = models.FloorAccount
    return tx.session.execute(
        select(record).where(
            record.site_id == tx.site_id,
            record.unit_id == unit.unit_id,
            record.sku == sku,
            record.lot == lot,
            record.status == status,
        )
    ).scalar_one_or_none()


def shift(
    tx: Tx,
    source: tuple[LockedUnit, Status],
    target: tuple[LockedUnit, Status],
    pieces: tuple[str, str, Quantity | None],
    document: DocumentRef,
    *,
    happened_at: datetime,
    reason: str = "",
) -> Quantity:
    """Move free pieces (sku, lot, how many or all) between two units or two statuses.

    Raises Conflict `stock.too_few` naming what is free.
    """
    (unit, before), (into, after) = source, target
    sku, lot, wanted = pieces
    held = existing(tx, unit, sku, lot, before)
    free = balance(tx, held.account_id).free if held is not None else ZERO
    quantity = free if wanted is None else wanted
    if quantity <= ZERO:
        raise errors.quantity(quantity)
    if held is None:
        raise errors.too_few(unit.number, sku, quantity, ZERO)
    to = account(tx, into, sku, lot, after, held.expiry)
    try:
        post(tx, document, posting.move(held.account_id, to, quantity), happened_at, reason)
    except Short as short:
        there = short.obstacles[0].there
        raise errors.too_few(unit.number, sku, quantity, there) from short
    return quantity


def post(
    tx: Tx,
    document: DocumentRef,
    legs: tuple[Leg, ...],
    happened_at: datetime,
    reason: str = "",
    approval_id: UUID | None = None,
) -> Posted:
    """Post legs of one document; a repeated command is stopped at the doorway, not here."""
    key = f"stock:{new_id()}"
    wanted = Posting(key, document, legs, happened_at, reason, approval_id=approval_id)
    return posting.post(tx, wanted)
