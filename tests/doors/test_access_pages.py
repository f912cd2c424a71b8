"""Sign-in, account and people over HTTP: what is refused, what ends, what is shown once."""

import re

import pytest
from signed_in import PASSWORD, SITE, Watch, application_over, client_of, csrf_of
from sqlalchemy import text

from wms.web import session

PDA = "Mozilla/5.0 (Linux; Android 13; TC58) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36"


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def app(demo_url, watch):
    with application_over(demo_url, watch) as app:
        yield app


def try_sign_in(client, login="clerk", password=PASSWORD, **more):
    form = {"csrf": csrf_of(client, "/sign-in"), "login": login, "password": password, **more}
    return client.post("/sign-in", data=form)


def page_of(response):
    return response.get_data(as_text=True)


def token_in(page):
    return re.search(r'id="secret">([^<]+)<', page)[1]


def person_page(client, login):
    page = page_of(client.get("/people"))
    return re.search(rf'href="(/people/[0-9a-f-]+)">{login}<', page)[1]


def test_a_wrong_password_is_said_without_saying_what_was_wrong(app):
    pages = []
    for login in ("clerk", "nobody"):
        response = try_sign_in(app.test_client(), login, "wrong-password")
        assert response.status_code == 401
        pages.append(
            re.sub(r'(value|title|datetime|content)="[^"]*"|\d\d:\d\d:\d\d', "", page_of(response))
        )
    assert pages[0] == pages[1]
    assert "账号与密码不符" in pages[0]


def test_too_many_attempts_are_answered_429_with_the_time_to_wait(app):
    client = app.test_client()
    for _ in range(5):
        try_sign_in(client, password="wrong-password")
    response = try_sign_in(client)
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "30"
    assert "30 秒后再试" in page_of(response)


def test_sign_in_goes_on_to_where_one_came_from_and_never_to_another_site(app):
    client = app.test_client()
    assert client.get("/account").location == "/sign-in?next=/account"
    assert try_sign_in(client, next="/account").location == "/account"
    for elsewhere in ("//evil.example", "https://evil.example/x", "/\\evil.example", "/sign-in"):
        assert try_sign_in(app.test_client(), next=elsewhere).location == "/"


def test_signing_in_needs_the_form_token_and_changes_the_session(app):
    client = app.test_client()
    assert client.post("/sign-in", data={"login": "clerk", "password": PASSWORD}).status_code == 403
    assert try_sign_in(client).status_code == 303
    first = client.get_cookie(session.COOKIE).value
    assert try_sign_in_again(client).status_code == 303
    second = client.get_cookie(session.COOKIE).value
    assert first != second
    client.set_cookie(session.COOKIE, first)
    assert client.get("/account").status_code == 303, "the session before is ended"


def try_sign_in_again(client):
    form = {"csrf": csrf_of(client, "/account"), "login": "clerk", "password": PASSWORD}
    return client.post("/sign-in", data=form)


def test_the_cookie_is_shut_to_scripts_and_other_sites(demo_url, watch):
    with application_over(demo_url, watch, public_url="https://wms.example") as app:
        client = app.test_client()
        form = {"login": "clerk", "password": PASSWORD}
        page = client.get("/sign-in", base_url="https://wms.example")
        form["csrf"] = re.search(r'name="csrf" value="(\w+)"', page_of(page))[1]
        response = client.post("/sign-in", data=form, base_url="https://wms.example")
        cookie = next(c for c in response.headers.getlist("Set-Cookie") if "bh_session" in c)
        assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))


def test_a_badge_then_its_pin_lead_to_the_tasks(app):
    client = client_of(app, agent=PDA)
    assert client.get("/scan").location == "/badge?next=/scan"
    csrf = csrf_of(client, "/badge")
    asks_pin = client.post("/badge", data={"csrf": csrf, "badge": "b900005"})
    assert 'name="pin"' in page_of(asks_pin)
    wrong = client.post("/badge", data={"csrf": csrf, "badge": "B900005", "pin": "0000"})
    assert wrong.status_code == 401
    good = client.post("/badge", data={"csrf": csrf, "badge": "B900005", "pin": "4711"})
    assert good.location == "/scan"
    assert client.get("/scan").status_code == 200
    malformed = client_of(app, agent=PDA)
    answer = malformed.post("/badge", data={"csrf": csrf_of(malformed, "/badge"), "badge": "?!"})
    assert answer.status_code == 422
    assert "B900005" in page_of(answer)


def test_sign_out_ends_the_session_for_whoever_kept_the_cookie(app):
    client = client_of(app, "clerk")
    kept = client.get_cookie(session.COOKIE).value
    client.post("/sign-out", data={"csrf": csrf_of(client, "/account")})
    assert client.get("/account").status_code == 303
    thief = app.test_client()
    thief.set_cookie(session.COOKIE, kept)
    assert thief.get("/account").status_code == 303


def test_a_cookie_carried_to_another_kind_of_device_does_not_work(app):
    client = client_of(app, "clerk", agent=PDA)
    kept = client.get_cookie(session.COOKIE).value
    desk = client_of(app, agent="Mozilla/5.0 (Windows NT 10.0) Firefox/147.0")
    desk.set_cookie(session.COOKIE, kept)
    assert desk.get("/account").status_code == 303


def test_a_sign_of_life_is_written_once_in_five_minutes(app, watch):
    client = client_of(app, "clerk")

    def touches():
        with app.extensions["wiring"].doorway.engine_for(SITE).connect() as connection:
            return connection.scalar(
                text("SELECT count(*) FROM trail WHERE command LIKE '%touch_session'")
            )

    client.get("/account")
    assert touches() == 0
    watch.wait(minutes=5)
    for _ in range(3):
        client.get("/account")
    assert touches() == 1


def test_a_token_is_shown_once_works_with_its_scopes_only_and_ends(app):
    client = client_of(app, "admin")
    form = {
        "csrf": csrf_of(client, "/account"),
        "key": "one",
        "name": "ERP",
        "days": "30",
        "scope": ["ledger.see", "board.see"],
    }
    first = page_of(client.post("/account/tokens", data=form))
    again = page_of(client.post("/account/tokens", data=form))
    token = token_in(first)
    assert token.startswith("bht_1_")
    assert token not in again
    assert "不再显示" in again
    machine = app.test_client()
    bearer = {"Authorization": f"Bearer {token}"}
    me = machine.get("/api/me", headers=bearer).get_json()
    assert (me["kind"], me["permissions"]) == ("token", ["board.see", "ledger.see"])
    assert machine.get("/api/people", headers=bearer).status_code == 403
    breed = {"name": "x", "scopes": ["board.see"], "expires_at": "2026-12-01T00:00:00Z"}
    answer = machine.post("/api/tokens", json=breed, headers=bearer)
    assert (answer.status_code, answer.get_json()["code"]) == (403, "access.token_by_token")
    token_id = re.search(r'name="token" value="([0-9a-f-]+)"', again)[1]
    revoke = {"csrf": form["csrf"], "token": token_id}
    assert client.post("/account/token-revoke", data=revoke).status_code == 303
    assert machine.get("/api/me", headers=bearer).status_code == 401


@pytest.mark.parametrize(
    ("form", "code"),
    [
        ({"name": "", "days": "30", "scope": "board.see"}, "access.name_malformed"),
        ({"name": "x", "days": "0", "scope": "board.see"}, "access.token_expiry"),
        ({"name": "x", "days": "9" * 30, "scope": "board.see"}, "access.token_expiry"),
        ({"name": "x", "days": "٣", "scope": "board.see"}, "access.token_expiry"),
        ({"name": "x", "days": "30"}, "access.scope_unknown"),
        ({"name": "x", "days": "30", "scope": "root"}, "access.scope_unknown"),
        ({"name": "x", "days": "30", "scope": "audit.sign"}, "access.scope_too_wide"),
    ],
)
def test_a_token_that_cannot_be_issued_is_said_on_the_page(app, form, code):
    client = client_of(app, "clerk")
    form["csrf"] = csrf_of(client, "/account")
    response = client.post("/account/tokens", data=form)
    assert response.status_code in {403, 422}
    assert code in page_of(response)


def test_the_language_of_a_person_follows_them(app):
    client = client_of(app, "clerk")
    assert "我的账号" in page_of(client.get("/account"))
    form = {"csrf": csrf_of(client, "/account"), "language": "en"}
    client.post("/account/language", data=form)
    assert "My account" in page_of(client.get("/account"))
    assert "My account" in page_of(client_of(app, "clerk").get("/account"))


def test_ones_own_password_is_changed_by_whoever_knows_the_old_one(app):
    client = client_of(app, "clerk")
    form = {"csrf": csrf_of(client, "/account"), "old": "wrong-one", "new": "goods-in-hainan"}
    assert "access.old_password_wrong" in page_of(client.post("/account/password", data=form))
    form["old"] = PASSWORD
    form["new"] = "short"
    assert "access.password_length" in page_of(client.post("/account/password", data=form))
    form["new"] = "goods-in-hainan"
    assert client.post("/account/password", data=form).status_code == 303
    assert client.get("/account").status_code == 200
    assert try_sign_in(app.test_client(), password="goods-in-hainan").status_code == 303


def test_an_administrator_takes_somebody_in_who_then_works(app):
    admin = client_of(app, "admin")
    csrf = csrf_of(admin, "/people")
    form = {"csrf": csrf, "login": "Wei.Ning", "name_zh": "韦宁", "name_en": "Wei Ning"}
    made = admin.post("/people", data=form | {"language": "zh", "key": "1"})
    assert made.status_code == 303
    page = made.location
    taken = admin.post("/people", data=form | {"language": "zh", "key": "2"})
    assert taken.status_code == 409
    assert "access.login_taken" in page_of(taken)
    for deed, fields in (
        ("grant", {"role": "clerk"}),
        ("password", {"password": "forklift-and-rain"}),
        ("badge", {"badge": "b900777"}),
        ("pin", {"pin": "8046"}),
    ):
        done = admin.post(f"{page}/{deed}", data={"csrf": csrf, **fields})
        assert done.status_code == 303, page_of(done)
    clerk = app.test_client()
    assert try_sign_in(clerk, "wei.ning", "forklift-and-rain").status_code == 303
    assert clerk.get("/scan").status_code == 200
    assert clerk.get("/people").status_code == 403
    admin.post(f"{page}/revoke", data={"csrf": csrf, "role": "clerk"})
    assert clerk.get("/scan").status_code == 403, "a role ends at once"
    admin.post(f"{page}/sessions-end", data={"csrf": csrf})
    assert clerk.get("/account").status_code == 303
    admin.post(f"{page}/deactivate", data={"csrf": csrf})
    assert try_sign_in(app.test_client(), "wei.ning", "forklift-and-rain").status_code == 401
    assert "已停用" in page_of(admin.get(page))


@pytest.mark.parametrize(
    ("deed", "fields", "code"),
    [
        ("grant", {"role": "emperor"}, "access.role_unknown"),
        ("badge", {"badge": "B900003"}, "access.badge_taken"),
        ("badge", {"badge": "工牌"}, "access.badge_malformed"),
        ("pin", {"pin": "1234"}, "access.pin_guessable"),
        ("pin", {"pin": "12a4"}, "access.pin_malformed"),
        ("password", {"password": "clerk-clerk-clerk"}, "access.password_guessable"),
        ("session-end", {"session": "x"}, "access.credential_unknown"),
        ("token-revoke", {"token": ""}, "access.credential_unknown"),
    ],
)
def test_what_an_administrator_gets_wrong_is_said_on_the_persons_page(app, deed, fields, code):
    admin = client_of(app, "admin")
    page = person_page(admin, "clerk")
    response = admin.post(f"{page}/{deed}", data={"csrf": csrf_of(admin, page), **fields})
    assert 400 <= response.status_code < 500
    assert code in page_of(response)
    assert "褚澄川" in page_of(response)


def test_the_last_administrator_stays(app):
    admin = client_of(app, "admin")
    page = person_page(admin, "admin")
    csrf = csrf_of(admin, page)
    for deed, fields in (("revoke", {"role": "administrator"}), ("deactivate", {})):
        response = admin.post(f"{page}/{deed}", data={"csrf": csrf, **fields})
        assert response.status_code == 409
        assert "access.last_administrator" in page_of(response)


def test_people_are_found_and_nobody_found_is_said(app):
    admin = client_of(app, "admin")
    page = page_of(admin.get("/people?q=褚"))
    assert "clerk" in page
    assert ">dispatcher<" not in page
    assert "没有找到 zzz%_" in page_of(admin.get("/people?q=zzz%25_"))
    assert admin.get("/people/01932f6e-5a7b-7c3d-8e9f-0a1b2c3d4e5f").status_code == 404
    assert admin.get("/people?after=nonsense").status_code == 422


def test_people_over_the_api(app):
    admin = client_of(app, "admin")
    headers = {"X-CSRF": csrf_of(admin, "/people")}
    body = {"login": "lin.mo", "name_zh": "林陌", "name_en": "Lin Mo"}
    made = admin.post("/api/people", json=body, headers=headers)
    assert made.status_code == 201, page_of(made)
    person = made.get_json()
    assert (person["active"], person["roles"], person["has_password"]) == (True, [], False)
    where = f"/api/people/{person['person_id']}"
    for method, path, sent, status in (
        ("post", "/roles", {"role": "dispatcher"}, 201),
        ("put", "/password", {"password": "rain-over-haikou"}, 204),
        ("put", "/pin", {"pin": "8046"}, 204),
        ("put", "/badge", {"badge_no": "B900888"}, 204),
        ("put", "/pin", {"pin": "1111"}, 422),
        ("post", "/roles", {"role": "emperor"}, 422),
        ("put", "/badge", {"badge_no": "B900888", "more": 1}, 422),
        ("delete", "/roles/dispatcher", None, 204),
        ("delete", "/active", None, 204),
        ("post", "/roles", {"role": "clerk"}, 409),
        ("put", "/active", None, 204),
    ):
        answer = (
            getattr(admin, method)(where + path, json=sent, headers=headers)
            if sent
            else getattr(admin, method)(where + path, headers=headers)
        )
        assert answer.status_code == status, (path, page_of(answer))
    shown = admin.get(where).get_json()
    assert (shown["badge_no"], shown["has_pin"], shown["roles"]) == ("B900888", True, [])
    assert admin.get(f"{where}/sessions").get_json() == []
    found = admin.get("/api/people?q=林陌").get_json()
    assert [row["login"] for row in found] == ["lin.mo"]
    assert "hash" not in page_of(admin.get("/api/people"))


@pytest.mark.parametrize(
    "credential",
    ["", "x", "bht_1_x", "bht_99999999999_x", "bhs_1_x", "bht_²_x", "bht_1_" + "é" * 9000],
)
def test_a_credential_that_is_none_is_answered_401(app, credential):
    response = app.test_client().get(
        "/api/me", headers={"Authorization": "Bearer " + credential.encode().decode("latin-1")}
    )
    assert response.status_code == 401
