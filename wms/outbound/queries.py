"""What other rooms, pages and scanners ask of the way out: parcels, picks, loads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Select, String, bindparam, func, or_, select, tuple_, type_coerce

from wms.db.base import QuantityType
from wms.db.transaction import ReadTx
from wms.kernel.quantity import Quantity, total
from wms.ledger.terms import DocumentRef
from wms.outbound.errors import LoadUnknown, ParcelUnknown
from wms.outbound.models import LoadRow, PalletRow, ParcelLineRow, ParcelRow
from wms.outbound.rules import gross_of_load
from wms.outbound.terms import Load, LoadState, PalletView, Parcel, ParcelState
from wms.stock import queries as stock
from wms.stock.terms import Allocation, Wanted

PAPER = "list"
"""Kind of the document on which a parcel's goods are promised."""

# Every scan asks some of these: built once, because that costs more than sending them.
_NUMBER: Final = bindparam("number", type_=String)
_BY_NUMBER: Final = (
    select(ParcelRow)
    .where(
        ParcelRow.site_id == bindparam("site"),
        or_(ParcelRow.parcel_no == _NUMBER, ParcelRow.waybill_no == _NUMBER),
    )
    .limit(1)
)
_BY_LIST: Final = select(ParcelRow).where(
    ParcelRow.site_id == bindparam("site"), ParcelRow.list_no == _NUMBER
)
_WAITING: Final = select(ParcelRow).where(
    ParcelRow.site_id == bindparam("site"),
    ParcelRow.list_no.in_(bindparam("lists", expanding=True)),
    ParcelRow.state == ParcelState.ALLOCATED.value,
    ParcelRow.held.is_(False),
)
_LOAD: Final = select(LoadRow).where(
    LoadRow.site_id == bindparam("site"),
    or_(
        LoadRow.load_no == _NUMBER,
        (LoadRow.plate == _NUMBER) & (LoadRow.state != LoadState.LEFT.value),
    ),
)
_PALLET: Final = (
    select(LoadRow, PalletRow)
    .join(
        PalletRow,
        (PalletRow.site_id == LoadRow.site_id) & (PalletRow.load_id == LoadRow.load_id),
    )
    .where(LoadRow.site_id == bindparam("site"), PalletRow.sscc == _NUMBER)
)
_OF_SITE: Final = ParcelRow.site_id == bindparam("site")
_PROGRESS: Final = select(
    *(
        select(func.count()).select_from(ParcelRow).where(_OF_SITE, counted).scalar_subquery()
        for counted in (
            ParcelRow.load_id == bindparam("load"),
            ParcelRow.state == ParcelState.PACKED.value,
        )
    )
)


@dataclass(frozen=True, slots=True)
class ParcelGoodsView:
    """One line of what a parcel is to hold."""

    number: int
    sku: str
    quantity: Quantity


def parcel(tx: ReadTx, number: str) -> Parcel:
    """Return a parcel by its number or waybill; raise Unknown `outbound.parcel_unknown`."""
    row = find_row(tx, number)
    if row is None:
        raise ParcelUnknown(number)
    return view(tx, row)


def find_row(tx: ReadTx, number: str, *, lock: bool = False) -> ParcelRow | None:
    """Return the row of a parcel by its number or waybill, or None."""
    return _row(tx, _BY_NUMBER, number, lock=lock)


def row_of_list(tx: ReadTx, list_no: str, *, lock: bool = False) -> ParcelRow | None:
    """Return the row of a release list's parcel, or None."""
    return _row(tx, _BY_LIST, list_no, lock=lock)


def locked_parcel(tx: ReadTx, number: str) -> ParcelRow:
    """Return a parcel's row under a lock; raise Unknown `outbound.parcel_unknown`."""
    row = find_row(tx, number, lock=True)
    if row is None:
        raise ParcelUnknown(number)
    return row


def goods_of(tx: ReadTx, parcel_id: UUID) -> tuple[ParcelGoodsView, ...]:
    """Return what a parcel is to hold, in line order."""
    rows = tx.session.execute(
        select(ParcelLineRow.number, ParcelLineRow.sku, ParcelLineRow.quantity)
        .where(ParcelLineRow.site_id == tx.site_id, ParcelLineRow.parcel_id == parcel_id)
        .order_by(ParcelLineRow.number)
    )
    return tuple(ParcelGoodsView(*row) for row in rows)


def wanted(tx: ReadTx, parcel_id: UUID) -> tuple[Wanted, ...]:
    """Return what is to be promised to a parcel."""
    return tuple(Wanted(x.number, x.sku, x.quantity) for x in goods_of(tx, parcel_id))


def picks(tx: ReadTx, list_no: str) -> tuple[Allocation, ...]:
    """Return every promise to a list's parcel, picked ones too."""
    return stock.allocations(tx, DocumentRef(PAPER, list_no))


def open_picks(tx: ReadTx, list_no: str) -> tuple[Allocation, ...]:
    """Return what is still to be picked for a list's parcel."""
    return tuple(pick for pick in picks(tx, list_no) if pick.open)


def picks_in_unit(tx: ReadTx, unit_no: str) -> tuple[tuple[Parcel, Allocation], ...]:
    """Return what parcels that are not held still want out of a unit, the longest waiting first."""
    open_here = [x for x in stock.promised_in(tx, unit_no) if x.document.kind == PAPER]
    if not open_here:
        return ()
    lists = [x.document.number for x in open_here]
    waiting = tx.session.scalars(_WAITING, {"site": tx.site_id, "lists": lists})
    rows = {row.list_no: row for row in waiting}
    found = [(view(tx, rows[x.document.number]), x) for x in open_here if x.document.number in rows]
    return tuple(sorted(found, key=lambda pair: (pair[0].released_at, pair[0].parcel_no)))


def pick_list(tx: ReadTx, limit: int = 200) -> tuple[tuple[Parcel, Allocation], ...]:
    """Return what the `limit` longest waiting parcels want, along the picker's walk."""
    rows = tx.session.scalars(
        select(ParcelRow)
        .where(
            ParcelRow.site_id == tx.site_id,
            ParcelRow.state == ParcelState.ALLOCATED.value,
            ParcelRow.held.is_(False),
        )
        .order_by(ParcelRow.state_at, ParcelRow.parcel_id)
        .limit(limit)
    ).all()
    by_list = {row.list_no: view(tx, row) for row in rows}
    promised = stock.allocations_of(tx, PAPER, tuple(by_list))
    return tuple((by_list[x.document.number], x) for x in promised if x.open)


def parcels(
    tx: ReadTx,
    *,
    states: Sequence[ParcelState] = (),
    held: bool | None = None,
    after: tuple[datetime, UUID] | None = None,
    limit: int = 100,
) -> tuple[Parcel, ...]:
    """Return parcels, the oldest state first, after the key of the page before."""
    query = (
        select(ParcelRow)
        .where(ParcelRow.site_id == tx.site_id)
        .order_by(ParcelRow.state_at, ParcelRow.parcel_id)
        .limit(limit)
    )
    if states:
        query = query.where(ParcelRow.state.in_([state.value for state in states]))
    if held is not None:
        query = query.where(ParcelRow.held.is_(held))
    if after is not None:
        query = query.where(tuple_(ParcelRow.state_at, ParcelRow.parcel_id) > after)
    return tuple(view(tx, row) for row in tx.session.scalars(query))


def counts(tx: ReadTx) -> dict[ParcelState, int]:
    """Return how many parcels stand in each state; states without any are absent."""
    found = tx.session.execute(
        select(ParcelRow.state, func.count())
        .where(ParcelRow.site_id == tx.site_id)
        .group_by(ParcelRow.state)
    )
    return {ParcelState(state): number for state, number in found}


def held_count(tx: ReadTx) -> int:
    """Return how many parcels customs stops."""
    return (
        tx.session.scalar(
            select(func.count()).where(ParcelRow.site_id == tx.site_id, ParcelRow.held)
        )
        or 0
    )


def left_since(tx: ReadTx, moment: datetime) -> int:
    """Return how many parcels left the site from a moment on."""
    return (
        tx.session.scalar(
            select(func.count()).where(
                ParcelRow.site_id == tx.site_id,
                ParcelRow.state == ParcelState.LEFT.value,
                ParcelRow.state_at >= moment,
            )
        )
        or 0
    )


def unit_missing(tx: ReadTx, parcel_no: str) -> bool:
    """Return whether a parcel has no box on the floor yet."""
    return not stock.known(tx, parcel_no)


def load(tx: ReadTx, load_no: str) -> Load:
    """Return a load with its pallets; raise Unknown `outbound.load_unknown`."""
    return load_view(tx, load_row(tx, load_no))


def load_row(tx: ReadTx, load_no: str, *, lock: bool = False) -> LoadRow:
    """Return a load's row; raise Unknown `outbound.load_unknown`."""
    query = select(LoadRow).where(LoadRow.site_id == tx.site_id, LoadRow.load_no == load_no)
    if lock:
        query = query.with_for_update()
    row = tx.session.scalar(query)
    if row is None:
        raise LoadUnknown(load_no)
    return row


def find_load(tx: ReadTx, code: str) -> LoadRow | None:
    """Return the load of this number, or the one that is under way on this plate, or None."""
    return tx.session.scalar(_LOAD, {"site": tx.site_id, "number": code})


def load_of_checklist(tx: ReadTx, checklist_no: str) -> LoadRow | None:
    """Return the load whose type-8 checklist this is, locked, or None."""
    return tx.session.scalar(
        select(LoadRow)
        .where(LoadRow.site_id == tx.site_id, LoadRow.checklist_no == checklist_no)
        .with_for_update()
    )


def find_pallet(tx: ReadTx, sscc: str) -> tuple[LoadRow, PalletRow] | None:
    """Return a pallet and its load by SSCC, or None."""
    row = tx.session.execute(_PALLET, {"site": tx.site_id, "number": sscc}).first()
    return (row[0], row[1]) if row else None


def loads(
    tx: ReadTx,
    *,
    states: Sequence[LoadState] = (),
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> tuple[Load, ...]:
    """Return loads, the newest first, older than the key of the page before."""
    query = (
        select(LoadRow)
        .where(LoadRow.site_id == tx.site_id)
        .order_by(LoadRow.opened_at.desc(), LoadRow.load_id.desc())
        .limit(limit)
    )
    if states:
        query = query.where(LoadRow.state.in_([state.value for state in states]))
    if before is not None:
        query = query.where(tuple_(LoadRow.opened_at, LoadRow.load_id) < before)
    return tuple(load_view(tx, row) for row in tx.session.scalars(query))


def progress(tx: ReadTx, load_id: UUID) -> tuple[int, int]:
    """Return how many parcels are on a load, and how many are packed and could still go on one."""
    loaded, packed = tx.session.execute(_PROGRESS, {"site": tx.site_id, "load": load_id}).one()
    return loaded, packed


def lists_of_load(tx: ReadTx, load_id: UUID) -> tuple[str, ...]:
    """Return the numbers of the release lists whose parcels are on a load."""
    return tuple(
        tx.session.scalars(
            select(ParcelRow.list_no)
            .where(ParcelRow.site_id == tx.site_id, ParcelRow.load_id == load_id)
            .order_by(ParcelRow.list_no)
        )
    )


def parcels_of_load(tx: ReadTx, load_id: UUID) -> tuple[Parcel, ...]:
    """Return the parcels on a load, by pallet and number."""
    rows = tx.session.scalars(
        select(ParcelRow)
        .where(ParcelRow.site_id == tx.site_id, ParcelRow.load_id == load_id)
        .order_by(ParcelRow.pallet, ParcelRow.parcel_no)
    )
    return tuple(view(tx, row) for row in rows)


def load_view(tx: ReadTx, row: LoadRow) -> Load:
    """Return a load's row as others see it, with its pallets."""
    found = tx.session.execute(
        select(
            PalletRow.sscc,
            PalletRow.number,
            func.count(ParcelRow.parcel_id),
            type_coerce(func.coalesce(func.sum(ParcelRow.gross_kg), 0), QuantityType),
        )
        .outerjoin(
            ParcelRow,
            (ParcelRow.site_id == PalletRow.site_id)
            & (ParcelRow.load_id == PalletRow.load_id)
            & (ParcelRow.pallet == PalletRow.number),
        )
        .where(PalletRow.site_id == tx.site_id, PalletRow.load_id == row.load_id)
        .group_by(PalletRow.sscc, PalletRow.number)
        .order_by(PalletRow.number)
    )
    pallets = tuple(PalletView(sscc, number, parcels, kg) for sscc, number, parcels, kg in found)
    return Load(
        load_id=row.load_id,
        load_no=row.load_no,
        plate=row.plate,
        seal_no=row.seal_no,
        state=LoadState(row.state),
        checklist_no=row.checklist_no,
        sheet_no=row.sheet_no,
        parcels=sum(pallet.parcels for pallet in pallets),
        gross_kg=gross_of_load([total([p.gross_kg for p in pallets])], len(pallets)),
        opened_at=row.opened_at,
        pallets=pallets,
    )


def view(tx: ReadTx, row: ParcelRow) -> Parcel:
    """Return a parcel's row as others see it."""
    load_no = None
    if row.load_id is not None:
        found = tx.session.get(LoadRow, {"site_id": tx.site_id, "load_id": row.load_id})
        load_no = found.load_no if found else None
    return Parcel(
        parcel_id=row.parcel_id,
        parcel_no=row.parcel_no,
        list_no=row.list_no,
        invt_no=row.invt_no,
        order_no=row.order_no,
        waybill_no=row.waybill_no,
        state=ParcelState(row.state),
        held=row.held,
        load_no=load_no,
        gross_kg=row.gross_kg,
        net_kg=row.net_kg,
        released_at=row.released_at,
        state_at=row.state_at,
    )


def _row(tx: ReadTx, which: Select[ParcelRow], number: str, *, lock: bool) -> ParcelRow | None:
    query = which.with_for_update() if lock else which
    found = tx.session.scalars(
        query, {"site": tx.site_id, "number": number}, execution_options={"populate_existing": lock}
    )
    return found.first()
