"""What may stand where: the whole table of the rule, cell by cell."""

import pytest

from wms.masterdata.terms import Place, PlaceKind
from wms.stock.errors import PlaceOdd, PlaceWrong
from wms.stock.pages.chart import places_chart
from wms.stock.rules import hindrance
from wms.stock.terms import RANK, Status, UnitKind
from wms.stock.views import PlaceUse


def place(kind: PlaceKind, temperature: str = "ambient", pallets: int = 1) -> Place:
    return Place("BK-A-01-1", "bulk", kind, temperature, pallets, 10, "65")


@pytest.mark.parametrize("kind", [PlaceKind.STORE, PlaceKind.PICK])
@pytest.mark.parametrize(
    ("there", "goods", "may"),
    [
        ("ambient", "ambient", True),
        ("cool", "ambient", True),
        ("chilled", "ambient", True),
        ("ambient", "cool", False),
        ("cool", "cool", True),
        ("chilled", "cool", True),
        ("ambient", "chilled", False),
        ("cool", "chilled", False),
        ("chilled", "chilled", True),
    ],
)
def test_goods_stand_as_warm_as_declared_or_colder(
    kind: PlaceKind, there: str, goods: str, may: bool
) -> None:
    found = hindrance(place(kind, there), UnitKind.PALLET, {goods}, {Status.GOOD}, 0)
    assert (found is None) is may
    assert may or isinstance(found, PlaceWrong)


@pytest.mark.parametrize("kind", [PlaceKind.DOCK, PlaceKind.STAGE, PlaceKind.HOLD])
def test_where_goods_only_pass_any_may_stand(kind: PlaceKind) -> None:
    found = hindrance(place(kind), UnitKind.PALLET, {"chilled"}, {Status.DAMAGED}, 0)
    assert found is None


@pytest.mark.parametrize("status", [Status.DAMAGED, Status.HELD])
def test_what_may_not_be_sold_is_odd_among_the_good(status: Status) -> None:
    statuses = {Status.GOOD, status}
    found = hindrance(place(PlaceKind.STORE), UnitKind.PALLET, {"ambient"}, statuses, 0)
    assert isinstance(found, PlaceOdd)
    assert found.code == "stock.not_for_sale"


@pytest.mark.parametrize(
    ("kind", "standing", "odd"),
    [
        (UnitKind.PALLET, 1, False),
        (UnitKind.PALLET, 2, True),
        (UnitKind.BOX, 2, False),
    ],
)
def test_a_full_place_is_odd_for_a_pallet_only(kind: UnitKind, standing: int, odd: bool) -> None:
    found = hindrance(place(PlaceKind.STORE, pallets=2), kind, set(), set(), standing)
    assert isinstance(found, PlaceOdd) is odd


def test_every_kind_of_unit_has_a_rank() -> None:
    assert set(RANK) == set(UnitKind)
    assert RANK[UnitKind.LOAD] > RANK[UnitKind.PALLET] > RANK[UnitKind.BOX]


def test_the_picture_of_a_zone_lays_out_aisles_levels_and_bays() -> None:
    uses = [
        PlaceUse(f"BK-A-0{bay}-{level}", "store", 1, units)
        for bay, level, units in ((1, 1, 0), (1, 2, 1), (2, 1, 2), (2, 2, 0))
    ]
    chart = places_chart(uses)
    assert [name for name, _ in chart.rows] == ["BK-A · 1", "BK-A · 2"]
    assert {cell.place: cell.look for cell in chart.cells} == {
        "BK-A-01-1": "h0",
        "BK-A-01-2": "h3",
        "BK-A-02-1": "f4",
        "BK-A-02-2": "h0",
    }
    assert (chart.taken, len({(cell.x, cell.y) for cell in chart.cells})) == (2, 4)
    assert places_chart([]).cells == ()
