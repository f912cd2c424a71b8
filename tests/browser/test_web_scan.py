"""The handheld in a real browser: however a scan arrives and the link behaves, none is lost."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from scan_server import CLERK_TWO, ScanServer, running

GS = "\u001d"


@pytest.fixture
def server() -> Iterator[ScanServer]:
    with running() as server:
        yield server


@pytest.fixture
def page(chromium: Any, server: ScanServer) -> Iterator[Any]:
    context = chromium.new_context(
        viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True, locale="zh-CN"
    )
    context.add_init_script("navigator.vibrate = (p) => { window.shaken = p; return true; }")
    page = context.new_page()
    page.goto(f"{server.url}/scan/receive")
    page.wait_for_selector(".ready.on")
    yield page
    context.close()


def wait_for(what: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def scan(page: Any, code: str) -> None:
    page.keyboard.insert_text(code)
    page.keyboard.press("Enter")


def kept_offline(page: Any) -> None:
    """Wait until the page can be loaded again without a server."""
    page.evaluate(
        """async () => {
            await navigator.serviceWorker.ready;
            while (!(await caches.match('/scan/receive')))
                await new Promise(r => setTimeout(r, 50));
        }"""
    )


def unsent(page: Any) -> int:
    return int(page.inner_text("#unsent b"))


def test_fifty_scans_offline_a_reload_and_ten_more_arrive_once_each(
    page: Any, server: ScanServer
) -> None:
    kept_offline(page)
    server.stop()
    codes = [f"LPN-{n:04d}" for n in range(60)]
    for code in codes[:50]:
        scan(page, code)
    page.wait_for_selector("#unsent b:text-is('50')")
    page.wait_for_selector("#link.off")
    assert "50 次扫描待发" in page.inner_text("#waiting")

    page.reload()
    page.wait_for_selector(".ready.on")
    page.wait_for_selector("#unsent b:text-is('50')")
    for code in codes[50:]:
        scan(page, code)
    page.wait_for_selector("#unsent b:text-is('60')")

    server.start()
    wait_for(lambda: len(server.rows) == 60, 15)
    assert server.codes == codes
    page.wait_for_selector("#unsent b:text-is('0')")
    page.wait_for_selector("#link:not(.off)")
    assert page.is_hidden("#waiting")


def test_a_lost_answer_makes_two_posts_and_one_row(page: Any, server: ScanServer) -> None:
    server.lose_next = True
    scan(page, "LPN-0417")
    wait_for(lambda: server.posts == 2)
    page.wait_for_selector("#result.s-ok")
    assert server.codes == ["LPN-0417"]
    assert unsent(page) == 0


def test_text_without_any_key_is_a_scan_with_and_without_enter(
    page: Any, server: ScanServer
) -> None:
    page.keyboard.insert_text("LPN-0001")
    wait_for(lambda: server.codes == ["LPN-0001"])
    page.keyboard.insert_text("LPN-0002\n")
    wait_for(lambda: server.codes == ["LPN-0001", "LPN-0002"])
    page.keyboard.insert_text("LPN-0003\nLPN-0004\n")
    wait_for(lambda: server.codes[2:] == ["LPN-0003", "LPN-0004"])
    page.keyboard.insert_text("LPN-0005")
    wait_for(lambda: server.codes[4:] == ["LPN-0005"])


def test_after_the_focus_was_lost_a_tap_makes_the_next_scan_whole(
    page: Any, server: ScanServer
) -> None:
    page.evaluate("document.activeElement.blur()")
    page.wait_for_selector(".ready:not(.on)")
    assert "点一下再扫" in page.inner_text(".ready")
    page.tap(".prompt")
    page.wait_for_selector(".ready.on")
    page.keyboard.type("LPN-0417\n")
    wait_for(lambda: server.codes == ["LPN-0417"])


def test_keys_typed_outside_any_field_reach_the_sink(page: Any, server: ScanServer) -> None:
    page.evaluate("document.activeElement.blur()")
    page.keyboard.type("LPN-0417\n")
    wait_for(lambda: server.codes == ["LPN-0417"])


@pytest.mark.parametrize("form", [GS, "Control+]", "F8"])
def test_the_separator_of_gs1_is_one_character_however_it_comes(
    page: Any, server: ScanServer, form: str
) -> None:
    page.keyboard.type("0106921830055715")
    if form == GS:
        page.keyboard.insert_text(GS)
    else:
        page.keyboard.press(form)
    page.keyboard.type("10B260815\n")
    wait_for(lambda: server.codes == [f"0106921830055715{GS}10B260815"])


def test_slow_keys_are_one_scan_and_six_scans_back_to_back_are_six(
    page: Any, server: ScanServer
) -> None:
    page.keyboard.type("LPN-0417", delay=60)
    page.keyboard.press("Enter")
    wait_for(lambda: server.codes == ["LPN-0417"])
    page.keyboard.type("".join(f"LPN-{n}\n" for n in range(6)))
    wait_for(lambda: server.codes[1:] == [f"LPN-{n}" for n in range(6)])


def test_first_keys_real_and_the_rest_from_an_input_method_are_one_scan(
    page: Any, server: ScanServer
) -> None:
    page.keyboard.type("LPN")
    page.evaluate(
        """document.activeElement.dispatchEvent(
            new KeyboardEvent('keydown', {key: 'Unidentified', keyCode: 229, bubbles: true}))"""
    )
    page.keyboard.insert_text("-0417")
    wait_for(lambda: server.codes == ["LPN-0417"])


def test_tab_ends_a_scan_and_enter_alone_is_none(page: Any, server: ScanServer) -> None:
    page.keyboard.press("Enter")
    page.keyboard.type("LPN-0417")
    page.keyboard.press("Tab")
    wait_for(lambda: server.codes == ["LPN-0417"])
    assert page.evaluate("document.activeElement.id") == "sink"
    assert server.posts == 1


@pytest.mark.parametrize(
    ("code", "body", "shaken"),
    [
        ("BAD", "pda out-code s-unknown", [60, 60, 60]),
        ("KIND", "pda out-kind s-warning", [120, 80, 120]),
        ("OTHER", "pda out-other s-refused", [400]),
        ("NOW", "pda out-now s-held", [200, 100, 400]),
    ],
)
def test_a_negative_outcome_fills_the_screen_until_escape(
    page: Any, code: str, body: str, shaken: list[int]
) -> None:
    scan(page, code)
    page.wait_for_selector("#result[role=alert]")
    assert page.get_attribute("body", "class") == body
    assert page.evaluate("window.shaken") == shaken
    assert page.is_visible("[data-read]")
    assert page.is_visible("[data-expected]")
    page.keyboard.press("Escape")
    assert page.get_attribute("body", "class") == "pda"
    assert page.is_hidden("#result")


def test_again_burns_out_by_itself(page: Any) -> None:
    scan(page, "TWICE")
    page.wait_for_selector("#result .fuse:not([hidden])")
    page.wait_for_selector("#result", state="hidden", timeout=7000)


def test_the_key_row_sends_commands_and_gives_the_focus_back(page: Any, server: ScanServer) -> None:
    page.tap("[data-press=undo]")
    page.keyboard.press("F3")
    page.keyboard.press("F2")
    page.keyboard.type("12\n")
    wait_for(lambda: server.codes == ["CMD-UNDO", "CMD-EXCEPTION", "QTY:12"])
    page.tap("[data-press=keyboard]")
    assert page.evaluate("document.activeElement.inputMode") == "text"
    page.keyboard.press("F4")
    assert page.evaluate("document.activeElement.inputMode") == "none"


def test_a_code_scanned_into_the_number_field_is_a_scan(page: Any, server: ScanServer) -> None:
    page.keyboard.press("F2")
    page.keyboard.type("LPN-0417\n")
    wait_for(lambda: server.codes == ["LPN-0417"])


def test_a_code_read_twice_in_one_says_what_is_wrong_with_the_scanner(page: Any) -> None:
    page.route(
        "**/read",
        lambda route: route.fulfill(
            json={"outcome": "unknown_code", "say": "不认识的码", "read": "43542104354210"}
        ),
    )
    scan(page, "43542104354210")
    page.wait_for_selector("#result[role=alert]")
    assert "开了两个输出" in page.inner_text("#result")


def test_when_the_session_ends_scans_stay_and_the_page_says_so(
    page: Any, server: ScanServer
) -> None:
    server.signed_in = False
    scan(page, "LPN-0417")
    page.wait_for_selector("#signed-out:not([hidden])")
    assert unsent(page) == 1
    server.signed_in = True
    page.reload()
    wait_for(lambda: server.codes == ["LPN-0417"])


def test_the_link_is_not_called_offline_before_an_exchange_failed(
    page: Any, server: ScanServer
) -> None:
    page.wait_for_timeout(300)
    server.stop()
    assert page.is_visible("#link:not(.off)")
    scan(page, "LPN-0417")
    page.wait_for_selector("#link.off")
    server.start()
    page.wait_for_selector("#link:not(.off)")
    wait_for(lambda: server.codes == ["LPN-0417"])


def test_what_the_server_will_never_take_is_kept_for_the_supervisor(
    page: Any, server: ScanServer
) -> None:
    scan(page, "GONE")
    scan(page, "LPN-0417")
    wait_for(lambda: "LPN-0417" in server.codes)
    page.reload()
    page.wait_for_selector("#rejected:not([hidden])")
    page.click("#rejected summary")
    assert "GONE 没有这项任务" in page.inner_text("#rejected")
    page.click("#rejected button")
    page.wait_for_selector("#rejected", state="hidden")
    page.reload()
    page.wait_for_selector(".ready.on")
    assert page.is_hidden("#rejected")


def test_a_device_that_cannot_keep_a_scan_says_that_it_was_not_taken(page: Any) -> None:
    page.evaluate(
        """() => { IDBObjectStore.prototype.add = () => {
            throw new DOMException('', 'QuotaExceededError'); }; }"""
    )
    scan(page, "LPN-0417")
    page.wait_for_selector("#result[role=alert]")
    assert "存不下" in page.inner_text("#result")


def test_another_person_does_not_send_these_scans(page: Any, server: ScanServer) -> None:
    kept_offline(page)
    server.stop()
    scan(page, "LPN-0417")
    page.wait_for_selector("#link.off")
    server.person = CLERK_TWO
    server.start()
    page.goto(f"{server.url}/scan/receive")
    page.wait_for_selector(".ready.on")
    assert unsent(page) == 1
    scan(page, "LPN-0500")
    wait_for(lambda: server.codes == ["LPN-0500"])
    wait_for(lambda: unsent(page) == 1)
    assert server.codes == ["LPN-0500"]
