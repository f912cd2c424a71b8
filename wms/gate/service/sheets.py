"""Release sheets (核放单): filed as SAS121, moved by the receipts SAS221 and SAS223."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, or_, select

from wms.customs.codecs import RelatedDocument, SheetReceipt
from wms.customs.codecs import ReleaseSheet as SheetLetter
from wms.customs.codecs import SheetLine as LetterLine
from wms.customs.service import SendLetter, send
from wms.db.numbers import next_number
from wms.db.payload import from_builtins, to_builtins
from wms.db.transaction import Tx
from wms.gate.errors import SheetMalformed, SheetUnknown
from wms.gate.events import SheetSettled
from wms.gate.models import ReleaseSheet
from wms.gate.terms import Direction, SheetState
from wms.kernel.identifiers import container_number, plate
from wms.kernel.ids import SiteId
from wms.kernel.quantity import ZERO, Quantity
from wms.masterdata import queries as masterdata

EMPTY_VEHICLE: Final = "6"
"""passportTypecd of a vehicle without goods: no related document, and weights of goods may be 0."""

KINDS: Final = frozenset({"1", "2", "3", "4", "5", EMPTY_VEHICLE})
WITHOUT_DOCUMENT: Final = frozenset({"5", EMPTY_VEHICLE})
ONE_DOCUMENT: Final = frozenset({"2", "3"})
SEVERAL_TRUCKS: Final = "3"

_RECEIPTS: Final = {
    "SAS221/Z": (10, None),
    "SAS221/Y": (10, None),
    "SAS221/2": (20, None),
    "SAS221/3": (25, SheetState.REFUSED),
    "SAS221/1": (30, SheetState.APPROVED),
    "SAS223/2": (40, None),
    "SAS223/1": (50, SheetState.PASSED),
}
"""Rank and state by receipt: a lower rank never undoes a higher one, whenever it comes."""


@dataclass(frozen=True, slots=True)
class SheetLine:
    """What this truck takes of one line of a document that several trucks share."""

    line_no: int
    goods_no: str
    hs_code: str
    name: str
    unit: str
    quantity: Quantity
    gross_kg: Quantity
    net_kg: Quantity


@dataclass(frozen=True, slots=True)
class FileSheet:
    """A release sheet for one vehicle.

    `kind`, `bind` and `related_kind` are customs' passportTypecd, bindTypecd and rltTbTypecd;
    `document` is the caller's own number (a load, an arrival) and comes back in every event;
    `units` are the handling units that leave with the vehicle.
    """

    site_id: SiteId
    kind: str
    direction: Direction
    plate: str
    vehicle_kg: Quantity
    gross_kg: Quantity
    net_kg: Quantity
    contact: str
    bind: str = "2"
    related_kind: str = ""
    related: tuple[str, ...] = ()
    card: str = ""
    container_no: str = ""
    container_type: str = ""
    container_kg: Quantity = ZERO
    frame_no: str = ""
    frame_kg: Quantity = ZERO
    seal_no: str = ""
    document: str = ""
    units: tuple[str, ...] = ()
    lines: tuple[SheetLine, ...] = ()
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class SheetFiled:
    """The number the sheet has with us, and what the scale should say."""

    sheet_no: str
    total_kg: Quantity


@dataclass(frozen=True, slots=True)
class ApplySheetReceipt:
    """A receipt of customs on a release sheet."""

    site_id: SiteId
    receipt: SheetReceipt


@dataclass(frozen=True, slots=True)
class ApplyFirstAnswer:
    """What the import client said to a letter of ours, before customs has seen it."""

    site_id: SiteId
    letter_kind: str
    business_no: str
    taken: bool
    info: str


@dataclass(frozen=True, slots=True)
class TellArrival:
    """The goods of an inbound checklist stand in the warehouse, counted: customs may post them."""

    site_id: SiteId
    checklist_no: str


def file_sheet(tx: Tx, command: FileSheet) -> SheetFiled:
    """Store a release sheet and send it to customs.

    Raises SheetMalformed naming the first field that breaks a rule of the form, Invalid for a plate
    or container number that is none. The total is vehicle + frame + container + goods gross.
    """
    _check(command)
    number = plate(command.plate).text
    total = command.vehicle_kg + command.frame_kg + command.container_kg + command.gross_kg
    site = masterdata.site(tx)
    sheet_no = f"{site.code}S{next_number(tx, 'release_sheet'):09d}"
    row = ReleaseSheet(
        site_id=tx.site_id,
        sheet_no=sheet_no,
        kind=command.kind,
        direction=command.direction,
        bind=command.bind,
        related_kind=command.related_kind,
        related=list(command.related),
        plate=number,
        card=command.card,
        container_no=command.container_no,
        container_type=command.container_type,
        frame_no=command.frame_no,
        seal_no=command.seal_no,
        vehicle_kg=command.vehicle_kg,
        frame_kg=command.frame_kg,
        container_kg=command.container_kg,
        gross_kg=command.gross_kg,
        net_kg=command.net_kg,
        total_kg=total,
        contact=command.contact,
        document=command.document,
        lines=[to_builtins(line) for line in command.lines],
        units=list(command.units),
        state=SheetState.FILED,
        rank=0,
        remark="",
        filed_at=tx.now,
        valid_until=command.valid_until,
    )
    tx.session.add(row)
    letter = _letter(tx, row, command.lines)
    send(tx, SendLetter(tx.site_id, "SAS121", sheet_no, (letter.document(),)))
    return SheetFiled(sheet_no, total)


def tell_arrival(tx: Tx, command: TellArrival) -> int:
    """Send every sheet under which a checklist's goods came in once more, with Col1 = 1.

    That is how customs hears that the goods are there and may be posted (source: the import
    client's interface, SAS121). Returns how many sheets were sent.
    """
    rows = tx.session.scalars(
        select(ReleaseSheet)
        .where(
            ReleaseSheet.site_id == tx.site_id,
            ReleaseSheet.state == SheetState.PASSED,
            ReleaseSheet.direction == Direction.IN,
            ReleaseSheet.related.contains([command.checklist_no]),
        )
        .order_by(ReleaseSheet.sheet_no)
    ).all()
    for row in rows:
        lines = tuple(from_builtins(line, SheetLine) for line in row.lines)
        letter = replace(_letter(tx, row, lines), goods_arrived="1")
        send(tx, SendLetter(tx.site_id, "SAS121", row.sheet_no, (letter.document(),)))
    return len(rows)


def apply_sheet_receipt(tx: Tx, command: ApplySheetReceipt) -> SheetState:
    """Move a sheet by a receipt of customs; raise SheetUnknown where it is not ours.

    A receipt of lower rank than one already held changes nothing. SAS223 of customs confirms a
    passage; for a sheet no lane of ours has seen pass it ends the sheet all the same, so that it
    cannot be used again.
    """
    receipt = command.receipt
    row = _sheet_of(tx, receipt)
    rank, state = _RECEIPTS.get(f"{receipt.kind}/{receipt.result}", (0, None))
    if rank <= row.rank:
        return SheetState(row.state)
    before = row.state
    row.rank = rank
    row.passport_no = row.passport_no or receipt.passport_no or None
    notes = [receipt.result_note, *(note.note for note in receipt.notes)]
    row.remark = " ".join(note for note in notes if note)[:500]
    if receipt.kind == "SAS223" and state is not None:
        row.confirmed_at = receipt.result_time or tx.now
    if state is not None and row.state != SheetState.PASSED:
        row.state = state
        tx.note("release_sheet", row.sheet_no, before, state)
        if state is SheetState.APPROVED:
            row.approved_at = receipt.result_time or tx.now
        if state in {SheetState.APPROVED, SheetState.REFUSED}:
            tx.announce(
                SheetSettled(
                    tx.site_id, row.sheet_no, row.passport_no or "", row.document, row.state
                )
            )
    return SheetState(row.state)


def apply_first_answer(tx: Tx, command: ApplyFirstAnswer) -> bool:
    """Refuse a sheet whose letter the import client did not take; other letters are not ours."""
    if command.letter_kind != "SAS121" or command.taken:
        return False
    row = tx.session.get(ReleaseSheet, (tx.site_id, command.business_no), with_for_update=True)
    if row is None or row.state != SheetState.FILED or row.rank:
        return False
    row.state, row.remark = SheetState.REFUSED, command.info[:500]
    tx.note("release_sheet", row.sheet_no, SheetState.FILED, row.state)
    tx.announce(SheetSettled(tx.site_id, row.sheet_no, "", row.document, row.state))
    return True


def _check(command: FileSheet) -> None:
    if command.kind not in KINDS:
        raise SheetMalformed("kind", command.kind, " ".join(sorted(KINDS)))
    if command.bind not in {"1", "2", "3"}:
        raise SheetMalformed("bind", command.bind, "1 2 3")
    bare = command.kind in WITHOUT_DOCUMENT
    if bare and (command.related or command.lines):
        raise SheetMalformed("related", " ".join(command.related), "")
    if not bare and (not command.related or command.related_kind not in {"1", "2", "3"}):
        raise SheetMalformed("related", " ".join(command.related), "1 2 3")
    if not bare and command.bind in ONE_DOCUMENT and len(command.related) != 1:
        raise SheetMalformed("related", len(command.related), "1")
    if command.bind == SEVERAL_TRUCKS and not bare and not command.lines:
        raise SheetMalformed("lines", 0, "> 0")
    _check_weights(command)
    if command.container_no and container_number(command.container_no) != command.container_no:
        raise SheetMalformed("container_no", command.container_no, "CSQU3054383")
    if not command.contact.strip():
        raise SheetMalformed("contact", "", "…")


def _check_weights(command: FileSheet) -> None:
    if command.vehicle_kg <= ZERO:
        raise SheetMalformed("vehicle_kg", command.vehicle_kg, "> 0")
    for name in ("frame_kg", "container_kg", "net_kg"):
        if getattr(command, name) < ZERO:
            raise SheetMalformed(name, getattr(command, name), "≥ 0")
    if command.gross_kg < command.net_kg:
        raise SheetMalformed("gross_kg", command.gross_kg, f"≥ {command.net_kg}")
    if command.kind != EMPTY_VEHICLE and command.gross_kg <= ZERO:
        raise SheetMalformed("gross_kg", command.gross_kg, "> 0")


def _letter(tx: Tx, row: ReleaseSheet, lines: tuple[SheetLine, ...]) -> SheetLetter:
    site = masterdata.site(tx)
    operator = masterdata.enterprise(tx, site.operator_key)
    return SheetLetter(
        passport_typecd=row.kind,
        master_cuscd=site.customs_code,
        io_typecd=row.direction,
        bind_typecd=row.bind,
        rlt_tb_typecd=row.related_kind,
        rlt_no="\\".join(row.related),
        areain_etpsno=operator.customs_no,
        areain_etps_nm=operator.name_zh,
        areain_etps_sccd=operator.scc,
        vehicle_no=row.plate,
        vehicle_ic_no=row.card,
        container_no=row.container_no,
        vehicle_wt=row.vehicle_kg.decimal,
        vehicle_frame_no=row.frame_no,
        vehicle_frame_wt=row.frame_kg.decimal if row.frame_kg else None,
        container_wt=row.container_kg.decimal if row.container_kg else None,
        container_type=row.container_type,
        total_wt=row.total_kg.decimal,
        total_gross_wt=row.gross_kg.decimal,
        total_net_wt=row.net_kg.decimal,
        dcl_er_conc=row.contact,
        dcl_etpsno=operator.customs_no,
        dcl_etps_nm=operator.name_zh,
        dcl_etps_sccd=operator.scc,
        input_code=operator.customs_no,
        input_name=operator.name_zh,
        dcl_time=masterdata.today(tx),
        etps_preent_no=row.sheet_no,
        lines=tuple(
            LetterLine(
                passport_seqno=number,
                rlt_gds_seqno=line.line_no,
                gds_mtno=line.goods_no,
                gdecd=line.hs_code,
                gds_nm=line.name,
                dcl_unitcd=line.unit,
                dcl_qty=line.quantity.decimal,
                gross_wt=line.gross_kg.decimal,
                net_wt=line.net_kg.decimal,
            )
            for number, line in enumerate(lines, start=1)
        ),
        related=tuple(
            RelatedDocument(rlt_tb_typecd=row.related_kind, rlt_no=number) for number in row.related
        ),
    )


def _sheet_of(tx: Tx, receipt: SheetReceipt) -> ReleaseSheet:
    names = {receipt.etps_preent_no, receipt.business_id} - {""}
    wanted: list[ColumnElement[bool]] = [ReleaseSheet.sheet_no.in_(names)]
    if receipt.passport_no:
        wanted.append(ReleaseSheet.passport_no == receipt.passport_no)
    row = tx.session.scalars(
        select(ReleaseSheet)
        .where(ReleaseSheet.site_id == tx.site_id, or_(*wanted))
        .limit(1)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise SheetUnknown(receipt.etps_preent_no or receipt.passport_no)
    return row
