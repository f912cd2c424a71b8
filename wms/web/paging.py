"""Keyset paging: a page starts after the last key of the page before; the address holds the key."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Generic, TypeVar, overload

from flask import request, url_for

from wms.kernel.errors import Invalid
from wms.web.text import hostile

T = TypeVar("T")
A = TypeVar("A")
B = TypeVar("B")

Key = tuple[str | int, ...]

_BIGINT: Final = 2**63


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows of one page and the addresses of its neighbours (None where there is none)."""

    rows: tuple[T, ...]
    next_url: str | None
    first_url: str | None

    @property
    def alone(self) -> bool:
        """Whether there is nothing before and nothing after."""
        return self.next_url is None and self.first_url is None


@overload
def after(first: type[A], /) -> tuple[A] | None: ...


@overload
def after(first: type[A], second: type[B], /) -> tuple[A, B] | None: ...


def after(*kinds: type[Any]) -> tuple[Any, ...] | None:
    """Return the key behind which this request's page starts, or None for the first page.

    `kinds` are what its parts are: int, str, datetime (aware) or UUID. Raises Invalid
    `web.page_malformed` for an `after` that we did not write.
    """
    given = request.args.get("after")
    if not given:
        return None
    try:
        parts = json.loads(base64.urlsafe_b64decode(given.encode() + b"=="))
        return tuple(_part(kind, part) for kind, part in zip(kinds, parts, strict=True))
    except (binascii.Error, ValueError, TypeError):
        raise Invalid("web.page_malformed", read=given[:40]) from None


def _part(kind: type[Any], part: object) -> object:
    """Read one part of a key; raise ValueError for what is not of its kind."""
    if kind is int:
        if type(part) is not int or abs(part) >= _BIGINT:
            raise ValueError
        return part
    if not isinstance(part, str) or hostile(part) is not None:
        raise ValueError
    if kind is datetime:
        moment = datetime.fromisoformat(part)
        if moment.tzinfo is None:
            raise ValueError
        return moment
    return kind(part)


def cursor(key: Key) -> str:
    """Return a key as it stands in an address."""
    return base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")


def page_of(rows: Sequence[T], limit: int, key: Callable[[T], Key]) -> Page[T]:
    """Cut `rows` (asked for with limit + 1) to one page and say where the next one starts."""
    shown = tuple(rows[:limit])
    more = len(rows) > limit
    here = {**request.args.to_dict(flat=False), **(request.view_args or {})}
    here.pop("after", None)
    endpoint = request.endpoint or ""
    first = url_for(endpoint, **here) if request.args.get("after") else None
    following = url_for(endpoint, **here, after=cursor(key(shown[-1]))) if more else None
    return Page(shown, following, first)
