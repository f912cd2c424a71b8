"""What every request passes: permission, form token, origin, size, media type, honest text."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from web_app import clerk, client, make, sign_in, token

__all__ = ["clerk", "client"]

BEARER = {"Authorization": "Bearer good"}


def test_an_unmarked_view_is_shut_for_everybody(clerk: FlaskClient) -> None:
    answer = clerk.get("/unmarked")
    assert answer.status_code == 403
    assert "access.forbidden" in answer.text


def test_who_may_see_what(client: FlaskClient) -> None:
    assert client.get("/open").text == "open"
    assert client.get("/seen").status_code == 401
    assert client.get("/mine").status_code == 401
    sign_in(client)
    assert client.get("/seen").text == "seen"
    assert client.get("/mine").text == "陈雅琳"
    assert client.get("/secret").status_code == 403


def test_a_bad_credential_is_401_and_open_pages_stay_open(client: FlaskClient) -> None:
    bad = {"Authorization": "Bearer wrong"}
    answer = client.get("/api/orders", headers=bad)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert client.get("/open", headers=bad).status_code == 200


def test_a_change_needs_the_token_of_this_session(clerk: FlaskClient) -> None:
    good = token(clerk)
    assert clerk.post("/seen", headers={"X-CSRF": good}).status_code == 200
    assert clerk.post("/seen", data={"csrf": good}).status_code == 200
    for headers in ({}, {"X-CSRF": "0" * 64}, {"X-CSRF": good[:-1]}, {"X-CSRF": "é"}):
        answer = clerk.post("/seen", headers={**headers, "Accept": "application/json"})
        assert (answer.status_code, answer.get_json()["code"]) == (403, "web.csrf")


def test_the_token_of_another_session_is_worthless(clerk: FlaskClient) -> None:
    other = make().test_client()
    assert clerk.post("/seen", headers={"X-CSRF": token(other)}).status_code == 403


def test_the_sign_in_form_is_bound_to_its_visitor(client: FlaskClient) -> None:
    assert client.post("/sign-in").status_code == 403
    stranger = make().test_client()
    assert client.post("/sign-in", headers={"X-CSRF": token(stranger)}).status_code == 403
    assert client.post("/sign-in", headers={"X-CSRF": token(client)}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_change_from_another_site_is_refused_whatever_its_token(
    clerk: FlaskClient, headers: dict[str, str]
) -> None:
    answer = clerk.post("/seen", headers={"X-CSRF": token(clerk), **headers})
    assert answer.status_code == 403
    assert "web.foreign_origin" in answer.text


def test_our_own_origin_passes_also_behind_a_proxy() -> None:
    client = make(PUBLIC_URL="https://wms.example").test_client()
    sign_in(client)
    for origin in ("http://localhost", "https://wms.example"):
        headers = {"X-CSRF": token(client), "Origin": origin, "Sec-Fetch-Site": "same-origin"}
        assert client.post("/seen", headers=headers).status_code == 200


def test_a_bearer_token_needs_no_form_token_and_lends_none(client: FlaskClient) -> None:
    order = {"number": "A1"}
    assert client.post("/api/orders", json=order, headers=BEARER).status_code == 201
    sign_in(client)
    assert client.post("/api/orders", json=order).status_code == 403


def test_cookies_say_nothing_and_go_nowhere_else() -> None:
    client = make(SESSION_COOKIE_SECURE=True).test_client()
    made = client.post(
        "https://localhost/sign-in",
        headers={"X-CSRF": client.get("https://localhost/csrf").get_json()["token"]},
        base_url="https://localhost",
    )
    cookie = made.headers["Set-Cookie"]
    assert {"HttpOnly", "Secure", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
    assert made.headers["Strict-Transport-Security"]


def test_a_forged_or_altered_session_cookie_is_nobody(client: FlaskClient) -> None:
    for value in ("clerk", "ImNsZXJrIg.AAAA", "a" * 4000, "é"):
        client.set_cookie("bh_session", value)
        assert client.get("/seen").status_code == 401


def test_sign_out_takes_the_cookie_back(clerk: FlaskClient) -> None:
    clerk.post("/sign-out", headers={"X-CSRF": token(clerk)})
    assert clerk.get("/seen").status_code == 401


@pytest.mark.parametrize("path", ["/open", "/nothing", "/fault", "/api/openapi.json", "/sw.js"])
def test_every_answer_carries_the_policy(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        headers = answer.headers
    policy = headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    for part in ("default-src 'self'", "frame-ancestors 'none'", "object-src 'none'"):
        assert part in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_pages_of_a_session_are_not_kept_by_anybody(clerk: FlaskClient) -> None:
    assert clerk.get("/seen").headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    "address",
    [
        "/open%00",
        "/open?a=%00",
        "/open?%00=a",
        "/open?a=%E2%80%AEtxt",
        "/api/orders/%E2%81%A6",
        "/language/zh%1b",
    ],
)
def test_hostile_text_in_an_address_is_refused(client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers=BEARER | {"Accept": "application/json"})
    assert (answer.status_code, answer.get_json()["code"]) == (422, "web.hostile_text")


def test_hostile_text_in_a_form_is_refused_and_line_ends_are_not(clerk: FlaskClient) -> None:
    keys = {"csrf": token(clerk)}
    assert clerk.post("/seen", data={**keys, "note": "a\r\n\tb"}).status_code == 200
    for bad in ("a\0b", "\u202egnp.exe", "\x1b[2J"):
        assert clerk.post("/seen", data={**keys, "note": bad}).status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b'{"number": NaN}',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b"nul",
        b'{"pieces": ' + b"9" * 5000 + b"}",
    ],
)
def test_what_is_not_json_is_refused_and_nothing_falls(client: FlaskClient, body: bytes) -> None:
    answer = client.post("/api/orders", data=body, headers=BEARER, content_type="application/json")
    assert answer.status_code in {400, 422}
    assert answer.get_json()["code"] in {"web.bad_request", "web.fields"}


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data", ""])
def test_the_api_takes_json_only(client: FlaskClient, kind: str) -> None:
    answer = client.post("/api/orders", data=b"{}", content_type=kind, headers=BEARER)
    assert (answer.status_code, answer.get_json()["code"]) == (415, "web.wrong_media_type")


def test_sizes(client: FlaskClient) -> None:
    def post(path: str, size: int, kind: str, **environment: Any) -> Any:
        return client.post(
            path,
            data=b" " * size,
            content_type=kind,
            headers=BEARER,
            environ_overrides=environment,
        )

    mega = 1024 * 1024
    too_large = post("/api/orders", 2 * mega + 1, "application/json")
    assert (too_large.status_code, too_large.get_json()["code"]) == (413, "web.too_large")
    assert post("/api/messages", 3 * mega, "application/xml").get_json() == {"size": 3 * mega}
    assert post("/api/messages", 4 * mega + 1, "application/xml").status_code == 413
    assert post("/api/messages", 10, "application/json").status_code == 415


def test_a_body_that_does_not_say_its_length_stops_at_the_limit(client: FlaskClient) -> None:
    class Endless:
        def __init__(self) -> None:
            self.given = 0

        def read(self, size: int = -1) -> bytes:
            assert self.given < 8_000_000, "read far beyond the limit"
            self.given += 65536
            return b" " * 65536

    with make().test_request_context("/api/messages", method="POST") as context:
        environment = context.request.environ
    environment |= {
        "wsgi.input": Endless(),
        "wsgi.input_terminated": True,
        "CONTENT_TYPE": "application/xml",
        "HTTP_TRANSFER_ENCODING": "chunked",
        "HTTP_AUTHORIZATION": "Bearer good",
    }
    environment.pop("CONTENT_LENGTH", None)
    answered: list[str] = []
    list(client.application(environment, lambda status, _headers: answered.append(status)))
    assert answered[0].startswith("413")


def test_a_number_in_an_address_fits_a_database_integer(client: FlaskClient) -> None:
    assert client.get("/numbered/2147483647").text == "2147483647"
    assert client.get("/numbered/2147483648").status_code == 404
    assert client.get(f"/numbered/{'9' * 5000}").status_code == 404
