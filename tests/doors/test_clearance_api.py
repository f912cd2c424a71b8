"""Clearance over HTTP: documents in with a row each, lists and checklists, bad input refused."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest
from clearance_site import BOOK, CREAM, MILK, Office, office, posted, verdict
from clearance_transfers import SECOND, with_second_book
from flask.testing import FlaskClient
from signed_in import application_over, client_of, csrf_of

from wms.customs import codecs
from wms.customs.codecs import Order, Payment, Transfer, Waybill
from wms.kernel.clock import BEIJING
from wms.kernel.quantity import Quantity

SENDER = Transfer("330196DM05", "杭州椰风海淘网络科技有限公司(演示)", "DXPENT9900000005")
LEFT_OUT = {"guid", "app_status", "order_type"}


@pytest.fixture
def site(demo_url: str) -> Iterator[Office]:
    with office(demo_url) as found:
        found.bring_in((MILK, 20), (CREAM, 20))
        yield found


@pytest.fixture
def officer(site: Office) -> Iterator["Officer"]:
    with application_over(site.url, site.clock) as app:
        client = client_of(app, "customs")
        yield Officer(client, csrf_of(client, "/documents") if client else "")


class Officer:
    """The firm's customs officer with a session."""

    def __init__(self, client: FlaskClient, csrf: str) -> None:
        self.client = client
        self.headers = {"X-CSRF": csrf}

    def post(self, path: str, body: Any, **headers: str) -> Any:
        if isinstance(body, bytes):
            return self.client.post(
                path, data=body, content_type="application/xml", headers={**self.headers, **headers}
            )
        return self.client.post(path, json=body, headers={**self.headers, **headers})

    def get(self, path: str) -> Any:
        return self.client.get(path)


def body_of(paper: Order | Payment | Waybill) -> dict[str, Any]:
    """Return a paper as its JSON."""
    found: dict[str, Any] = {}
    for name in (field.name for field in fields(paper)):
        value = getattr(paper, name)
        if name in LEFT_OUT or value in ("", None):
            continue
        if name == "lines":
            found[name] = [body_of(line) for line in value]
        elif hasattr(value, "isoformat"):
            found[name] = value.astimezone(BEIJING).isoformat()
        else:
            found[name] = value if isinstance(value, int | str) else format(value, "f")
    return found


def test_three_documents_by_json_become_a_list(site: Office, officer: Officer) -> None:
    order, payment, waybill = site.papers(1, (MILK, 2))
    first = officer.post("/api/orders", {"orders": [body_of(order)]})
    assert first.status_code == 200, first.json
    assert first.json["rows"][0]["state"] == "waiting"
    officer.post("/api/payments", {"payments": [body_of(payment)]})
    last = officer.post("/api/waybills", {"waybills": [body_of(waybill)]})
    row = last.json["rows"][0]
    assert (row["number"], row["outcome"], row["state"]) == (1, "new", "declared")
    shown = officer.get(f"/api/release-lists/{row['cop_no']}").json
    assert (shown["state"], shown["lines"][0]["quantity"]) == ("declared", "2")
    assert shown["timeline"][0]["effect"] == "reserve_out"
    listed = officer.get("/api/release-lists?state=declared").json
    assert [one["cop_no"] for one in listed["lists"]] == [row["cop_no"]]
    counts = officer.get("/api/document-counts").json
    assert {"kind": "list", "state": "declared", "count": 1} in counts


def test_each_row_says_its_own_reasons_in_the_language_of_the_caller(
    site: Office, officer: Officer
) -> None:
    good, bad = site.papers(1, (MILK, 1)), site.papers(2, (MILK, 1), amount_paid=1)
    for path, place in (("orders", 0), ("payments", 1)):
        officer.post(f"/api/{path}", {path: [body_of(good[place]), body_of(bad[place])]})
    rows = officer.post("/api/waybills", {"waybills": [body_of(good[2]), body_of(bad[2])]}).json[
        "rows"
    ]
    assert [row["state"] for row in rows] == ["declared", "refused"]
    (reason,) = rows[1]["reasons"]
    assert (reason["code"], reason["read"]) == ("clearance.payment_amount", "1.00")
    assert reason["message"].startswith("支付 1.00，订单实付")


def test_a_message_of_xml_is_taken_in_and_repeated_without_harm(
    site: Office, officer: Officer
) -> None:
    trios = [site.papers(number, (MILK, 1)) for number in (1, 2)]
    for kind, place in (("CEB311", 0), ("CEB411", 1), ("CEB511", 2)):
        body = codecs.write(kind, [trio[place].document() for trio in trios], SENDER)
        rows = officer.post("/api/customs-messages", body).json["rows"]
    assert [row["state"] for row in rows] == ["declared", "declared"]
    again = officer.post("/api/customs-messages", body).json["rows"]
    assert [row["outcome"] for row in again] == ["repeated", "repeated"]
    assert [row["cop_no"] for row in again] == [row["cop_no"] for row in rows]


NO_MESSAGES = (
    b"",
    b"<a",
    b"<html/>",
    b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>',
    b"<CEB622Message/>",
    b'<CEB311Message guid="x"><Order/></CEB311Message>',
    b"\xff\xfe\x00",
)


def test_a_body_that_is_no_message_is_refused_by_code(officer: Officer) -> None:
    for body in NO_MESSAGES:
        answer = officer.post("/api/customs-messages", body)
        assert answer.status_code == 422
        assert answer.json["code"] == "clearance.message_malformed"


BAD_MEMBERS: tuple[tuple[dict[str, Any], str], ...] = (
    ({"goods_value": "-1"}, "orders.0.goods_value"),
    ({"goods_value": 1.5}, "orders.0.goods_value"),
    ({"goods_value": "9" * 30}, "orders.0.goods_value"),
    ({"order_no": "a\u0000b"}, "orders.0.order_no"),
    ({"order_no": "a\u202eb"}, "orders.0.order_no"),
    ({"order_no": "x" * 61}, "orders.0.order_no"),
    ({"app_time": "31.12.2026"}, "orders.0.app_time"),
    ({"lines": []}, "orders.0.lines"),
    ({"nonsense": 1}, "orders.0.nonsense"),
    ({"consignee": None}, "orders.0.consignee"),
)


def test_a_bad_member_is_named_and_nothing_is_taken(site: Office, officer: Officer) -> None:
    order = body_of(site.papers(1, (MILK, 1))[0])
    for change, field in BAD_MEMBERS:
        answer = officer.post("/api/orders", {"orders": [{**order, **change}]})
        assert answer.status_code == 422
        assert field in {one["field"] for one in answer.json["fields"]}
    assert not any(one["kind"] == "order" for one in officer.get("/api/document-counts").json)


def test_more_than_a_hundred_documents_are_refused_whole(site: Office, officer: Officer) -> None:
    order = body_of(site.papers(1, (MILK, 1))[0])
    assert officer.post("/api/orders", {"orders": [order] * 101}).status_code == 422


def test_the_same_key_gets_the_same_rows(site: Office, officer: Officer) -> None:
    order = body_of(site.papers(1, (MILK, 1))[0])
    key = {"Idempotency-Key": "order-1"}
    first = officer.post("/api/orders", {"orders": [order]}, **key)
    again = officer.post("/api/orders", {"orders": [order]}, **key)
    assert first.json == again.json
    assert again.json["rows"][0]["outcome"] == "new"


def test_a_checklist_is_filed_amended_and_confirmed(site: Office, officer: Officer) -> None:
    goods = [{"sku": MILK, "quantity": "10", "price": "98.5"}]
    body = {"list_type": "0", "goods": goods, "transport_mode": "2", "country": "309"}
    filed = officer.post("/api/checklists", body)
    assert (filed.status_code, filed.json["state"]) == (201, "filed")
    path = f"/api/checklists/{filed.json['inner_no']}"
    early = officer.post(f"{path}/arrival", None)
    assert (early.status_code, early.json["code"]) == (409, "clearance.wrong_state")
    site.hear(verdict(filed.json["inner_no"]))
    change = {"lines": [{"sku": MILK, "quantity": "9"}], "reason": "1 short"}
    assert officer.post(f"{path}/amendments", change).status_code == 201
    assert officer.get(path).json["lines"][0]["amended"] == "9"
    site.hear(verdict(filed.json["inner_no"], dcl_typecd="2"))
    assert officer.post(f"{path}/arrival", None).status_code == 200
    site.hear(posted(filed.json["inner_no"], 9))
    shown = officer.get(path).json
    assert (shown["state"], shown["lines"][0]["quantity"]) == ("posted", "9")
    figures = officer.get("/api/customs-figures/T6409W990001").json
    assert {one["in"] for one in figures} == {"29", "20"}


NOT_FILED: tuple[tuple[dict[str, Any], int, str], ...] = (
    ({"list_type": "8", "lists": ["RL1"]}, 404, "clearance.list_unknown"),
    ({"list_type": "8"}, 422, "clearance.checklist_malformed"),
    ({"list_type": "0", "goods": []}, 422, "clearance.checklist_malformed"),
    ({"list_type": "1"}, 422, "web.fields"),
)


def test_a_checklist_that_cannot_be_filed(officer: Officer) -> None:
    for body, status, code in NOT_FILED:
        answer = officer.post("/api/checklists", body)
        assert (answer.status_code, answer.json["code"]) == (status, code)


def test_what_is_not_there_is_404_and_what_is_not_allowed_403(
    site: Office, officer: Officer
) -> None:
    assert officer.get("/api/release-lists/RL9").json["code"] == "clearance.list_unknown"
    assert officer.get("/api/checklists/CL9").status_code == 404
    with application_over(site.url, site.clock) as app:
        clerk = client_of(app, "clerk")
        token = csrf_of(clerk, "/account")
        answer = clerk.post("/api/orders", json={"orders": []}, headers={"X-CSRF": token})
        assert answer.status_code == 403


def test_goods_are_transferred_and_lines_corrected_over_http(
    site: Office, officer: Officer
) -> None:
    with_second_book(site)
    goods = [{"sku": MILK, "quantity": "4"}]
    body = {"from_book": BOOK, "to_book": SECOND, "goods": goods, "note": "to the shop"}
    filed = officer.post("/api/book-transfers", body)
    assert (filed.status_code, filed.json["state"]) == (201, "filed")
    path = f"/api/book-transfers/{filed.json['transfer_no']}"
    for number in officer.get(path).json["checklists"]:
        site.hear(verdict(number))
        site.hear(posted(number))
    shown = officer.get(path).json
    line = {"number": 1, "sku": MILK, "quantity": "4", "from_line": 1, "to_line": 1}
    assert (shown["state"], shown["way"], shown["lines"]) == ("done", "papers", [line])
    assert [one["what"] for one in shown["timeline"]] == ["filed", "transferred"]
    lines = [{"from_line": 1, "to_line": 2, "quantity": "1"}]
    wrong = {"from_book": BOOK, "to_book": BOOK, "lines": lines, "reason": "scanned as the other"}
    asked = officer.post("/api/book-corrections", wrong)
    assert (asked.status_code, asked.json["state"]) == (201, "proposed")
    shown = officer.get(f"/api/book-transfers/{asked.json['transfer_no']}").json
    assert shown["proposal_id"]
    assert site.balance(MILK).stock == Quantity.of(16)


def test_missing_goods_are_reported_over_http(site: Office, officer: Officer) -> None:
    body = {"goods": [{"sku": MILK, "quantity": "1"}], "reason": "missing in count PD1"}
    filed = officer.post("/api/shortages", body)
    assert (filed.status_code, filed.json["state"]) == (201, "filed")
    shown = officer.get(f"/api/checklists/{filed.json['inner_no']}").json
    assert (shown["direction"], shown["list_type"], shown["book_no"]) == ("E", "0", BOOK)
    site.hear(posted(shown["inner_no"]))
    assert site.balance(MILK).stock == Quantity.of(19)
    for change, status, code in (
        ({"reason": ""}, 422, "web.fields"),
        ({"book_no": "T0000W000000"}, 404, "ledger.book_unknown"),
        ({"goods": [{"sku": MILK, "quantity": "21"}]}, 409, "ledger.short"),
    ):
        refused = officer.post("/api/shortages", body | change)
        assert (refused.status_code, refused.json["code"]) == (status, code), refused.json


def test_goods_for_another_site_are_held_sent_and_withdrawn(site: Office, officer: Officer) -> None:
    goods = [{"sku": MILK, "quantity": "4"}]
    body = {"from_book": BOOK, "to_site": 2, "to_book": BOOK, "goods": goods}
    numbers = [officer.post("/api/site-transfers", body).json["transfer_no"] for _ in range(2)]
    sent = officer.post(f"/api/site-transfers/{numbers[0]}/departure", None)
    kept = officer.post(f"/api/site-transfers/{numbers[1]}/withdrawal", None)
    assert (sent.json["state"], kept.json["state"]) == ("sent", "refused")
    late = officer.post(f"/api/site-transfers/{numbers[0]}/withdrawal", None)
    assert (late.status_code, late.json["code"]) == (409, "clearance.wrong_state")
    mine = officer.post(f"/api/site-transfers/{numbers[0]}/arrival", None)
    assert (mine.status_code, mine.json["code"]) == (409, "clearance.wrong_state")
    assert [one["to_site"] for one in site.events("clearance.goods_sent_to_site")] == [2]


NOT_TRANSFERRED: tuple[tuple[str, dict[str, Any], int, str], ...] = (
    ("book-transfers", {"to_book": BOOK}, 422, "clearance.transfer_malformed"),
    ("book-transfers", {"to_book": "T0000W000000"}, 404, "ledger.book_unknown"),
    ("book-transfers", {"quantity": "21"}, 409, "ledger.short"),
    ("book-transfers", {"sku": "NOBODY"}, 404, "ledger.line_unknown"),
    ("site-transfers", {"to_site": 1}, 422, "clearance.transfer_malformed"),
    ("site-transfers", {"to_site": 0}, 422, "web.fields"),
)


def test_a_transfer_that_cannot_be_made_says_why(site: Office, officer: Officer) -> None:
    with_second_book(site)
    for door, change, status, code in NOT_TRANSFERRED:
        line = {name: change.get(name, had) for name, had in (("sku", MILK), ("quantity", "4"))}
        body = {"from_book": BOOK, "to_book": SECOND, "goods": [line]}
        body |= {"to_site": 2} if door == "site-transfers" else {}
        body |= {name: value for name, value in change.items() if name.startswith("to_")}
        refused = officer.post(f"/api/{door}", body)
        assert (refused.status_code, refused.json["code"]) == (status, code), refused.json
    unknown = officer.get("/api/book-transfers/BT1")
    assert (unknown.status_code, unknown.json["code"]) == (404, "clearance.transfer_unknown")
