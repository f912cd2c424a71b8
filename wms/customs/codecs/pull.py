"""The data pull of GACC announcement 2018 no. 179: JSON read, checked, written and signed over.

Customs asks a platform for the original data of a payment; the platform answers at once and then
uploads (form field `payExInfoStr`). What is signed is a string of four parts taken from the very
text that is sent, so both are made together.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from wms.customs.codecs.checks import count_findings, missing_findings, value_finding
from wms.customs.codecs.findings import Finding, Unreadable, Unwritable, shown
from wms.customs.codecs.forms import Number
from wms.customs.codecs.grammar import parts, shapes
from wms.customs.codecs.message import Document, Message, Values
from wms.customs.codecs.table import Part, Shape
from wms.customs.codecs.tables import pull

PULL: Final = {
    one.kind: one
    for one in shapes(pull.TABLE, family="pull", edition="2018 no. 179", source="gacc179")
}
"""Shape by kind: PULL-ASK, PULL-ANSWER, PULL-DATA."""

_GOODS: Final = parts(pull.GOODS, source="gacc179")["goodsInfo"]
_SIGNED: Final = ("sessionID", "payExchangeInfoHead", "payExchangeInfoLists", "serviceTime")
MAX_PULL: Final = 1024 * 1024
"""Bytes of a data pull: request and response of a payment are at most 8,000 characters each."""

_MOST_ROWS: Final = 1_000
_FIELDS: Final = frozenset({"payExInfoStr", "openReq"})


@dataclass(frozen=True, slots=True)
class Upload:
    """What is uploaded: `to_sign` is the string whose signature belongs into signValue."""

    to_sign: str
    document: Document
    goods: tuple[tuple[Values, ...], ...]

    def body(self, cert_no: str, sign_value: str) -> str:
        """Return the JSON that goes into the form field `payExInfoStr`.

        Raises Unwritable when the data break the field table.
        """
        head = dict(self.document.head) | {"certNo": cert_no, "signValue": sign_value}
        document = Document("PULL-DATA", head, (), self.document.parts)
        if found := [*_findings(PULL["PULL-DATA"], document), *_goods_findings(self.goods)]:
            raise Unwritable(found)
        signed = dict(_signed_parts(document, self.goods))
        members = [f'"{name}":{_literal(name, signed[name])}' for name in _SIGNED]
        members += [f'"certNo":{_dump(cert_no)}', f'"signValue":{_dump(sign_value)}']
        return "{" + ",".join(members) + "}"


def upload(document: Document, goods: tuple[tuple[Values, ...], ...] = ()) -> Upload:
    """Return what is to be signed and sent; `goods` are the goods of each list, in their order."""
    told = _signed_parts(document, goods)
    return Upload("||".join(f'"{name}":"{text}"' for name, text in told), document, goods)


def answer(code: str, message: str, service_time: int) -> str:
    """Return the answer given at once to a request; code 10000 says that it was understood."""
    return _dump({"code": code, "message": message, "serviceTime": service_time})


def read_pull(data: bytes) -> Message:
    """Return the message of a data pull; raises Unreadable `customs.not_json`, `…not_a_message`."""
    if len(data) > MAX_PULL:
        raise Unreadable(Finding("", "customs.too_big", str(len(data)), str(MAX_PULL)))
    text = _text(data)
    try:
        value = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError) as error:
        read = shown(type(error).__name__)
        raise Unreadable(Finding("", "customs.not_json", read, "JSON")) from None
    if not isinstance(value, dict):
        raise Unreadable(Finding("", "customs.not_a_message", "[…]", "{…}"))
    shape = _shape_of(value)
    if shape is None:
        names = shown(", ".join(map(str, value)))
        raise Unreadable(Finding("", "customs.not_a_message", names, "sessionID"))
    reading = _Reading(shape)
    document = reading.document(value)
    guid = document.head.get("sessionID", "")
    signed = bool(document.head.get("signValue"))
    return Message(shape.kind, guid, (document,), document.findings, signed=signed)


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        read = f"utf-8 @ {error.start}"
        raise Unreadable(Finding("", "customs.encoding", read, "UTF-8")) from None
    if text.startswith("{"):
        return text
    try:
        sent = parse_qsl(text, max_num_fields=20)
    except ValueError:
        sent = []
    return next((value for name, value in sent if name in _FIELDS), "")


def _shape_of(value: Mapping[str, object]) -> Shape | None:
    if "payExchangeInfoHead" in value:
        return PULL["PULL-DATA"]
    if "orderNo" in value and "sessionID" in value:
        return PULL["PULL-ASK"]
    return PULL["PULL-ANSWER"] if "code" in value and "serviceTime" in value else None


@dataclass
class _Reading:
    shape: Shape
    findings: list[Finding] = field(default_factory=list)
    unknown: dict[str, str] = field(default_factory=dict)

    def document(self, value: Mapping[str, object]) -> Document:
        known = {part.name: part for part in self.shape.parts}
        held: dict[str, tuple[Values, ...]] = {}
        for name, part in known.items():
            inner = value.get(name)
            rows = inner if isinstance(inner, list) else [inner] if inner else []
            if len(rows) > _MOST_ROWS:
                most = str(_MOST_ROWS)
                told = Finding(name, "customs.too_many_lines", str(len(rows)), most)
                self.findings.append(told)
            held[name] = tuple(
                self._values(part, row, f"{name}[{number}]")
                for number, row in enumerate(rows[:_MOST_ROWS], 1)
            )
        plain = {name: one for name, one in value.items() if name not in known}
        head = self._values(self.shape.head, plain, self.shape.kind)
        held = {name: rows for name, rows in held.items() if rows}
        document = Document(self.shape.kind, head, (), held)
        self.findings += count_findings(self.shape, document, self.shape.kind)
        found = tuple(self.findings)
        return Document(self.shape.kind, head, (), held, found, self.unknown)

    def _values(self, part: Part, row: object, path: str) -> dict[str, str]:
        if not isinstance(row, dict):
            self._keep(path, row)
            return {}
        values: dict[str, str] = {}
        for name, raw in row.items():
            one = part.by_name.get(name)
            if name == "goodsInfo" and isinstance(raw, list):
                for number, goods in enumerate(raw[:100], 1):
                    self._values(_GOODS, goods, f"{path}/goodsInfo[{number}]")
                continue
            if one is None or isinstance(raw, dict | list):
                self._keep(f"{path}/{shown(name)}", raw)
                continue
            # JSON can spell half of a surrogate pair, which is no character.
            text = "" if raw is None else str(raw).encode(errors="replace").decode().strip()
            if not text:
                continue
            values[one.name] = text
            if finding := value_finding(one, text, path):
                self.findings.append(finding)
        self.findings += missing_findings(part, values, path)
        return values

    def _keep(self, path: str, raw: object) -> None:
        if len(self.unknown) < 100:
            self.unknown[path] = _shallow(raw)
            read = shown(self.unknown[path])
            self.findings.append(Finding(path, "customs.unknown_element", read, "", grave=False))


def _shallow(raw: object) -> str:
    """Return what is kept of a stranger, however deep it is nested."""
    try:
        text = raw if isinstance(raw, str) else _dump(raw)
    except RecursionError:
        text = "{…}"
    return text[:4000].encode(errors="replace").decode()


def _findings(shape: Shape, document: Document) -> list[Finding]:
    found: list[Finding] = []
    for part, many in ((shape.head, (document.head,)), *_rows(shape, document)):
        for number, values in enumerate(many, 1):
            path = f"{part.name}[{number}]"
            for name, text in values.items():
                one = part.by_name.get(name)
                told = value_finding(one, text, path) if one and text else None
                found += [told] if told else []
            found += missing_findings(part, values, path)
    return found + count_findings(shape, document, shape.kind)


def _rows(shape: Shape, document: Document) -> list[tuple[Part, tuple[Values, ...]]]:
    return [(part, document.parts.get(part.name, ())) for part in shape.parts]


def _goods_findings(goods: tuple[tuple[Values, ...], ...]) -> list[Finding]:
    found: list[Finding] = []
    for many in goods:
        for number, values in enumerate(many, 1):
            found += missing_findings(_GOODS, values, f"goodsInfo[{number}]")
    return found


def _signed_parts(
    document: Document, goods: tuple[tuple[Values, ...], ...]
) -> tuple[tuple[str, str], ...]:
    heads = document.parts.get("payExchangeInfoHead", ())
    lists = document.parts.get("payExchangeInfoLists", ())
    shape = {part.name: part for part in PULL["PULL-DATA"].parts}
    head = _object(shape["payExchangeInfoHead"], heads[0] if heads else {})
    rows = [
        _object(shape["payExchangeInfoLists"], row, goods[number] if number < len(goods) else ())
        for number, row in enumerate(lists)
    ]
    texts = {
        "sessionID": document.head.get("sessionID", ""),
        "payExchangeInfoHead": head,
        "payExchangeInfoLists": "[" + ",".join(rows) + "]",
        "serviceTime": document.head.get("serviceTime", ""),
    }
    return tuple((name, texts[name]) for name in _SIGNED)


def _object(part: Part, values: Values, goods: tuple[Values, ...] | None = None) -> str:
    members = []
    for one in part.fields:
        text = values.get(one.name, "")
        if text:
            plain = isinstance(one.form, Number)
            members.append(f'"{one.name}":{text if plain else _dump(text)}')
        if one.name == "orderNo" and goods is not None:
            inner = ",".join(_object(_GOODS, row) for row in goods)
            members.append(f'"goodsInfo":[{inner}]')
    return "{" + ",".join(members) + "}"


def _literal(name: str, text: str) -> str:
    return _dump(text) if name in {"sessionID", "serviceTime"} else text


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
