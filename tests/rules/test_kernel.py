"""The kernel's words: exact, ordered, and refusing what they cannot hold."""

import copy
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wms.db.payload import from_builtins, to_json
from wms.kernel.errors import Invalid
from wms.kernel.ids import id_from, new_id
from wms.kernel.money import amount, round_cents
from wms.kernel.quantity import ZERO, Quantity, total
from wms.kernel.secret import Secret

STEPS = st.integers(-(10**16), 10**16)


@given(STEPS)
def test_a_quantity_survives_text_and_decimal(steps):
    quantity = Quantity(steps)
    assert Quantity.of(str(quantity)) == quantity
    assert Quantity.of(quantity.decimal) == quantity
    assert quantity.decimal == Decimal(steps) / 100_000


@given(STEPS, STEPS)
def test_quantities_add_exactly(a, b):
    assert (Quantity(a) + Quantity(b)).steps == a + b
    assert (Quantity(a) - Quantity(b)).steps == a - b
    assert (Quantity(a) < Quantity(b)) == (a < b)
    assert -Quantity(a) == ZERO - Quantity(a)
    assert total([Quantity(a), Quantity(b)]) == Quantity(a) + Quantity(b)


@pytest.mark.parametrize(
    "bad",
    [
        *("", "x", "1e3", "1E3", "NaN", "Infinity", "1,5", "0x10", "1_000", " 1", "１２", "--1"),
        *("0.000001", "1.0000000000000000000000000000000000001", "9" * 30, "92000000000001"),
        *(1.5, 0.1, float("nan"), True, None, Decimal("NaN"), Decimal("1E+40"), b"1"),
    ],
)
def test_what_is_no_quantity_is_refused_with_its_text(bad):
    with pytest.raises(Invalid) as refused:
        Quantity.of(bad)
    assert refused.value.code == "quantity.malformed"
    assert refused.value.facts["read"] == str(bad)[:40]


@given(STEPS.filter(lambda s: abs(s) < 10**12), st.integers(0, 10**6))
def test_kilograms_times_pieces(steps, pieces):
    product = Quantity(steps).times(Quantity.of(pieces))
    assert product.steps == steps * pieces


def test_half_a_step_rounds_up():
    assert Quantity(1).times(Quantity.of("0.5")) == Quantity(1)
    assert Quantity(1).times(Quantity.of("0.49999")) == ZERO


@given(st.decimals(-(10**13), 10**13, places=2))
def test_an_amount_survives_its_text(value):
    assert amount(format(value, "f")) == value


@pytest.mark.parametrize("bad", ["", "1e3", "NaN", "1.000001", "1" * 15, "1,5", "¥5"])
def test_what_is_no_amount_is_refused(bad):
    with pytest.raises(Invalid, match=r"money\.malformed"):
        amount(bad)


@pytest.mark.parametrize(("value", "cents"), [("0.005", "0.01"), ("0.0049", "0.00"), ("2", "2.00")])
def test_tax_rounds_half_up(value, cents):
    assert str(round_cents(Decimal(value))) == cents


def test_ids_are_version_7_ordered_by_time_and_all_different():
    ids = [new_id() for _ in range(2000)]
    assert {one.version for one in ids} == {7}
    assert len(set(ids)) == len(ids)
    millis = [one.int >> 80 for one in ids]
    assert millis == sorted(millis)


def test_the_same_parts_give_the_same_id_and_joined_parts_another():
    assert id_from("a", "bc") == id_from("a", "bc")
    assert id_from("a", "bc") != id_from("ab", "c")


def test_a_secret_shows_itself_only_when_asked():
    secret = Secret("hunter2")
    assert "hunter2" not in f"{secret} {secret!r}"
    assert secret.reveal() == "hunter2"


def test_a_quantity_does_not_change_and_is_written_as_its_text():
    quantity = Quantity.of("12.5")
    with pytest.raises(AttributeError):
        quantity.steps = 1
    assert copy.deepcopy(quantity) == quantity
    assert to_json({"q": quantity}) == b'{"q":"12.5"}'
    assert from_builtins("12.5", Quantity) == quantity
    assert quantity != 12.5
