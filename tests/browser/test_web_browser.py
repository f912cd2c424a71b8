"""Frames and components in a real browser: accessible in both languages, keys, live regions."""

from collections.abc import Iterator
from typing import Any

import pytest
from accessible import assert_accessible
from scan_server import ScanServer, running

PDA = {"width": 360, "height": 640}
DESK = {"width": 1440, "height": 900}


@pytest.fixture(scope="module")
def server() -> Iterator[ScanServer]:
    with running() as server:
        yield server


@pytest.fixture
def context(chromium: Any) -> Iterator[Any]:
    context = chromium.new_context(viewport=DESK)
    yield context
    context.close()


@pytest.mark.parametrize(("language", "theme"), [("zh", "light"), ("en", "dark")])
@pytest.mark.parametrize(
    ("path", "size", "code"),
    [
        ("/", DESK, ""),
        ("/nothing", DESK, ""),
        ("/other", DESK, ""),
        ("/fault", DESK, ""),
        ("/scan", PDA, ""),
        ("/scan/nothing", PDA, ""),
        ("/scan/receive", PDA, ""),
        ("/scan/receive", PDA, "LPN-0417"),
        ("/scan/receive", PDA, "OTHER"),
        ("/scan/receive", PDA, "KIND"),
        ("/scan/receive", PDA, "TWICE"),
    ],
)
def test_axe_finds_nothing(
    context: Any,
    server: ScanServer,
    path: str,
    size: dict[str, int],
    code: str,
    language: str,
    theme: str,
) -> None:
    page = open_page(context, server, path, language, theme)
    page.set_viewport_size(size)
    if code:
        page.wait_for_selector(".ready.on")
        page.keyboard.type(f"{code}\n")
        page.wait_for_selector("#result:not([hidden])")
        page.wait_for_timeout(200)
    assert_accessible(page)
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, "the page is wider than its screen"


def open_page(
    context: Any, server: ScanServer, path: str, language: str = "zh", theme: str = "light"
) -> Any:
    context.add_cookies(
        [
            {"name": "bh_language", "value": language, "url": server.url},
            {"name": "bh_theme", "value": theme, "url": server.url},
        ]
    )
    page = context.new_page()
    page.goto(server.url + path)
    return page


def test_the_switch_changes_the_language_and_comes_back(context: Any, server: ScanServer) -> None:
    page = open_page(context, server, "/?on=1")
    context.clear_cookies(name="bh_language")
    page.goto(f"{server.url}/?on=1")
    first = page.get_attribute("html", "lang")
    page.click("header a[hreflang]")
    assert page.get_attribute("html", "lang") != first
    assert page.url.endswith("/?on=1")


def test_the_policy_stops_inline_script_and_style(context: Any, server: ScanServer) -> None:
    page = open_page(context, server, "/")
    page.evaluate(
        """() => {
            const bad = document.createElement('script');
            bad.textContent = 'window.ran = true';
            document.body.append(bad);
            document.body.setAttribute('style', 'color: rgb(1, 2, 3)');
        }"""
    )
    assert page.evaluate("window.ran") is None
    assert page.evaluate("getComputedStyle(document.body).color") != "rgb(1, 2, 3)"


def test_keys_move_and_never_act_inside_a_field(context: Any, server: ScanServer) -> None:
    page = open_page(context, server, "/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('tr').rowIndex") == 2
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.closest('tr').rowIndex") == 1
    page.keyboard.press("/")
    page.keyboard.type("?j")
    assert page.input_value("[data-filter]") == "?j"
    assert page.is_hidden("#keys")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert page.is_visible("#keys")
    page.keyboard.press("Escape")
    page.keyboard.type("gt")
    page.wait_for_load_state()
    assert page.url == f"{server.url}/"


def test_letters_can_be_switched_off(context: Any, server: ScanServer) -> None:
    page = open_page(context, server, "/")
    page.keyboard.press("?")
    page.check("[data-keys-off]")
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('table')") is None


def test_a_live_region_changes_alone_and_keeps_the_focus(context: Any, server: ScanServer) -> None:
    server.rows.clear()
    page = open_page(context, server, "/")
    page.focus("#rows_live a")
    page.fill("[data-filter]", "kept")
    page.focus("#rows_live a")
    server.rows["op"] = "LPN-0417"
    page.wait_for_selector("#rows_live a:text-is('1')")
    assert page.evaluate("document.activeElement.textContent") == "1"
    assert page.input_value("[data-filter]") == "kept"
    with page.expect_response(lambda answer: answer.status == 304):
        pass


def test_a_region_that_cannot_be_read_says_so_and_stays(context: Any, server: ScanServer) -> None:
    page = open_page(context, server, "/")
    page.route("**/*", lambda route: route.abort())
    page.wait_for_selector("#rows_live[data-stale]")
    assert page.is_visible("#rows_live a")
    page.unroute("**/*")
    page.wait_for_selector("#rows_live:not([data-stale])")
