"""Checklists filed: type 0 brings goods in, type 8 gathers released lists out."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select

from wms.clearance.errors import (
    ChecklistMalformed,
    ChecklistUnknown,
    ListGathered,
    ListUnknown,
    NotReleased,
)
from wms.clearance.models import (
    ChecklistLineRow,
    ChecklistMember,
    ChecklistRow,
    ReleaseListLineRow,
    ReleaseListRow,
)
from wms.clearance.service import papers, receipts, timeline
from wms.clearance.service.shelves import is_cumulative
from wms.clearance.terms import CNY, ChecklistState, DocumentKind, ListType
from wms.customs import rules as customs_rules
from wms.customs import service as letters
from wms.customs.codecs import Unwritable
from wms.customs.service import SendLetter
from wms.db.numbers import next_number
from wms.db.transaction import ReadTx, Tx
from wms.kernel.ids import SiteId, new_id
from wms.kernel.quantity import ZERO, Quantity
from wms.ledger import books
from wms.ledger.books import Book, BookLine
from wms.masterdata import queries as masterdata
from wms.masterdata.terms import Goods

MOST_LINES = 2000
MOST_LISTS = 1500
MOST_LEGS = 5000


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """Goods of an inbound checklist: pieces in the declared unit, price of one."""

    sku: str
    quantity: Quantity
    price: Decimal
    currency: str = CNY


@dataclass(frozen=True, slots=True)
class FileChecklist:
    """File a checklist: type 0 with `goods`, or type 8 with the `lists` (copNo) it gathers.

    `book_no` is the book that type 0 brings goods into, the site's first one when left out.
    `transport_mode` and `country` (of departure) are those of the border leg; the site's own for
    type 8 when left out.
    """

    site_id: SiteId
    list_type: str
    goods: tuple[GoodsLine, ...] = ()
    lists: tuple[str, ...] = ()
    transport_mode: str = ""
    country: str = ""
    note: str = ""
    book_no: str = ""


@dataclass(frozen=True, slots=True)
class Filed:
    """A checklist on its way to customs."""

    checklist_id: UUID
    inner_no: str
    state: str


def file_checklist(tx: Tx, command: FileChecklist) -> Filed:
    """File a checklist and send it to customs (INV101); the book moves when customs answers.

    Raises ChecklistMalformed; for type 8 ListUnknown, NotReleased or ListGathered naming every list
    that stands in the way; Unknown for a book that is not here, and for goods that a cumulative
    book has no line for.
    """
    if command.list_type == "0":
        return _file_inbound(tx, command)
    if command.list_type == "8":
        return _file_outbound(tx, command)
    raise ChecklistMalformed(command.list_type, "0 | 8")


def find(tx: Tx, number: str) -> ChecklistRow:
    """Return a checklist by our number or customs', locked; raise ChecklistUnknown."""
    row = tx.session.scalars(
        select(ChecklistRow)
        .where(
            ChecklistRow.site_id == tx.site_id,
            (ChecklistRow.inner_no == number) | (ChecklistRow.bond_invt_no == number),
        )
        .limit(1)
        .with_for_update()
    ).first()
    if row is None or not number:
        raise ChecklistUnknown(number)
    return row


def lines_of(tx: Tx, checklist_id: UUID) -> list[ChecklistLineRow]:
    """Return the lines of a checklist, by number."""
    return list(
        tx.session.scalars(
            select(ChecklistLineRow)
            .where(
                ChecklistLineRow.site_id == tx.site_id,
                ChecklistLineRow.checklist_id == checklist_id,
            )
            .order_by(ChecklistLineRow.gds_seqno)
        )
    )


def _file_inbound(tx: Tx, command: FileChecklist) -> Filed:
    skus = [line.sku for line in command.goods]
    if not 1 <= len(skus) <= MOST_LINES or command.lists:
        raise ChecklistMalformed(len(skus), f"1–{MOST_LINES}")
    twice = sorted({sku for sku in skus if skus.count(sku) > 1})
    if twice:
        raise ChecklistMalformed(", ".join(twice), "1 × sku")
    for line in command.goods:
        check_amounts(line.sku, line.quantity, line.price)
    if not command.transport_mode:
        raise ChecklistMalformed("transport_mode", "2 | 4 | 5")
    head = new_head(tx, ListType.ORDINARY, "I", command.book_no or masterdata.site(tx).book_no)
    head.terms = _terms(command)
    book = books.book(tx, head.book_no)
    lines = [
        line_row(tx, head, number, line, line_into(tx, book, line.sku))
        for number, line in enumerate(command.goods, start=1)
    ]
    return file(tx, head, lines)


def _file_outbound(tx: Tx, command: FileChecklist) -> Filed:
    cop_nos = tuple(dict.fromkeys(command.lists))
    if not 1 <= len(cop_nos) <= MOST_LISTS or command.goods:
        raise ChecklistMalformed(len(cop_nos), f"1–{MOST_LISTS}")
    lists = _going_lists(tx, cop_nos)
    named = sorted({one.book_no for one in lists})
    if len(named) > 1 or command.book_no not in {"", named[0]}:
        raise ChecklistMalformed(", ".join(named), command.book_no or named[0])
    head = new_head(tx, ListType.GATHERED, "E", named[0])
    head.terms = _terms(command)
    lines = _gathered_lines(tx, head, [one.list_id for one in lists])
    tx.session.add(head)
    tx.session.flush()
    tx.session.add_all(
        [
            ChecklistMember(
                site_id=tx.site_id,
                checklist_id=head.checklist_id,
                list_id=one.list_id,
                live=True,
            )
            for one in lists
        ]
    )
    return file(tx, head, lines, [one.invt_no for one in lists])


def _going_lists(tx: Tx, cop_nos: Sequence[str]) -> list[ReleaseListRow]:
    """Return released lists that are in no live checklist, locked, or refuse naming all others."""
    lists = list(
        tx.session.scalars(
            select(ReleaseListRow)
            .where(ReleaseListRow.site_id == tx.site_id, ReleaseListRow.cop_no.in_(cop_nos))
            .order_by(ReleaseListRow.list_id)
            .with_for_update()
        )
    )
    missing = set(cop_nos) - {one.cop_no for one in lists}
    if missing:
        raise ListUnknown(", ".join(sorted(missing)))
    held = tuple((one.cop_no, one.state) for one in lists if not may_go(one) or not one.invt_no)
    if held:
        raise NotReleased(held)
    gathered = set(
        tx.session.scalars(
            select(ChecklistMember.list_id).where(
                ChecklistMember.site_id == tx.site_id,
                ChecklistMember.list_id.in_([one.list_id for one in lists]),
                ChecklistMember.live,
            )
        )
    )
    if gathered:
        raise ListGathered(tuple(one.cop_no for one in lists if one.list_id in gathered))
    return lists


def may_go(one: ReleaseListRow) -> bool:
    """Return whether a list is released, not stopped since, held in the book and still here."""
    return (
        customs_rules.may_leave(receipts.standing_of(one))
        and one.reserved
        and one.passed_at is None
    )


def _gathered_lines(tx: Tx, head: ChecklistRow, list_ids: Sequence[UUID]) -> list[ChecklistLineRow]:
    """Return one line a book line: the sum of what the lists take from it."""
    quantities: dict[int, Quantity] = defaultdict(lambda: ZERO)
    values: dict[int, Decimal] = defaultdict(Decimal)
    listed = tx.session.scalars(
        select(ReleaseListLineRow).where(
            ReleaseListLineRow.site_id == tx.site_id, ReleaseListLineRow.list_id.in_(list_ids)
        )
    ).all()
    if len(listed) > MOST_LEGS:  # they leave the book in one posting
        raise ChecklistMalformed(len(listed), f"1–{MOST_LEGS}")
    for line in listed:
        quantities[line.line_no] += line.quantity
        values[line.line_no] += line.total_price
    taken = {line_no: books.line(tx, head.book_no, line_no) for line_no in quantities}
    return [
        line_row(
            tx,
            head,
            number,
            GoodsLine(
                taken[line_no].goods_no,
                quantities[line_no],
                values[line_no] / quantities[line_no].decimal,
            ),
            taken[line_no],
        )
        for number, line_no in enumerate(sorted(taken), start=1)
    ]


def _terms(command: FileChecklist) -> dict[str, str]:
    return {
        "transport_mode": command.transport_mode,
        "country": command.country,
        "note": command.note,
    }


def new_head(tx: Tx, list_type: ListType, direction: str, book_no: str) -> ChecklistRow:
    """Return a checklist under a fresh number, with no line yet and nothing said about its way."""
    number = next_number(tx, "checklist")
    return ChecklistRow(
        site_id=tx.site_id,
        checklist_id=new_id(),
        inner_no=f"CL{masterdata.today(tx):%y%m%d}{number:06d}",
        list_type=list_type,
        direction=direction,
        book_no=book_no,
        terms={"transport_mode": "", "country": "", "note": ""},
        state=ChecklistState.FILED,
        first_answer="",
        reason="",
        seq_no="",
        bond_invt_no="",
        reserved=False,
        amendment="",
        changes=0,
        filed_at=tx.now,
    )


def line_into(tx: ReadTx, book: Book, sku: str) -> BookLine | None:
    """Return the line that goods come into: the filed one, None where each list line gets its own.

    Raises Unknown `ledger.line_unknown` when a cumulative book has none for these goods.
    """
    return books.line_for_goods(tx, book.book_no, sku) if is_cumulative(book) else None


def line_row(
    tx: Tx, head: ChecklistRow, number: int, goods: GoodsLine, book_line: BookLine | None
) -> ChecklistLineRow:
    """Return a line of a checklist that takes from, or brings to, a line of the book (if known)."""
    return ChecklistLineRow(
        site_id=tx.site_id,
        checklist_id=head.checklist_id,
        gds_seqno=number,
        line_no=book_line.line_no if book_line else 0,
        account_id=book_line.account_id if book_line else None,
        sku=goods.sku,
        quantity=goods.quantity,
        price=goods.price.quantize(Decimal("0.0001")),
        currency=goods.currency,
    )


def file(
    tx: Tx, head: ChecklistRow, lines: list[ChecklistLineRow], invt_nos: Sequence[str] = ()
) -> Filed:
    """Keep a new checklist with its lines and send it; raises ChecklistMalformed."""
    tx.session.add(head)
    tx.session.flush()
    tx.session.add_all(lines)
    letter_id = send(tx, head, lines, invt_nos)
    timeline.record(tx, DocumentKind.CHECKLIST, head.inner_no, "filed", letter_id=letter_id)
    return Filed(head.checklist_id, head.inner_no, head.state)


def send(
    tx: Tx, head: ChecklistRow, lines: list[ChecklistLineRow], invt_nos: Sequence[str] = ()
) -> UUID:
    """Send a checklist as it stands; raise ChecklistMalformed when it cannot be written."""
    goods = _goods(tx, lines)
    document = papers.checklist(tx, papers.party(tx), head, lines, goods, invt_nos)
    try:
        sent = letters.send(tx, SendLetter(tx.site_id, "INV101", head.inner_no, (document,)))
    except Unwritable as refusal:
        first = refusal.findings[0]
        raise ChecklistMalformed(f"{first.path} {first.read}", first.expected) from None
    return sent[0]


def _goods(tx: Tx, lines: Sequence[ChecklistLineRow]) -> dict[str, Goods]:
    found = masterdata.goods_many(tx, {line.sku for line in lines})
    missing = sorted({line.sku for line in lines} - found.keys())
    if missing:
        raise ChecklistMalformed(", ".join(missing), "goods on file")
    return found


def check_amounts(sku: str, quantity: Quantity, price: Decimal) -> None:
    """Raise ChecklistMalformed unless quantity and price are above zero."""
    if quantity <= ZERO or price <= 0:
        raise ChecklistMalformed(f"{sku} {quantity} × {price}", "> 0")
