"""The demo site loads into an empty database, twice with the same result, and is coherent."""

from collections.abc import Callable, Iterator

import pytest

from wms.db.transaction import Doorway, ReadTx, make_engine
from wms.kernel.actor import system_actor
from wms.kernel.errors import Unknown
from wms.kernel.ids import SiteId
from wms.kernel.quantity import ZERO, Quantity
from wms.ledger import books
from wms.masterdata import queries, service
from wms.masterdata.terms import CodeList, LoadDemo, PlaceKind

SITE = SiteId(1)
LOAD = LoadDemo(SITE, "tcp://127.0.0.1:7599")


@pytest.fixture
def doorway(database_url: str) -> Iterator[Doorway]:
    engine = make_engine(database_url)
    yield Doorway(engine)
    engine.dispose()


@pytest.fixture
def tx(doorway: Doorway) -> Iterator[ReadTx]:
    doorway.run(service.load_demo, LOAD, system_actor(SITE))
    with doorway.read(system_actor(SITE)) as tx:
        yield tx


def test_loading_again_changes_nothing(doorway: Doorway) -> None:
    first = doorway.run(service.load_demo, LOAD, system_actor(SITE))
    assert doorway.run(service.load_demo, LOAD, system_actor(SITE)) == first
    with doorway.read(system_actor(SITE)) as tx:
        assert len(queries.goods_list(tx)) == 80
        assert len(queries.places(tx)) == 400


def test_loading_again_brings_new_facts(doorway: Doorway) -> None:
    doorway.run(service.load_demo, LOAD, system_actor(SITE))
    moved = LoadDemo(SITE, "tcp://127.0.0.1:7598")
    doorway.run(service.load_demo, moved, system_actor(SITE))
    with doorway.read(system_actor(SITE)) as tx:
        assert {p.address for p in queries.printers(tx)} == {"tcp://127.0.0.1:7598"}


def test_the_book_has_one_empty_line_for_each_article(tx: ReadTx) -> None:
    book_no = queries.site(tx).book_no
    lines = books.lines(tx, book_no)
    assert [line.line_no for line, _ in lines] == list(range(1, 81))
    assert all(balance.stock == balance.free == ZERO for _, balance in lines)
    for line, _ in lines:
        goods = queries.goods(tx, line.goods_no)
        assert (goods.book_line_no, goods.hs10, goods.unit) == (
            line.line_no,
            line.hs_code,
            line.unit,
        )


def test_every_code_of_the_goods_is_in_its_table(tx: ReadTx) -> None:
    for goods in queries.goods_list(tx):
        assert queries.unit(tx, goods.unit).name_zh
        assert queries.unit(tx, goods.unit1).name_zh
        assert queries.code(tx, CodeList.COUNTRY, goods.country).name_zh
        assert queries.tariff(tx, goods.hs10).unit1 == goods.unit1
        assert queries.on_positive_list(tx, goods.hs10)
        assert queries.enterprise(tx, goods.merchant).role == "merchant"


def test_every_fact_of_a_code_table_keeps_its_source(tx: ReadTx) -> None:
    assert queries.code(tx, CodeList.DISTRICT, "6400").source == "T1"
    assert queries.code(tx, CodeList.DISTRICT, "6409").source == "T11+M"


def test_a_bar_code_is_found_with_and_without_leading_zeros(tx: ReadTx) -> None:
    assert queries.goods_by_barcode(tx, "2990000000019").sku == "ME1-0001"
    assert queries.goods_by_barcode(tx, "02990000000019").sku == "ME1-0001"


def test_places_come_in_walking_order_page_by_page(tx: ReadTx) -> None:
    first = queries.places(tx, limit=250)
    rest = queries.places(tx, after=(first[-1].walk_order, first[-1].code))
    assert [*first, *rest] == list(queries.places(tx))
    assert [p.walk_order for p in first] == sorted(p.walk_order for p in first)
    docks = queries.places(tx, kinds=(PlaceKind.DOCK,))
    assert [place.code for place in docks] == [f"DK-0{n}" for n in range(1, 7)]


def test_goods_are_found_by_part_of_a_name(tx: ReadTx) -> None:
    assert {g.sku for g in queries.goods_list(tx, text="1段")} >= {"ME1-0001", "ME1-0004"}
    assert queries.goods_list(tx, text="%") == ()


def test_a_plate_is_found_as_it_is_spoken(tx: ReadTx) -> None:
    assert queries.vehicle(tx, "琼A·9Q001").empty_kg == Quantity.of(4380)


@pytest.mark.parametrize(
    ("read", "code"),
    [
        (lambda tx: queries.goods(tx, "X"), "masterdata.goods_unknown"),
        (lambda tx: queries.goods_by_barcode(tx, "0"), "masterdata.goods_unknown"),
        (lambda tx: queries.place(tx, "X"), "masterdata.place_unknown"),
        (lambda tx: queries.vehicle(tx, "X"), "masterdata.vehicle_unknown"),
        (lambda tx: queries.enterprise(tx, "X"), "masterdata.enterprise_unknown"),
        (lambda tx: queries.printer(tx, "X"), "masterdata.printer_unknown"),
        (lambda tx: queries.unit(tx, "X"), "masterdata.code_unknown"),
        (lambda tx: queries.tariff(tx, "X"), "masterdata.code_unknown"),
    ],
)
def test_a_name_that_is_not_on_file_is_named_in_the_refusal(
    tx: ReadTx, read: Callable[[ReadTx], object], code: str
) -> None:
    with pytest.raises(Unknown) as refused:
        read(tx)
    assert refused.value.code == code
    assert refused.value.facts["read"]


def test_an_empty_database_has_no_site(doorway: Doorway) -> None:
    with doorway.read(system_actor(SITE)) as tx, pytest.raises(Unknown) as refused:
        queries.site(tx)
    assert refused.value.code == "masterdata.site_unknown"
