"""The gate in a real browser: at its sizes, in both languages, and alive without reloading."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from accessible import assert_accessible
from gate_site import PLATE, SEAL, SITE, Gate, Seen, gate_site
from signed_in import PASSWORD, application_over
from werkzeug.serving import make_server

from wms.db.transaction import Doorway
from wms.gate.terms import CrossingState
from wms.kernel.clock import SYSTEM_CLOCK
from wms.seals.service import AffixSeal, ReportSeal, affix, report
from wms.seals.terms import SealEventKind, TamperCause

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 360, "height": 640}
PICTURES = os.environ.get("BONDHOUSE_PICTURES")  # noqa: TID251 - where a person looks at them


@pytest.fixture
def gate(demo_url: str) -> Iterator[Gate]:
    with gate_site(demo_url) as found:
        real = Doorway(found.doorway.engine_for(SITE), SYSTEM_CLOCK)
        yield Gate(real, found.actor, SYSTEM_CLOCK, found.url)


@pytest.fixture
def address(gate: Gate) -> Iterator[str]:
    with application_over(gate.url, SYSTEM_CLOCK) as app:
        server = make_server("127.0.0.1", 0, app, threaded=True)
        app.config["PUBLIC_URL"] = f"http://127.0.0.1:{server.port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield app.config["PUBLIC_URL"]
        server.shutdown()
        thread.join()
        server.server_close()


def signed_in(chromium: Any, address: str, size: dict[str, int], language: str = "zh") -> Any:
    context = chromium.new_context(viewport=size, base_url=address)
    context.add_cookies([{"name": "bh_language", "value": language, "url": address}])
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("input[name=login]", "supervisor")
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button")
    return page


def look(page: Any, name: str) -> None:
    """Keep a picture for a person, and ask axe."""
    if PICTURES:
        page.wait_for_timeout(250)
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
    wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wide) <= 0, f"{name} is wider than its window"
    assert_accessible(page)


def busy(gate: Gate) -> str:
    """Let vehicles of every kind come by; return the id of one that waits."""
    gate.approved(seal_no=SEAL)
    gate.run(affix, AffixSeal(SITE, SEAL, PLATE, "L1"))
    gate.drive("p1", Seen(seal=SEAL))
    gate.through("p1")
    gate.drive("p2", Seen(plate="沪A9Q007", card=""), lane="HAKL02OU02")
    tampered = SealEventKind.TAMPERED
    gate.run(report, ReportSeal(SITE, SEAL, tampered, SYSTEM_CLOCK.now(), cause=TamperCause.CUT))
    gate.drive("p3", Seen(kg=None), lane="HAKL01OU01")
    gate.approved()
    return str(gate.drive("p4", Seen(kg="5000.5", seal="CN99DM000002", sure=False)).crossing_id)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_pages_at_their_sizes(chromium: Any, gate: Gate, address: str, language: str) -> None:
    page = signed_in(chromium, address, DESK, language)
    for name in ("gate", "release-sheets", "seals"):
        page.goto(f"/{name}")
        look(page, f"{name}-empty-{language}")
    waiting = busy(gate)
    crossings = gate.crossing("p1").crossing_id
    paths = {
        "gate": "/gate",
        "crossings": "/gate/crossings",
        "crossing-waiting": f"/gate/crossings/{waiting}",
        "crossing-passed": f"/gate/crossings/{crossings}",
        "sheets": "/release-sheets",
        "sheet": f"/release-sheets/{gate.crossing('p1').sheet_no}",
        "seals": "/seals",
        "seal": f"/seals/{SEAL}",
    }
    for name, path in paths.items():
        page.goto(path)
        look(page, f"{name}-{language}")
    page.set_viewport_size(PHONE)
    page.goto(f"/gate/crossings/{waiting}")
    look(page, f"crossing-phone-{language}")
    page.context.close()


def test_a_truck_appears_without_reloading_and_is_decided(
    chromium: Any, gate: Gate, address: str
) -> None:
    page = signed_in(chromium, address, DESK)
    page.goto("/gate")
    page.evaluate("window.loaded_once = true")
    gate.approved()
    gate.drive("p1", Seen(kg="5000"))
    page.wait_for_selector("text=扣停", timeout=10_000)
    assert page.evaluate("window.loaded_once")
    page.click("text=去处理")
    page.fill("textarea[name=reason]", "满油箱，已重磅")
    page.click("button[value=release]")
    page.wait_for_selector("text=放行中")
    assert gate.crossing("p1").state is CrossingState.CLEARED
    page.context.close()
