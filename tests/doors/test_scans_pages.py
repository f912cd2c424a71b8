"""Scan screens over HTTP: any scan gets an answer, once, in the person's language."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from scan_demo import SHELVE, SIGN
from signed_in import SITE, Watch, application_over, client_of, csrf_of
from sqlalchemy import text

AT = "2026-11-22T01:00:00Z"


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def app(demo_url, watch):
    with application_over(demo_url, watch, [SHELVE, SIGN]) as app:
        yield app


@pytest.fixture
def clerk(app):
    return Scanner(client_of(app, "clerk"))


class Scanner:
    """A PDA of the tests: posts scans as the page's script does."""

    def __init__(self, client):
        self.client = client
        self.csrf = csrf_of(client, "/account")

    def post(self, code, *, op=None, at=AT, task="shelve"):
        return self.send({"op": op or str(uuid.uuid1()), "code": code, "at": at}, task)

    def send(self, body, task="shelve"):
        return self.client.post(
            f"/scan/{task}/read",
            data=body if isinstance(body, bytes) else json.dumps(body),
            content_type="application/json",
            headers={"X-CSRF": self.csrf, "Accept": "application/json"},
        )

    def scan(self, code, **more):
        response = self.post(code, **more)
        assert response.status_code == 200, response.get_data(as_text=True)
        return response.get_json()


def rows(app, query):
    with app.extensions["wiring"].doorway.engine_for(SITE).connect() as connection:
        return connection.execute(text(query)).all()


def test_a_scan_is_answered_in_words_and_moves_the_person_on(clerk):
    first = clerk.scan("BOX-0417")
    assert (first["outcome"], first["say"]) == ("accepted", "已拿 1 箱")
    assert first["prompt"] == {"icon": "place", "text": "扫库位", "help": None, "big": "A-03-12"}
    assert first["job"] == {"title": "扫库位", "done": 0, "total": 3, "unit": "箱"}
    second = clerk.scan("A-03-12")
    assert second["say"] == "BOX-0417 已放 A-03-12"
    assert second["job"]["done"] == 1
    assert second["prompt"]["text"] == "扫箱标签"


def test_the_same_scan_in_english(clerk):
    clerk.client.set_cookie("bh_language", "en")
    assert clerk.scan("BOX-0417")["say"] == "1 box taken"


def test_a_scan_delivered_twice_gets_the_same_answer_and_happens_once(clerk, app):
    op = "01932f6e-5a7b-7c3d-8e9f-0a1b2c3d4e5f"
    first = clerk.scan("BOX-0417", op=op)
    assert clerk.scan("BOX-0417", op=op) == first
    assert rows(app, "SELECT count(*) FROM scan_log") == [(1,)]
    reused = clerk.post("BOX-0418", op=op)
    assert (reused.status_code, reused.get_json()["code"]) == (409, "doorway.key_reused")


def test_two_people_may_use_the_same_id(clerk, app):
    other = Scanner(client_of(app, "supervisor"))
    op = "01932f6e-5a7b-7c3d-8e9f-0a1b2c3d4e5f"
    clerk.scan("BOX-0417", op=op)
    assert other.scan("BOX-0900", op=op)["read"] == "BOX-0900"


def test_what_a_room_refuses_is_an_answer_undone_and_logged(clerk, app):
    clerk.scan("BOX-0417")
    answer = clerk.scan("LOCKED")
    assert (answer["outcome"], answer["say"]) == ("not_now", "现在不能做")
    assert answer["meaning"] == "LOCKED 被海关布控，等查验结果"
    assert answer["expected"] == "扫库位"
    assert answer["prompt"]["big"] == "A-03-12"
    assert rows(app, "SELECT outcome FROM scan_log ORDER BY recorded_at") == [
        ("accepted",),
        ("not_now",),
    ]
    assert rows(app, "SELECT count(*) FROM trail WHERE changes::text LIKE '%half done%'") == [(0,)]
    assert clerk.scan("A-03-12")["job"]["done"] == 1, "the box is still in hand"


def test_a_passing_trouble_is_not_an_answer_and_the_scan_may_come_again(clerk, app):
    op = "01932f6e-5a7b-7c3d-8e9f-0a1b2c3d4e5f"
    assert clerk.post("LATER", op=op).status_code == 503
    assert clerk.post("LATER", op=op).status_code == 503
    assert rows(app, "SELECT count(*) FROM scan_log") == [(0,)]


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("BOX\x00417", "BOX\ufffd417"),
        ("BOX\u202e714", "BOX\ufffd714"),
        ("BOX\ud800", "BOX\ufffd"),
        ("x" * 10_000, "x" * 512 + "…"),
        ("", ""),
        ("\n\t ", ""),
        ("箱\u200b子", "箱\ufffd子"),
    ],
)
def test_a_hostile_code_is_an_unknown_one_shown_harmless(clerk, app, code, shown):
    answer = clerk.scan(code)
    assert (answer["outcome"], answer["read"]) == ("unknown_code", shown)
    assert answer["meaning"] == "码不完整，或含有看不见的字符"
    assert answer["expected"] == "扫箱标签"
    assert rows(app, "SELECT code, outcome FROM scan_log") == [(shown, "unknown_code")]


def test_the_separator_of_gs1_reaches_the_task(clerk, app):
    assert clerk.scan("BOX01069\x1d10L7")["outcome"] == "accepted"
    assert rows(app, "SELECT code FROM scan_log") == [("BOX01069\x1d10L7",)]


def test_a_late_scan_is_taken_with_both_times(clerk, app, watch):
    watch.wait(hours=2)
    other = Scanner(client_of(app, "clerk"))
    other.scan("BOX-0417", at="2026-11-22T09:00:05+08:00")
    found = rows(app, "SELECT happened_at::text, recorded_at::text FROM scan_log")
    assert found == [("2026-11-22 01:00:05+00", "2026-11-22 03:00:00+00")]


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        None,
        "BOX",
        {"op": "x", "code": "BOX", "at": AT},
        {"op": str(uuid.UUID(int=1)), "code": "BOX", "at": "yesterday"},
        {"op": str(uuid.UUID(int=1)), "code": 5, "at": AT},
        {"op": str(uuid.UUID(int=1)), "code": "x" * 12_001, "at": AT},
        {"op": str(uuid.UUID(int=1)), "code": "BOX", "at": AT, "more": 1},
    ],
)
def test_what_is_no_scan_is_refused_as_a_whole(clerk, body):
    response = clerk.send(body)
    assert response.status_code == 422
    assert response.get_json()["code"] == "scans.read_malformed"


def test_broken_json_is_refused_and_no_fault(clerk):
    assert clerk.send(b"{").status_code == 400


def test_tasks_are_listed_and_opened_by_permission(clerk, app):
    page = clerk.client.get("/scan").get_data(as_text=True)
    assert "/scan/shelve" in page
    assert "/scan/sign" not in page
    assert clerk.client.get("/scan/sign").status_code == 403
    assert clerk.post("BOX", task="sign").get_json()["code"] == "scans.task_forbidden"
    assert clerk.client.get("/scan/nothing").status_code == 404
    assert clerk.post("BOX", task="nothing").get_json()["code"] == "scans.task_unknown"
    assert client_of(app, "customs").get("/scan").status_code == 403


def test_the_page_opens_where_the_person_stands_with_the_last_five(clerk):
    assert "扫箱标签" in clerk.client.get("/scan/shelve").get_data(as_text=True)
    for number in range(7):
        clerk.scan(f"BOX-{number:04}")
        clerk.scan("OTHER")
    page = clerk.client.get("/scan/shelve").get_data(as_text=True)
    assert "A-03-12" in page
    assert page.count('"code":') == 5


def test_nobody_scans_without_signing_in(app):
    client = app.test_client()
    response = client.post("/scan/shelve/read", json={}, headers={"Accept": "application/json"})
    assert response.status_code == 401
    page = client.get("/scan/shelve")
    assert page.status_code == 303
    assert page.location == "/badge?next=/scan/shelve"


def test_sixty_scans_of_one_person_from_two_devices_do_not_mix(app):
    """Each device scans box and shelf in turns; together they may only alternate strictly."""
    devices = [Scanner(client_of(app, "clerk")) for _ in range(2)]

    def work(device):
        return [device.scan(code)["outcome"] for _ in range(15) for code in ("BOX-1", "A-1")]

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, devices))
    accepted = rows(
        app, "SELECT code FROM scan_log WHERE outcome = 'accepted' ORDER BY recorded_at, op"
    )
    taken = sum(code.startswith("BOX") for (code,) in accepted)
    [(state,)] = rows(app, "SELECT state FROM scan_state")
    in_hand = 1 if "box" in state else 0
    assert len(rows(app, "SELECT 1 FROM scan_log")) == 60
    assert taken == len(accepted) - taken + in_hand
    assert state["done"] == taken - in_hand
