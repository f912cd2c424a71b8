"""The printer language: every bitmap comes back, and no stream but ours is taken."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from label_samples import PLACE
from PIL import Image

from labels import Head, LabelRefusal, Media, decode_zpl, render, zpl

LABEL = render(PLACE, Head(Media.MM_60X40))


@st.composite
def bitmaps(draw):
    wide = draw(st.integers(1, 900))
    stride = (wide + 7) // 8
    tiles = st.sampled_from([b"\0", b"\xff", b"\x0f", b"\xa5", b"\0\0\0", b"\xff\xff\xff"])
    rows = draw(st.lists(st.lists(tiles, min_size=1, max_size=9), min_size=1, max_size=12))
    packed = b"".join((b"".join(row) * stride)[:stride] for row in rows)
    return Image.frombytes("1", (wide, len(rows)), packed)


@settings(max_examples=1000)
@given(bitmaps())
def test_every_bitmap_comes_back_to_the_dot(page):
    back = zpl.read(zpl.write(page))
    assert (back.size, back.tobytes()) == (page.size, page.tobytes())


def test_runs_are_coded_as_the_manual_says():
    ink = b"\0\xff\x0f" + b"\xaa" * 12 + b"\xff" * 35
    page = Image.frombytes("1", (400, 2), bytes(255 - byte for byte in ink) * 2)
    assert zpl.write(page) == (b"^XA^PW400^LL2^LH0,0^FO0,0^GFA,100,100,50,00FF0FgJA!:^FS^PQ1^XZ\n")


def test_one_label_one_format_one_copy():
    for sign, count in ((b"^XA", 1), (b"^XZ", 1), (b"^PQ1^", 1), (b"~", 0), (b"^", 9)):
        assert LABEL.zpl.count(sign) == count


@given(st.integers(0, len(LABEL.zpl) - 2))
def test_a_label_cut_short_is_refused(at):
    with pytest.raises(LabelRefusal, match=r"labels\.zpl_malformed"):
        decode_zpl(LABEL.zpl[:at])


@settings(max_examples=500)
@given(st.integers(0, len(LABEL.zpl) - 1), st.integers(0, 255))
def test_a_changed_byte_is_refused_or_harmless(at, byte):
    changed = LABEL.zpl[:at] + bytes([byte]) + LABEL.zpl[at + 1 :]
    with suppress(LabelRefusal):
        assert set(decode_zpl(changed)) <= set(LABEL.symbols)


@pytest.mark.parametrize(
    "stream",
    [
        b"",
        b"^XA^FDhello^FS^XZ",
        LABEL.zpl * 2,
        LABEL.zpl.replace(b"^PQ1", b"^PQ2"),
        LABEL.zpl.replace(b"^XA", b"^XA^JUS"),
        b"^XA^PW8^LL1^LH0,0^FO0,0^GFA,1,1,1,:^FS^PQ1^XZ",
        b"^XA^PW8^LL1^LH0,0^FO0,0^GFA,1,1,1,GZ^FS^PQ1^XZ",
        b"^XA^PW8^LL1^LH0,0^FO0,0^GFA,1,1,1,,,^FS^PQ1^XZ",
        b"^XA^PW8^LL1^LH0,0^FO0,0^GFA,1,1,1,z0^FS^PQ1^XZ",
        b"^XA^PW8^LL1^LH0,0^FO0,0^GFA,2,1,1,00^FS^PQ1^XZ",
        b"^XA^PW0^LL0^LH0,0^FO0,0^GFA,0,0,0,^FS^PQ1^XZ",
        b"^XA^PW80000^LL99999^LH0,0^FO0,0^GFA,9999999,9999999,9999,,^FS^PQ1^XZ",
    ],
)
def test_other_streams_are_refused(stream):
    with pytest.raises(LabelRefusal, match=r"labels\.zpl_malformed"):
        decode_zpl(stream)
