"""A load's way: opened for a truck, filled, closed, sealed, declared, sheeted, gone."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import update

from labels import Area, BatchTransferLabel, sscc
from wms.clearance import queries as clearance
from wms.clearance import service as clearing
from wms.db.numbers import next_number
from wms.db.transaction import Tx
from wms.gate import service as gate
from wms.gate.terms import Direction
from wms.kernel.clock import BEIJING
from wms.kernel.errors import Conflict
from wms.kernel.ids import SiteId, new_id
from wms.kernel.quantity import total
from wms.masterdata import queries as masterdata
from wms.masterdata.terms import CodeList, Vehicle
from wms.outbound import errors, queries
from wms.outbound.models import LoadRow, PalletRow, ParcelRow
from wms.outbound.service.parcels import refuse_unless, to_state
from wms.outbound.terms import (
    BY_CHECKLIST,
    COMPANY_PREFIX,
    LOADING_PRINTER,
    RETAIL,
    SECOND_LINE,
    Load,
    LoadState,
    PalletView,
    Parcel,
    ParcelState,
)
from wms.printing import service as printing
from wms.seals import service as seals
from wms.stock import service as stock
from wms.stock.terms import Freeze, MoveUnit, OpenUnit, UnitKind


@dataclass(frozen=True, slots=True)
class OpenLoad:
    """Begin a load for a truck at a dock, with so many pallets and the seal it will bear."""

    site_id: SiteId
    plate: str
    seal_no: str
    place: str
    pallets: int
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class LoadParcel:
    """Put a packed parcel on a pallet of a load."""

    site_id: SiteId
    parcel_no: str
    sscc: str
    happened_at: datetime
    op: UUID | None = None


@dataclass(frozen=True, slots=True)
class CloseLoad:
    """The load is complete: print a batch-transfer label for each pallet."""

    site_id: SiteId
    load_no: str
    printer: str = LOADING_PRINTER


@dataclass(frozen=True, slots=True)
class SealLoad:
    """The truck's doors are shut and its seal is on: nothing inside moves any more."""

    site_id: SiteId
    load_no: str
    seal_no: str
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class DispatchLoad:
    """Declare a sealed load: a bonded checklist of type 8 over its release lists."""

    site_id: SiteId
    load_no: str


@dataclass(frozen=True, slots=True)
class FileLoadSheet:
    """Customs approved a load's checklist: file the release sheet for its truck."""

    site_id: SiteId
    checklist_no: str
    bond_invt_no: str


@dataclass(frozen=True, slots=True)
class LoadLeft:
    """A truck passed the gate outward with this load."""

    site_id: SiteId
    load_no: str


def open_load(tx: Tx, command: OpenLoad) -> Load:
    """Open a load and its pallets; raise Conflict `outbound.truck_busy` while one is under way."""
    vehicle = masterdata.vehicle(tx, command.plate)
    busy = queries.find_load(tx, vehicle.plate)
    if busy is not None:
        raise Conflict("outbound.truck_busy", read=vehicle.plate, load=busy.load_no)
    month = tx.now.astimezone(BEIJING).strftime("%y%m")
    row = LoadRow(
        site_id=tx.site_id,
        load_id=new_id(),
        load_no=f"L{month}-{next_number(tx, f'load-{month}'):04d}",
        plate=vehicle.plate,
        seal_no=command.seal_no,
        state=LoadState.OPEN.value,
        checklist_no="",
        sheet_no="",
        opened_at=tx.now,
    )
    tx.session.add(row)
    tx.session.flush()
    stock.open_unit(
        tx,
        OpenUnit(
            tx.site_id, row.load_no, UnitKind.LOAD, command.happened_at, to_place=command.place
        ),
    )
    serial = next_number(tx, "sscc", command.pallets)
    for number in range(1, command.pallets + 1):
        code = sscc(COMPANY_PREFIX, 0, serial + number - 1)
        tx.session.add(PalletRow(site_id=tx.site_id, load_id=row.load_id, number=number, sscc=code))
        stock.open_unit(
            tx,
            OpenUnit(tx.site_id, code, UnitKind.PALLET, command.happened_at, to_unit=row.load_no),
        )
    tx.session.flush()
    return queries.load_view(tx, row)


def load_parcel(tx: Tx, command: LoadParcel) -> Parcel:
    """Put a parcel on a pallet, once, and only if customs lets it go at this moment.

    Raises Unknown for parcel or pallet, Conflict `outbound.parcel_held`, `outbound.parcel_state`,
    `outbound.not_released`, `outbound.load_state`.
    """
    row = queries.locked_parcel(tx, command.parcel_no)
    refuse_unless(row, "load")
    found = queries.find_pallet(tx, command.sscc)
    if found is None:
        raise errors.LoadUnknown(command.sscc)
    load, pallet = found
    _expect(load, LoadState.OPEN)
    verdicts = clearance.lists_released(tx, (row.list_id,))
    if not verdicts or not verdicts[0].may_leave:
        raise errors.not_released(row.parcel_no, verdicts[0].state if verdicts else "unknown")
    stock.move_unit(
        tx,
        MoveUnit(
            tx.site_id, row.parcel_no, command.happened_at, to_unit=command.sscc, op=command.op
        ),
    )
    row.load_id, row.pallet = load.load_id, pallet.number
    to_state(tx, row, ParcelState.LOADED)
    return queries.view(tx, row)


def close_load(tx: Tx, command: CloseLoad) -> Load:
    """Close a load and ask for its labels; raise Conflict `outbound.pallet_empty`."""
    row = queries.load_row(tx, command.load_no, lock=True)
    _expect(row, LoadState.OPEN)
    load = queries.load_view(tx, row)
    for pallet in load.pallets:
        if not pallet.parcels:
            raise errors.pallet_empty(pallet.sscc)
        label = _label(tx, load, pallet)
        printing.ask(tx, printing.AskPrint(tx.site_id, label, pallet.sscc, command.printer))
    _to(tx, row, LoadState.CLOSED)
    return queries.load_view(tx, row)


def seal_load(tx: Tx, command: SealLoad) -> Load:
    """Put the seal on a closed load and freeze what is inside.

    Raises Conflict `outbound.other_seal` when another seal is read than the one handed out.
    """
    row = queries.load_row(tx, command.load_no, lock=True)
    _expect(row, LoadState.CLOSED)
    if command.seal_no != row.seal_no:
        raise Conflict("outbound.other_seal", read=command.seal_no, expected=row.seal_no)
    seals.affix(
        tx,
        seals.AffixSeal(
            tx.site_id, row.seal_no, row.plate, row.load_no, happened_at=command.happened_at
        ),
    )
    stock.freeze(tx, Freeze(tx.site_id, row.load_no, frozen=True))
    _to(tx, row, LoadState.SEALED)
    return queries.load_view(tx, row)


def dispatch_load(tx: Tx, command: DispatchLoad) -> Load:
    """File the checklist of type 8 for a sealed load."""
    row = queries.load_row(tx, command.load_no, lock=True)
    _expect(row, LoadState.SEALED)
    filed = clearing.file_checklist(
        tx,
        clearing.FileChecklist(
            tx.site_id, RETAIL, lists=queries.lists_of_load(tx, row.load_id), note=row.load_no
        ),
    )
    row.checklist_no = filed.inner_no
    _to(tx, row, LoadState.DECLARED)
    return queries.load_view(tx, row)


def file_load_sheet(tx: Tx, command: FileLoadSheet) -> str:
    """File the release sheet (type 3, outward) of an approved load; "" when it is not a load's."""
    row = queries.load_of_checklist(tx, command.checklist_no)
    if row is None or row.state != LoadState.DECLARED:
        return ""
    load = queries.load_view(tx, row)
    vehicle = masterdata.vehicle(tx, row.plate)
    sheet = gate.file_sheet(tx, _sheet(tx, load, vehicle, command.bond_invt_no))
    row.sheet_no = sheet.sheet_no
    _to(tx, row, LoadState.SHEETED)
    return sheet.sheet_no


def load_left(tx: Tx, command: LoadLeft) -> int:
    """Mark a load and its parcels as gone; 0 for a truck that carried none of ours."""
    row = queries.find_load(tx, command.load_no)
    if row is None or row.state == LoadState.LEFT:
        return 0
    _to(tx, row, LoadState.LEFT)
    gone = tx.session.execute(
        update(ParcelRow)
        .where(ParcelRow.site_id == tx.site_id, ParcelRow.load_id == row.load_id)
        .values(state=ParcelState.LEFT.value, state_at=tx.now)
        .returning(ParcelRow.parcel_id)
    )
    return len(gone.all())


def _sheet(tx: Tx, load: Load, vehicle: Vehicle, bond_invt_no: str) -> gate.FileSheet:
    operator = masterdata.enterprise(tx, masterdata.site(tx).operator_key)
    net = total([x.net_kg for x in queries.parcels_of_load(tx, load.load_id)])
    return gate.FileSheet(
        tx.site_id,
        kind=SECOND_LINE,
        direction=Direction.OUT,
        plate=vehicle.plate,
        vehicle_kg=vehicle.empty_kg,
        gross_kg=load.gross_kg,
        net_kg=net,
        contact=f"{operator.name_zh} {operator.phone}",
        related_kind=BY_CHECKLIST,
        related=(bond_invt_no,),
        card=vehicle.card_no,
        frame_no=vehicle.trailer_plate,
        frame_kg=vehicle.trailer_kg,
        seal_no=load.seal_no,
        document=load.load_no,
        units=(load.load_no,),
    )


def _label(tx: Tx, load: Load, pallet: PalletView) -> BatchTransferLabel:
    site = masterdata.site(tx)
    customs = masterdata.code(tx, CodeList.DISTRICT, site.customs_code)
    return BatchTransferLabel(
        sscc=pallet.sscc,
        batch_no=load.load_no,
        origin=Area(
            customs_code=site.customs_code,
            name_zh=customs.name_zh,
            name_en=customs.name_en,
            book_no=site.book_no,
        ),
        destination=Area(customs_code=site.customs_code, name_zh="区外消费者", name_en="Consumers"),
        plate=load.plate,
        seal_no=load.seal_no,
        lists=pallet.parcels,
        packages=pallet.parcels,
        gross_kg=Decimal(str(pallet.gross_kg)),
        sequence=pallet.number,
        total=len(load.pallets),
        loaded_at=tx.now.astimezone(BEIJING),
    )


def _expect(row: LoadRow, state: LoadState) -> None:
    if row.state != state:
        raise errors.load_state(row.load_no, row.state, state.value)


def _to(tx: Tx, row: LoadRow, state: LoadState) -> None:
    tx.note("load", row.load_no, before=row.state, after=state.value)
    row.state = state.value
    tx.session.flush()
