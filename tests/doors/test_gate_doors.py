"""The gate's and the seals' pages and API: empty and full, in both languages, and who decides."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from gate_site import PLATE, SEAL, SITE, Gate, Seen, gate_site
from signed_in import application_over, client_of, csrf_of

from wms.gate.terms import CrossingState
from wms.kernel.ids import new_id
from wms.seals.service import AffixSeal, ReportSeal, affix, report
from wms.seals.terms import SealEventKind, TamperCause

PATHS = ("/gate", "/gate/crossings", "/release-sheets", "/seals", f"/seals/{SEAL}")
SHEET: dict[str, Any] = {
    "kind": "6",
    "direction": "E",
    "plate": PLATE,
    "vehicle_kg": "4380",
    "gross_kg": "0",
    "net_kg": 0,
    "contact": "示例申请人 13900000000",
}


@pytest.fixture
def gate(demo_url: str) -> Iterator[Gate]:
    with gate_site(demo_url) as found:
        yield found


@pytest.fixture
def app(gate: Gate) -> Iterator[Flask]:
    with application_over(gate.url, gate.clock) as found:
        yield found


def tampered(gate: Gate) -> None:
    gate.run(affix, AffixSeal(SITE, SEAL, PLATE, "load 1"))
    cut = SealEventKind.TAMPERED
    gate.run(report, ReportSeal(SITE, SEAL, cut, gate.clock.now(), cause=TamperCause.CUT))


def api(app: Flask, login: str) -> tuple[FlaskClient, dict[str, str]]:
    client = client_of(app, login)
    return client, {"X-CSRF": csrf_of(client, "/seals")}


def raw_keys(page: str) -> list[str]:
    return re.findall(r"\b(?:gate|seals)\.[a-z_]+\.[a-z_]+", re.sub(r'"[^"]*"', "", page))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("full", [False, True])
def test_every_page_stands_in_both_languages(gate, app, language, full):
    browser = client_of(app, "supervisor")
    browser.set_cookie("bh_language", language)
    paths = list(PATHS)
    if full:
        sheet_no = gate.approved()
        gate.drive("p0", Seen(plate="沪A9Q007", card=""))
        gate.drive("p1", Seen(kg="5000"))
        gate.drive("p2")
        gate.through("p2")
        gate.drive("p3", Seen(kg=None))
        tampered(gate)
        paths += [f"/gate/crossings/{gate.crossing(f'p{n}').crossing_id}" for n in range(4)]
        paths += [f"/release-sheets/{sheet_no}"]
        paths += [f"/gate/crossings?state={state}&q={PLATE}" for state in CrossingState]
        paths += ["/release-sheets?state=approved", "/seals?state=alarm"]
    for path in paths:
        answer = browser.get(path)
        page = answer.get_data(as_text=True)
        assert answer.status_code == 200, (path, page[-2000:])
        assert raw_keys(page) == [], path
        assert f'lang="{"zh-CN" if language == "zh" else "en"}"' in page


def test_the_live_part_is_fetched_alone_and_costs_nothing_while_nothing_happens(gate, app):
    browser = client_of(app, "supervisor")
    first = browser.get("/gate", headers={"X-Fragment": "lanes"})
    assert "<html" not in first.get_data(as_text=True)
    tag = {"X-Fragment": "lanes", "If-None-Match": first.headers["ETag"]}
    assert browser.get("/gate", headers=tag).status_code == 304
    gate.approved()
    gate.drive("p1", Seen(kg="5000"))
    page = browser.get("/gate", headers=tag).get_data(as_text=True)
    assert "扣停" in page
    assert PLATE in page


def test_a_supervisor_decides_on_the_page_and_a_dispatcher_may_not(gate, app):
    gate.approved()
    crossing_id = gate.drive("p1", Seen(kg="5000")).crossing_id
    path = f"/gate/crossings/{crossing_id}"
    dispatcher, supervisor = client_of(app, "dispatcher"), client_of(app, "supervisor")
    assert "没有权限决定" in dispatcher.get(path).get_data(as_text=True)
    page = supervisor.get(path).get_data(as_text=True)
    assert "多 620" in page
    assert "过磅 5000 kg" in page
    form = {"csrf": csrf_of(supervisor, path), "ruling": "release", "reason": "x"}
    short = supervisor.post(f"{path}/decision", data=form)
    assert short.status_code == 422
    assert "gate.reason_missing" in short.get_data(as_text=True)
    assert supervisor.post(f"{path}/decision", data=form | {"ruling": "?"}).status_code == 422
    done = supervisor.post(f"{path}/decision", data=form | {"reason": "满油箱，已重磅"})
    assert done.status_code == 302
    assert gate.crossing("p1").ruled_by
    form["csrf"] = csrf_of(dispatcher, path)
    assert dispatcher.post(f"{path}/decision", data=form).status_code == 403


def test_an_alarm_is_cleared_on_the_page_with_a_note(gate, app):
    tampered(gate)
    browser = client_of(app, "supervisor")
    path = f"/seals/{SEAL}"
    form = {"csrf": csrf_of(browser, path), "note": "?"}
    assert browser.post(f"{path}/alarm-clearance", data=form).status_code == 422
    done = browser.post(f"{path}/alarm-clearance", data=form | {"note": "锁杆完好，误报"})
    assert done.status_code == 302
    page = browser.get(path).get_data(as_text=True)
    assert "锁杆完好，误报" in page


def test_a_sheet_is_filed_over_the_api_once_for_one_key(gate, app):
    client, headers = api(app, "dispatcher")
    headers |= {"Idempotency-Key": "one"}
    first = client.post("/api/release-sheets", json=SHEET, headers=headers)
    assert first.status_code == 201, first.json
    assert first.json["total_kg"] == "4380"
    again = client.post("/api/release-sheets", json=SHEET, headers=headers)
    assert again.json == first.json
    shown = client.get(f"/api/release-sheets/{first.json['sheet_no']}").json
    assert (shown["state"], shown["plate"]) == ("filed", PLATE)
    assert len(client.get("/api/release-sheets").json["sheets"]) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"kind": "3"}, "gate.sheet_malformed"),
        ({"related": ["QD1"], "related_kind": "1"}, "gate.sheet_malformed"),
        ({"kind": "2", "related": ["A", "B"], "related_kind": "1"}, "gate.sheet_malformed"),
        ({"kind": "5"}, "gate.sheet_malformed"),
        ({"net_kg": "1"}, "gate.sheet_malformed"),
        ({"frame_kg": "-1"}, "gate.sheet_malformed"),
        ({"plate": "HELLO"}, "identifier.plate"),
        ({"container_no": "QZXU9001012"}, "identifier.container_check"),
    ],
)
def test_a_sheet_that_breaks_a_rule_is_refused_with_its_code(gate, app, change, code):
    client, headers = api(app, "dispatcher")
    answer = client.post("/api/release-sheets", json=SHEET | change, headers=headers)
    assert (answer.status_code, answer.json["code"]) == (422, code)
    assert client.get("/api/release-sheets").json["sheets"] == []


def test_crossings_are_listed_page_by_page_and_decided_over_the_api(gate, app):
    gate.approved()
    crossing_id = str(gate.drive("p1", Seen(kg="5000")).crossing_id)
    gate.drive("p2", Seen(plate="沪A9Q007", card=""))
    client, headers = api(app, "supervisor")
    listed = client.get("/api/crossings?state=waiting").json
    assert [one["crossing_id"] for one in listed["crossings"]] == [crossing_id]
    assert listed["crossings"][0]["reasons"][0]["code"] == "gate.weight_off"
    path = f"/api/crossings/{crossing_id}"
    body = {"ruling": "send_back", "reason": "超重，卸货重装"}
    assert client.post(f"{path}/decision", json=body, headers=headers).json["state"] == "sent_back"
    assert client.post(f"{path}/decision", json=body, headers=headers).status_code == 409
    assert client.get(path).json["ruling"] == "send_back"
    assert client.post(f"{path}/posting", headers=headers).status_code == 409
    assert client.get(f"/api/crossings/{new_id()}").status_code == 404
    assert client.get("/api/crossings?after=bm90").status_code == 422


def test_seals_are_locked_taken_off_and_cleared_over_the_api(gate, app):
    client, headers = api(app, "supervisor")
    path = f"/api/seals/{SEAL}"
    body = {"carrier": PLATE, "document": "L1"}
    assert client.post(f"{path}/affixing", json=body, headers=headers).json["state"] == "sealed"
    other = client.post(f"{path}/affixing", json={"carrier": "琼A9Q002"}, headers=headers)
    assert (other.status_code, other.json["code"]) == (409, "seals.busy")
    cut = SealEventKind.TAMPERED
    gate.run(report, ReportSeal(SITE, SEAL, cut, gate.clock.now(), cause=TamperCause.CUT))
    assert client.post(f"{path}/removal", json={}, headers=headers).json["code"] == "seals.in_alarm"
    assert [one["seal_no"] for one in client.get("/api/seals?state=alarm").json["seals"]] == [SEAL]
    note = {"note": "查过，误报"}
    assert client.post(f"{path}/alarm-clearance", json=note, headers=headers).status_code == 200
    assert client.post(f"{path}/removal", json={}, headers=headers).json["state"] == "unsealed"
    assert client.get("/api/seals/NOTHING").status_code == 404
