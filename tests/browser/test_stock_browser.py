"""The pages of the floor at their size, and receiving and put-away with a scanner, in a browser."""

import os
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from accessible import assert_accessible
from arrivals import planned_truck, sscc, truck_at_dock
from floor import CHEESE, CREAM, NOW, SITE, FixedClock, demo_floor, q
from signed_in import PASSWORD, application_over
from werkzeug.serving import make_server

from wms.inbound import service as inbound
from wms.inbound.terms import CorrectPallet, Difference, ReceivePallet
from wms.stock import queries
from wms.stock.terms import Status

DESK = {"width": 1440, "height": 900}
PDA = {"width": 360, "height": 640}
PICTURES = os.environ.get("BONDHOUSE_PICTURES")  # noqa: TID251 - where a person looks at them


@pytest.fixture
def site(demo_url):
    """The address of the application over a warehouse with goods in it, and that warehouse."""
    with demo_floor(demo_url) as floor, application_over(demo_url, FixedClock()) as app:
        server = make_server("127.0.0.1", 0, app, threaded=True)
        app.config["PUBLIC_URL"] = f"http://127.0.0.1:{server.port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield app.config["PUBLIC_URL"], floor
        server.shutdown()
        thread.join()
        server.server_close()


def stocked(floor):
    """Put goods into the racks and a half unloaded truck at the dock; return that truck."""
    for number, place in ((51, "BK-A-01-1"), (52, "BK-A-01-2"), (53, "BK-A-02-1")):
        floor.pallet(sscc(number), 240)
        floor.move(sscc(number), place)
    floor.pallet(sscc(54), 60, sku=CREAM, status=Status.DAMAGED)
    floor.pallet(sscc(55), 24, sku=CHEESE)
    floor.move(sscc(54), "QC-01")
    floor.move(sscc(55), "CD-J-01-1")
    floor.allocate("O1", 30)
    truck = truck_at_dock(floor, 4)
    for number in truck.pallets[:3]:
        floor.run(inbound.receive, ReceivePallet(SITE, number, NOW))
    short = CorrectPallet(SITE, truck.pallets[0], Difference.SHORT, q(5), NOW)
    floor.run(inbound.correct, short)
    return truck


@contextmanager
def browsing(chromium, site, size, language):
    """Give a page signed in as the clerk; the console must have stayed silent."""
    context = chromium.new_context(viewport=size, base_url=site[0])
    context.add_cookies([{"name": "bh_language", "value": language, "url": site[0]}])
    page = context.new_page()
    said = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else 0)
    try:
        page.goto("/sign-in")
        page.fill("[name=login]", "clerk")
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: "sign-in" not in url)
        said.clear()
        yield page
    finally:
        context.close()
    assert [line for line in said if "status of 4" not in line] == []


def look(page, name):
    """Keep a picture for a person, and ask axe."""
    if PICTURES:
        page.wait_for_timeout(250)
        page.screenshot(path=Path(PICTURES) / f"{name}.png")
    assert_accessible(page)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_desk_pages_of_the_floor(chromium, site, language):
    paths = {
        "stock-places": "/stock/places",
        "stock-bulk": "/stock/places?zone=bulk",
        "stock-none": "/stock/places?zone=returns",
        "stock-goods": "/stock/goods",
        "stock-unit": f"/units/{sscc(51)}",
        "stock-place": "/stock/places/BK-A-01-1",
        "arrivals": "/arrivals",
        "goods": "/goods",
        "places": "/places?zone=dock",
    }
    with browsing(chromium, site, DESK, language) as page:
        for name in ("arrivals", "stock-places"):
            page.goto(paths[name])
            look(page, f"{name}-empty-{language}")
        truck = stocked(site[1])
        for name, path in {**paths, "arrival": f"/arrivals/{truck.arrival_no}"}.items():
            page.goto(path)
            assert page.locator("h1").count() == 1
            look(page, f"{name}-{language}")


def scan(page, code):
    """Read a code as a scanner in keyboard mode does, and wait until its answer is shown.

    Not until the text changes: the question "once more?" goes away by itself after five seconds.
    """
    with page.expect_response(lambda response: response.url.endswith("/read")) as answered:
        page.keyboard.type(code)
        page.keyboard.press("Enter")
    page.wait_for_function(
        """said => !document.querySelector('#result').hidden
             && document.querySelector('#result [data-say]').textContent === said""",
        arg=answered.value.json()["say"],
    )


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_truck_is_received_and_put_away_by_scans_alone(chromium, site, language):
    floor = site[1]
    truck = truck_at_dock(floor, 2)
    other = planned_truck(floor, 1, first=20)
    with browsing(chromium, site, PDA, language) as page:
        page.goto("/scan/receive")
        look(page, f"receive-start-{language}")
        for name, code in (
            ("received", truck.pallets[0]),
            ("came-before", truck.pallets[0]),
            ("other", other.pallets[0]),
            ("unknown", sscc(99)),
            ("kind", "BK-A-01-1"),
            ("short", "CMD-SHORT"),
            ("corrected", "QTY:5"),
            ("done", truck.pallets[1]),
            ("not-now", other.pallets[0]),
        ):
            scan(page, code)
            look(page, f"receive-{name}-{language}")
        assert floor.holds(truck.pallets[0]) == {("ME1-0001", "good"): 235}
        page.goto("/scan/putaway")
        for name, code in (
            ("unit", truck.pallets[0]),
            ("again", "BK-B-05-1"),
            ("stands", "BK-B-05-1"),
        ):
            scan(page, code)
            look(page, f"putaway-{name}-{language}")
    assert floor.ask(queries.where_is, truck.pallets[0]) == "BK-B-05-1"
