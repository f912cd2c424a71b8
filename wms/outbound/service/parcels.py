"""A parcel's way: opened when its list is released, picked, labelled, packed; held or dropped."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from labels import ReleaseLabel
from wms.db.transaction import Tx
from wms.kernel.clock import BEIJING
from wms.kernel.ids import SiteId, new_id
from wms.kernel.quantity import Quantity, total
from wms.ledger.terms import DocumentRef
from wms.masterdata import queries as masterdata
from wms.outbound import queries, rules
from wms.outbound.models import ParcelLineRow, ParcelRow
from wms.outbound.terms import BOX_KG, PACKING_PLACE, PACKING_PRINTER, Parcel, ParcelState
from wms.printing import service as printing
from wms.stock import service as stock
from wms.stock.errors import NotEnough
from wms.stock.terms import Allocate, OpenUnit, Pick, ReleaseAllocations, UnitKind, Wanted

RETRIES_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True)
class ParcelGoods:
    """One line of what a parcel is to hold."""

    number: int
    sku: str
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class OpenParcel:
    """Customs released a list: its parcel may be made."""

    site_id: SiteId
    list_id: UUID
    list_no: str
    invt_no: str
    order_no: str
    waybill_no: str
    lines: tuple[ParcelGoods, ...]


@dataclass(frozen=True, slots=True)
class RetryShort:
    """Goods came in: see which waiting parcels can be promised theirs now."""

    site_id: SiteId


@dataclass(frozen=True, slots=True)
class HoldParcel:
    """Customs stops a list's goods: the parcel stands still, wherever it is."""

    site_id: SiteId
    list_no: str
    reason: str


@dataclass(frozen=True, slots=True)
class DropParcel:
    """Customs took a list back: what was promised to its parcel is free again."""

    site_id: SiteId
    list_no: str
    reason: str


@dataclass(frozen=True, slots=True)
class PickInto:
    """Promised pieces go into the parcel's box."""

    site_id: SiteId
    parcel_no: str
    allocation_id: UUID
    happened_at: datetime
    op: UUID | None = None


@dataclass(frozen=True, slots=True)
class LabelParcel:
    """Print the release label of a picked parcel."""

    site_id: SiteId
    parcel_no: str
    printer: str = PACKING_PRINTER


@dataclass(frozen=True, slots=True)
class ConfirmLabel:
    """The label was scanned on the parcel: it is packed."""

    site_id: SiteId
    parcel_no: str


def document_of(list_no: str) -> DocumentRef:
    """Return the paper on which a parcel's goods are promised: its release list."""
    return DocumentRef(queries.PAPER, list_no)


def open_parcel(tx: Tx, command: OpenParcel) -> Parcel:
    """Make the parcel of a released list and promise it goods; `short` when the floor has too few.

    A list released again after a hold frees its parcel instead.
    """
    row = queries.row_of_list(tx, command.list_no, lock=True)
    if row is not None:
        row.held = False
        return queries.view(tx, row)
    goods = masterdata.goods_many(tx, {line.sku for line in command.lines})
    gross = total([goods[x.sku].gross_kg.times(x.quantity) for x in command.lines])
    net = total([goods[x.sku].net_kg.times(x.quantity) for x in command.lines])
    row = ParcelRow(
        site_id=tx.site_id,
        parcel_id=new_id(),
        parcel_no=f"P{command.list_no}",
        list_id=command.list_id,
        list_no=command.list_no,
        invt_no=command.invt_no,
        order_no=command.order_no,
        waybill_no=command.waybill_no,
        state=ParcelState.SHORT.value,
        held=False,
        load_id=None,
        pallet=None,
        gross_kg=gross + BOX_KG,
        net_kg=net,
        released_at=tx.now,
        state_at=tx.now,
    )
    tx.session.add(row)
    tx.session.flush()
    tx.session.add_all(
        ParcelLineRow(
            site_id=tx.site_id,
            parcel_id=row.parcel_id,
            number=line.number,
            sku=line.sku,
            quantity=line.quantity,
        )
        for line in command.lines
    )
    _promise(tx, row, tuple(Wanted(x.number, x.sku, x.quantity) for x in command.lines))
    return queries.view(tx, row)


def retry_short(tx: Tx, command: RetryShort) -> int:
    """Promise goods to waiting parcels, the longest waiting first; return how many got theirs."""
    waiting = tx.session.scalars(
        select(ParcelRow)
        .where(
            ParcelRow.site_id == command.site_id,
            ParcelRow.state == ParcelState.SHORT.value,
            ParcelRow.held.is_(False),
        )
        .order_by(ParcelRow.state_at, ParcelRow.parcel_id)
        .limit(RETRIES_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    return sum(_promise(tx, row, queries.wanted(tx, row.parcel_id)) for row in waiting)


def hold_parcel(tx: Tx, command: HoldParcel) -> bool:
    """Stop a parcel; False when there is none yet (its list was never released)."""
    row = queries.row_of_list(tx, command.list_no, lock=True)
    if row is None:
        return False
    tx.note("parcel.held", row.parcel_no, before=row.held, after=command.reason)
    row.held = True
    return True


def drop_parcel(tx: Tx, command: DropParcel) -> bool:
    """Cancel a parcel; picked goods stay in its box for a person to put back. False when none."""
    row = queries.row_of_list(tx, command.list_no, lock=True)
    if row is None or row.state in {ParcelState.CANCELLED, ParcelState.LEFT}:
        return False
    if row.state == ParcelState.ALLOCATED:
        stock.release_allocations(tx, ReleaseAllocations(tx.site_id, document_of(row.list_no)))
    row.load_id = row.pallet = None
    to_state(tx, row, ParcelState.CANCELLED)
    return True


def pick_into(tx: Tx, command: PickInto) -> Parcel:
    """Move promised pieces into the parcel's box; the last pick makes it `picked`.

    Raises Conflict `outbound.parcel_held` or `outbound.parcel_state`, and what stock refuses.
    """
    row = queries.locked_parcel(tx, command.parcel_no)
    refuse_unless(row, "pick")
    if queries.unit_missing(tx, row.parcel_no):
        stock.open_unit(
            tx,
            OpenUnit(
                tx.site_id,
                row.parcel_no,
                UnitKind.PARCEL,
                command.happened_at,
                to_place=PACKING_PLACE,
                op=command.op,
            ),
        )
    stock.pick(
        tx,
        Pick(tx.site_id, command.allocation_id, row.parcel_no, command.happened_at, op=command.op),
    )
    if not queries.open_picks(tx, row.list_no):
        to_state(tx, row, ParcelState.PICKED)
    return queries.view(tx, row)


def label_parcel(tx: Tx, command: LabelParcel) -> Parcel:
    """Ask for the release label of a picked parcel; it is packed once that label is scanned."""
    row = queries.locked_parcel(tx, command.parcel_no)
    refuse_unless(row, "label")
    site = masterdata.site(tx)
    label = ReleaseLabel(
        parcel_no=row.parcel_no,
        waybill_no=row.waybill_no,
        list_no=row.invt_no or row.list_no,
        order_no=row.order_no,
        released_at=row.released_at.astimezone(BEIJING),
        zone_zh=site.zone,
    )
    printing.ask(tx, printing.AskPrint(tx.site_id, label, row.parcel_no, command.printer))
    to_state(tx, row, ParcelState.LABELLED)
    return queries.view(tx, row)


def confirm_label(tx: Tx, command: ConfirmLabel) -> Parcel:
    """Close a parcel whose release label was scanned on it."""
    row = queries.locked_parcel(tx, command.parcel_no)
    refuse_unless(row, "confirm_label")
    printing.confirm(tx, printing.ConfirmPrint(tx.site_id, "release", row.parcel_no))
    to_state(tx, row, ParcelState.PACKED)
    return queries.view(tx, row)


def refuse_unless(row: ParcelRow, step: str) -> None:
    """Raise why a parcel may not take a step, if it may not."""
    refusal = rules.may(step, row.parcel_no, ParcelState(row.state), held=row.held)
    if refusal is not None:
        raise refusal


def to_state(tx: Tx, row: ParcelRow, state: ParcelState) -> None:
    """Bring a parcel to a state and say so in the trail."""
    tx.note("parcel", row.parcel_no, before=row.state, after=state.value)
    row.state = state.value
    row.state_at = tx.now


def _promise(tx: Tx, row: ParcelRow, lines: tuple[Wanted, ...]) -> bool:
    try:
        stock.allocate(tx, Allocate(tx.site_id, document_of(row.list_no), lines))
    except NotEnough as short:
        tx.note(
            "parcel.short", row.parcel_no, after=[str(missing.sku) for missing in short.missing]
        )
        return False
    to_state(tx, row, ParcelState.ALLOCATED)
    return True
