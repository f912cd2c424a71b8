"""Our Code 128 against a reader, against python-barcode, and against every other way to encode."""

from functools import cache

import pytest
import zxingcpp
from barcode import Gs1_128
from hypothesis import example, given, settings
from hypothesis import strategies as st
from label_strategies import element_sets, printable_ascii
from PIL import Image

from labels import LabelRefusal, code128, gs1
from labels.gs1 import GS

plain_codes = st.one_of(
    printable_ascii,
    st.text("0123456789", min_size=1),
    st.text("0123456789AB-", min_size=1),
    st.text("0123456789", min_size=1).map(lambda digits: "99" + digits),
).map(lambda text: text[: code128.LONGEST])


def read(modules):
    """What a reader says of a row of modules (True is dark), two dots to a module."""
    row = bytes(level for dark in modules for level in (0 if dark else 255,) * 2)
    row = b"\xff" * 20 + row + b"\xff" * 20
    found = zxingcpp.read_barcodes(Image.frombytes("L", (len(row), 30), row * 30))
    return [(each.symbology_identifier, each.bytes.decode("ascii")) for each in found]


def modules_of(widths):
    return [number % 2 == 0 for number, wide in enumerate(widths) for _ in range(wide)]


def symbols_in(widths):
    """Start, data and check symbols: six widths each, the stop has seven."""
    return (len(widths) - 7) // 6


@settings(max_examples=2000)
@given(plain_codes)
@example("999999")
@example("990001")
@example("99A1")
@example("99")
@example("0")
@example("~^ \\")
def test_a_reader_reads_plain_codes_whole(text):
    assert read(modules_of(code128.widths(text))) == [("]C0", text)]


@settings(max_examples=1000)
@given(element_sets)
@example([("10", "AB"), ("21", "12345")])
def test_a_reader_reads_gs1_codes_with_every_separator(pairs):
    data = gs1.element_string(pairs)
    if len(data) > code128.LONGEST:
        with pytest.raises(LabelRefusal, match=r"labels\.symbol_too_long"):
            code128.widths(data, gs1=True)
    else:
        assert read(modules_of(code128.widths(data, gs1=True))) == [("]C1", data)]


@settings(max_examples=300)
@given(element_sets)
def test_python_barcode_says_the_same_in_no_fewer_modules(pairs):
    data = gs1.element_string(pairs)[: code128.LONGEST].rstrip(GS)
    ours = modules_of(code128.widths(data, gs1=True))
    theirs = [module == "1" for module in Gs1_128(data.replace(GS, Gs1_128.FNC1_CHAR)).build()[0]]
    assert read(theirs) == read(ours) == [("]C1", data)]
    assert len(ours) <= len(theirs)


@given(st.text("019A" + GS, min_size=1, max_size=12), st.booleans())
def test_no_way_through_the_sets_is_shorter(text, marked):
    if not marked:
        text = text.replace(GS, "B")
    whole = GS + text if marked else text

    @cache
    def fewest(at, chosen):
        if at == len(whole):
            return 0
        ways = [1 + fewest(at + 1, "B")] if chosen == "B" else []
        if chosen == "C" and whole[at] == GS:
            ways.append(1 + fewest(at + 1, "C"))
        if chosen == "C" and len(pair := whole[at : at + 2]) == 2 and pair.isdigit():
            ways.append(1 + fewest(at + 2, "C"))
        if chosen == "C":
            ways.append(2 + fewest(at + 1, "B"))
        elif len(pair := whole[at : at + 2]) == 2 and pair.isdigit():
            ways.append(2 + fewest(at + 2, "C"))
        return min(ways)

    start_and_check = 2
    shortest = min(fewest(0, "B"), fewest(0, "C")) + start_and_check
    assert symbols_in(code128.widths(text, gs1=marked)) == shortest


@pytest.mark.parametrize("text", ["", "é", "１２", "a\tb", "a\x1db", "\x7f", "中", "\ud800"])
def test_what_is_not_printable_ascii_is_refused(text):
    with pytest.raises(LabelRefusal, match=r"labels\.symbol_text"):
        code128.widths(text)
