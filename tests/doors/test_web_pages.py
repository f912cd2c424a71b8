"""Language and theme, static files, fragments, commands with keys, and the page of the API."""

import gzip
import re
from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from web_app import clerk, client, make, sign_in, token

from wms.web.static_files import FOLDER

__all__ = ["clerk", "client"]


@pytest.mark.parametrize(
    ("cookie", "accept", "expected"),
    [
        ("en", "zh-CN", "en"),
        ("zh", "en", "zh-CN"),
        (None, "en-US,en;q=0.9", "en"),
        (None, "fr", "zh-CN"),
        ("xx", "en", "en"),
        (None, None, "zh-CN"),
    ],
)
def test_the_language_is_the_switch_then_the_browser(
    client: FlaskClient, cookie: str | None, accept: str | None, expected: str
) -> None:
    if cookie:
        client.set_cookie("bh_language", cookie)
    headers = {"Accept-Language": accept} if accept else {}
    assert f'<html lang="{expected}"' in client.get("/api/docs", headers=headers).text


def test_a_person_keeps_their_language_whatever_the_browser(clerk: FlaskClient) -> None:
    page = clerk.get("/secret", headers={"Accept-Language": "en"})
    assert '<html lang="zh-CN"' in page.text


@pytest.mark.parametrize(
    ("back", "to"),
    [
        ("/books?x=1", "/books?x=1"),
        ("//evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_the_switch_only_leads_back_to_this_site(client: FlaskClient, back: str, to: str) -> None:
    answer = client.get("/language/en", query_string={"back": back})
    assert (answer.status_code, answer.headers["Location"]) == (303, to)


def test_there_are_two_languages_and_two_themes(client: FlaskClient) -> None:
    assert client.get("/language/fr").status_code == 404
    assert client.get("/theme/pink").status_code == 404
    client.get("/theme/dark")
    assert 'data-theme="dark"' in client.get("/api/docs").text


def test_static_files_are_kept_for_a_year_under_the_address_of_their_content(
    client: FlaskClient,
) -> None:
    page = client.get("/api/docs").text
    addresses = set(re.findall(r'"(/static/[^"#]+)', page))
    assert len(addresses) >= 4
    for address in addresses:
        with client.get(address) as answer:
            assert answer.status_code == 200, address
            assert "immutable" in answer.headers["Cache-Control"]
    old = client.get("/static/000000000000/look.css", buffered=True)
    assert old.headers["Cache-Control"] == "no-cache"
    assert client.get("/static/x/../../app.py").status_code == 404
    assert client.get("/static/x/%2e%2e/layout.py").status_code == 404


def test_pages_hold_no_inline_script_style_or_handler(client: FlaskClient) -> None:
    for path in ("/api/docs", "/nothing", "/scan/nothing"):
        page = client.get(path).text
        assert not re.search(r"<script(?![^>]*(\bsrc=|application/json))", page)
        assert not re.search(r"\s(style|on[a-z]+)=", page)
        assert "<style" not in page


def test_the_page_of_the_api_shows_every_operation(client: FlaskClient) -> None:
    page = client.get("/api/docs").text
    for told in (
        "/api/orders",
        "/api/messages",
        "POST",
        "Idempotency-Key",
        "lines.quantity",
        "stock.see",
    ):
        assert told in page


@pytest.fixture
def kept(database_url: str) -> Iterator[FlaskClient]:
    """A browser of an application over a real database."""
    app = make(database_url)
    yield app.test_client()
    app.extensions["engine"].dispose()


def test_a_key_makes_a_repetition_harmless(kept: FlaskClient) -> None:
    client = kept
    sign_in(client)
    csrf = {"X-CSRF": token(client)}

    def said(key: str | None, text: str = "x") -> tuple[int, str]:
        headers = csrf | ({"Idempotency-Key": key} if key else {})
        answer = client.post(
            f"/echo?text={text}", headers={**headers, "Accept": "application/json"}
        )
        return answer.status_code, answer.get_json().get("said") or answer.get_json()["code"]

    first = said("k1")
    assert first[0] == 200
    assert said("k1") == first
    assert said("k2") != first
    assert said(None) != first
    assert said("k1", "y") == (409, "doorway.key_reused")
    for bad in ("a" * 65, "a b", "键"):
        assert said(bad.encode().decode("latin-1"))[0] == 422


def test_keys_of_different_people_do_not_meet(kept: FlaskClient) -> None:
    client = kept
    sign_in(client)
    key = {"Idempotency-Key": "same"}
    mine = client.post("/echo?text=mine", headers=key | {"X-CSRF": token(client)})
    theirs = client.post("/echo?text=theirs", headers=key | {"Authorization": "Bearer good"})
    assert (mine.status_code, theirs.status_code) == (200, 200)


def test_what_a_page_loads_stays_within_its_budget() -> None:
    """Gzipped, comments included: style 12 kB, script 8 kB at a desk and 11 kB on a handheld."""

    def weight(*names: str) -> int:
        return sum(len(gzip.compress((FOLDER / name).read_bytes(), 9)) for name in names)

    assert weight("tokens.css", "look.css", "house.css") <= 12_000
    assert weight("desk.js", "keys.js", "partial.js") <= 8_000
    scanning = ("pda.js", "scan.js", "sink.js", "outbox.js", "feedback.js", "codes.js")
    assert weight(*scanning) <= 11_000
