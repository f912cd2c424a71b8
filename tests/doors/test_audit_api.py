"""The reconciliation over HTTP: what it says, who may see it, who may sign it."""

import pytest
from clearance_site import BOOK, MILK, office
from signed_in import Watch, application_over, client_of


@pytest.fixture
def site(demo_url):
    with office(demo_url) as found:
        yield found


@pytest.fixture
def app(site):
    with application_over(site.url, Watch()) as app:
        yield app


def token_of(client) -> dict[str, str]:
    return {"X-CSRF": client.get("/csrf").json["token"]}


def test_three_figures_a_line_and_what_is_unexplained(app, site):
    site.bring_in((MILK, 240))
    client = client_of(app, "supervisor")
    answer = client.get("/api/reconciliation")
    assert answer.status_code == 200
    body = answer.json
    assert (body["agrees"], body["explained"], body["postings"]) == (False, False, 2)
    (odd,) = [line for line in body["lines"] if line["verdict"] != "agrees"]
    assert (odd["book_no"], odd["goods_no"]) == (BOOK, MILK)
    assert (odd["book"], odd["floor"], odd["customs"]) == ("240", "0", "240")
    gaps = {"floor": "-240", "customs": "0", "stated": "0", "count": "0"}
    assert odd["difference"] == gaps
    assert odd["in_transit"] == []
    (parting,) = odd["partings"]
    assert parting["side"] == "floor"
    assert parting["agreed_at"] is None
    assert [move["quantity"] for move in parting["book"]] == ["240"]


def test_one_book_or_all(app, site):
    client = client_of(app, "customs")
    everything = client.get("/api/reconciliation").json
    one = client.get("/api/reconciliation", query_string={"book_no": BOOK}).json
    assert one["lines"] == everything["lines"]
    assert client.get("/api/reconciliation", query_string={"book_no": "T0"}).status_code == 404
    assert client.get("/api/reconciliation", query_string={"book": BOOK}).status_code == 422


def test_a_signature_is_kept_and_listed(app, site):
    site.bring_in((MILK, 240))
    client = client_of(app, "supervisor")
    seen = client.get("/api/reconciliation").json["digest"]
    signed = client.post(
        "/api/reconciliation/signatures",
        json={"note": "day end", "digest": seen},
        headers=token_of(client),
    )
    assert signed.status_code == 201, signed.json
    assert signed.json["agrees"] is False
    assert [one["goods_no"] for one in signed.json["findings"]] == [MILK]
    assert client.get("/api/reconciliation/signatures").json["signatures"] == [signed.json]


def test_figures_that_moved_are_not_signed(app, site):
    client = client_of(app, "supervisor")
    seen = client.get("/api/reconciliation").json["digest"]
    site.bring_in((MILK, 240))
    refused = client.post(
        "/api/reconciliation/signatures", json={"digest": seen}, headers=token_of(client)
    )
    assert (refused.status_code, refused.json["code"]) == (409, "audit.moved")


@pytest.mark.parametrize("body", [{"note": "x" * 501}, {"digest": "zz"}, {"name": "x"}, []])
def test_a_bad_body_is_refused_by_code(app, body):
    client = client_of(app, "supervisor")
    refused = client.post("/api/reconciliation/signatures", json=body, headers=token_of(client))
    assert refused.status_code == 422
    assert refused.json["code"]


@pytest.mark.parametrize(("login", "sees", "signs"), [("clerk", 403, 403), ("customs", 200, 403)])
def test_who_may_see_and_sign(app, login, sees, signs):
    client = client_of(app, login)
    assert client.get("/api/reconciliation").status_code == sees
    signed = client.post("/api/reconciliation/signatures", json={}, headers=token_of(client))
    assert signed.status_code == signs
