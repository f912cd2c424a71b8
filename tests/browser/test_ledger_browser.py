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
THEMES = ("light", "dark")
CORE, LOOKED = 4, 10
"""How many of the pages axe looks at in both languages and themes, and how many at all."""

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


def stands(page: Any, address: str, name: str, *, looked: bool) -> None:
    """Open a page: one heading, not wider than a desk or a phone; `looked`: no fault for axe."""
    page.set_viewport_size(DESK)
    page.goto(address)
    assert page.locator("h1").count() == 1
    if looked:
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
    _fits(page, f"{name}-desk")
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
        "book": f"/books/{BOOK}?q=ME1-000",
        "line": f"{line}?at=2026-11-22T14:01:30&by=value",
        "explain": f"{line}/explain?figure=free",
        "posting": f"/postings/{told.approved}",
        # The rest is made of the same parts: axe looks at these once,
        "close": f"/books/{BOOK}/periods/new?through=2026-11-21",
        "seal": "/seal",
        "statement": f"/postings/{told.stated}",
        "periods": f"/books/{BOOK}/periods",
        "reservations": f"{line}/reservations",
        "unknown": "/postings/00000000-0000-7000-8000-000000000000",
        # and at these not at all.
        "books": "/books",
        "book-none": f"/books/{BOOK}?q=none-like-it&stock=1",
        "period": f"/books/{BOOK}/periods/2026-10-31",
        "close-refused": f"/books/{BOOK}/periods/new?through=2026-10-01",
    }


def test_every_page_of_the_ledger_stands_in_both_languages(chromium: Any, site: Running) -> None:
    page = signed_in(chromium, site, "en", "dark")
    stands(page, "/seal", "seal-empty-en", looked=True)
    page.context.close()
    site.app.config["SEAL_KEY_FILE"] = site.books.key_file.path
    paths = paths_of(story(site.books))
    for language, theme in zip(("zh", "en"), THEMES, strict=True):
        page = signed_in(chromium, site, language, theme)
        for place, (name, path) in enumerate(paths.items()):
            turn = place < LOOKED and theme == THEMES[place % 2]
            stands(page, path, f"{name}-{language}", looked=place < CORE or turn)
        page.context.close()


def test_from_book_to_posting_by_keys_alone(chromium: Any, site: Running) -> None:
    told = story(site.books)
    line = f"/books/{BOOK}/lines/{told.line.line_no}"
    page = signed_in(chromium, site, "en")
    keys = page.keyboard

    def led_to(path: str) -> None:
        page.wait_for_url(f"{site.url}{path}", wait_until="load")

    for key in "gb":
        keys.press(key)
    led_to("/books")
    keys.press("j")
    assert page.evaluate("document.activeElement.innerText") == BOOK
    keys.press("Enter")
    led_to(f"/books/{BOOK}")
    keys.press("/")
    keys.type("ME1-0001")
    keys.press("Enter")
    led_to(f"/books/{BOOK}?q=ME1-0001")
    keys.press("j")
    keys.press("Enter")
    led_to(line)
    keys.press("a")
    assert page.evaluate("document.activeElement.id") == "f-at"
    keys.press("Escape")
    keys.press("x")
    led_to(f"{line}/explain")
    for key in ("j", "j", "Enter"):  # past the closing, to the first group
        keys.press(key)
    page.wait_for_url(f"{site.url}{line}?kind=checklist&**", wait_until="load")
    keys.press("j")
    keys.press("Enter")
    page.wait_for_url(f"{site.url}/postings/*", wait_until="load")
    with page.expect_download() as proof:
        keys.press("d")
    assert proof.value.suggested_filename.endswith(".proof.json")
    keys.press("?")
    assert page.locator("#keys[open]").inner_text().count("proof") == 1
    page.context.close()
