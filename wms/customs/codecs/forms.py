"""What a field's value may look like: text, number, count or time, each checking itself."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from wms.kernel.clock import BEIJING

_PLAIN_NUMBER = re.compile(r"\d{1,40}(?:\.\d{1,40})?\Z", re.ASCII)
_SIGNED_NUMBER = re.compile(r"-?\d{1,40}(?:\.\d{1,40})?\Z", re.ASCII)
_PLAIN_COUNT = re.compile(r"\d{1,40}\Z", re.ASCII)
# Not allowed in XML 1.0 at all, or able to turn the reading direction of a screen or a label.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    "\ud800-\udfff\ufffe\uffff]",
)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one value: a stable code and what was expected instead."""

    code: str
    expected: str


def unsafe_character(text: str) -> str | None:
    """Return the first control or direction-turning character as `U+XXXX`, or None."""
    if text.isprintable():
        return None
    found = _UNSAFE.search(text)
    return f"U+{ord(found.group()):04X}" if found else None


@dataclass(frozen=True, slots=True)
class Text:
    """Between `low` and `high` characters (characters, not bytes, as the schemas count)."""

    low: int
    high: int

    def problem(self, text: str) -> Problem | None:
        if self.low <= len(text) <= self.high:
            return None
        return Problem("customs.length", str(self))

    def load(self, text: str) -> str:
        return text

    def dump(self, value: object) -> str:
        return str(value)

    def __str__(self) -> str:
        return f"C{self.high}" if self.low == self.high else f"C{self.low}..{self.high}"


@dataclass(frozen=True, slots=True)
class Number:
    """At most `digits` digits in all, at most `decimals` of them decimals; negative if `signed`."""

    digits: int
    decimals: int
    signed: bool = False

    def problem(self, text: str) -> Problem | None:
        if not (_SIGNED_NUMBER if self.signed else _PLAIN_NUMBER).match(text):
            return Problem("customs.number", str(self))
        whole, _, part = text.lstrip("-").partition(".")
        whole, part = whole.lstrip("0"), part.rstrip("0")
        if len(part) > self.decimals or len(whole) > self.digits - self.decimals:
            return Problem("customs.digits", str(self))
        return None

    @property
    def right(self) -> Callable[[str], object]:
        """A quick test that accepts most right numbers and no wrong one."""
        sign = "-?" if self.signed else ""
        whole, part = self.digits - self.decimals, self.decimals
        return re.compile(rf"{sign}\d{{1,{whole}}}(?:\.\d{{1,{part}}})?", re.ASCII).fullmatch

    def load(self, text: str) -> Decimal:
        return Decimal(text)

    def dump(self, value: object) -> str:
        if not isinstance(value, Decimal | int) or isinstance(value, bool):
            raise TypeError(value)
        if isinstance(value, int):
            return str(value)
        plain = f"{value:f}"
        return plain.rstrip("0").rstrip(".") if "." in plain else plain

    def __str__(self) -> str:
        return f"{'S' if self.signed else 'N'}{self.digits},{self.decimals}"


@dataclass(frozen=True, slots=True)
class Count:
    """A whole number of at most `digits` digits."""

    digits: int

    def problem(self, text: str) -> Problem | None:
        if not _PLAIN_COUNT.match(text):
            return Problem("customs.number", str(self))
        if len(text.lstrip("0")) > self.digits:
            return Problem("customs.digits", str(self))
        return None

    @property
    def right(self) -> Callable[[str], object]:
        """A quick test that accepts most right counts and no wrong one."""
        return re.compile(rf"\d{{1,{self.digits}}}", re.ASCII).fullmatch

    def load(self, text: str) -> int:
        return int(text)

    def dump(self, value: object) -> str:
        if not isinstance(value, int) or isinstance(value, bool):
            raise TypeError(value)
        return str(value)

    def __str__(self) -> str:
        return f"N{self.digits}"


_SHAPES = {
    "yyyyMMdd": re.compile(r"(\d{4})(\d\d)(\d\d)\Z", re.ASCII),
    "yyyyMMddHHmmss": re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)\Z", re.ASCII),
    "yyyyMMddHHmmssSSS": re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d{3})\Z", re.ASCII),
    "yyyy-MM-dd": re.compile(r"(\d{4})-(\d\d)-(\d\d)\Z", re.ASCII),
    "yyyy-MM-dd HH:mm:ss": re.compile(
        r"(\d{4})-(\d\d)-(\d\d)[ T](\d\d):(\d\d):(\d\d)(?:\.\d+)?\Z",
        re.ASCII,
    ),
}


@dataclass(frozen=True, slots=True)
class Time:
    """A Beijing time in one of `patterns`; the first is the one we write."""

    patterns: tuple[str, ...]

    def _read(self, text: str) -> datetime | None:
        for pattern in self.patterns:
            found = _SHAPES[pattern].match(text)
            if found:
                year, month, day, *rest = (int(part) for part in found.groups())
                hour, minute, second, milli = (*rest, 0, 0, 0, 0)[:4]
                try:
                    return datetime(
                        year,
                        month,
                        day,
                        hour,
                        minute,
                        second,
                        milli * 1000,
                        tzinfo=BEIJING,
                    )
                except ValueError:
                    return None
        return None

    def problem(self, text: str) -> Problem | None:
        return None if self._read(text) else Problem("customs.time", str(self))

    @property
    def right(self) -> Callable[[str], object]:
        """A quick test: the documents of one message mostly carry the same times."""
        return lru_cache(maxsize=256)(self._read)

    def load(self, text: str) -> datetime:
        read = self._read(text)
        if read is None:
            raise ValueError(text)
        return read

    def dump(self, value: object) -> str:
        if isinstance(value, datetime):
            if value.tzinfo is None:
                raise TypeError(value)
            local = value.astimezone(BEIJING)
        elif isinstance(value, date):
            local = datetime(value.year, value.month, value.day, tzinfo=BEIJING)
        else:
            raise TypeError(value)
        day, clock = f"{local:%Y%m%d}".rjust(8, "0"), f"{local:%H%M%S}"
        match self.patterns[0]:
            case "yyyyMMdd":
                return day
            case "yyyyMMddHHmmss":
                return day + clock
            case "yyyyMMddHHmmssSSS":
                return f"{day}{clock}{local.microsecond // 1000:03d}"
            case _:
                return local.strftime("%Y-%m-%d %H:%M:%S").rjust(19, "0")

    def __str__(self) -> str:
        return " | ".join(self.patterns)


Form = Text | Number | Count | Time
