"""Every form in which a scanner, a keyboard wedge or a hand delivers a code."""

import tomllib
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import labels
from labels import Kind, Scan, parse
from labels.scan import COMMANDS, LONGEST

SSCC = "106141412345678908"
ITEM = "0106291041500213"
SENTENCES = tomllib.loads(
    (Path(labels.__file__).parent / "messages.toml").read_text(encoding="utf-8")
)


@pytest.mark.parametrize(
    "text",
    [
        f"]C100{SSCC}",
        f"]d200{SSCC}",
        f"]Q300{SSCC}",
        f"]Q1https://id.gs1.org/00/{SSCC}",
        f"https://wms.example/x/00/{SSCC}?batch=7",
        f"(00){SSCC}",
        f"00{SSCC}",
        SSCC,
        f"  {SSCC}\r\n",
        f"]C0{SSCC}",
        f"\x1d00{SSCC}",
    ],
)
def test_a_pallet_is_known_in_every_form(text):
    scan = parse(text)
    assert (scan.kind, scan.value, scan.sscc) == (Kind.SSCC, SSCC, SSCC)


@pytest.mark.parametrize("gs", ["\x1d", "␝", "^]", "<GS>", "{GS}", "<F8>", "{f8}"])
@pytest.mark.parametrize("prefix", ["]C1", "]d2", "]Q3", ""])
def test_the_separator_is_known_in_every_form(prefix, gs):
    scan = parse(f"{prefix}{ITEM}10AB{gs}37120{gs}17280200")
    assert scan.kind is Kind.ELEMENTS
    assert (scan.gtin, scan.lot, scan.count) == ("06291041500213", "AB", 120)
    assert scan.expiry == date(2028, 2, 29)


def test_the_human_readable_form_keeps_brackets_in_a_value():
    scan = parse("(01)06291041500213(10)A(B)(17)261231")
    assert scan.elements == (("01", "06291041500213"), ("10", "A(B)"), ("17", "261231"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("6291041500213", "06291041500213"),
        ("]E06291041500213", "06291041500213"),
        ("]E0629104150021312", "06291041500213"),
        ("]E496385074", "00000096385074"),
        ("]X0036000291452", "00036000291452"),
        ("]I110614141000415", "10614141000415"),
        ("(01)06291041500213", "06291041500213"),
        (f"]C1{ITEM}", "06291041500213"),
    ],
)
def test_a_trade_item_is_fourteen_digits(text, value):
    assert (parse(text).kind, parse(text).value) == (Kind.GTIN, value)


@pytest.mark.parametrize(
    "text", ["A-01-02-3", "A-01-02-03", "BK-A-01-1", "DK-01", "bk-a-01-1", "]C0DK-01", "]Q1RC-08"]
)
def test_places(text):
    scan = parse(text)
    assert scan.kind is Kind.PLACE
    assert scan.value == text.removeprefix("]C0").removeprefix("]Q1").upper()


@pytest.mark.parametrize("word", sorted(COMMANDS))
def test_commands(word):
    assert parse(f"cmd-{word}") == Scan(f"cmd-{word}", Kind.COMMAND, word)


@pytest.mark.parametrize(
    "text",
    [
        "HD964090000017",
        "64092026I000000417",
        "ME1-0001",
        "GS2026-3174",
        "CMD-NOTHING",
        "990001",
        "6291041500214",
        "琼A·D12345",
        "https://example.com/",
        "(abc)",
        "a^]b",
    ],
)
def test_everything_else_printable_is_plain(text):
    assert parse(text) == Scan(text, Kind.PLAIN, text)


def test_a_waybill_in_plain_code_128_is_no_trade_item_by_chance():
    assert parse("]C06291041500213").kind is Kind.PLAIN


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "labels.scan_empty"),
        ("\x1d", "labels.scan_empty"),
        ("A" * (LONGEST + 1), "labels.scan_too_long"),
        ("A\0B", "labels.scan_control"),
        ("A\u202eB", "labels.scan_control"),
        ("A\u2066B", "labels.scan_control"),
        ("A\ud800B", "labels.scan_control"),
        ("A\nB", "labels.scan_control"),
        ("A\x1dB", "labels.scan_control"),
        ("]C1", "labels.gs1_empty"),
        (f"]C100{SSCC[:-1]}9", "labels.check_digit"),
        ("(00)123", "labels.gs1_value"),
        ("]C105123", "labels.gs1_ai_unknown"),
        ("]C117261301", "labels.gs1_date"),
        ("]E012345", "labels.key_digits"),
        ("]C110A\x1d10B", "labels.gs1_repeated"),
    ],
)
def test_what_cannot_be_read_says_why_in_both_languages(text, fault):
    scan = parse(text)
    assert (scan.kind, scan.fault, scan.value) == (Kind.UNKNOWN, fault, "")
    for language in ("zh", "en"):
        assert SENTENCES[fault][language].format_map(scan.facts)


@settings(max_examples=2000)
@given(
    st.text(max_size=600), st.sampled_from(["", "]C1", "]Q3", "]E0", "(01)", "https://x/01/", "]"])
)
@example("0", "]C1")
@example("%zz", "https://x/01/")
def test_nothing_makes_it_raise_and_what_it_shows_is_harmless(text, prefix):
    scan = parse(prefix + text)
    shown = [scan.read, *scan.facts.values()]
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs"} for part in shown for c in part)
    assert len(scan.read) <= LONGEST
    assert (scan.kind is Kind.UNKNOWN) == bool(scan.fault)
    if scan.kind in {Kind.SSCC, Kind.GTIN}:
        assert labels.gs1.has_check_digit(scan.value)
    assert scan.expiry is None or scan.expiry.year >= 2000
    assert scan.count is None or scan.count >= 0
