"""Numbers of the trade and their check digits: enterprises, people, containers, plates, districts.

Every reader takes what was typed or scanned, gives the canonical text, or raises Invalid with the
part that is wrong. No reader looks anything up: whether a number exists is for master data.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from wms.kernel.errors import Invalid

_USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I, O, S, V, Z
_USCC_VALUE: Final = {character: value for value, character in enumerate(_USCC_ALPHABET)}
_USCC_WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(17))
_ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714
_PERSON_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
_PERSON_CHECKS: Final = "10X98765432"
# ISO 6346: A is 10, and the multiples of 11 are left out.
_CONTAINER_VALUE: Final = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (value for value in range(39) if value not in {11, 22, 33}),
        strict=True,
    )
)
_PROVINCES: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PLATES: Final = (
    ("new_energy_small", rf"[{_PROVINCES}][A-HJ-NP-Z][A-HJK][A-HJ-NP-Z0-9]\d{{4}}"),
    ("new_energy_large", rf"[{_PROVINCES}][A-HJ-NP-Z]\d{{5}}[A-HJK]"),
    ("ordinary", rf"[{_PROVINCES}][A-HJ-NP-Z][A-HJ-NP-Z0-9]{{5}}"),
    ("trailer", rf"[{_PROVINCES}][A-HJ-NP-Z][A-HJ-NP-Z0-9]{{4}}挂"),
    ("police", rf"[{_PROVINCES}][A-HJ-NP-Z][A-HJ-NP-Z0-9]{{4}}警"),
    ("consular", rf"[{_PROVINCES}][A-HJ-NP-Z][A-HJ-NP-Z0-9]{{4}}领"),
    ("cross_border", r"粤Z[A-HJ-NP-Z0-9]{4}[港澳]"),
)
_PLATE_SHAPES: Final = tuple((kind, re.compile(rf"{shape}\Z", re.ASCII)) for kind, shape in _PLATES)
_GAPS: Final = {ord(one): None for one in " -"}
_PLATE_DOTS: Final = {ord(one): None for one in "·•・."}
_CUSTOMS_NUMBER: Final = re.compile(r"\d{5}[0-9A-Z]{5}\Z", re.ASCII)
_DISTRICT: Final = re.compile(r"\d{4}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Plate:
    """A vehicle's plate without dots and spaces, and its kind, e.g. `ordinary`, `trailer`."""

    text: str
    kind: str


def uscc(text: str) -> str:
    """Return a unified social credit code (GB 32100-2015), upper case.

    Both check digits must hold: the code's own and the organisation code's inside it (GB 11714).
    Raises Invalid `identifier.uscc` (shape) or `identifier.uscc_check` with the expected digit.
    """
    code = _tidy(text)
    if len(code) != 18 or any(character not in _USCC_VALUE for character in code):
        raise _refusal("uscc", text, "91460105MA00000000")
    expected = code[:16] + organisation_check(code[8:16])
    expected += _uscc_check(expected)
    if code != expected:
        raise _refusal("uscc_check", text, expected)
    return code


def organisation_check(eight: str) -> str:
    """Return the ninth character of an organisation code from its first eight (GB 11714)."""
    weighed = zip(eight, _ORGANISATION_WEIGHTS, strict=True)
    check = 11 - sum(int(character, 36) * weight for character, weight in weighed) % 11
    return {10: "X", 11: "0"}.get(check, str(check))


def identity_number(text: str) -> str:
    """Return a citizen identity number (GB 11643-1999), 18 characters, upper case.

    Raises Invalid `identifier.person` (shape), `identifier.person_birth` (no such day) or
    `identifier.person_check`; the number itself is never put into the refusal, only its tail.
    """
    number = _tidy(text)
    shown = f"…{number[-4:]}"
    if not re.fullmatch(r"[1-9]\d{16}[0-9X]", number, re.ASCII):
        raise _refusal("person", shown, "18")
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise _refusal("person_birth", number[6:14], "yyyymmdd") from None
    weighed = zip(number[:17], _PERSON_WEIGHTS, strict=True)
    check = _PERSON_CHECKS[sum(int(digit) * weight for digit, weight in weighed) % 11]
    if number[17] != check:
        raise _refusal("person_check", shown, check)
    return number


def container_number(text: str) -> str:
    """Return a freight container number (ISO 6346): owner, category U, J or Z, serial, check.

    Raises Invalid `identifier.container` (shape) or `identifier.container_check`.
    """
    number = _tidy(text)
    if not re.fullmatch(r"[A-Z]{3}[UJZ]\d{7}", number, re.ASCII):
        raise _refusal("container", text, "CSQU3054383")
    weighed = sum(_CONTAINER_VALUE[one] << place for place, one in enumerate(number[:10]))
    check = str(weighed % 11 % 10)
    if number[10] != check:
        raise _refusal("container_check", text, number[:10] + check)
    return number


def plate(text: str) -> Plate:
    """Return a plate: ordinary, new energy (8 characters), trailer, police, consular, cross-border.

    Dots and spaces are left out. Raises Invalid `identifier.plate`.
    """
    number = _tidy(text).translate(_PLATE_DOTS)
    for kind, shape in _PLATE_SHAPES:
        if shape.match(number):
            return Plate(number, kind)
    raise _refusal("plate", text, "琼A9Q001")


def enterprise_code(text: str) -> str:
    """Return a firm's code as messages carry it: customs number (10) or credit code (18).

    Raises Invalid `identifier.enterprise`, or what `uscc` raises for 18 characters.
    """
    code = _tidy(text)
    if len(code) == 18:
        return uscc(code)
    if not _CUSTOMS_NUMBER.match(code):
        raise _refusal("enterprise", text, "460166A001")
    return code


def customs_district(text: str) -> str:
    """Return a customs district code: four digits, the first two are the directorate.

    Raises Invalid `identifier.district`; whether the district exists is in the code table.
    """
    code = text.strip()
    if not _DISTRICT.match(code):
        raise _refusal("district", text, "6409")
    return code


def _uscc_check(seventeen: str) -> str:
    weighed = zip(seventeen, _USCC_WEIGHTS, strict=True)
    total = sum(_USCC_VALUE[character] * weight for character, weight in weighed)
    return _USCC_ALPHABET[-total % 31]


def _tidy(text: str) -> str:
    return text.translate(_GAPS).upper()


def _refusal(what: str, read: str, expected: str) -> Invalid:
    return Invalid(f"identifier.{what}", read=read[:40], expected=expected)
