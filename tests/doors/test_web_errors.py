"""What errors look like outside: one status a kind, one form for programs, a page for people."""

import logging

import pytest
from flask.testing import FlaskClient
from web_app import clerk, client, make

__all__ = ["clerk", "client"]

JSON = {"Accept": "application/json"}
BEARER = {"Authorization": "Bearer good"}


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/nothing", 404, "web.not_found"),
        ("/seen", 401, "access.sign_in"),
        ("/conflict", 409, "doorway.key_reused"),
        ("/too-many", 429, "web.timeout"),
        ("/outage", 503, "web.unavailable"),
        ("/fault", 500, "web.fault"),
    ],
)
def test_programs_get_code_message_and_facts(
    client: FlaskClient, path: str, status: int, code: str
) -> None:
    answer = client.get(path, headers=JSON)
    told = answer.get_json()
    assert (answer.status_code, told["code"]) == (status, code)
    assert set(told) == {"code", "message", "facts"}
    assert told["message"]
    assert told["message"] != code


@pytest.mark.parametrize("path", ["/nothing", "/seen", "/conflict", "/fault", "/outage"])
def test_people_get_a_page_in_their_language(client: FlaskClient, path: str) -> None:
    for asked, lang in (("zh-CN,zh;q=0.9", "zh-CN"), ("en-GB", "en")):
        page = client.get(path, headers={"Accept": "text/html", "Accept-Language": asked})
        assert page.mimetype == "text/html"
        assert f'<html lang="{lang}"' in page.text
        assert "Traceback" not in page.text


def test_a_fault_shows_a_number_that_stands_in_the_log_and_no_more(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, "wms.web.errors"):
        told = client.get("/fault", headers=JSON).get_json()
    assert "hunter2" not in str(told)
    assert told["facts"]["reference"] in caplog.text
    assert "hunter2" in caplog.text


def test_a_wrong_method_says_which_are_right(client: FlaskClient) -> None:
    answer = client.delete("/open", headers=JSON)
    assert (answer.status_code, answer.get_json()["code"]) == (405, "web.method_not_allowed")
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_later_is_said_in_seconds(client: FlaskClient) -> None:
    assert client.get("/too-many").headers["Retry-After"] == "17"
    assert client.get("/outage").headers["Retry-After"] == "2"


def test_each_wrong_field_has_its_path_code_and_sentence(client: FlaskClient) -> None:
    order = {
        "at": "yesterday",
        "pieces": "5",
        "colour": "red",
        "lines": [
            {"sku": "A\0", "quantity": "1.123456", "price": 1.5},
            {"sku": "", "quantity": "-1"},
            {"sku": "x" * 21, "quantity": "9" * 30},
            "no object",
        ],
    }
    answer = client.post("/api/orders", json=order, headers={**BEARER, "Accept-Language": "en"})
    assert answer.status_code == 422
    told = answer.get_json()
    found = {field["field"]: field["code"] for field in told["fields"]}
    assert found == {
        "number": "field.required",
        "at": "field.moment",
        "pieces": "field.whole_number",
        "colour": "field.unknown_member",
        "lines.0.sku": "field.hostile_text",
        "lines.0.quantity": "quantity.malformed",
        "lines.0.price": "money.malformed",
        "lines.1.sku": "field.length",
        "lines.1.quantity": "field.above_zero",
        "lines.2.sku": "field.length",
        "lines.2.quantity": "quantity.malformed",
        "lines.3": "field.object",
    }
    assert told["message"] == "12 of the fields are wrong; nothing was changed."
    sentences = {field["field"]: field["message"] for field in told["fields"]}
    assert sentences["lines.2.sku"] == "Expected a length from 1 to 20."
    assert sentences["lines.0.sku"] == "Read the character U+0000, which is not allowed."


@pytest.mark.parametrize("body", ["[]", '"text"', "5", "null", "true"])
def test_json_that_is_no_object_is_told_so(client: FlaskClient, body: str) -> None:
    answer = client.post("/api/orders", data=body, content_type="application/json", headers=BEARER)
    assert answer.status_code == 422
    assert answer.get_json()["fields"][0]["code"] in {"field.object", "field.required"}


def test_a_good_order_comes_back_as_it_was(client: FlaskClient) -> None:
    order = {
        "number": "A1",
        "at": "2026-11-26T14:32:05+08:00",
        "pieces": 5,
        "lines": [{"sku": "MP-800-3", "quantity": "12.5", "price": "128.50"}],
    }
    answer = client.post("/api/orders", json=order, headers=BEARER)
    assert answer.status_code == 201
    assert answer.get_json() == order


def test_numbers_in_an_address_are_text(client: FlaskClient) -> None:
    assert client.get("/api/orders?limit=7", headers=BEARER).get_json() == {"limit": 7}
    for bad in ("0", "201", "x", "1e2", "", "1.0", "٣"):
        answer = client.get("/api/orders", query_string={"limit": bad}, headers=BEARER)
        assert answer.status_code == 422, bad
    assert client.get("/api/orders?other=1", headers=BEARER).status_code == 422


def test_an_outage_of_the_database_is_503_and_its_page_still_stands() -> None:
    page = make().test_client().get("/outage", headers={"Accept": "text/html"})
    assert page.status_code == 503
    assert "web.unavailable" in page.text
