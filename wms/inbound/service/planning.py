"""A truck is announced, and later is here."""

from typing import Final

from sqlalchemy import and_, insert, literal, or_, select
from sqlalchemy.dialects.postgresql import insert as upsert

from labels.gs1 import has_check_digit
from wms.clearance import queries as clearance
from wms.db.numbers import next_number
from wms.db.transaction import Tx
from wms.inbound import errors, models
from wms.inbound.terms import ArrivalState, ExpectedPallet, PlanArrival, Planned, TruckIn
from wms.kernel.quantity import SCALE, ZERO
from wms.masterdata import queries as masterdata
from wms.masterdata.terms import PlaceKind
from wms.seals import queries as seals

MOST_PALLETS: Final = 200
"""Far above what one truck can hold; a longer list is a mistake in a file."""


def plan(tx: Tx, command: PlanArrival) -> Planned:
    """Announce a truck with its pallets, on an inbound checklist that is filed.

    Raises Invalid for a malformed SSCC or quantity, Unknown for an article, dock, seal or checklist
    that is not on file, Conflict when the number or an SSCC is announced already.
    """
    _check(tx, command)
    arrival_no = command.arrival_no or _number(tx)
    made = tx.session.execute(
        upsert(models.ArrivalRecord)
        .values(
            site_id=tx.site_id,
            arrival_no=arrival_no,
            checklist_no=command.checklist_no,
            sheet_no="",
            plate=command.plate.replace("·", ""),
            container_no=command.container_no,
            seal_no=command.seal_no,
            dock=_dock(tx, command.dock),
            state=ArrivalState.PLANNED,
            planned_at=tx.now,
            closed_by="",
        )
        .on_conflict_do_nothing()
        .returning(models.ArrivalRecord.arrival_no)
    ).first()
    if made is None:
        raise errors.arrival_known(arrival_no)
    _announce(tx, arrival_no, command.pallets)
    return Planned(arrival_no, len(command.pallets))


def truck_in(tx: Tx, command: TruckIn) -> str:
    """Mark the arrival whose truck has passed the gate; return its number, empty if none is meant.

    The sheet names the arrival it was filed for; a sheet filed for nothing is matched by plate.
    """
    if command.direction != "I":
        return ""
    record = models.ArrivalRecord
    row = tx.session.execute(
        select(record)
        .where(
            record.site_id == tx.site_id,
            record.state == ArrivalState.PLANNED,
            or_(
                record.arrival_no == command.document,
                and_(literal(command.document == ""), record.plate == command.plate),
            ),
        )
        .order_by(record.planned_at)
        .limit(1)
        .with_for_update()
    ).scalar_one_or_none()
    if row is None:
        return ""
    row.state = ArrivalState.ARRIVED
    row.arrived_at = command.happened_at
    row.sheet_no = command.sheet_no
    row.seal_no = row.seal_no or command.seal_no
    tx.note("arrival", row.arrival_no, before="planned", after="arrived")
    return row.arrival_no


def _check(tx: Tx, command: PlanArrival) -> None:
    if not 0 < len(command.pallets) <= MOST_PALLETS:
        raise errors.no_pallets(len(command.pallets), MOST_PALLETS)
    declared = {line.sku for line in clearance.checklist(tx, command.checklist_no).lines}
    for pallet in command.pallets:
        if len(pallet.sscc) != 18 or not has_check_digit(pallet.sscc):
            raise errors.sscc_malformed(pallet.sscc)
        if pallet.quantity <= ZERO or pallet.quantity.steps % SCALE:
            raise errors.not_whole(pallet.sscc, pallet.quantity)
    if command.seal_no:
        seals.seal(tx, command.seal_no)
    for sku in sorted({pallet.sku for pallet in command.pallets} - declared):
        raise errors.not_on_checklist(masterdata.goods(tx, sku).sku, command.checklist_no)


def _announce(tx: Tx, arrival_no: str, pallets: tuple[ExpectedPallet, ...]) -> None:
    record = models.PalletRecord
    seen: set[str] = set()
    for pallet in pallets:
        if pallet.sscc in seen:
            raise errors.pallet_expected(pallet.sscc, arrival_no)
        seen.add(pallet.sscc)
    known = tx.session.execute(
        select(record.sscc, record.arrival_no).where(
            record.site_id == tx.site_id, record.sscc.in_(seen)
        )
    ).first()
    if known is not None:
        raise errors.pallet_expected(known.sscc, known.arrival_no)
    rows = [
        {
            "site_id": tx.site_id,
            "arrival_no": arrival_no,
            "sscc": pallet.sscc,
            "sku": pallet.sku,
            "lot": pallet.lot,
            "expiry": pallet.expiry,
            "expected": pallet.quantity,
            "received": ZERO,
            "damaged": ZERO,
            "received_by": "",
        }
        for pallet in pallets
    ]
    tx.session.execute(insert(record), rows)


def _dock(tx: Tx, code: str) -> str:
    docks = masterdata.places(tx, kinds=(PlaceKind.DOCK,), limit=1)
    place = masterdata.place(tx, code) if code or not docks else docks[0]
    if place.kind is not PlaceKind.DOCK:
        raise errors.not_a_dock(code)
    return place.code


def _number(tx: Tx) -> str:
    day = f"{masterdata.today(tx):%y%m%d}"
    return f"AR{day}{next_number(tx, f'arrival:{day}'):03d}"
