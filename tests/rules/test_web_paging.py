"""Keyset pages: where the next one starts is in the address, and nobody else's key is believed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from wms.kernel.errors import Invalid
from wms.web.paging import Key, after, cursor, page_of


@pytest.fixture
def app() -> Iterator[Flask]:
    app = Flask("paging")
    app.add_url_rule("/lines/<book>", "lines", lambda book: book)
    return app


def test_pages_follow_each_other_and_keep_the_filter(app: Flask) -> None:
    rows = list(range(1, 8))
    seen: list[int] = []
    url = "/lines/T1?q=奶粉&after="
    while url:
        with app.test_request_context(url):
            start = after(int)
            left = [row for row in rows if start is None or row > start[0]]
            page = page_of(left[:4], 3, lambda row: (row,))
            seen += page.rows
            assert (page.first_url is None) == (start is None)
            url = page.next_url or ""
            assert not url or url.startswith("/lines/T1?q=")
    assert seen == rows


def test_what_fits_one_page_stands_alone(app: Flask) -> None:
    with app.test_request_context("/lines/T1"):
        assert page_of([1, 2], 3, lambda row: (row,)).alone


WHEN = datetime.fromisoformat("2026-11-26T14:32:05+08:00")
ONE = UUID("01920000-0000-7000-8000-000000000001")


@pytest.mark.parametrize(
    ("key", "kinds", "read"),
    [
        ((5,), (int,), (5,)),
        ((WHEN.isoformat(), str(ONE)), (datetime, UUID), (WHEN, ONE)),
        (("奶粉", "a=b&c"), (str, str), ("奶粉", "a=b&c")),
    ],
)
def test_a_key_comes_back_as_it_was(app: Flask, key: Key, kinds: Any, read: Any) -> None:
    with app.test_request_context(query_string={"after": cursor(key)}):
        assert after(*kinds) == read


@pytest.mark.parametrize(
    ("key", "kinds"),
    [
        (("5",), (int,)),
        ((5,), (str,)),
        ((5, 6), (int,)),
        (("x",), (UUID,)),
        (("2026-11-26T14:32:05",), (datetime,)),
    ],
)
def test_a_key_of_other_parts_is_refused(app: Flask, key: Key, kinds: Any) -> None:
    with (
        app.test_request_context(query_string={"after": cursor(key)}),
        pytest.raises(Invalid, match=r"web\.page_malformed"),
    ):
        after(*kinds)


@pytest.mark.parametrize(
    "given", ["x", "!!!", "e30", "bnVsbA", "W1tdXQ", "WzEuNV0", "W3RydWVd", "é", "a" * 999]
)
def test_an_address_we_did_not_write_is_refused(app: Flask, given: str) -> None:
    with (
        app.test_request_context(query_string={"after": given}),
        pytest.raises(Invalid, match=r"web\.page_malformed"),
    ):
        after(int)


@pytest.mark.parametrize(("key", "kind"), [((2**63,), int), (("a\0b",), str), (("\u202e",), str)])
def test_a_key_no_database_could_hold_is_refused(app: Flask, key: Key, kind: Any) -> None:
    with (
        app.test_request_context(query_string={"after": cursor(key)}),
        pytest.raises(Invalid, match=r"web\.page_malformed"),
    ):
        after(kind)
