"""Text on a label: every character is ink or a refusal, lines fit, nothing but the end is cut."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from label_strategies import hostile

from labels import LabelRefusal, font, text
from labels.definitions.parts import described, titled
from labels.models import Head
from labels.sheet import Box, Sheet

RARE = "龑䶮㛃𬭎喆堃犇昇鍇㼆𠅤吿囧"
words = st.text("海口综合保税区，。ABCdef 123-/", max_size=200)


@pytest.mark.parametrize("character", [*RARE, "A", "ß", "あ", "—", "℃", "，", "０"])
def test_rare_names_and_signs_are_ink(character):
    assert text.printable("name", character) == character
    mask, _, _ = font.glyph(character, 24)
    assert mask.getbbox() is not None


def test_every_character_of_gb_2312_is_there():
    rows = (bytes([high, low]) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    characters = "".join(row.decode("gb2312", "ignore") for row in rows)
    assert len(characters) == 6763
    assert [each for each in characters if not font.has(each)] == []


@settings(max_examples=1000)
@given(st.one_of(st.text(max_size=30), hostile))
def test_any_text_is_ink_or_a_refusal_that_names_the_character(value):
    try:
        words = text.printable("name", value)
    except LabelRefusal as refusal:
        facts, code = refusal.facts, refusal.code
        if code != "labels.field_too_long":
            composed = unicodedata.normalize("NFC", value)
            assert facts["point"] in {f"U+{ord(each):04X}" for each in composed}
    else:
        assert all(font.has(character) for character in words)
        assert words == unicodedata.normalize("NFC", words).strip()


@pytest.mark.parametrize(
    "value",
    [
        "A\0",
        "A\n",
        "A\tB",
        "A\u202e",
        "A\u2067",
        "\ufeffA",
        "A\u200b",
        "q\u0301",
        "A\ufe0f",
        "\ue000",
    ],
)
def test_controls_and_loose_marks_are_refused(value):
    with pytest.raises(LabelRefusal, match=r"labels\.character_refused"):
        text.printable("name", value)


@pytest.mark.parametrize("value", ["😀", "ا", "한", "\U0001f1e8", "ก"])
def test_what_the_font_lacks_is_refused(value):
    with pytest.raises(LabelRefusal, match=r"labels\.glyph_missing"):
        text.printable("name", value)


@given(words, st.integers(60, 700), st.integers(10, 40))
def test_lines_fit_and_hold_the_whole_text(value, wide, size):
    lines = text.wrap(value, wide, size)
    assert all(font.width(line, size) <= wide for line in lines)
    assert "".join(lines).replace(" ", "") == value.replace(" ", "")


def test_no_line_begins_with_a_closing_mark_and_words_stay_whole():
    lines = text.wrap("海口综合保税区，郑州 Xinzheng zone", 24 * 7, 24)
    assert lines == ["海口综合保税", "区，郑州", "Xinzheng zone"]


@given(words.filter(str.strip), st.integers(60, 400), st.integers(20, 200))
def test_a_description_keeps_its_box_and_says_when_it_was_cut(value, wide, high):
    fitted = text.flowing((value,), wide, high, range(30, 17, -1))
    assert all(font.width(line, fitted.size) <= wide for line in fitted.lines)
    tall = fitted.size + text.leading(fitted.size) * (len(fitted.lines) - 1)
    assert tall <= max(high, fitted.size)
    shown = "".join(fitted.lines).replace(" ", "")
    whole = value.replace(" ", "")
    assert shown == whole or (shown.endswith("…") and whole.startswith(shown[:-1]))
    assert shown == whole or fitted.size == 18


def test_a_description_shrinks_a_little_before_it_breaks():
    name = "6409 海口综合保税区"
    whole = text.flowing((name,), 30 * 9, 80, range(36, 19, -1))
    assert whole.lines == (name,)
    assert 24 <= whole.size < 36
    narrow = text.flowing((name,), 190, 80, range(36, 19, -1))
    assert len(narrow.lines) == 2
    assert narrow.size == 36


def test_a_key_field_shrinks_to_its_floor_and_then_is_refused():
    sheet = Sheet(Head())
    for length in (5, 15, 24):
        titled(sheet, Box(4, 4, 40, 9), "批次 BATCH", "batch_no", "8" * length)
    sizes = [run.size for run in sheet.runs if run.text.startswith("8")]
    assert sizes == sorted(sizes, reverse=True)
    assert sizes[0] > sizes[-1] >= sheet.dots(2.5)
    with pytest.raises(LabelRefusal, match=r"labels\.text_too_wide"):
        titled(sheet, Box(4, 4, 40, 9), "批次 BATCH", "batch_no", "8" * 40)


def test_an_empty_second_name_takes_no_line():
    sheet = Sheet(Head())
    described(sheet, Box(4, 4, 40, 20), "品名 GOODS", "name", ("奶粉", ""), size=4)
    assert [run.text for run in sheet.runs] == ["品名 GOODS", "奶粉"]
