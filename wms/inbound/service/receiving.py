"""Pallets are set down at the dock, and what is wrong with them is said."""

from dataclasses import replace

from sqlalchemy import select

from wms.db.transaction import Tx
from wms.inbound import errors, models, queries, rules
from wms.inbound.terms import (
    ArrivalState,
    CorrectPallet,
    Difference,
    Pallet,
    ReceivePallet,
)
from wms.kernel.quantity import SCALE, ZERO, Quantity
from wms.ledger.terms import DocumentRef
from wms.seals import queries as seals
from wms.stock import service as stock
from wms.stock.terms import ChangeStatus, Content, CorrectReceipt, Receive, Status, UnitKind


def receive(tx: Tx, command: ReceivePallet) -> Pallet:
    """Take an announced pallet in at the arrival's dock, all of it unless `counted` differs.

    Raises Unknown `inbound.pallet_unknown`, AlreadyReceived with who and when, and the refusals of
    `rules.unloading`: the truck is not here, its seal is shut or in alarm, the arrival is closed.
    """
    row = _locked(tx, command.sscc)
    arrival = may_unload(tx, row.arrival_no)
    if row.received_at is not None:
        raise errors.AlreadyReceived(row.sscc, row.received_by, row.received_at)
    came = row.expected if command.counted is None else command.counted
    if came <= ZERO or came.steps % SCALE:
        raise errors.not_whole(row.sscc, came)
    stock.receive(
        tx,
        Receive(
            tx.site_id,
            row.sscc,
            UnitKind.PALLET,
            arrival.dock,
            (Content(row.sku, row.lot, row.expiry, came),),
            DocumentRef("checklist", arrival.checklist_no),
            command.happened_at,
            command.op,
        ),
    )
    row.received = came
    row.received_at = command.happened_at
    row.received_by = tx.actor.name
    tx.session.flush()
    return queries.pallet(tx, row.sscc)


def correct(tx: Tx, command: CorrectPallet) -> Pallet:
    """Say that a received pallet is short or over, or that pieces of it are damaged.

    The floor follows at once: pieces in or out against the checklist, or from good to damaged.
    """
    row = _locked(tx, command.sscc)
    may_unload(tx, row.arrival_no)
    if row.received_at is None:
        raise errors.not_received(row.sscc)
    most = row.received if command.difference is Difference.DAMAGED else row.expected
    if command.pieces < ZERO or command.pieces > most or command.pieces.steps % SCALE:
        raise errors.too_many(row.sscc, command.pieces, most)
    if command.difference is Difference.DAMAGED:
        _damage(tx, row, command)
    else:
        wanted = rules.received_with(row.expected, command.difference, command.pieces)
        _count(tx, row, command, wanted - row.received)
    tx.session.flush()
    return queries.pallet(tx, row.sscc)


def may_unload(tx: Tx, arrival_no: str) -> queries.Arrival:
    """Return the arrival if goods may be taken off its truck now, else raise why not."""
    arrival = queries.arrival(tx, arrival_no)
    seal = seals.find_seal(tx, arrival.seal_no) if arrival.seal_no else None
    refusal = rules.unloading(
        arrival_no,
        ArrivalState(arrival.state),
        arrival.plate,
        arrival.seal_no,
        seal.state if seal is not None else None,
    )
    if refusal is not None:
        raise refusal
    return arrival


def _count(tx: Tx, row: models.PalletRecord, command: CorrectPallet, change: Quantity) -> None:
    if not change:
        return
    arrival = queries.arrival(tx, row.arrival_no)
    stock.correct_receipt(
        tx,
        CorrectReceipt(
            tx.site_id,
            row.sscc,
            Content(row.sku, row.lot, row.expiry, change),
            DocumentRef("checklist", arrival.checklist_no),
            f"receipt: {command.difference}",
            command.happened_at,
            command.op,
        ),
    )
    row.received = row.received + change


def _damage(tx: Tx, row: models.PalletRecord, command: CorrectPallet) -> None:
    change = command.pieces - row.damaged
    if not change:
        return
    turned = ChangeStatus(
        tx.site_id,
        row.sscc,
        row.sku,
        row.lot,
        Status.GOOD,
        Status.DAMAGED,
        "receipt: damaged",
        command.happened_at,
        change,
        command.op,
    )
    if change < ZERO:
        turned = replace(turned, before=Status.DAMAGED, after=Status.GOOD, quantity=-change)
    stock.change_status(tx, turned)
    row.damaged = command.pieces


def _locked(tx: Tx, sscc: str) -> models.PalletRecord:
    record = models.PalletRecord
    row = tx.session.execute(
        select(record)
        .where(record.site_id == tx.site_id, record.sscc == sscc)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if row is None:
        raise errors.PalletUnknown(sscc)
    return row
