"""Pages of documents and letters in a real browser: accessible, and no wider than their screen."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from accessible import assert_accessible
from clearance_site import CREAM, MILK, SITE, Office, office, verdict
from signed_in import PASSWORD, application_over
from werkzeug.serving import make_server

from wms.clearance.service import (
    AmendChecklist,
    AmendedLine,
    FileChecklist,
    GoodsLine,
    amend_checklist,
    file_checklist,
)
from wms.customs import queries as customs
from wms.customs.service import IncomingFile, TakeIn, take_in
from wms.kernel.blob import Blob
from wms.kernel.clock import SYSTEM_CLOCK
from wms.kernel.quantity import Quantity

HOSTILE = (
    b'<CEB622Message guid="x"><InventoryReturn><copNo>RL1</copNo></InventoryReturn></CEB622Message>'
)


@pytest.fixture
def site(demo_url: str) -> Iterator[Office]:
    with office(demo_url) as found:
        yield found


@pytest.fixture
def paths(site: Office) -> list[str]:
    """Return the addresses of pages with something of everything on them."""
    site.bring_in((MILK, 40), (CREAM, 20))
    lists = [site.declared(number, (MILK, 2), (CREAM, 1)) for number in range(1, 4)]
    site.told(lists[0], "2", "120", "800")
    site.told(lists[1], "120", "500")
    site.told(lists[2], "120", "100")
    order, payment, waybill = site.papers(20, (MILK, 1))
    site.deliver(order, replace(payment, amount_paid=Decimal(1)), waybill)
    out = site.run(file_checklist, FileChecklist(SITE, "8", lists=(lists[0],)))
    goods = (GoodsLine(MILK, Quantity.of(240), Decimal("98.5")),)
    inbound = site.run(file_checklist, FileChecklist(SITE, "0", goods, transport_mode="2"))
    site.hear(verdict(inbound.inner_no))
    counted = (AmendedLine(MILK, Quantity.of(238)),)
    site.run(amend_checklist, AmendChecklist(SITE, inbound.inner_no, counted, "2 short"))
    site.run(take_in, TakeIn(SITE, (IncomingFile("x.xml", Blob(HOSTILE), len(HOSTILE)),)))
    bad = site.ask(customs.letters, "in")[0].letter_id
    sent = site.ask(customs.letters, "out")[-1].letter_id
    return [
        "/documents",
        "/documents?kind=list&state=held",
        "/documents?kind=order&q=nothing",
        f"/documents/order/{order.ebp_code}/{order.order_no}",
        *(f"/documents/list/{cop_no}" for cop_no in lists),
        f"/documents/checklist/{out.inner_no}",
        f"/documents/checklist/{inbound.inner_no}",
        "/checklists/new",
        "/letters",
        "/letters?way=in",
        f"/letters/in/{bad}",
        f"/letters/out/{sent}",
    ]


@pytest.mark.parametrize(("language", "theme"), [("zh", "light"), ("en", "dark")])
def test_axe_finds_nothing(
    chromium: Any, site: Office, paths: list[str], language: str, theme: str
) -> None:
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    with application_over(site.url, SYSTEM_CLOCK) as app:
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        address = f"http://127.0.0.1:{server.server_port}"
        try:
            page.goto(f"{address}/sign-in")
            page.fill("[name=login]", "customs")
            page.fill("[name=password]", PASSWORD)
            page.click("main button")
            for name, value in (("bh_language", language), ("bh_theme", theme)):
                context.add_cookies([{"name": name, "value": value, "url": address}])
            for path in paths:
                page.goto(address + path)
                assert_accessible(page)
                wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
                assert wide <= 0, f"{path} is wider than its screen"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
            context.close()
