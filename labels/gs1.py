"""GS1 keys, application identifiers, element strings and Digital Links: built and read back.

Source of the table and of the lengths that need no separator: GS1 General Specifications, section 3
(application identifiers) and figure 7.8.5-2 (predefined lengths).
"""

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from labels.errors import LabelRefusal

GS = "\x1d"
"""The separator a reader sends for an inner FNC1."""
RESOLVER = "https://id.gs1.org"
"""GS1's own resolver: the default base of a Digital Link."""


class Element(NamedTuple):
    """One application identifier and its value, without separators."""

    ai: str
    value: str


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    longest: int
    keyed: int  # length of the leading key that ends in a check digit, 0 if none
    dated: bool


_CHARSET = {"N": "[0-9]", "X": r"[!\"%&'()*+,\-./0-9:;<=>?A-Z_a-z]", "Y": r"[#\-/0-9A-Z]"}
_MEASURES = " ".join(
    f"{prefix}{decimals}"
    for prefix in chain(range(310, 317), range(320, 338), range(340, 358), range(360, 370))
    for decimals in range(6)
)
_TABLE = f"""
N18: 00 8006 8017 8018
N14: 01 02 03 8001
N16: 04
N6: 11 12 13 15 16 17 7006 8005 {_MEASURES} 3950 3951 3952 3953 3954 3955
N2: 20
X..20: 10 21 22 243 254 420 710 711 712 713 714 715 716 7020 7021 7022 7240 8002 8012
X..28: 235
X..30: 240 241 250 251 400 401 403 7002 7023 8004 90
N..6: 242
N13 [X..17]: 253
N13 [N..12]: 255
N..8: 30 37
N..15: 3900 3901 3902 3903 3904 3905 3906 3907 3908 3909 3920 3921 3922 3923 3924 3925 3926 3927
N3 N..15: 3910 3911 3912 3913 3914 3915 3930 3931 3932 3933 3934 3935
N4: 3940 3941 3942 3943 8111
N17: 402
N13: 410 411 412 413 414 415 416 417 7001
N3 X..9: 421
N3: 422 424 426
N3 N..12: 423 425
X..3: 427 7008
X..35: 4300 4301 4310 4311 4320
X..70: 4302 4303 4304 4305 4306 4312 4313 4314 4315 4316 8110 8112 8200
X..30: 4308 4318 4319
X2: 4307 4317
N10: 4324 4325 7003
N1: 4321 4322 4323
N..4: 7004
X..12: 7005
N6 [N6]: 7007
X..10: 7009
X..2: 7010
N3 X..27: 7030 7031 7032 7033 7034 7035 7036 7037 7038 7039
N1 X3: 7040
X2 X..28: 7230 7231 7232 7233 7234 7235 7236 7237 7238 7239
N14 [X..16]: 8003
X..34: 8007
N8 [N..4]: 8008
X..50: 8009
Y..30: 8010
N..12: 8011
X..25: 8013 8020
N..10: 8019
N18: 8026
X..90: 91 92 93 94 95 96 97 98 99
"""
_PREDEFINED = frozenset(f"{n:02d}" for n in chain(range(5), range(11, 21), range(31, 37), [41]))
_KEYED = {
    **dict.fromkeys(("00", "8017", "8018"), 18),
    "402": 17,
    **dict.fromkeys(("01", "02", "03", "8003", "8006"), 14),
    **dict.fromkeys(("253", "255", *(str(n) for n in range(410, 418))), 13),
}
_DATED = frozenset({"11", "12", "13", "15", "16", "17", "7006"})
_LINK_KEYS = frozenset(
    {"00", "01", "253", "255", "401", "402", "414", "417", "8003", "8004", "8006"}
)


def _rule(ai: str, form: str) -> _Rule:
    """Compile one line's form: parts like N6, X..20, N6..12; in brackets when optional."""
    pattern, longest = "", 0
    for part in form.split():
        optional = part.startswith("[")
        charset, low, dots, high = re.fullmatch(
            r"([NXY])(\d*)(\.\.)?(\d*)", part.strip("[]")
        ).groups()  # type: ignore[union-attr]
        most = int(high or low)
        least = int(low or 1) if dots else most
        piece = f"{_CHARSET[charset]}{{{least},{most}}}"
        pattern += f"(?:{piece})?" if optional else piece
        longest += most
    return _Rule(re.compile(pattern), longest, _KEYED.get(ai, 0), ai in _DATED)


_RULES = {
    ai: _rule(ai, form)
    for form, ais in (line.split(":") for line in _TABLE.strip().splitlines())
    for ai in ais.split()
}


def check_digit(body: str) -> str:
    """Digit that completes the digits `body` of a GTIN, SSCC or GLN (weights 3, 1 from the right).

    >>> check_digit("629104150021")
    '3'
    """
    weighted = sum(int(c) * (3, 1)[i % 2] for i, c in enumerate(reversed(body)))
    return str(-weighted % 10)


def has_check_digit(text: str) -> bool:
    """Whether `text` is ASCII digits whose last one is the check digit of the others."""
    return bool(re.fullmatch(r"[0-9]{2,}", text)) and check_digit(text[:-1]) == text[-1]


def require_key(text: str, length: int) -> str:
    """`text` itself if it is `length` ASCII digits with a right check digit.

    Raises LabelRefusal: labels.key_digits, or labels.check_digit with the digit that was expected.
    """
    if not re.fullmatch(rf"[0-9]{{{length}}}", text):
        raise LabelRefusal("labels.key_digits", read=text[:40], expected=length)
    if not has_check_digit(text):
        raise LabelRefusal("labels.check_digit", read=text, expected=check_digit(text[:-1]))
    return text


def sscc(company_prefix: str, extension: int, serial: int) -> str:
    """SSCC of 18 digits: extension 0..9, GS1 company prefix of 4..12 digits, serial, check digit.

    Raises LabelRefusal("labels.sscc_parts") when the parts do not make one; the serial is never
    cut or wrapped round.
    """
    room = 16 - len(company_prefix)
    sound = re.fullmatch(r"[0-9]{4,12}", company_prefix) and 0 <= extension <= 9
    if not sound or not 0 <= serial < 10**room:
        raise LabelRefusal(
            "labels.sscc_parts", prefix=company_prefix[:40], extension=extension, serial=serial
        )
    body = f"{extension}{company_prefix}{serial:0{room}d}"
    return body + check_digit(body)


def day(yymmdd: str) -> date:
    """Read a GS1 date; day 00 is the last of its month, the century is 20.

    GS1's sliding century is left out on purpose: what is on a shelf today neither expired nor was
    made before 2000. Raises LabelRefusal("labels.gs1_date").
    """
    year, month, number = 2000 + int(yymmdd[:2]), int(yymmdd[2:4]), int(yymmdd[4:6])
    try:
        return date(year, month, number or calendar.monthrange(year, month)[1])
    except ValueError:  # calendar's own month error is one too
        raise LabelRefusal("labels.gs1_date", read=yymmdd) from None


def _checked(ai: str, value: str) -> Element:
    rule = _RULES.get(ai)
    if rule is None:
        raise LabelRefusal("labels.gs1_ai_unknown", read=ai)
    if not rule.pattern.fullmatch(value):
        raise LabelRefusal("labels.gs1_value", ai=ai, read=value[:90])
    if rule.keyed:
        require_key(value[: rule.keyed], rule.keyed)
    if rule.dated:
        day(value)
    return Element(ai, value)


def _without_contradiction(elements: Iterable[Element]) -> tuple[Element, ...]:
    seen: dict[str, Element] = {}
    for element in elements:
        if seen.setdefault(element.ai, element) != element:
            raise LabelRefusal("labels.gs1_repeated", ai=element.ai)
    if not seen:
        raise LabelRefusal("labels.gs1_empty")
    return tuple(seen.values())


def element_string(elements: Iterable[tuple[str, str]]) -> str:
    """Write the data of a GS1 symbol: separators stand exactly where a value may end early.

    Without the leading FNC1, which belongs to the symbol. Raises LabelRefusal for unknown
    identifiers and values that break their rule.
    """
    checked = _without_contradiction(_checked(ai, value) for ai, value in elements)
    parts = [ai + value + ("" if ai[:2] in _PREDEFINED else GS) for ai, value in checked]
    return "".join(parts).removesuffix(GS)


def read_element_string(text: str) -> tuple[Element, ...]:
    """Elements of a scanned string (inner FNC1 as GS), in order, equal repeats once.

    A separator after a fixed-length value and at either end is tolerated, as the specification
    asks of readers. Raises LabelRefusal.
    """
    found: list[Element] = []
    rest = text.strip(GS)
    while rest:
        ai = next((rest[:n] for n in (2, 3, 4) if rest[:n] in _RULES), None)
        if ai is None:
            raise LabelRefusal("labels.gs1_ai_unknown", read=rest[:4])
        if ai[:2] in _PREDEFINED:
            end = len(ai) + _RULES[ai].longest
            item, rest = rest[:end], rest[end:].removeprefix(GS)
        else:
            item, _, rest = rest.partition(GS)
        found.append(_checked(ai, item.removeprefix(ai)))
    return _without_contradiction(found)


def read_parenthesised(text: str) -> tuple[Element, ...]:
    """Elements of the human-readable form `(01)…(10)…`. Raises LabelRefusal."""
    parts = re.split(r"\(([0-9]{2,4})\)", text)
    if parts[0]:
        raise LabelRefusal("labels.gs1_ai_unknown", read=parts[0][:4])
    return _without_contradiction(
        _checked(ai, value) for ai, value in zip(parts[1::2], parts[2::2], strict=True)
    )


def link(base: str, sscc_18: str) -> str:
    """GS1 Digital Link URI of a logistic unit under `base` (no trailing slash needed)."""
    return f"{base.rstrip('/')}/00/{require_key(sscc_18, 18)}"


def read_link(uri: str) -> tuple[Element, ...] | None:
    """Elements of a GS1 Digital Link, or None when the URI is not one.

    The host is not judged: the data is. A GTIN of 8, 12 or 13 digits is padded to 14. Query keys
    that are no application identifiers are the site's own and are left out. Raises LabelRefusal
    for a link whose values break their rule.
    """
    matched = re.fullmatch(
        r"https?://[^/?#\s]+(/[^?#\s]*)(?:\?([^#\s]*))?(?:#\S*)?", uri, re.IGNORECASE
    )
    if matched is None:
        return None
    path = matched[1].strip("/").split("/")
    start = next((i for i in range(len(path) - 1) if path[i] in _LINK_KEYS), None)
    if start is None or (len(path) - start) % 2:
        return None
    pairs = list(zip(path[start::2], path[start + 1 :: 2], strict=True))
    query = [pair.partition("=")[::2] for pair in re.split("[&;]", matched[2] or "")]
    pairs += [(key, value) for key, value in query if key in _RULES]
    return _without_contradiction(_checked(ai, _plain(ai, value)) for ai, value in pairs)


def _plain(ai: str, quoted: str) -> str:
    value = unquote_to_bytes(quoted).decode("utf-8", "replace")
    return value.zfill(14) if ai == "01" and len(value) in (8, 12, 13) else value
