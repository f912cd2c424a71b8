"""What a scanner or a hand delivered, classified: the one reading every door of the house uses."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final

from labels import gs1
from labels.errors import LabelRefusal
from labels.gs1 import GS, Element

LONGEST: Final = 512
"""Characters of one scan; a longer one is refused whole, never cut."""


class Kind(StrEnum):
    """What sort of code was read; `value` of the Scan holds what the comment says."""

    SSCC = "sscc"  # 18 digits
    GTIN = "gtin"  # 14 digits, padded with zeros on the left
    ELEMENTS = "elements"  # nothing: look at the elements
    PLACE = "place"  # the place code in capitals, A-01-02-3
    COMMAND = "command"  # FULL, SHORT … one of COMMANDS
    PLAIN = "plain"  # the text itself
    UNKNOWN = "unknown"  # nothing: `fault` says why


COMMANDS: Final = frozenset(
    {
        *("OK", "BACK", "UNDO", "SKIP", "FINISH", "EXCEPTION"),
        *("FULL", "SHORT", "OVER", "DAMAGE"),
    }
)
"""Printed as CMD-OK and so on: letters and a hyphen, which no keyboard layout or IME changes."""

_PLACE = re.compile(r"[A-Z]{1,3}(-[A-Z])?(-[0-9]{2,3}){1,3}(-[0-9]{1,2})?")
_IDENTIFIER = re.compile(r"\]([CEdQeJXI])([0-9])")
_SEPARATORS = re.compile(r"\u241d|\^\]|<GS>|\{GS\}|<F8>|\{F8\}", re.IGNORECASE)
_GS1_SYMBOLS = frozenset({"C1", "d2", "Q3", "e0", "J1"})
_UNREADABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@dataclass(frozen=True, slots=True)
class Scan:
    """One reading. `read` is what arrived (without end-of-line), safe to show.

    `fault` and `facts` are code and facts of the sentence that says why it is unknown.

    A plain string of digits may by chance have a right check digit: where a number of ours is
    expected, compare `read` with it before trusting Kind.GTIN.
    """

    read: str
    kind: Kind
    value: str = ""
    elements: tuple[Element, ...] = ()
    fault: str = ""
    facts: dict[str, str] = field(default_factory=dict)

    def get(self, ai: str) -> str | None:
        """Value of an application identifier, None if the code has none."""
        return dict(self.elements).get(ai)

    @property
    def sscc(self) -> str | None:
        """AI 00, eighteen digits."""
        return self.get("00")

    @property
    def gtin(self) -> str | None:
        """AI 01, or 02 (content of a pallet): fourteen digits."""
        return self.get("01") or self.get("02")

    @property
    def lot(self) -> str | None:
        """AI 10."""
        return self.get("10")

    @property
    def expiry(self) -> date | None:
        """AI 17, else 15 (best before)."""
        text = self.get("17") or self.get("15")
        return gs1.day(text) if text else None

    @property
    def count(self) -> int | None:
        """AI 37 (content of a pallet) or 30 (variable count)."""
        text = self.get("37") or self.get("30")
        return int(text) if text else None


def parse(text: str) -> Scan:
    """Classify one reading; never raises.

    Understood: symbology identifiers (]C1, ]d2, ]Q3, ]E0 …), FNC1 as GS and in the forms keyboard
    wedges make of it, the parenthesised form, GS1 Digital Links, bare keys with a right check
    digit, places, command codes; everything else printable is plain.
    """
    body = text.rstrip("\r\n\t").strip(" ")
    read = _shown(body)
    if fault := _fault(body):
        return Scan(read, Kind.UNKNOWN, fault=fault, facts={"read": read})
    symbol = ""
    if found := _IDENTIFIER.match(body):
        symbol, body = found[1] + found[2], body[found.end() :]
    try:
        return _classify(read, symbol, body)
    except LabelRefusal as refusal:
        return Scan(
            read,
            Kind.UNKNOWN,
            fault=refusal.code,
            facts={name: _shown(fact) for name, fact in refusal.facts.items()},
        )


def _fault(body: str) -> str:
    if not body.strip(GS):
        return "labels.scan_empty"
    if len(body) > LONGEST:
        return "labels.scan_too_long"
    if any(unicodedata.category(c) in _UNREADABLE for c in body.replace(GS, "")):
        return "labels.scan_control"
    return ""


def _shown(body: str) -> str:
    """`body` bounded, with every control as a visible sign: safe in a page, a log, a sentence."""
    shown = "".join(
        chr(0x2400 + ord(c)) if ord(c) < 32 else "\ufffd" if _hidden(c) else c
        for c in body[:LONGEST]
    )
    return shown if len(body) <= LONGEST else shown[:80] + "…"


def _hidden(c: str) -> bool:
    return unicodedata.category(c) in _UNREADABLE


def _classify(read: str, symbol: str, body: str) -> Scan:
    if symbol in _GS1_SYMBOLS:
        return _of(read, gs1.read_element_string(_SEPARATORS.sub(GS, body)))
    if symbol[:1] in {"E", "X"} or symbol == "I1":
        return _of(read, (_retail(body),))
    if re.match(r"\([0-9]{2,4}\)", body):
        return _of(read, gs1.read_parenthesised(body))
    if body[:4].lower() == "http":
        elements = gs1.read_link(body)
        return _of(read, elements) if elements else Scan(read, Kind.PLAIN, body)
    return _bare(read, symbol, body)


def _bare(read: str, symbol: str, body: str) -> Scan:
    if elements := _unmarked(body):
        return _of(read, elements)
    if GS in body:
        raise LabelRefusal("labels.scan_control", read=read)
    if len(body) == 18 and gs1.has_check_digit(body):
        return _of(read, (Element("00", body),))
    # ]C0 and ]Q… say "not a trade item number": a waybill number may have its length by chance.
    if not symbol and len(body) in {8, 12, 13, 14} and gs1.has_check_digit(body):
        return _of(read, (Element("01", body.zfill(14)),))
    upper = body.upper()
    if _PLACE.fullmatch(upper):
        return Scan(read, Kind.PLACE, upper)
    if upper.startswith("CMD-") and upper[4:] in COMMANDS:
        return Scan(read, Kind.COMMAND, upper[4:])
    return Scan(read, Kind.PLAIN, body)


def _unmarked(body: str) -> tuple[Element, ...]:
    """Elements of a GS1 string whose identifier the scanner dropped, () if it is not surely one.

    Sure is: a separator in it, or a first key (00, 01, 02) with a right check digit.
    """
    text = _SEPARATORS.sub(GS, body)
    keyed = re.match(r"00([0-9]{18})|0[12]([0-9]{14})", text)
    if GS not in text and not (keyed and gs1.has_check_digit(keyed[1] or keyed[2])):
        return ()
    try:
        return gs1.read_element_string(text)
    except LabelRefusal:
        return ()


def _retail(digits: str) -> Element:
    """EAN-13, EAN-8, UPC or ITF-14 as GTIN-14; an add-on of 2 or 5 digits is cut off."""
    main = digits[:13] if len(digits) in {15, 18} else digits
    if len(main) not in {8, 12, 13, 14}:
        raise LabelRefusal("labels.key_digits", read=digits[:40], expected="8, 12, 13, 14")
    return Element("01", gs1.require_key(main, len(main)).zfill(14))


def _of(read: str, elements: tuple[Element, ...]) -> Scan:
    values = dict(elements)
    if "00" in values:
        return Scan(read, Kind.SSCC, values["00"], elements)
    if set(values) == {"01"}:
        return Scan(read, Kind.GTIN, values["01"], elements)
    return Scan(read, Kind.ELEMENTS, "", elements)
