"""Keys and element strings: check digits, separators, Digital Links, and their way back."""

from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from label_strategies import element_sets, key, numeric

from labels import LabelRefusal, gs1, sscc
from labels.gs1 import GS

digits = st.text("0123456789", min_size=1)


@pytest.mark.parametrize(
    "whole", ["6291041500213", "96385074", "036000291452", "10614141000415", "106141412345678908"]
)
def test_check_digit_of_published_examples(whole):
    assert gs1.check_digit(whole[:-1]) == whole[-1]
    assert gs1.has_check_digit(whole)


@given(digits, st.data())
def test_one_wrong_digit_never_passes(body, data):
    whole = body + gs1.check_digit(body)
    at = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.sampled_from([d for d in "0123456789" if d != whole[at]]))
    assert not gs1.has_check_digit(whole[:at] + other + whole[at + 1 :])


@pytest.mark.parametrize(
    "text", ["", "7", "６２９１０４１５００２１３", "٣" * 13, "62910415002I3", " 17"]
)
def test_only_ascii_digits_have_a_check_digit(text):
    assert not gs1.has_check_digit(text)


@given(numeric(4, 12), st.integers(0, 9), st.integers(0))
def test_sscc_is_whole_or_refused(prefix, extension, serial):
    room = 16 - len(prefix)
    if serial < 10**room:
        made = sscc(prefix, extension, serial)
        assert (len(made), made[0], made[1 : 1 + len(prefix)]) == (18, str(extension), prefix)
        assert int(made[1 + len(prefix) : 17]) == serial
        assert gs1.has_check_digit(made)
    else:
        with pytest.raises(LabelRefusal, match=r"labels\.sscc_parts"):
            sscc(prefix, extension, serial)


@pytest.mark.parametrize(
    ("prefix", "extension", "serial"),
    [("690", 0, 1), ("6" * 13, 0, 1), ("69O1234", 0, 1), ("6901234", 10, 1), ("6901234", 0, -1)],
)
def test_sscc_of_wrong_parts_is_refused(prefix, extension, serial):
    with pytest.raises(LabelRefusal, match=r"labels\.sscc_parts"):
        sscc(prefix, extension, serial)


@settings(max_examples=1000)
@given(element_sets)
def test_element_string_comes_back_as_it_was(pairs):
    assert list(gs1.read_element_string(gs1.element_string(pairs))) == pairs


@given(element_sets)
def test_separators_where_none_is_needed_are_tolerated(pairs):
    padded = "".join(ai + value + GS for ai, value in pairs)
    assert list(gs1.read_element_string(GS + padded)) == pairs


def test_separator_stands_only_after_a_length_that_varies():
    pairs = [("10", "AB"), ("01", "06291041500213"), ("37", "12")]
    assert gs1.element_string(pairs) == f"10AB{GS}01062910415002133712"


@pytest.mark.parametrize(
    ("text", "code", "facts"),
    [
        ("0106291041500214", "labels.check_digit", {"expected": "3"}),
        ("01062910415", "labels.gs1_value", {"ai": "01"}),
        ("0512345", "labels.gs1_ai_unknown", {"read": "0512"}),
        ("17261301", "labels.gs1_date", {"read": "261301"}),
        ("17260230", "labels.gs1_date", {"read": "260230"}),
        ("37ABC", "labels.gs1_value", {"ai": "37"}),
        ("37123456789", "labels.gs1_value", {"ai": "37"}),
        (f"10A{GS}10B", "labels.gs1_repeated", {"ai": "10"}),
        (GS, "labels.gs1_empty", {}),
    ],
)
def test_broken_element_strings_are_refused_with_their_fact(text, code, facts):
    with pytest.raises(LabelRefusal) as refusal:
        gs1.read_element_string(text)
    assert refusal.value.code == code
    assert facts.items() <= refusal.value.facts.items()


def test_equal_repeats_count_once():
    assert gs1.read_element_string(f"37120{GS}37120") == (("37", "120"),)


def test_day_zero_is_the_last_of_its_month():
    assert gs1.day("280200") == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("https://id.gs1.org/00/106141412345678908", [("00", "106141412345678908")]),
        ("HTTP://x.cn/a/b/01/6291041500213/10/A%2FB", [("01", "06291041500213"), ("10", "A/B")]),
        (
            "https://x/01/06291041500213?17=261231&w=1#t",
            [("01", "06291041500213"), ("17", "261231")],
        ),
        ("https://x/01/06291041500213/", [("01", "06291041500213")]),
    ],
)
def test_digital_links_are_read(uri, expected):
    assert list(gs1.read_link(uri) or ()) == expected


@pytest.mark.parametrize(
    "uri", ["https://x/", "https://x/a/b", "https://x/01", "ftp://x/01/2", "http://["]
)
def test_other_uris_are_no_digital_links(uri):
    assert gs1.read_link(uri) is None


@pytest.mark.parametrize(
    "uri", ["https://x/00/106141412345678909", "https://x/01/%00%ff", "https://x/01/1/10/%E4%B8%AD"]
)
def test_a_link_with_a_broken_value_is_refused(uri):
    with pytest.raises(LabelRefusal):
        gs1.read_link(uri)


@given(key(18))
@example("106141412345678908")
def test_own_links_come_back(whole):
    assert gs1.read_link(gs1.link("https://wms.example/", whole)) == (("00", whole),)
