"""A demo site for the tests of clearance: papers that fit, customs' answers, and its book."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from wms.clearance import queries
from wms.clearance.service import (
    ApplyChecklistReceipt,
    ApplyListReceipts,
    FileChecklist,
    GoodsLine,
    ReceiveOrders,
    ReceivePayments,
    ReceiveWaybills,
    apply_checklist_receipt,
    apply_list_receipts,
    file_checklist,
    receive_orders,
    receive_payments,
    receive_waybills,
)
from wms.clearance.terms import RowResult
from wms.customs.codecs import (
    ChecklistLine,
    ChecklistReceipt,
    ListReceipt,
    Order,
    OrderLine,
    Payment,
    Waybill,
)
from wms.customs.events import ToldOfList
from wms.db.transaction import Doorway, ReadTx, make_engine
from wms.kernel.actor import Actor, system_actor
from wms.kernel.ids import SiteId, new_id
from wms.kernel.quantity import Quantity
from wms.ledger import balances, books, proof
from wms.ledger.terms import Balance
from wms.masterdata import queries as masterdata
from wms.masterdata.terms import Goods

SITE = SiteId(1)
BOOK = "T6409W990001"
NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
MILK, CREAM = "ME1-0001", "ME2-0025"
BUYER = "469999200003119017"
CARRIER = "460196DM09"
T = TypeVar("T")


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time


@dataclass(frozen=True)
class Office:
    """The firm's customs office behind one doorway."""

    doorway: Doorway
    actor: Actor
    clock: Clock
    url: str

    def run(self, handler: Callable[..., T], command: Any, key: str | None = None) -> T:
        return self.doorway.run(handler, command, self.actor, key=key)

    def ask(self, query: Callable[..., T], *args: Any, **named: Any) -> T:
        with self.reading() as tx:
            return query(tx, *args, **named)

    @contextmanager
    def reading(self) -> Iterator[ReadTx]:
        with self.doorway.read(self.actor) as tx:
            yield tx

    def goods(self, sku: str) -> Goods:
        return self.ask(masterdata.goods, sku)

    def balance(self, sku: str) -> Balance:
        line = self.ask(books.line_for_goods, BOOK, sku)
        return self.ask(balances.balance, line.account_id)

    def stands(self) -> bool:
        return self.ask(proof.standing) == ()

    def bring_in(self, *goods: tuple[str, int]) -> str:
        """Post goods into the book by a checklist that customs approves and posts."""
        filed = self.run(
            file_checklist,
            FileChecklist(
                SITE,
                "0",
                tuple(GoodsLine(sku, Quantity.of(qty), Decimal(100)) for sku, qty in goods),
                transport_mode="2",
                country="309",
            ),
        )
        self.hear(verdict(filed.inner_no))
        self.hear(posted(filed.inner_no))
        return filed.inner_no

    def hear(self, receipt: ChecklistReceipt) -> None:
        self.run(apply_checklist_receipt, ApplyChecklistReceipt(SITE, new_id(), receipt))

    def told(self, cop_no: str, *codes: str | tuple[str, int]) -> None:
        """Apply receipts of a list: a code, or a code and the minute customs gave it."""
        self.run(apply_list_receipts, ApplyListReceipts(SITE, receipts(cop_no, *codes)))

    def papers(
        self, number: int, *lines: tuple[str, int], **changes: Any
    ) -> tuple[Order, Payment, Waybill]:
        """Return three documents that fit, for an order of these goods."""
        return papers(number, [(self.goods(sku), qty) for sku, qty in lines], **changes)

    def deliver(self, order: Order, payment: Payment, waybill: Waybill) -> RowResult:
        """Take the three in, order first; return the row of the last."""
        self.run(receive_orders, ReceiveOrders(SITE, (order,)))
        self.run(receive_payments, ReceivePayments(SITE, (payment,)))
        return self.run(receive_waybills, ReceiveWaybills(SITE, (waybill,))).rows[0]

    def declared(self, number: int, *lines: tuple[str, int]) -> str:
        """Return the copNo of a list declared for an order of these goods."""
        row = self.deliver(*self.papers(number, *lines))
        assert row.state == "declared", row
        return row.cop_no

    def state(self, cop_no: str) -> str:
        return self.ask(queries.release_list, cop_no).state

    def events(self, kind: str) -> list[dict[str, Any]]:
        """Return the payloads of one kind in the outbox, in order."""
        from sqlalchemy import select  # noqa: PLC0415

        from wms.db.models import OutboxRow  # noqa: PLC0415

        with self.reading() as tx:
            return list(
                tx.session.scalars(
                    select(OutboxRow.payload)
                    .where(OutboxRow.kind == kind)
                    .order_by(OutboxRow.event_id)
                )
            )


@contextmanager
def office(url: str) -> Iterator[Office]:
    """Give the office of a demo site with an empty book (`demo_url`)."""
    clock, engine = Clock(), make_engine(url)
    yield Office(Doorway(engine, clock), system_actor(SITE), clock, url)
    engine.dispose()


def papers(
    number: int, lines: list[tuple[Goods, int]], **changes: Any
) -> tuple[Order, Payment, Waybill]:
    """Return an order, its payment and its waybill; `changes` go into whichever has the field."""
    rows = tuple(
        OrderLine(
            gnum=gnum,
            item_no=goods.sku,
            item_name=goods.name_zh,
            gmodel=goods.gmodel,
            unit=goods.unit,
            qty=Decimal(qty),
            price=goods.price,
            total_price=goods.price * qty,
            country=goods.country,
        )
        for gnum, (goods, qty) in enumerate(lines, start=1)
    )
    value = sum((row.total_price for row in rows), Decimal(0))
    tax = (value * Decimal("0.091")).quantize(Decimal("0.01"))
    order = Order(
        guid=f"0192F000-0000-7000-8000-{number:012d}",
        app_time=NOW,
        order_no=f"ORDER-{number:06d}",
        ebp_code="330196DM05",
        ebp_name="杭州椰风海淘网络科技有限公司(演示)",
        ebc_code="460166DM02",
        ebc_name="海口禾小满母婴电子商务有限公司(演示)",
        goods_value=value,
        freight=Decimal(0),
        discount=Decimal(0),
        tax_total=tax,
        actual_paid=value + tax,
        buyer_reg_no="u90000001",
        buyer_name="戚苓舟",
        buyer_telephone="13900000001",
        buyer_id_number=BUYER,
        consignee="戚苓舟",
        consignee_telephone="13900000001",
        consignee_address="广东省深圳市福田区虚设路9051号",
        lines=rows,
    )
    payment = Payment(
        guid=f"0192F001-0000-7000-8000-{number:012d}",
        app_time=NOW,
        pay_code="312296DM07",
        pay_name="上海砚付支付服务有限公司(演示)",
        pay_transaction_id=f"PAY-{number:06d}",
        order_no=order.order_no,
        ebp_code=order.ebp_code,
        ebp_name=order.ebp_name,
        payer_id_number=BUYER,
        payer_name="戚苓舟",
        amount_paid=order.actual_paid,
        pay_time=NOW,
    )
    waybill = Waybill(
        guid=f"0192F002-0000-7000-8000-{number:012d}",
        app_time=NOW,
        logistics_code=CARRIER,
        logistics_name="海口蘅达速运有限公司(演示)",
        logistics_no=f"WB-{number:06d}",
        order_no=order.order_no,
        weight=sum((goods.gross_kg.decimal * qty for goods, qty in lines), Decimal(1)),
        consignee=order.consignee,
        consignee_address=order.consignee_address,
        consignee_telephone=order.consignee_telephone,
    )
    return _changed(order, changes), _changed(payment, changes), _changed(waybill, changes)


def _changed(paper: Any, changes: dict[str, Any]) -> Any:
    known = {name: value for name, value in changes.items() if hasattr(paper, name)}
    return replace(paper, **known)


def receipts(cop_no: str, *codes: str | tuple[str, int]) -> tuple[ToldOfList, ...]:
    """Return receipts of a list; those without a minute follow each other."""
    told = []
    for place, one in enumerate(codes):
        code, minute = one if isinstance(one, tuple) else (one, place)
        told.append(
            ToldOfList(
                new_id(),
                ListReceipt(
                    status=code,
                    time=NOW + timedelta(minutes=minute),
                    info=f"[Code:{code};Desc:…]",
                    cop_no=cop_no,
                    pre_no="B20261122000000001",
                    invt_no=f"64092026I{int(cop_no[-8:]):09d}",
                ),
            )
        )
    return tuple(told)


def verdict(inner_no: str, result: str = "1", **changes: Any) -> ChecklistReceipt:
    """Return an INV201 of a checklist."""
    return ChecklistReceipt(
        kind="INV201",
        result=result,
        result_time=changes.pop("result_time", NOW),
        etps_inner_invt_no=inner_no,
        bond_invt_no=f"QD640926I{int(inner_no[-6:]):09d}",
        seq_no=f"202600000{int(inner_no[-6:]):09d}",
        **changes,
    )


def posted(inner_no: str, *quantities: int) -> ChecklistReceipt:
    """Return an INV211 of a checklist, with customs' quantities by line where given."""
    return ChecklistReceipt(
        kind="INV211",
        etps_inner_invt_no=inner_no,
        bond_invt_no=f"QD640926I{int(inner_no[-6:]):09d}",
        formal_vrfded_time=NOW + timedelta(hours=1),
        vrfded_markcd="2",
        lines=tuple(
            ChecklistLine(gds_seqno=number, dcl_qty=Decimal(quantity))
            for number, quantity in enumerate(quantities, start=1)
        ),
    )


def list_id(found: Office, cop_no: str) -> UUID:
    return found.ask(queries.release_list, cop_no).list_id
