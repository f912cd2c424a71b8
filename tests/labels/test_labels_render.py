"""Every label on every stock and head: it decodes, it repeats, its PDF and its bitmap agree."""

import re
import zlib
from base64 import a85decode
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from io import BytesIO

import pytest
from label_samples import AT, BATCH, EVERY, LPN, PLACE, RELEASE, SSCC, names
from PIL import Image, ImageChops

from labels import Density, Head, Kind, LabelRefusal, Media, bitmap, decode_zpl, parse, render
from labels.gs1 import link
from labels.render import laid_out

every_label = pytest.mark.parametrize("case", EVERY, ids=names)
EXPECTED = {
    type(RELEASE): {"]C0HD964090000017", "]Q1P2611220000417"},
    type(BATCH): {f"]C100{SSCC}", "]C0PT20261122001", f"]Q1{link('https://id.gs1.org', SSCC)}"},
    type(LPN): {f"]C100{SSCC}", f"]Q1{link('https://id.gs1.org', SSCC)}"},
    type(PLACE): {"]C0BK-A-01-1", "]Q1BK-A-01-1"},
}


@every_label
def test_what_is_sent_decodes_to_what_it_should_say(case):
    label, head = case
    made = render(label, head)
    assert decode_zpl(made.zpl) == made.symbols
    assert set(made.symbols) <= EXPECTED[type(label)]
    assert any(symbol.startswith("]Q1") for symbol in made.symbols)
    if head.media is Media.MM_100X150:
        assert set(made.symbols) == EXPECTED[type(label)]
    assert all(parse(symbol).kind is not Kind.UNKNOWN for symbol in made.symbols)


@every_label
def test_the_same_label_gives_the_same_bytes_of_the_right_size(case):
    label, head = case
    made = render(label, head)
    assert made == render(label, head)
    picture = Image.open(BytesIO(made.png))
    wide, high = head.media.value
    assert picture.size == (
        round(wide * head.density.value),
        round(high * head.density.value),
    )
    box = re.search(rb"/MediaBox \[ 0 0 ([\d.]+) ([\d.]+) \]", made.pdf)
    assert [round(float(edge) * 25.4 / 72, 2) for edge in box.groups()] == [wide, high]


@every_label
def test_the_pdf_has_every_bar_where_the_bitmap_has_it(case):
    label, head = case
    sheet = laid_out(label, head)
    page = Image.new("1", (sheet.width, sheet.height), bitmap.PAPER)
    for grey, x, y, wide, high in drawn(render(label, head).pdf):
        top = sheet.height - y - high
        page.paste(bitmap.PAPER if grey else bitmap.INK, (x, top, x + wide, top + high))
    sheet.runs.clear()
    assert ImageChops.logical_xor(page, bitmap.paint(sheet)).getbbox() is None


def drawn(pdf):
    """(grey, x, y, width, height) of each rectangle of the page, in dots."""
    streams = re.findall(rb"ASCII85Decode.*?stream\r?\n(.*?)endstream", pdf, re.DOTALL)
    stream = max(streams, key=drawing)
    grey = 0
    for line in content(stream).split(b"\n"):
        if found := re.fullmatch(rb"(\S+) g", line.strip()):
            grey = int(found[1])
        elif found := re.search(rb"(\d+) (\d+) (\d+) (\d+) re f", line):
            yield grey, *(int(number) for number in found.groups())


def drawing(stream):
    return content(stream).count(b" re ")


def content(stream):
    return zlib.decompress(a85decode(stream.strip().removesuffix(b"~>")))


@every_label
def test_the_pdf_brings_its_font_along(case):
    made = render(*case)
    assert b"/FontFile2" in made.pdf
    assert b"BondhouseLabelSans" in made.pdf
    assert b"STSong" not in made.pdf


def test_the_print_number_is_on_the_label():
    head = Head()
    first, second, third = (
        render(replace(RELEASE, print_no=number), head).png for number in (1, 2, 3)
    )
    assert len({first, second, third}) == 3


def test_a_module_is_a_whole_number_of_dots_at_either_head():
    for density in Density:
        sheet = laid_out(LPN, Head(Media.MM_100X150, density))
        bars = [rect for rect in sheet.rects if rect.h == sheet.dots(136) - sheet.dots(96)]
        module = min(bar.w for bar in bars)
        assert module >= Decimal("0.495") * Decimal(float(density.value))
        assert all(bar.w % module == 0 for bar in bars)
        assert (bars[-1].x + bars[-1].w - bars[0].x) == 156 * module


@pytest.mark.parametrize(
    ("label", "head", "code"),
    [
        (BATCH, Head(Media.MM_60X40), "labels.media"),
        (PLACE, Head(Media.MM_100X150), "labels.media"),
        (replace(LPN, sscc=SSCC[:-1] + "0"), Head(), "labels.check_digit"),
        (replace(LPN, sscc=SSCC[:-1]), Head(), "labels.key_digits"),
        (replace(LPN, sscc="１" * 18), Head(), "labels.key_digits"),
        (replace(LPN, quantity=Decimal(-1)), Head(), "labels.number"),
        (replace(LPN, quantity=Decimal("NaN")), Head(), "labels.number"),
        (replace(LPN, quantity=Decimal("1E+99999")), Head(), "labels.number"),
        (replace(LPN, book_line=0), Head(), "labels.number"),
        (replace(LPN, name_zh="  "), Head(), "labels.field_empty"),
        (replace(LPN, name_zh="字" * 401), Head(), "labels.field_too_long"),
        (replace(LPN, sku="M" * 60), Head(), "labels.text_too_wide"),
        (replace(LPN, link_base="https://例.cn"), Head(), "labels.symbol_text"),
        (replace(LPN, link_base="https://" + "a" * 200), Head(), "labels.symbol_too_long"),
        (replace(BATCH, sequence=13), Head(), "labels.number"),
        (replace(BATCH, sequence=0), Head(), "labels.number"),
        (replace(BATCH, lists=-1), Head(), "labels.number"),
        (replace(BATCH, plate=""), Head(), "labels.field_empty"),
        (replace(BATCH, seal_no="X" * 30), Head(), "labels.text_too_wide"),
        (replace(RELEASE, print_no=0), Head(), "labels.number"),
        (replace(RELEASE, released_at=datetime(2026, 1, 1)), Head(), "labels.time_zone"),  # noqa: DTZ001
        (replace(RELEASE, parcel_no=""), Head(), "labels.field_empty"),
        (replace(RELEASE, waybill_no="运单1"), Head(), "labels.symbol_text"),
        (replace(RELEASE, waybill_no="W9" * 24), Head(), "labels.symbol_too_wide"),
        (replace(RELEASE, zone_zh="海口\u202e"), Head(), "labels.character_refused"),
        (replace(RELEASE, zone_zh="海口😀"), Head(), "labels.glyph_missing"),
        (replace(PLACE, code="A-" + "01-" * 9), Head(Media.MM_60X40), "labels.text_too_wide"),
    ],
)
def test_what_cannot_be_printed_right_is_refused(label, head, code):
    with pytest.raises(LabelRefusal) as refusal:
        render(label, head)
    assert refusal.value.code == code


def test_a_missing_glyph_is_named():
    with pytest.raises(LabelRefusal) as refusal:
        render(replace(RELEASE, zone_zh="海口😀"), Head())
    assert refusal.value.facts == {"field": "zone", "read": "😀", "point": "U+1F600"}


def test_a_time_is_printed_in_the_zone_it_carries():
    sheet = laid_out(RELEASE, Head())
    assert AT.strftime("%Y-%m-%d %H:%M") in {run.text for run in sheet.runs}


def test_a_weight_is_printed_without_idle_zeros():
    for amount, shown in (("412.350", "412.35"), ("7", "7"), ("0.000", "0"), ("1E+3", "1000")):
        sheet = laid_out(replace(BATCH, gross_kg=Decimal(amount)), Head())
        assert shown in {run.text for run in sheet.runs}
