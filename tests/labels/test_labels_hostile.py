"""Hostile data in any field: the label says exactly it or is refused, and none is a command."""

from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from label_samples import ALL, BATCH, LPN, PLACE, RELEASE
from label_strategies import hostile, printable_ascii

from labels import (
    MEDIA,
    Density,
    Head,
    LabelRefusal,
    Media,
    bitmap,
    code128,
    decode_zpl,
    parse,
    preflight,
    render,
)
from labels.models import Area
from labels.sheet import Box, Rect, Sheet
from labels.symbol import plain_128, qr, sscc_128

COMMANDS = (b"^XA", b"^XZ", b"^PW", b"^LL", b"^LH", b"^FO", b"^GF", b"^FS", b"^PQ")


def text_fields(label):
    return [each.name for each in fields(label) if isinstance(getattr(label, each.name), str)]


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_hostile_text_is_printed_as_characters_or_refused(data):
    label = data.draw(st.sampled_from(ALL))
    name = data.draw(st.sampled_from(text_fields(label)))
    value = data.draw(hostile)
    media = data.draw(st.sampled_from(MEDIA[type(label)]))
    try:
        made = render(replace(label, **{name: value}), Head(media, Density.DPI_203))
    except LabelRefusal:
        return
    assert decode_zpl(made.zpl) == made.symbols
    assert made.zpl.count(b"^") == len(COMMANDS)
    assert all(made.zpl.count(command) == 1 for command in COMMANDS)
    assert b"~" not in made.zpl


@settings(max_examples=200, deadline=None)
@given(printable_ascii.map(str.strip).filter(bool))
def test_any_printable_code_comes_back_whole_or_is_refused(code):
    refused, made = "", None
    try:
        made = render(replace(PLACE, code=code), Head(Media.MM_100X100))
    except LabelRefusal as refusal:
        refused = refusal.code
    if made is None:
        too_much = {"text_too_wide", "symbol_too_wide", "symbol_too_long"}
        assert refused.removeprefix("labels.") in too_much
    else:
        assert made.symbols == (f"]C0{code}", f"]Q1{code}")
        assert all(parse(symbol).read == symbol for symbol in made.symbols)


def test_the_least_of_every_label_is_still_a_label():
    bare = {
        RELEASE: {"zone_en": "", "sort_lane": "", "batch_no": "", "order_no": "", "list_no": ""},
        LPN: {"name_en": "", "unit_en": "", "lot": "", "expiry": None},
        PLACE: {"area_zh": "", "area_en": "", "check_digits": ""},
        BATCH: {"origin": Area(customs_code="6409", name_zh="")},
    }
    for label, empty in bare.items():
        for media in MEDIA[type(label)]:
            assert render(replace(label, **empty), Head(media)).symbols


def test_names_of_two_hundred_characters_are_cut_only_where_they_describe():
    long = "海口综合保税区仓储有限公司" * 15
    assert render(replace(LPN, name_zh=long, name_en="Formula " * 25), Head()).symbols
    far = replace(BATCH.destination, name_zh=long, name_en="Zone " * 40)
    assert render(replace(BATCH, destination=far), Head(Media.MM_100X100)).symbols
    with pytest.raises(LabelRefusal, match=r"labels\.text_too_wide"):
        render(replace(RELEASE, list_no=long), Head())


def test_ink_in_a_quiet_zone_is_refused_though_it_decodes():
    sheet = Sheet(Head(Media.MM_100X100))
    sheet.matrix(Box(30, 30, 40, 40), qr("P2611220000417"))
    strip = sheet.symbols[0].quiet[2]
    sheet.rects.append(Rect(strip.x, strip.y, 1, strip.h))
    page = bitmap.paint(sheet)
    assert preflight.decode(page) == ("]Q1P2611220000417",)
    with pytest.raises(LabelRefusal, match=r"labels\.quiet_zone"):
        preflight.check(sheet, page)


def test_a_symbol_over_the_edge_is_refused():
    sheet = Sheet(Head(Media.MM_60X40))
    sheet.bars(Box(-12, 5, 60, 20), plain_128("HD96409"), least=0.25, most=0.5)
    with pytest.raises(LabelRefusal, match=r"labels\.quiet_zone"):
        preflight.check(sheet, bitmap.paint(sheet))


def test_a_symbol_that_says_something_else_is_refused():
    sheet = Sheet(Head(Media.MM_100X100))
    sheet.bars(Box(1, 10, 98, 30), sscc_128("00369012340000047111"), least=0.495, most=0.6)
    page = bitmap.paint(sheet)
    assert preflight.check(sheet, page) == ("]C100369012340000047111",)
    for column in (200, 321, 402):
        page.paste(bitmap.PAPER, (column, 0, column + 4, page.height))
    with pytest.raises(LabelRefusal, match=r"labels\.unreadable"):
        preflight.check(sheet, page)


def test_a_symbol_too_wide_names_the_millimetres():
    with pytest.raises(LabelRefusal) as refusal:
        Sheet(Head(Media.MM_60X40)).bars(
            Box(0, 0, 60, 20), sscc_128("00369012340000047111"), least=0.495, most=0.6
        )
    assert refusal.value.facts == {"needed": "88", "available": "60"}


def test_a_pallet_number_on_which_two_encoders_differ_is_not_printed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    right = code128.widths("00369012340000047111", gs1=True)
    monkeypatch.setattr(code128, "widths", lambda *_, **__: (*right[:-1], right[-1] + 1))
    with pytest.raises(LabelRefusal, match=r"labels\.encoders_differ"):
        sscc_128("00369012340000047111")
