"""The ledger's pages in a real browser: accessible, within the screen, by keys alone."""

import os
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from clearance_site import BOOK
from ledger_books import Books, Story, books_site, story
from werkzeug.serving import make_server

from wms.access.service.demo import PASSWORD

sys.path.append(str(Path(__file__).parents[1] / "doors"))
from signed_in import application_over

DESK = {"width": 1440, "height": 900}
SMALL = {"width": 360, "height": 640}
PICTURES = os.environ.get("BONDHOUSE_PICTURES")  # noqa: TID251 - where a person looks at them


@dataclass
class Running:
    """The application at an address, and the books it shows."""

    url: str
    books: Books
    app: Any


@pytest.fixture
def site(demo_url: str, tmp_path: Path) -> Iterator[Running]:
    with books_site(demo_url, tmp_path) as books:
        server = make_server("127.0.0.1", 0, None, threaded=True)
        address = f"http://127.0.0.1:{server.port}"
        with application_over(demo_url, books.gate.clock, public_url=address) as app:
            server.app = app
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
            yield Running(address, books, app)
            server.shutdown()
            server.server_close()


def signed_in(chromium: Any, site: Running, language: str, theme: str = "light") -> Any:
    context = chromium.new_context(viewport=DESK, base_url=site.url)
    cookies = {"bh_language": language, "bh_theme": theme}
    context.add_cookies([{"name": n, "value": v, "url": site.url} for n, v in cookies.items()])
    page = context.new_page()
    page.goto("/sign-in")
    page.fill("[name=login]", "supervisor")
    page.fill("[name=password]", PASSWORD)
    page.click("button.main")
    page.wait_for_url(f"{site.url}/", wait_until="load")
    return page


def stands(page: Any, address: str, name: str, *, small: bool = True) -> None:
    """Open a page: one heading, no accessibility fault, not wider than a desk or a phone."""
    page.set_viewport_size(DESK)
    page.goto(address)
    assert page.locator("h1").count() == 1
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    _fits(page, f"{name}-desk")
    if small:
        page.set_viewport_size(SMALL)
        _fits(page, f"{name}-small")


def _fits(page: Any, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page="small" in name)
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"{name} is {wide} px wider than its screen"


def paths_of(told: Story) -> dict[str, str]:
    line = f"/books/{BOOK}/lines/{told.line.line_no}"
    return {
        "books": "/books",
        "book": f"/books/{BOOK}",
        "book-none": f"/books/{BOOK}?q=none-like-it&stock=1",
        "line": line,
        "line-asof": f"{line}?at=2026-11-22T14:01:30&by=value",
        "line-filtered": f"{line}?kind=list&step=reserve_out",
        "explain": f"{line}/explain?figure=free",
        "reservations": f"{line}/reservations",
        "posting": f"/postings/{told.approved}",
        "statement": f"/postings/{told.stated}",
        "periods": f"/books/{BOOK}/periods",
        "period": f"/books/{BOOK}/periods/2026-10-31",
        "close": f"/books/{BOOK}/periods/new?through=2026-11-21",
        "close-refused": f"/books/{BOOK}/periods/new?through=2026-10-01",
        "seal": "/seal",
        "unknown": "/postings/00000000-0000-7000-8000-000000000000",
    }


@pytest.mark.parametrize(("language", "theme"), [("zh", "light"), ("en", "dark")])
def test_every_page_of_the_ledger_stands(
    chromium: Any, site: Running, language: str, theme: str
) -> None:
    page = signed_in(chromium, site, language, theme)
    stands(page, "/seal", f"seal-empty-{language}", small=False)
    stands(page, f"/books/{BOOK}/periods", f"periods-empty-{language}", small=False)
    site.app.config["SEAL_KEY_FILE"] = site.books.key_file.path
    for name, path in paths_of(story(site.books)).items():
        stands(page, path, f"{name}-{language}")
    page.context.close()
