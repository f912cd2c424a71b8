"""Sign-in, account, people and a scan task in a real browser, in both languages."""

import os
import threading
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from accessible import assert_accessible
from scan_demo import SHELVE
from signed_in import PASSWORD, application_over
from sqlalchemy import text
from werkzeug.serving import make_server

from wms.kernel.clock import SYSTEM_CLOCK

DESK = {"width": 1440, "height": 900}
PDA = {"width": 360, "height": 640}
PICTURES = os.environ.get("BONDHOUSE_PICTURES")  # noqa: TID251 - where a person looks at them


@pytest.fixture
def site(demo_url):
    """The address of the whole application, served on a free port."""
    with application_over(demo_url, SYSTEM_CLOCK, [SHELVE]) as app:
        server = make_server("127.0.0.1", 0, app, threaded=True)
        app.config["PUBLIC_URL"] = f"http://127.0.0.1:{server.port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield app.config["PUBLIC_URL"], app.extensions["wiring"].doorway
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def browsing(chromium, site, size, language):
    """Give a page; at its end the page must not have said anything to the console."""
    context = chromium.new_context(viewport=size, base_url=site[0])
    context.add_cookies([{"name": "bh_language", "value": language, "url": site[0]}])
    page = context.new_page()
    said = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else 0)
    try:
        yield page
    finally:
        context.close()
    assert [line for line in said if "status of 4" not in line] == []


def look(page, name):
    """Keep a picture for a person, and ask axe."""
    if PICTURES:
        page.wait_for_timeout(250)
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
    assert_accessible(page)


def sign_in(page, login):
    page.goto("/sign-in")
    page.keyboard.type(login)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: urlsplit(url).path != "/sign-in")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_signing_in_and_the_account_at_a_desk(chromium, site, language):
    with browsing(chromium, site, DESK, language) as page:
        page.goto("/account")
        assert urlsplit(page.url).path == "/sign-in"
        look(page, f"sign-in-{language}")
        page.fill("[name=login]", "clerk")
        page.fill("[name=password]", "wrong-password")
        page.keyboard.press("Enter")
        page.wait_for_selector(".banner.s-refused")
        look(page, f"sign-in-wrong-{language}")
        page.fill("[name=password]", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/account")
        look(page, f"account-{language}")
        page.fill("[name=name]", "ERP")
        page.check("[value='board.see']")
        page.click("form[action='/account/tokens'] button")
        page.wait_for_selector("#secret")
        look(page, f"account-token-{language}")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_people_are_kept_by_an_administrator(chromium, site, language):
    with browsing(chromium, site, DESK, language) as page:
        sign_in(page, "admin")
        page.goto("/people")
        look(page, f"people-{language}")
        page.goto("/people?q=nobody")
        look(page, f"people-none-{language}")
        page.goto("/people")
        page.click("th >> text=clerk")
        page.fill("[name=pin]", "1234")
        page.keyboard.press("Enter")
        page.wait_for_selector(".banner.s-refused")
        look(page, f"person-{language}")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_clerk_signs_in_with_a_badge_and_scans(chromium, site, language):
    with browsing(chromium, site, PDA, language) as page:
        page.goto("/scan")
        assert urlsplit(page.url).path == "/badge"
        look(page, f"badge-{language}")
        page.keyboard.type("B900005\n")
        page.wait_for_selector("[name=pin]")
        look(page, f"badge-pin-{language}")
        page.keyboard.type("0000\n")
        page.wait_for_selector(".strip[role=alert]")
        look(page, f"badge-wrong-{language}")
        page.keyboard.type("4711\n")
        page.wait_for_url("**/scan")
        look(page, f"tasks-{language}")
        page.keyboard.press("1")
        page.wait_for_selector(".ready.on")
        look(page, f"task-{language}")
        for code, outcome in (
            ("BOX-0417", "s-ok"),
            ("A-03-12", "s-ok"),
            ("PALLET-1", "s-warning"),
            ("OTHER", "s-refused"),
            ("LOCKED", "s-held"),
            ("\u200b", "s-unknown"),
        ):
            page.keyboard.insert_text(f"{code}\n")
            page.wait_for_selector(f"#result.{outcome}:not([hidden])")
            look(page, f"task-{code.strip(chr(0x200B)) or 'hostile'}-{language}")
        assert page.text_content("[data-done]") == "1"


def test_sixty_scans_as_fast_as_they_can_be_typed_are_all_kept(chromium, site):
    with browsing(chromium, site, PDA, "zh") as page:
        sign_in(page, "clerk")
        page.goto("/scan/shelve")
        page.wait_for_selector(".ready.on")
        for number in range(30):
            page.keyboard.insert_text(f"BOX-{number}\n")
            page.keyboard.insert_text("A-03-12\n")
        page.wait_for_selector("[data-done]:text-is('30')")
        page.wait_for_selector("[data-count]:text-is('0')")
        with site[1].engine_for(1).connect() as connection:
            found = connection.execute(text("SELECT outcome, count(*) FROM scan_log GROUP BY 1"))
            assert found.all() == [("accepted", 60)]
