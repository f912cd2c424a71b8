"""A day is planned by a pure function: the same for a seed, feasible, with every trouble once."""

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from counterparts.day.account import planned_goods, planned_verdicts
from counterparts.day.plan import (
    FEWEST_ORDERS,
    LIMIT,
    MISSING,
    MISTAKEN,
    MOST_PARCELS_A_TRUCK,
    MOST_TRUCKS,
    Order,
    Plan,
    PlanError,
    Trouble,
    plan,
)
from counterparts.day.table import articles, vehicles
from wms.kernel.errors import Invalid
from wms.kernel.identifiers import identity_number

DEMO = Path(__file__).parents[2] / "wms" / "masterdata" / "demo"

days = st.builds(
    plan,
    st.integers(FEWEST_ORDERS, 300),
    st.integers(2, MOST_TRUCKS),
    st.integers(0, 2**32),
)


@given(days)
@settings(max_examples=60, deadline=None)
def test_every_trouble_comes_once_and_only_where_it_belongs(day: Plan) -> None:
    met = Counter(order.trouble for order in day.orders)
    assert {met[one] for one in Trouble if one is not Trouble.NONE} == {1}
    for order in day.orders:
        assert (order.paid > LIMIT) == (order.trouble is Trouble.OVER_LIMIT)
        assert _valid(order.buyer.identity) == (order.trouble is not Trouble.IDENTITY)
    assert planned_verdicts(day)["N"] == 1
    assert sum(truck.wrong_plate for truck in day.trucks_in) == 1
    assert sum(truck.tampered for truck in day.trucks_in) == 1
    assert sum(truck.overweight for truck in day.trucks_out) == 1


@given(days)
@settings(max_examples=60, deadline=None)
def test_what_leaves_has_come_to_the_last_piece(day: Plan) -> None:
    came = {one.sku: one.came - one.damaged for one in day.pallets_in}
    assert len(came) == len(day.pallets_in), "an article comes on one pallet"
    for sku, pieces in day.taken.items():
        assert came[sku] >= pieces
    (short,) = day.having(Trouble.SHORT)
    (line,) = short.lines
    assert line.quantity > came[line.sku] == day.corrected[short.number][0].quantity
    gone = sum(day.taken.values()) + day.moved.quantity + MISSING
    assert planned_goods(day)["book out"] == gone
    gaps = [one for one in day.pallets_in if one.came != one.announced]
    assert {(one.came > one.announced) for one in gaps} == {True, False}
    assert all(one.announced > 0 and one.came > 0 for one in day.pallets_in)


@given(st.integers(FEWEST_ORDERS, 300), st.integers(2, MOST_TRUCKS), st.integers(0, 2**32))
@settings(max_examples=20, deadline=None)
def test_the_same_seed_plans_the_same_day(orders: int, trucks: int, seed: int) -> None:
    assert plan(orders, trucks, seed) == plan(orders, trucks, seed)
    assert plan(orders, trucks, seed) != plan(orders, trucks, seed + 1)


@given(days, days)
@settings(max_examples=40, deadline=None)
def test_no_day_finds_what_another_has_left(one: Plan, other: Plan) -> None:
    ordered = {line.sku for order in one.declared for line in order.lines if _leaves(order)}
    left = {pallet.sku for pallet in other.pallets_in} - other.taken.keys()
    assert not ordered & left


@given(days)
@settings(max_examples=40, deadline=None)
def test_the_office_works_on_goods_that_nobody_orders(day: Plan) -> None:
    came = {one.sku: one for one in day.pallets_in}
    idle = {day.moved.sku, day.lossy.sku}
    assert len(idle) == 2
    assert not idle & day.taken.keys()
    assert came[day.moved.sku].came >= day.moved.quantity + MISTAKEN
    assert came[day.lossy.sku] == day.lossy
    assert day.lossy.came > MISSING


def test_amounts_add_up_to_the_cent() -> None:
    for order in plan(100, 2, 1).orders:
        assert order.paid == order.goods_value + order.freight + order.tax
        assert order.paid == order.paid.quantize(Decimal("0.01"))


@pytest.mark.parametrize(
    ("orders", "trucks"),
    [(FEWEST_ORDERS - 1, 2), (40, 1), (40, MOST_TRUCKS + 1), (MOST_PARCELS_A_TRUCK + 1, 2)],
)
def test_a_day_too_small_or_too_large_is_refused(orders: int, trucks: int) -> None:
    with pytest.raises(PlanError):
        plan(orders, trucks, 1)


def test_the_platforms_own_copy_says_what_the_demo_site_says() -> None:
    theirs = {row["sku"]: row for row in _rows("goods.csv")}
    for sku, one in articles().items():
        row = theirs[sku]
        assert (row["temperature"], row["dangerous"]) == ("ambient", "0")
        assert (one.unit, one.country, one.gtin) == (row["unit"], row["country"], row["gtin"])
        assert (one.price, one.net_kg) == (Decimal(row["price"]), Decimal(row["net_kg"]))
    known = {row["plate"]: row for row in _rows("vehicles.csv")}
    for vehicle in vehicles():
        assert vehicle.empty_kg == Decimal(known[vehicle.plate]["empty_kg"])
        assert vehicle.card_no == known[vehicle.plate]["card_no"]


def _leaves(order: Order) -> bool:
    return order.trouble is not Trouble.HELD


def _rows(name: str) -> list[dict[str, str]]:
    with (DEMO / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _valid(number: str) -> bool:
    try:
        identity_number(number)
    except Invalid:
        return False
    return True
