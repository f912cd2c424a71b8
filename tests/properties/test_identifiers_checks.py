"""Identifiers by the thousand: what is made right is read, one wrong character is always found."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from wms.kernel import identifiers
from wms.kernel.errors import Invalid

USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
MANY = settings(max_examples=1000, deadline=None)


@st.composite
def credit_codes(draw: st.DrawFn) -> str:
    office = draw(st.text(USCC, min_size=2, max_size=2)) + draw(
        st.text("0123456789", min_size=6, max_size=6)
    )
    body = office + (own := draw(st.text(USCC, min_size=8, max_size=8)))
    body += identifiers.organisation_check(own)
    remainder = sum(USCC.index(one) * 3**place for place, one in enumerate(body)) % 31
    return body + USCC[(31 - remainder) % 31]


@st.composite
def identity_numbers(draw: st.DrawFn) -> str:
    born = draw(st.dates(date(1900, 1, 1), date(2026, 12, 31)))
    body = f"{draw(st.integers(110000, 829999))}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    # The standard's own definition: the weighted sum with the check digit is 1 modulo 11.
    weighed = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(body))
    return body + "0123456789X"[(1 - weighed) % 11]


@MANY
@given(credit_codes())
def test_right_credit_codes_are_read(code: str) -> None:
    assert identifiers.uscc(code) == code


@MANY
@given(credit_codes(), st.integers(0, 17), st.sampled_from(USCC))
def test_one_wrong_character_of_a_credit_code_is_found(code: str, place: int, other: str) -> None:
    assume(code[place] != other)
    with pytest.raises(Invalid):
        identifiers.uscc(code[:place] + other + code[place + 1 :])


@MANY
@given(identity_numbers())
def test_right_identity_numbers_are_read(number: str) -> None:
    assert identifiers.identity_number(number) == number


@MANY
@given(identity_numbers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_wrong_digit_of_an_identity_number_is_found(
    number: str, place: int, other: str
) -> None:
    assume(number[place] != other)
    with pytest.raises(Invalid):
        identifiers.identity_number(number[:place] + other + number[place + 1 :])


@MANY
@given(st.from_regex(r"[A-Z]{3}[UJZ][0-9]{6}", fullmatch=True))
def test_a_container_has_exactly_one_check_digit(body: str) -> None:
    held = []
    for digit in "0123456789":
        try:
            held.append(identifiers.container_number(body + digit))
        except Invalid as refusal:
            refused = refusal
    assert len(held) == 1
    assert refused.facts["expected"] == held[0]


@MANY
@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    readers = (
        identifiers.uscc,
        identifiers.identity_number,
        identifiers.container_number,
        identifiers.plate,
        identifiers.enterprise_code,
        identifiers.customs_district,
    )
    for reader in readers:
        with suppress(Invalid):
            reader(text)
