"""What must fit together inside one document: sums, pairs of weights, numbers without gaps.

A schema cannot say these. All are remarks on what was read: a message whose sum is wrong is still
that message. The grave ones keep a document from being written; sums are not among them, because a
price that was rounded does not multiply back to its total.
"""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Final

from wms.customs.codecs.findings import Finding
from wms.customs.codecs.message import Document, Values

CENT: Final = Decimal("0.01")
"""Sums are compared to the cent: platforms round each line."""

_NUMBER: Final = re.compile(r"\d{1,20}(?:\.\d{1,10})?", re.ASCII).fullmatch
Check = Callable[[Document, str], Iterator[Finding]]


def sum_findings(document: Document, path: str) -> Iterator[Finding]:
    """Yield what does not fit together; fields that are missing or no numbers say nothing here."""
    check = _CHECKS.get(document.kind)
    if check is not None:
        yield from check(document, path)


def _order(document: Document, path: str) -> Iterator[Finding]:
    """ActuralPaid = goodsValue + freight + taxTotal - discount; each line price x qty."""
    head = document.head
    terms = [_number(head, name) for name in ("goodsValue", "freight", "taxTotal", "discount")]
    paid = _number(head, "acturalPaid")
    if paid is not None and None not in terms:
        value, freight, tax, discount = (term or Decimal(0) for term in terms)
        yield from _same(f"{path}/OrderHead/acturalPaid", paid, value + freight + tax - discount)
    yield from _line_totals(document, f"{path}/OrderList")


def _waybill(document: Document, path: str) -> Iterator[Finding]:
    """One parcel a waybill."""
    yield from _one_parcel(document, f"{path}/LogisticsHead")


def _release_list(document: Document, path: str) -> Iterator[Finding]:
    """One parcel; lines from 1 without gaps; net weight not above gross; each line price x qty."""
    yield from _one_parcel(document, f"{path}/InventoryHead")
    head = document.head
    gross, net = _number(head, "grossWeight"), _number(head, "netWeight")
    if gross is not None and net is not None and net > gross:
        place = f"{path}/InventoryHead/netWeight"
        yield Finding(place, "customs.above", str(net), str(gross), source="text")
    if any(line.get("gnum") != str(number) for number, line in enumerate(document.lines, 1)):
        yield from _gaps(document, f"{path}/InventoryList")
    yield from _line_totals(document, f"{path}/InventoryList")


def _gaps(document: Document, path: str) -> Iterator[Finding]:
    numbers = sorted(int(text) for line in document.lines if (text := _count(line)))
    if len(numbers) == len(document.lines) and len(set(numbers)) == len(numbers):
        gap = next((want for want, held in enumerate(numbers, 1) if want != held), None)
        if gap:
            read = str(numbers[gap - 1])
            yield Finding(path, "customs.line_gap", read, str(gap), source="text")


def _release_sheet(document: Document, path: str) -> Iterator[Finding]:
    """TotalWt = vehicleWt + vehicleFrameWt + containerWt + totalGrossWt."""
    head = document.head
    total, vehicle = _number(head, "totalWt"), _number(head, "vehicleWt")
    gross = _number(head, "totalGrossWt")
    if total is None or vehicle is None or gross is None:
        return
    others = (_number(head, name) or Decimal(0) for name in ("vehicleFrameWt", "containerWt"))
    place = f"{path}/PassportHead/totalWt"
    yield from _same(place, total, vehicle + gross + sum(others), "inferred")


def _one_parcel(document: Document, path: str) -> Iterator[Finding]:
    if document.head.get("packNo") == "1":
        return
    packs = _number(document.head, "packNo")
    if packs is not None and packs != 1:
        yield Finding(f"{path}/packNo", "customs.value", str(packs), "1", source="text")


def _line_totals(document: Document, path: str) -> Iterator[Finding]:
    for number, line in enumerate(document.lines, 1):
        price, qty = _number(line, "price"), _number(line, "qty")
        total = _number(line, "totalPrice")
        if price is None or qty is None or total is None or price * qty == total:
            continue
        yield from _same(f"{path}[{number}]/totalPrice", total, price * qty)


def _same(path: str, read: Decimal, wanted: Decimal, source: str = "text") -> Iterator[Finding]:
    if abs(read - wanted) > CENT:
        plain = f"{wanted.normalize():f}"
        yield Finding(path, "customs.sum", f"{read:f}", plain, grave=False, source=source)


def _number(values: Values, name: str) -> Decimal | None:
    text = values.get(name, "")
    return Decimal(text) if _NUMBER(text) else None


def _count(line: Values) -> str:
    text = line.get("gnum", "")
    return text if text.isascii() and text.isdigit() and len(text) <= 9 else ""


_CHECKS: Final[dict[str, Check]] = {
    "CEB311": _order,
    "CEB511": _waybill,
    "CEB621": _release_list,
    "SAS121": _release_sheet,
}

SUMMED: Final = frozenset(_CHECKS)
"""Kinds in which something must fit together."""
