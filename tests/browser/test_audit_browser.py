"""Board, reconciliation and search in a real browser: accessible, within the screen, alive."""

import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from accessible import assert_accessible
from audit_day import Day, noon
from gate_site import PLATE, SITE, Gate, gate_site
from werkzeug.serving import make_server

from wms.access.service.demo import PASSWORD
from wms.gate import service as gate_service
from wms.gate.service import RuleCrossing
from wms.gate.terms import Ruling

sys.path.append(str(Path(__file__).parents[1] / "doors"))
from signed_in import application_over

DESK = {"width": 1440, "height": 900}


@pytest.fixture
def gate(demo_url: str) -> Iterator[Gate]:
    with gate_site(demo_url) as gate:
        yield gate


@pytest.fixture
def url(gate: Gate) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, None, threaded=True)
    address = f"http://127.0.0.1:{server.port}"
    with application_over(gate.url, gate.clock, public_url=address) as app:
        server.app = app
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield address
        server.shutdown()
        server.server_close()


def signed_in(
    chromium: Any, url: str, language: str = "zh", theme: str = "light", login: str = "supervisor"
) -> Any:
    context = chromium.new_context(viewport=DESK)
    cookies = {"bh_language": language, "bh_theme": theme}
    context.add_cookies([{"name": n, "value": v, "url": url} for n, v in cookies.items()])
    page = context.new_page()
    page.goto(f"{url}/sign-in")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.click("button.main")
    page.wait_for_url(f"{url}/", wait_until="load")  # the keys are known once the page has loaded
    return page


def stands(page: Any, address: str) -> None:
    """Open a page: no accessibility fault, not wider than the screen."""
    page.goto(address)
    assert_accessible(page)
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{address} is wider than its screen"


@pytest.mark.parametrize(("language", "theme"), [("zh", "light"), ("en", "dark")])
def test_every_page_stands_empty_and_full(
    chromium: Any, gate: Gate, url: str, language: str, theme: str
) -> None:
    page = signed_in(chromium, url, language, theme)
    paths = ("/", "/reconcile", "/reconcile?q=none-like-it", "/find", "/find?q=none", "/find?q=ME1")
    for path in paths:
        stands(page, url + path)
    noon(gate)
    for path in ("/", "/reconcile", f"/find?q={PLATE}"):
        stands(page, url + path)
    page.set_viewport_size({"width": 1000, "height": 800})
    stands(page, url + "/")
    page.context.close()


def test_the_board_follows_the_gate_by_itself(chromium: Any, gate: Gate, url: str) -> None:
    day: Day = noon(gate)
    page = signed_in(chromium, url)
    page.goto(f"{url}/")
    page.wait_for_selector(".banner.s-held")
    stopped = day.gate.crossing("P-1")
    ruling = RuleCrossing(SITE, stopped.crossing_id, Ruling.SEND_BACK, "too heavy")
    gate.run(gate_service.rule_crossing, ruling)
    page.wait_for_selector(".banner.s-held", state="detached", timeout=15_000)
    assert page.url == f"{url}/"
    page.context.close()


def test_a_supervisor_signs_and_sees_the_signature(chromium: Any, gate: Gate, url: str) -> None:
    noon(gate)
    page = signed_in(chromium, url)
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_url(f"{url}/reconcile")
    page.fill("#f-note", "日终")
    page.click("form[action='/reconcile/signatures'] button")
    page.wait_for_selector("#signatures td:has-text('日终')")
    page.fill("#find", "WB-000003")
    page.press("#find", "Enter")
    page.wait_for_url(f"{url}/documents/waybill/**")
    page.context.close()
