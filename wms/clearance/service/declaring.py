"""A release list for each order that fits: its goods held in the book, its letter on the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from wms.clearance.models import CustomsOrder, ReleaseListLineRow, ReleaseListRow
from wms.clearance.rules import BookEvent, Role
from wms.clearance.service import booking, papers, timeline
from wms.clearance.service.booking import Move, Why
from wms.clearance.service.papers import Party, Ready
from wms.clearance.service.shelves import ListedPart, Shelves
from wms.clearance.terms import ArrivedState, DocumentKind, FailedRule, ListState, OrderState
from wms.customs import service as letters
from wms.customs.codecs import Document
from wms.customs.service import SendLetter
from wms.db.numbers import next_number
from wms.db.payload import to_builtins
from wms.db.transaction import Tx
from wms.kernel.ids import new_id
from wms.kernel.quantity import Quantity
from wms.ledger.errors import Short
from wms.ledger.terms import DocumentRef
from wms.masterdata import queries as masterdata

_LOOKS: Final = 2
"""How often a book is looked at for one order: again when somebody took goods meanwhile."""


@dataclass(frozen=True, slots=True)
class _Declared:
    ready: Ready
    list_id: UUID
    cop_no: str
    document: Document
    parts: tuple[ListedPart, ...]
    reserves: tuple[UUID | None, ...]


def declare(tx: Tx, ready: Sequence[Ready], shelves: Shelves) -> None:
    """Declare a list for each order: all its lines held in one posting, then CEB621.

    An order that a book line is short for becomes `short`; nothing of it is held and nothing sent.
    The number series is locked first, so that declarations of one site post one after the other.
    """
    if not ready:
        return
    first = next_number(tx, "release-list", len(ready))
    shelves.look()
    party = papers.party(tx)
    declared = []
    for number, one in enumerate(ready, start=first):
        cop_no = f"RL{masterdata.today(tx):%y%m%d}{number:08d}"
        done = _declare_one(tx, party, cop_no, one, shelves)
        if done is not None:
            declared.append(done)
    if not declared:
        return
    letter_ids = letters.send(
        tx,
        SendLetter(
            tx.site_id, "CEB621", declared[0].cop_no, tuple(done.document for done in declared)
        ),
    )
    tx.session.add_all([_list_row(tx, done, shelves.book.book_no) for done in declared])
    tx.session.flush()
    for done, letter_id in zip(declared, letter_ids, strict=True):
        tx.session.add_all(_line_rows(tx, done))
        _file(tx, done, letter_id)


def hold(
    tx: Tx, event: BookEvent, cop_no: str, turn: int, wanted: Sequence[tuple[UUID, Quantity]]
) -> tuple[UUID | None, ...]:
    """Hold the goods of a list: (account, quantity) a line. Raises ledger's Short."""
    moves = [Move(Role.LINE, quantity, account_id=account) for account, quantity in wanted]
    why = Why(f"list:{cop_no}:{turn}", DocumentRef("list", cop_no), tx.now)
    return booking.book(tx, event, moves, why)


def _declare_one(
    tx: Tx, party: Party, cop_no: str, one: Ready, shelves: Shelves
) -> _Declared | None:
    """Hold an order's goods; None when it cannot be declared, and the order says why."""
    for _ in range(_LOOKS):
        parts, short = shelves.plan(one.order_paper.lines)
        if short:
            break
        document = papers.release_list(tx, party, cop_no, one, parts)
        findings = letters.writing_findings(document)
        if findings:
            read, expected = findings[0].read, f"{findings[0].path}: {findings[0].expected}"
            _keep(tx, one.order, OrderState.REFUSED, "clearance.unwritable", read, expected)
            return None
        wanted = [(part.book_line.account_id, part.quantity) for part in parts]
        try:
            reserves = hold(tx, BookEvent.LIST_DECLARED, cop_no, 1, wanted)
        except Short as refused:
            short = _named(refused, parts)
            if not shelves.look():
                break
        else:
            shelves.take(parts)
            return _Declared(one, new_id(), cop_no, document, parts, reserves)
    _keep_short(tx, one.order, short)
    return None


def _named(short: Short, parts: Sequence[ListedPart]) -> tuple[FailedRule, ...]:
    skus = {part.book_line.account_id: part.order_line.item_no for part in parts}
    return tuple(
        FailedRule("clearance.book_short", str(gap.wanted), str(gap.there), skus[gap.account_id])
        for gap in short.obstacles
    )


def _keep_short(tx: Tx, order: CustomsOrder, reasons: Sequence[FailedRule]) -> None:
    """Keep an order with every article named that the book has too little of."""
    if order.state != OrderState.SHORT:
        number = timeline.paper_no(order.ebp_code, order.order_no)
        info = ", ".join(f"{reason.where} {reason.read} > {reason.expected}" for reason in reasons)
        timeline.record(tx, DocumentKind.ORDER, number, "short", info=info)
    order.state = OrderState.SHORT
    order.reasons = [to_builtins(reason) for reason in reasons]


def _keep(
    tx: Tx, order: CustomsOrder, state: OrderState, code: str, read: str, expected: str
) -> None:
    order.state = state
    order.reasons = [to_builtins(FailedRule(code, read, expected))]
    number = timeline.paper_no(order.ebp_code, order.order_no)
    timeline.record(tx, DocumentKind.ORDER, number, "refused", info=code)


def _list_row(tx: Tx, one: _Declared, book_no: str) -> ReleaseListRow:
    order, head = one.ready.order, one.document.head
    return ReleaseListRow(
        site_id=tx.site_id,
        list_id=one.list_id,
        cop_no=one.cop_no,
        order_id=order.order_id,
        ebp_code=order.ebp_code,
        order_no=order.order_no,
        logistics_code=one.ready.waybill.logistics_code,
        logistics_no=one.ready.waybill.logistics_no,
        consignee=one.ready.order_paper.consignee,
        book_no=book_no,
        gross_kg=Quantity.of(head["grossWeight"]),
        net_kg=Quantity.of(head["netWeight"]),
        state=ListState.DECLARED,
        pre_no="",
        invt_no="",
        reserved=True,
        turn=1,
        declared_at=tx.now,
    )


def _line_rows(tx: Tx, one: _Declared) -> list[ReleaseListLineRow]:
    return [
        ReleaseListLineRow(
            site_id=tx.site_id,
            list_id=one.list_id,
            gnum=part.gnum,
            line_no=part.book_line.line_no,
            account_id=part.book_line.account_id,
            sku=part.order_line.item_no,
            name=part.order_line.item_name,
            quantity=part.quantity,
            unit=part.order_line.unit,
            price=part.order_line.price,
            total_price=part.total_price,
            reserve_id=reserve_id,
        )
        for part, reserve_id in zip(one.parts, one.reserves, strict=True)
    ]


def _file(tx: Tx, one: _Declared, letter_id: UUID) -> None:
    """Mark the three papers as used and tell their timelines."""
    ready, order = one.ready, one.ready.order
    order.state, order.reasons, order.list_id = OrderState.DECLARED, [], one.list_id
    ready.payment.state = ready.waybill.state = ArrivedState.MATCHED
    timeline.record(
        tx,
        DocumentKind.LIST,
        one.cop_no,
        "declared",
        effect="reserve_out",
        letter_id=letter_id,
    )
    for kind, number in (
        (DocumentKind.ORDER, timeline.paper_no(order.ebp_code, order.order_no)),
        (
            DocumentKind.PAYMENT,
            timeline.paper_no(ready.payment.pay_code, ready.payment.pay_transaction_id),
        ),
        (
            DocumentKind.WAYBILL,
            timeline.paper_no(ready.waybill.logistics_code, ready.waybill.logistics_no),
        ),
    ):
        timeline.record(tx, kind, number, "matched", info=one.cop_no)
