"""How numbers, money, codes and times are written, and which characters no text may hold."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from wms.db.transaction import Doorway, make_engine
from wms.kernel.quantity import Quantity
from wms.web import filters, install
from wms.web.text import hostile

NOW = datetime(2026, 11, 26, 6, 32, 5, tzinfo=UTC)  # 14:32:05 in Beijing


class Noon:
    """A clock that stands still."""

    def now(self) -> datetime:
        return NOW


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> Any:
    app = Flask("writing")
    app.config.update(SECRET_KEY="k", SESSION_COOKIE_SECURE=False, PUBLIC_URL="http://localhost")
    door = Doorway(make_engine("postgresql+psycopg://n@127.0.0.1:1/n"), Noon())
    install.install(app, door, lambda _request, _door: None)
    with app.test_request_context(headers={"Cookie": f"bh_language={request.param}"}):
        yield request.param


@pytest.mark.parametrize(
    ("value", "decimals", "written"),
    [
        (0, None, "0"),
        (41260, None, "41\u202f260"),
        (Decimal("2275.25"), None, "2\u202f275.25"),
        (Quantity.of("-1043.5"), None, "\u22121\u202f043.5"),
        (Quantity.of("12"), 2, "12.00"),
        (Decimal("0.50000"), 2, "0.50"),
        (Decimal("1.23456"), 2, "1.23456"),
        (Decimal("1E+3"), None, "1\u202f000"),
        (1234567, None, "1\u202f234\u202f567"),
    ],
)
def test_numbers_have_thin_spaces_and_a_true_minus(
    value: filters.Number, decimals: int | None, written: str
) -> None:
    assert filters.number(value, decimals) == written


@given(st.integers(-(10**15), 10**15))
def test_no_digit_of_a_quantity_is_lost_in_writing(steps: int) -> None:
    quantity = Quantity(steps)
    written = filters.number(quantity).replace("\u202f", "").replace("\u2212", "-")
    assert Quantity.of(written) == quantity


def test_unknown_is_a_word_and_zero_is_grey(language: str) -> None:
    word = {"zh": "未知", "en": "unknown"}[language]
    assert filters.qty(None) == f'<span class="unk">{word}</span>'
    assert (
        filters.qty(Quantity(0), "罐") == '<span class="zero">0</span><span class="unit">罐</span>'
    )
    assert filters.qty(Quantity.of(12), "<b>") == '12<span class="unit">&lt;b&gt;</span>'


def test_money_in_yuan_and_in_others(language: str) -> None:
    yuan = re.sub("<.*?>", "", filters.money(Decimal("1284.5")))
    assert yuan == {"zh": "1\u202f284.50元", "en": "CNY 1\u202f284.50"}[language]
    assert ">USD </span>1\u202f284.50" in filters.money(Decimal("1284.5"), "USD")


@pytest.mark.parametrize(
    ("ago", "zh", "en"),
    [
        (timedelta(seconds=30), "刚刚", "now"),
        (timedelta(minutes=2), "2 分钟", "2 min"),
        (timedelta(hours=1), "1 小时", "1 h"),
        (timedelta(hours=15), "昨日", "yesterday"),
        (timedelta(days=3), "3 天", "3 d"),
    ],
)
def test_ages(language: str, ago: timedelta, zh: str, en: str) -> None:
    written = filters.age(NOW - ago)
    assert written.striptags() == {"zh": zh, "en": en}[language]
    assert 'title="2026-11-2' in written


def test_times_are_of_beijing_and_name_the_year_only_when_it_is_another(language: str) -> None:
    assert filters.when(NOW).striptags() == "11-26 14:32"
    assert filters.when(NOW, "full").striptags() == "2026-11-26 14:32:05"
    assert filters.when(NOW - timedelta(days=365)).striptags() == "2025-11-26 14:32"
    assert filters.when(None) == '<span class="nil">—</span>'
    assert filters.day(NOW) == {"zh": "2026-11-26 周四", "en": "2026-11-26 Thu"}[language]


@pytest.mark.parametrize(
    ("code", "short", "written"),
    [
        ("Z3111E261126000000000417", False, "Z3111E26…000417"),
        ("Z3111E261126000000000417", True, "…000417"),
        ("MP-800-3", False, "MP-800-3"),
        ("QD5", False, "QD5"),
        ("T6409W990001", False, "T6409W990001"),
        (None, False, "—"),
    ],
)
def test_the_tail_of_a_code_is_bold_and_the_whole_is_in_the_title(
    code: str | None, short: bool, written: str
) -> None:
    shown = filters.tail(code, short)
    assert shown.striptags() == written
    if code:
        assert f'title="{code}"' in shown
        assert "<b>" in shown


def test_a_code_is_never_markup() -> None:
    assert "<script>" not in filters.tail("<script>alert(1)</script>")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("婴儿配方奶粉 3 段 800 g", None),
        ("a\0b", "U+0000"),
        ("\u202egnp", "U+202E"),
        ("\u200f", "U+200F"),
        ("\ud800", "U+D800"),
        ("line\nend", "U+000A"),
        ("\x7f", "U+007F"),
        ("😀 👩‍🚀 é", None),
    ],
)
def test_hostile_characters(text: str, found: str | None) -> None:
    assert hostile(text) == found


def test_what_is_allowed_is_not_hostile() -> None:
    assert hostile("a\r\n\tb", allow="\r\n\t") is None
    assert hostile("(01)\x1d(10)", allow="\x1d") is None
