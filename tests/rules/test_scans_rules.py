"""Which codes can be read, and how the others are kept and shown."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wms.scans.rules import legible, readable
from wms.scans.terms import CODE_LIMIT


@pytest.mark.parametrize(
    "code",
    [
        "003456789012345675",
        "]C10106901234567892\x1d10L7",
        "琼A·12345",
        "CMD:UNDO",
        "x" * CODE_LIMIT,
    ],
)
def test_a_code_is_kept_as_it_is(code):
    assert legible(f" {code}\r\n") == code
    assert readable(code)


@given(st.text(st.characters(), max_size=CODE_LIMIT * 2))
def test_whatever_is_read_can_be_stored_and_shown(read):
    code = legible(read)
    assert len(code) <= CODE_LIMIT + 1
    code.encode()
    assert not any(unicodedata.category(char) in {"Cc", "Cs"} for char in code if char != "\x1d")
    assert legible(code).rstrip("…") == code.strip(" ").rstrip("…")


@pytest.mark.parametrize("read", ["", " \t", "A\x00", "A\u202eB", "A\ud800", "A\u200bB", "x" * 513])
def test_what_is_not_whole_is_not_readable(read):
    assert not readable(legible(read))
