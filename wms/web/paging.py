"""Keyset paging: a page starts after the last key of the page before; the address holds the key."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from flask import request, url_for

from wms.kernel.errors import Invalid
from wms.web.text import hostile

T = TypeVar("T")

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


def after() -> Key | None:
    """Return the key behind which this request's page starts, or None for the first page.

    Raises Invalid `web.page_malformed` for an `after` that we did not write.
    """
    given = request.args.get("after")
    if not given:
        return None
    try:
        parts = json.loads(base64.urlsafe_b64decode(given.encode() + b"=="))
    except (binascii.Error, ValueError):
        parts = None
    if not isinstance(parts, list) or not all(map(_ours, parts)):
        raise Invalid("web.page_malformed", read=given[:40])
    return tuple(parts)


def _ours(part: object) -> bool:
    if isinstance(part, str):
        return hostile(part) is None
    return type(part) is int and abs(part) < _BIGINT


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
