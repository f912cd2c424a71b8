"""Whatever bears a number: every room is asked, as far as whoever looks may see it."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from labels import scan
from wms.clearance import queries as clearance
from wms.clearance.terms import DocumentKind
from wms.db.transaction import ReadTx
from wms.gate import queries as gate
from wms.inbound import queries as inbound
from wms.kernel.errors import Unknown
from wms.ledger import books
from wms.masterdata import queries as masterdata
from wms.outbound import queries as outbound
from wms.seals import queries as seals
from wms.stock import queries as stock

MOST: Final = 10
"""Hits of one kind that are shown."""


class Thing(StrEnum):
    """What a number may belong to; names its page and its word."""

    ORDER = "order"
    PAYMENT = "payment"
    WAYBILL = "waybill"
    LIST = "list"
    CHECKLIST = "checklist"
    SHEET = "sheet"
    CROSSING = "crossing"
    ARRIVAL = "arrival"
    PARCEL = "parcel"
    LOAD = "load"
    UNIT = "unit"
    SEAL = "seal"
    PLACE = "place"
    GOODS = "goods"
    BOOK = "book"
    BOOK_LINE = "book_line"


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that bears the number: its key, and a word about it.

    `exact` is false for a document whose number only begins so. `line` is that of a book line.
    """

    thing: Thing
    number: str
    about: str = ""
    exact: bool = True
    line: int = 0


def find(tx: ReadTx, text: str) -> tuple[Hit, ...]:
    """Return what bears this number, in the order of the trade, each thing once.

    A scanned code is taken apart first (an SSCC in its GS1 form finds its unit). While anything
    bears the number itself, what only begins with it is left out.
    """
    code = _number(text)
    if not code:
        return ()
    found: dict[tuple[Thing, str, int], Hit] = {}
    for permission, source in _SOURCES:
        if tx.actor.may(permission):
            for hit in source(tx, code):
                key = (hit.thing, hit.number, hit.line)
                if key not in found or hit.exact:
                    found[key] = hit
    if (Thing.PARCEL, code, 0) in found:  # the box of a parcel is that parcel
        found.pop((Thing.UNIT, code, 0), None)
    exact = tuple(hit for hit in found.values() if hit.exact)
    return exact or tuple(found.values())


def _number(text: str) -> str:
    """Return the number in a scanned or typed text; plates are kept without their dot."""
    read = scan.parse(text)
    if read.kind in {scan.Kind.SSCC, scan.Kind.PLACE}:
        return read.value
    if read.kind is scan.Kind.GTIN and not text.strip().isdigit():
        return read.value
    return read.read.replace("·", "").strip()


def _documents(tx: ReadTx, code: str) -> Iterator[Hit]:
    for kind in DocumentKind:
        for row in clearance.documents(tx, kind, text=code, limit=MOST):
            exact = code in {row.number, *row.number.split("/")}
            yield Hit(Thing(kind.value), row.number, row.about, exact=exact)


def _customs_numbers(tx: ReadTx, code: str) -> Iterator[Hit]:
    """Find lists and checklists by the numbers customs gave them."""
    with suppress(Unknown):
        row = clearance.release_list(tx, code)
        yield Hit(Thing.LIST, row.cop_no, row.order_no)
    with suppress(Unknown):
        found = clearance.checklist(tx, code)
        yield Hit(Thing.CHECKLIST, found.inner_no, found.bond_invt_no)


def _gate(tx: ReadTx, code: str) -> Iterator[Hit]:
    with suppress(Unknown):
        sheet = gate.sheet(tx, code)
        yield Hit(Thing.SHEET, sheet.sheet_no, sheet.plate)
    for crossing in gate.crossings(tx, plate=code, limit=MOST):
        yield Hit(Thing.CROSSING, str(crossing.crossing_id), crossing.lane_no)


def _inbound(tx: ReadTx, code: str) -> Iterator[Hit]:
    with suppress(Unknown):
        arrival = inbound.arrival(tx, code)
        yield Hit(Thing.ARRIVAL, arrival.arrival_no, arrival.plate)
    named = inbound.find_arrival(tx, code)
    if named is not None:
        yield Hit(Thing.ARRIVAL, named.arrival_no, named.plate)
    with suppress(Unknown):
        pallet = inbound.pallet(tx, code)
        if pallet.received_at is None:  # once received it is a unit on the floor
            yield Hit(Thing.ARRIVAL, pallet.arrival_no, pallet.sku)


def _outbound(tx: ReadTx, code: str) -> Iterator[Hit]:
    with suppress(Unknown):
        parcel = outbound.parcel(tx, code)
        yield Hit(Thing.PARCEL, parcel.parcel_no, parcel.order_no)
    load = outbound.find_load(tx, code)
    if load is not None:
        yield Hit(Thing.LOAD, load.load_no, load.plate)
    pallet = outbound.find_pallet(tx, code)
    if pallet is not None:
        yield Hit(Thing.LOAD, pallet[0].load_no, pallet[0].plate)


def _stock(tx: ReadTx, code: str) -> Iterator[Hit]:
    with suppress(Unknown):
        unit = stock.unit(tx, code)
        yield Hit(Thing.UNIT, unit.number, unit.place)
    with suppress(Unknown):
        place = masterdata.place(tx, code.upper())
        yield Hit(Thing.PLACE, place.code, place.zone)


def _seals(tx: ReadTx, code: str) -> Iterator[Hit]:
    seal = seals.find_seal(tx, code)
    if seal is not None:
        yield Hit(Thing.SEAL, seal.seal_no, seal.carrier)


def _goods(tx: ReadTx, code: str) -> Iterator[Hit]:
    for ask in (masterdata.goods, masterdata.goods_by_barcode):
        with suppress(Unknown):
            goods = ask(tx, code)
            yield Hit(Thing.GOODS, goods.sku, goods.name_zh)


def _books(tx: ReadTx, code: str) -> Iterator[Hit]:
    """Find a book, its line written `book/line`, and the lines that hold an article."""
    book_no, _, line_no = code.partition("/")
    with suppress(Unknown):
        if not line_no:
            yield Hit(Thing.BOOK, books.book(tx, book_no).book_no)
        elif line_no.isascii() and line_no.isdigit() and len(line_no) < 10:
            line = books.line(tx, book_no, int(line_no))
            yield Hit(Thing.BOOK_LINE, line.book_no, line.name, line=line.line_no)
    for book in books.books(tx):
        for line in books.lines_for_goods(tx, book.book_no, (code,)).get(code, ())[:MOST]:
            yield Hit(Thing.BOOK_LINE, line.book_no, line.name, line=line.line_no)


_SOURCES: Final[tuple[tuple[str, Callable[[ReadTx, str], Iterator[Hit]]], ...]] = (
    ("clearance.see", _documents),
    ("clearance.see", _customs_numbers),
    ("gate.see", _gate),
    ("inbound.see", _inbound),
    ("outbound.see", _outbound),
    ("stock.see", _stock),
    ("seals.see", _seals),
    ("masterdata.see", _goods),
    ("ledger.see", _books),
)
