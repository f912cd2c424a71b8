"""Orders, payments and waybills as a platform sends them: CEB messages, or rows for REST."""

import re
import time
import uuid
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final
from xml.sax.saxutils import escape

from counterparts.day.plan import Line, Order, Trouble

Fields = dict[str, str]

MERCHANTS: Final = {
    "ME1": ("460166DM02", "海口禾小满母婴电子商务有限公司(演示)"),
    "ME2": ("460166DM03", "海口栩光美妆电子商务有限公司(演示)"),
    "ME3": ("460196DM04", "海口澜屿优品电子商务有限公司(演示)"),
}
PLATFORM: Final = ("330196DM05", "杭州椰风海淘网络科技有限公司(演示)")
PAYER: Final = ("312296DM07", "上海砚付支付服务有限公司(演示)")
CARRIER: Final = ("460196DM09", "海口蘅达速运有限公司(演示)")
_SPACE = uuid.UUID("4a1ff7ad-5a19-5c3e-8a6b-7a6a6f0f6d0b")
_CEB: Final = "http://www.chinaport.gov.cn/ceb"
_EIGHT_HOURS: Final = 8 * 3600


_NAMES: Final = {"acturalPaid": "actual_paid"}
_ONLY_XML: Final = frozenset({"guid", "appStatus", "orderType"})
_WHOLE: Final = frozenset({"gnum", "packNo"})
_MOMENTS: Final = frozenset({"appTime", "payTime"})


class Numbers:
    """The numbers of one day: those of another day are others, in any system."""

    def __init__(self, run: int) -> None:
        self.run = run

    def order(self, order: Order) -> str:
        return f"D{self.run:09d}{order.number:05d}"

    def payment(self, order: Order) -> str:
        return f"9001{self.run:09d}{order.number:05d}"

    def waybill(self, order: Order) -> str:
        return f"HD{self.run:09d}{order.number:05d}"


def beijing(seconds: float = 0) -> str:
    """Return a moment as CEB messages write it, now and so many seconds more."""
    return time.strftime("%Y%m%d%H%M%S", time.gmtime(time.time() + _EIGHT_HOURS + seconds))


class Papers:
    """The three documents of orders, as fields by their names in the specification."""

    def __init__(self, numbers: Numbers) -> None:
        self.numbers = numbers

    def order(self, order: Order, lines: Sequence[Line], at: str) -> tuple[Fields, list[Fields]]:
        """Return head and lines of CEB311."""
        code, name = MERCHANTS[order.merchant]
        buyer, sums = order.buyer, Order(order.number, "", order.buyer, tuple(lines), order.freight)
        head = self._head("order", order, at) | {
            "orderType": "I",
            "orderNo": self.numbers.order(order),
            "ebpCode": PLATFORM[0],
            "ebpName": PLATFORM[1],
            "ebcCode": code,
            "ebcName": name,
            "goodsValue": _money(sums.goods_value),
            "freight": _money(order.freight),
            "discount": "0",
            "taxTotal": _money(sums.tax),
            "acturalPaid": _money(sums.paid),
            "currency": "142",
            "buyerRegNo": f"u{90000000 + order.number}",
            "buyerName": buyer.name,
            "buyerTelephone": buyer.phone,
            "buyerIdType": "1",
            "buyerIdNumber": buyer.identity,
            "payCode": PAYER[0],
            "payName": PAYER[1],
            "payTransactionId": self.numbers.payment(order),
            "consignee": buyer.name,
            "consigneeTelephone": buyer.phone,
            "consigneeAddress": buyer.address,
            "consigneeDistrict": buyer.district,
        }
        return head, [_line(number, line) for number, line in enumerate(lines, start=1)]

    def payment(self, order: Order, paid: Decimal, at: str) -> Fields:
        """Return the head of CEB411."""
        return self._head("payment", order, at) | {
            "payCode": PAYER[0],
            "payName": PAYER[1],
            "payTransactionId": self.numbers.payment(order),
            "orderNo": self.numbers.order(order),
            "ebpCode": PLATFORM[0],
            "ebpName": PLATFORM[1],
            "payerIdType": "1",
            "payerIdNumber": order.buyer.identity,
            "payerName": order.buyer.name,
            "telephone": order.buyer.phone,
            "amountPaid": _money(paid),
            "currency": "142",
            "payTime": at,
        }

    def waybill(self, order: Order, lines: Sequence[Line], at: str) -> Fields:
        """Return the head of CEB511."""
        weight = Order(order.number, "", order.buyer, tuple(lines), order.freight).gross_kg
        return self._head("waybill", order, at) | {
            "logisticsCode": CARRIER[0],
            "logisticsName": CARRIER[1],
            "logisticsNo": self.numbers.waybill(order),
            "orderNo": self.numbers.order(order),
            "freight": _money(order.freight),
            "insuredFee": "0",
            "currency": "142",
            "weight": f"{weight:f}",
            "packNo": "1",
            "goodsInfo": lines[0].article.name,
            "consignee": order.buyer.name,
            "consigneeAddress": order.buyer.address,
            "consigneeTelephone": order.buyer.phone,
        }

    def _head(self, what: str, order: Order, at: str) -> Fields:
        guid = uuid.uuid5(_SPACE, f"{what}/{self.numbers.run}/{order.number}/{at}")
        return {"guid": str(guid).upper(), "appType": "1", "appTime": at, "appStatus": "2"}


def rest(fields: Fields) -> dict[str, str | int]:
    """Return the same fields as the REST API names and writes them."""
    written: dict[str, str | int] = {}
    for name, value in fields.items():
        snake = _NAMES.get(name) or re.sub(r"[A-Z]", lambda big: f"_{big[0].lower()}", name)
        if name in _WHOLE:
            written[snake] = int(value)
        elif name not in _ONLY_XML:
            written[snake] = _moment(value) if name in _MOMENTS else value
    return written


def paid_wrongly(order: Order) -> Decimal:
    """Return what the payment firm reports: of one order in trouble it is half a yuan more."""
    return order.paid + (Decimal("0.50") if order.trouble is Trouble.PAYMENT else 0)


def orders_message(documents: Iterable[tuple[Fields, list[Fields]]]) -> bytes:
    """Return CEB311 with these orders."""
    bodies = (
        _tag(
            "Order",
            _tag("OrderHead", _fields(head)),
            *(_tag("OrderList", _fields(x)) for x in lines),
        )
        for head, lines in documents
    )
    return _message("CEB311", "".join(bodies))


def payments_message(heads: Iterable[Fields]) -> bytes:
    """Return CEB411 with these payments."""
    bodies = (_tag("Payment", _tag("PaymentHead", _fields(head))) for head in heads)
    return _message("CEB411", "".join(bodies))


def waybills_message(heads: Iterable[Fields]) -> bytes:
    """Return CEB511 with these waybills."""
    bodies = (_tag("Logistics", _tag("LogisticsHead", _fields(head))) for head in heads)
    return _message("CEB511", "".join(bodies))


def _message(kind: str, body: str) -> bytes:
    guid = str(uuid.uuid5(_SPACE, body)).upper()
    head = f'<ceb:{kind}Message guid="{guid}" version="1.0" xmlns:ceb="{_CEB}">'
    transfer = _tag(
        "BaseTransfer",
        _fields({"copCode": PLATFORM[0], "copName": PLATFORM[1], "dxpMode": "DXP"}),
        _fields({"dxpId": "DXPENT9900000005"}),
    )
    text = f'<?xml version="1.0" encoding="UTF-8"?>{head}{body}{transfer}</ceb:{kind}Message>'
    return text.encode()


def _tag(name: str, *inside: str) -> str:
    return f"<ceb:{name}>{''.join(inside)}</ceb:{name}>"


def _fields(fields: Fields) -> str:
    return "".join(_tag(name, escape(value)) for name, value in fields.items())


def _line(number: int, line: Line) -> Fields:
    article = line.article
    return {
        "gnum": str(number),
        "itemNo": article.sku,
        "itemName": article.name,
        "gmodel": f"品名:{article.name}",
        "barCode": article.gtin,
        "unit": article.unit,
        "qty": str(line.quantity),
        "price": _money(article.price),
        "totalPrice": _money(line.value),
        "currency": "142",
        "country": article.country,
    }


def _moment(written: str) -> str:
    parts = time.strptime(written, "%Y%m%d%H%M%S")
    return time.strftime("%Y-%m-%dT%H:%M:%S+08:00", parts)


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"
