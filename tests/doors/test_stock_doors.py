"""The doors of the floor: pages in both languages and the API, for those who may, bad input too."""

from collections.abc import Iterator

import pytest
from arrivals import PLATE, approved_checklist, planned_truck, sscc, truck_at_dock, truck_in
from flask import Flask
from flask.testing import FlaskClient
from floor import MILK, NOW, SITE, FixedClock, Floor, demo_floor, q
from signed_in import application_over, client_of

from wms.inbound import service as inbound
from wms.inbound.terms import ReceivePallet
from wms.stock import queries, service
from wms.stock.terms import Freeze

ONE, TWO = "069409990000000017", "069409990000000024"
PAGES = (
    "/goods",
    "/goods?q=奶粉",
    "/goods?q=nothing-like-it",
    "/goods?merchant=ME1",
    "/places",
    "/places?zone=bulk",
    "/places?zone=nowhere",
    "/stock/places",
    "/stock/places?zone=bulk",
    "/stock/places?zone=pick_face&status=held",
    "/stock/places/DK-01",
    "/stock/places/BK-A-01-1",
    "/stock/goods",
    "/stock/goods?q=Muhe",
    "/stock/goods?q=nothing",
    "/arrivals",
    "/arrivals?state=closed",
)


@pytest.fixture
def floor(demo_url: str) -> Iterator[Floor]:
    with demo_floor(demo_url) as floor:
        yield floor


@pytest.fixture
def app(floor: Floor, demo_url: str) -> Iterator[Flask]:
    with application_over(demo_url, FixedClock()) as app:
        yield app


def csrf(client: FlaskClient) -> dict[str, str]:
    return {"X-CSRF": client.get("/csrf").get_json()["token"]}


def test_every_page_shows_in_both_languages_empty_and_full(floor: Floor, app: Flask) -> None:
    client = client_of(app, "supervisor")
    truck = None
    for filled in (False, True):
        if filled:
            truck = truck_at_dock(floor)
            floor.run(inbound.receive, ReceivePallet(SITE, truck.pallets[0], NOW))
            floor.pallet(sscc(70))
        for language in ("zh", "en"):
            client.get(f"/language/{language}")
            for path in PAGES:
                page = client.get(path)
                text = page.get_data(as_text=True)
                assert page.status_code == 200, path
                assert f'lang="{"zh-CN" if language == "zh" else "en"}"' in text
    assert truck is not None
    for path in (f"/arrivals/{truck.arrival_no}", f"/units/{truck.pallets[0]}"):
        page = client.get(path)
        assert page.status_code == 200
        assert truck.pallets[0][-6:] in page.get_data(as_text=True)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/arrivals/none", 404),
        ("/units/none", 404),
        ("/stock/places/none", 404),
        ("/stock/places?after=bm90IG91cnM", 422),
        ("/stock/places?after=WyJhIiwgImIiXQ", 422),
        ("/places?after=WyJhIiwgImIiXQ", 422),
        ("/arrivals?after=WyJhIiwgImIiXQ", 422),
        ("/api/stock/places?after=WyJhIiwgImIiXQ", 422),
        ("/api/stock/places?status=lost", 422),
        ("/api/arrivals?after=WzFd", 422),
        ("/api/arrivals/none", 404),
        ("/api/units/none", 404),
        ("/api/goods/none", 404),
    ],
)
def test_what_is_not_there_or_not_ours_is_said_so(app: Flask, path: str, status: int) -> None:
    assert client_of(app, "supervisor").get(path).status_code == status


def test_an_arrival_is_announced_read_and_closed_over_the_api(floor: Floor, app: Flask) -> None:
    dispatcher, clerk = client_of(app, "dispatcher"), client_of(app, "clerk")
    checklist_no = approved_checklist(floor, 480)
    body = {
        "checklist_no": checklist_no,
        "plate": PLATE,
        "pallets": [
            {"sscc": sscc(n), "sku": MILK, "lot": "L1", "expiry": "2028-01-01", "quantity": "240"}
            for n in (1, 2)
        ],
    }
    once = {**csrf(dispatcher), "Idempotency-Key": "plan-1"}
    made = dispatcher.post("/api/arrivals", json=body, headers=once)
    assert made.status_code == 201, made.get_json()
    again = dispatcher.post("/api/arrivals", json=body, headers=once)
    assert again.get_json() == made.get_json()
    number = made.get_json()["arrival_no"]
    shut = clerk.post(f"/api/arrivals/{number}/close", json={}, headers=csrf(clerk))
    assert (shut.status_code, shut.get_json()["code"]) == (409, "inbound.not_arrived")
    truck_in(floor, type("T", (), {"arrival_no": number})())
    floor.run(inbound.receive, ReceivePallet(SITE, sscc(1), NOW))
    shown = clerk.get(f"/api/arrivals/{number}").get_json()
    assert shown["arrival"]["pallets_received"] == 1
    assert [p["received"] for p in shown["pallets"]] == ["240", "0"]
    differs = clerk.post(f"/api/arrivals/{number}/close", json={}, headers=csrf(clerk))
    assert (differs.status_code, differs.get_json()["code"]) == (409, "inbound.differs")
    closed = clerk.post(
        f"/api/arrivals/{number}/close", json={"differences_accepted": True}, headers=csrf(clerk)
    )
    assert closed.get_json() == {
        "arrival_no": number,
        "differences": [{"sku": MILK, "expected": "480", "received": "240"}],
        "settled": True,
    }
    listed = clerk.get("/api/arrivals?state=closed").get_json()
    assert [row["arrival_no"] for row in listed["arrivals"]] == [number]


@pytest.mark.parametrize(
    "change",
    [
        {"pallets": "none"},
        {"pallets": [{"sscc": 7}]},
        {"plate": "琼A\u202e9Q001"},
        {"plate": "x" * 13},
        {"unknown": 1},
        {"checklist_no": None},
        {"pallets": [{"sscc": ONE, "sku": MILK, "quantity": "-1"}]},
        {"pallets": [{"sscc": ONE, "sku": MILK, "quantity": "9" * 30}]},
        {"pallets": [{"sscc": ONE, "sku": MILK, "quantity": "1", "expiry": "01/02/2028"}]},
        {"pallets": [{"sscc": ONE, "sku": MILK, "quantity": "1", "lot": "a\x00b"}]},
        {"pallets": []},
    ],
)
def test_a_bad_announcement_is_refused_and_leaves_nothing(
    floor: Floor, app: Flask, change: dict[str, object]
) -> None:
    client = client_of(app, "dispatcher")
    body = {
        "checklist_no": approved_checklist(floor, 10),
        "plate": PLATE,
        "pallets": [{"sscc": ONE, "sku": MILK, "quantity": "10"}],
    }
    answer = client.post("/api/arrivals", json=body | change, headers=csrf(client))
    assert answer.status_code == 422, answer.get_json()
    assert answer.get_json()["message"]
    assert client.get("/api/arrivals").get_json()["arrivals"] == []


def test_who_may_not_is_told_so(floor: Floor, app: Flask) -> None:
    floor.pallet(ONE)
    dispatcher = client_of(app, "dispatcher")
    for path, body in (
        (f"/api/units/{ONE}/moves", {"to_place": "SG-01"}),
        (f"/api/units/{ONE}/holds", {"held": True, "reason": "x"}),
        ("/api/arrivals/AR1/close", {}),
    ):
        assert dispatcher.post(path, json=body, headers=csrf(dispatcher)).status_code == 403
    clerk = client_of(app, "clerk")
    assert clerk.post("/api/arrivals", json={}, headers=csrf(clerk)).status_code == 403
    assert app.test_client().get("/api/stock/goods").status_code == 401


def test_units_are_moved_and_held_over_the_api(floor: Floor, app: Flask) -> None:
    floor.pallet(ONE)
    floor.pallet(TWO, sku="ME1-0017")
    clerk = client_of(app, "clerk")
    keys = {**csrf(clerk), "Idempotency-Key": "move-1"}
    for _ in range(2):
        moved = clerk.post(f"/api/units/{ONE}/moves", json={"to_place": "BK-A-01-1"}, headers=keys)
        assert moved.get_json() == {"number": ONE, "source": "DK-01", "target": "BK-A-01-1"}
    assert len(floor.ask(queries.history, ONE)) == 2
    warm = clerk.post(
        f"/api/units/{TWO}/moves", json={"to_place": "BK-A-01-2"}, headers=csrf(clerk)
    )
    assert (warm.status_code, warm.get_json()["code"]) == (409, "stock.too_warm")
    held = clerk.post(
        f"/api/units/{ONE}/holds", json={"held": True, "reason": "check"}, headers=csrf(clerk)
    )
    assert held.get_json() == {"pieces": "240"}
    blank = clerk.post(
        f"/api/units/{ONE}/holds", json={"held": True, "reason": "  "}, headers=csrf(clerk)
    )
    assert blank.status_code == 422
    unit = clerk.get(f"/api/units/{ONE}").get_json()
    assert (unit["place"], unit["contents"][0]["status"]) == ("BK-A-01-1", "held")
    (row,) = [r for r in clerk.get("/api/stock/goods").get_json()["goods"] if r["sku"] == MILK]
    assert (row["held"], row["total"]) == ("240", "240")
    places = clerk.get("/api/stock/places?zone=bulk").get_json()["places"]
    assert [(p["place"], p["held"]) for p in places] == [("BK-A-01-1", "240")]
    assert len(clerk.get("/api/places").get_json()["places"]) == 400
    assert clerk.get("/api/goods?q=Muhe").get_json()["goods"]


def test_an_arrival_is_closed_on_its_page(floor: Floor, app: Flask) -> None:
    clerk = client_of(app, "clerk")
    truck = planned_truck(floor, 1)
    path = f"/arrivals/{truck.arrival_no}"
    assert 'aria-disabled="true"' in clerk.get(path).get_data(as_text=True)
    truck_in(floor, truck)
    floor.run(inbound.receive, ReceivePallet(SITE, truck.pallets[0], NOW, q(239)))
    token = csrf(clerk)["X-CSRF"]
    stays = clerk.post(f"{path}/close", data={"csrf": token, "key": "c1"})
    assert stays.status_code == 409
    assert "239" in stays.get_data(as_text=True)
    gone = clerk.post(
        f"{path}/close", data={"csrf": token, "key": "c2", "differences_accepted": "1"}
    )
    assert (gone.status_code, gone.headers["Location"]) == (303, path)


def test_a_sealed_unit_shows_its_seal(floor: Floor, app: Flask) -> None:
    floor.pallet(ONE)
    floor.run(service.freeze, Freeze(SITE, ONE, frozen=True))
    text = client_of(app, "clerk").get(f"/units/{ONE}").get_data(as_text=True)
    assert "s-held" in text
