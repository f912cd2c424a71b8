"""A release list for each order that fits: its goods held in the book, its letter on the way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from wms.clearance.models import CustomsOrder, ReleaseListLineRow, ReleaseListRow
from wms.clearance.service import papers, timeline
from wms.clearance.service.papers import Listing, Ready
from wms.clearance.terms import ArrivedState, DocumentKind, FailedRule, ListState, OrderState
from wms.customs import service as letters
from wms.customs.codecs import Document
from wms.customs.service import SendLetter
from wms.db.numbers import next_number
from wms.db.payload import to_builtins
from wms.db.transaction import Tx
from wms.kernel.ids import new_id
from wms.kernel.quantity import Quantity
from wms.ledger import posting
from wms.ledger.errors import Short
from wms.ledger.terms import DocumentRef, Leg, Posting
from wms.masterdata import queries as masterdata


@dataclass(frozen=True, slots=True)
class _Declared:
    ready: Ready
    list_id: UUID
    cop_no: str
    document: Document
    legs: tuple[Leg, ...]


def declare(tx: Tx, ready: Sequence[Ready], listings: Mapping[str, Listing]) -> None:
    """Declare a list for each order: RESERVE_OUT of all its lines in one posting, then CEB621.

    An order that a book line is short for becomes `short`; nothing of it is held and nothing sent.
    The number series is locked first, so that declarations of one site post one after the other.
    """
    if not ready:
        return
    first = next_number(tx, "release-list", len(ready))
    party = papers.party(tx)
    declared = []
    for number, one in enumerate(ready, start=first):
        cop_no = f"RL{masterdata.today(tx):%y%m%d}{number:08d}"
        document = papers.release_list(tx, party, cop_no, one, listings)
        findings = letters.writing_findings(document)
        if findings:
            read, expected = findings[0].read, f"{findings[0].path}: {findings[0].expected}"
            _keep(tx, one.order, OrderState.REFUSED, "clearance.unwritable", read, expected)
            continue
        legs = _hold(tx, cop_no, one, listings)
        if legs:
            declared.append(_Declared(one, new_id(), cop_no, document, legs))
    if not declared:
        return
    letter_ids = letters.send(
        tx,
        SendLetter(
            tx.site_id, "CEB621", declared[0].cop_no, tuple(done.document for done in declared)
        ),
    )
    tx.session.add_all([_list_row(tx, done, party.site.book_no) for done in declared])
    tx.session.flush()
    for done, letter_id in zip(declared, letter_ids, strict=True):
        tx.session.add_all(_line_rows(tx, done, listings))
        _file(tx, done, letter_id)


def hold(
    tx: Tx, cop_no: str, turn: int, wanted: Sequence[tuple[UUID, Quantity]]
) -> tuple[Leg, ...]:
    """Post RESERVE_OUT for a list: (account, quantity) a line. Raises ledger's Short."""
    legs = tuple(posting.reserve_out(account, quantity) for account, quantity in wanted)
    posting.post(tx, Posting(f"list:{cop_no}:{turn}", DocumentRef("list", cop_no), legs, tx.now))
    return legs


def _hold(tx: Tx, cop_no: str, one: Ready, listings: Mapping[str, Listing]) -> tuple[Leg, ...]:
    """Hold an order's goods; when a line is short, keep the order with every short line named."""
    lines = one.order_paper.lines
    wanted = [(listings[line.item_no].line.account_id, Quantity.of(line.qty)) for line in lines]
    try:
        return hold(tx, cop_no, 1, wanted)
    except Short as short:
        skus = {listings[line.item_no].line.account_id: line.item_no for line in lines}
        reasons = [
            FailedRule(
                "clearance.book_short", str(gap.wanted), str(gap.there), skus[gap.account_id]
            )
            for gap in short.shortages
        ]
    if one.order.state != OrderState.SHORT:
        number = timeline.paper_no(one.order.ebp_code, one.order.order_no)
        info = ", ".join(f"{reason.where} {reason.read} > {reason.expected}" for reason in reasons)
        timeline.record(tx, DocumentKind.ORDER, number, "short", info=info)
    one.order.state = OrderState.SHORT
    one.order.reasons = [to_builtins(reason) for reason in reasons]
    return ()


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


def _line_rows(tx: Tx, one: _Declared, listings: Mapping[str, Listing]) -> list[ReleaseListLineRow]:
    return [
        ReleaseListLineRow(
            site_id=tx.site_id,
            list_id=one.list_id,
            gnum=line.gnum,
            line_no=listings[line.item_no].line.line_no,
            account_id=listings[line.item_no].line.account_id,
            sku=line.item_no,
            name=line.item_name,
            quantity=Quantity.of(line.qty),
            unit=line.unit,
            price=line.price,
            total_price=line.total_price,
            reserve_id=leg.reserve_id,
        )
        for line, leg in zip(one.ready.order_paper.lines, one.legs, strict=True)
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
