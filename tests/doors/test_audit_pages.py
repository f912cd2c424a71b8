"""The board, the reconciliation and the search: who sees what, and where a number leads."""

import pytest
from audit_day import noon
from clearance_site import BOOK, MILK
from gate_site import PLATE, gate_site
from signed_in import application_over, client_of, csrf_of

from wms.gate import queries as gate_queries
from wms.inbound import queries as inbound


@pytest.fixture
def gate(demo_url):
    with gate_site(demo_url) as gate:
        yield gate


@pytest.fixture
def day(gate):
    return noon(gate)


@pytest.fixture
def app(gate):
    with application_over(gate.url, gate.clock) as app:
        yield app


def text_of(client, path, status=200):
    answer = client.get(path, headers={"Accept-Language": "en"})
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.get_data(as_text=True)


def test_nobody_signed_in_is_sent_to_sign_in(app):
    answer = app.test_client().get("/")
    assert answer.status_code in {302, 303}
    assert answer.location.startswith("/sign-in")


def test_the_board_of_an_empty_site_stands(app):
    page = text_of(client_of(app, "supervisor"), "/")
    for said in ("今日没有到货", "没有要处理的", "没有车在装", "没有包裹", "单证都办结了"):
        assert said in page


def test_the_board_names_what_needs_a_person(app, day):
    page = text_of(client_of(app, "supervisor"), "/")
    assert "扣停 " + PLATE in page
    assert "5380" in page.replace("\u202f", "")
    assert "ORDER-000002" in page
    assert day.unposted.arrival_no[-4:] in page


def test_a_fragment_of_the_board_is_the_live_part_alone(app, day):
    client = client_of(app, "supervisor")
    whole = client.get("/", headers={"X-Fragment": "today"})
    assert "<html" not in whole.get_data(as_text=True)
    assert 'id="today"' in whole.get_data(as_text=True)
    again = client.get("/", headers={"X-Fragment": "today", "If-None-Match": whole.headers["ETag"]})
    assert again.status_code == 304


def test_each_part_is_for_those_who_may_see_it(app, day):
    clerk = text_of(client_of(app, "clerk"), "/")
    assert "今日到货" in clerk
    assert "未办结单证" not in clerk
    assert "扣停 " + PLATE not in clerk
    assert "/reconcile" not in clerk


def test_the_reconciliation_shows_what_differs_first(app, day):
    client = client_of(app, "supervisor")
    page = text_of(client, "/reconcile")
    assert page.index(MILK) < page.index("ME2-0025") < page.index("ME1-0002")
    assert "1 行不一致" in page
    assert "COUNT-" in page
    assert day.unposted.checklist_no in page
    only = text_of(client, "/reconcile?verdict=on_the_way")
    assert "ME2-0025" in only
    assert 'ME1-0002"' not in only
    assert "没有符合条件的行" in text_of(client, "/reconcile?q=nothing-like-it")


def test_a_day_that_ends_well_says_so(app):
    page = text_of(client_of(app, "supervisor"), "/reconcile")
    assert "没有差异。" in page
    assert "三数一致" in page


def test_signing_on_the_page_keeps_note_and_state(app, day):
    client = client_of(app, "supervisor")
    form = signing(client, note="日终")
    signed = client.post("/reconcile/signatures", data=form)
    assert signed.status_code == 303, signed.get_data(as_text=True)
    again = client.post("/reconcile/signatures", data=form)
    assert again.status_code == 303
    page = text_of(client, "/reconcile")
    assert page.count("日终</td>") == 1
    assert "2 行未平" in page
    assert "2" in text_of(client, "/")


def test_figures_that_moved_are_shown_again_and_not_signed(app, gate):
    client = client_of(app, "supervisor")
    form = signing(client, note="日终")
    noon(gate)
    refused = client.post("/reconcile/signatures", data=form)
    assert refused.status_code == 409
    page = refused.get_data(as_text=True)
    assert "没有签。" in page
    assert "日终</textarea>" in page
    assert "还没有签字" in page


def test_a_note_that_is_too_long_is_refused(app):
    client = client_of(app, "supervisor")
    refused = client.post("/reconcile/signatures", data=signing(client, note="字" * 501))
    assert refused.status_code == 422


@pytest.mark.parametrize(("login", "status"), [("clerk", 403), ("customs", 200)])
def test_who_may_see_the_reconciliation(app, login, status):
    page = text_of(client_of(app, login), "/reconcile", status)
    assert "签这份核对" not in page


def signing(client, **fields):
    page = client.get("/reconcile").get_data(as_text=True)
    form = page.split('action="/reconcile/signatures"')[1]
    hidden = {
        name: form.split(f'name="{name}" value="')[1].split('"')[0] for name in ("key", "digest")
    }
    return {"csrf": csrf_of(client, "/reconcile"), **hidden, **fields}


@pytest.fixture
def numbers(day, gate):
    """Every kind of number of the day, and the page it must lead to."""
    sheet_no = gate.ask(gate_queries.sheets)[0].sheet_no
    checklist = day.settled.checklist_no
    arrival = gate.ask(inbound.arrival, day.settled.arrival_no)
    return {
        "ORDER-000002": "/documents/order/",
        "PAY-000002": "/documents/payment/",
        "WB-000003": "/documents/waybill/",
        checklist: f"/documents/checklist/{checklist}",
        f"QD640926I{checklist[-9:]}": f"/documents/checklist/{checklist}",
        arrival.arrival_no: f"/arrivals/{arrival.arrival_no}",
        day.settled.pallets[0]: f"/units/{day.settled.pallets[0]}",
        f"]C100{day.settled.pallets[0]}": f"/units/{day.settled.pallets[0]}",
        "CN99DM000001": "/seals/CN99DM000001",
        "dk-01": "/stock/places/DK-01",
        BOOK: f"/books/{BOOK}",
        f"{BOOK}/7": f"/books/{BOOK}/lines/7",
        sheet_no: f"/release-sheets/{sheet_no}",
    }


def test_a_number_that_one_thing_bears_leads_there(app, numbers):
    client = client_of(app, "supervisor")
    for number, page in numbers.items():
        answer = client.get("/find", query_string={"q": number})
        assert answer.status_code == 303, number
        assert answer.location.startswith(page), number
        assert client.get(answer.location).status_code == 200, number


def test_a_number_that_several_bear_is_a_list(app, day):
    client = client_of(app, "supervisor")
    plate = text_of(client, "/find?q=" + PLATE)
    assert "/gate/crossings/" in plate
    assert "/arrivals/" in plate
    sku = text_of(client, "/find?q=" + MILK)
    assert f"/books/{BOOK}/lines/1" in sku
    assert "/goods?q=" in sku
    begins = text_of(client, "/find?q=ORDER-0000")
    assert begins.count("/documents/order/") == 3


@pytest.mark.parametrize(
    "text", ["", "NOTHING-LIKE-IT", "%", "_", "T6409W990001/x", "'; --", "0" * 300]
)
def test_nothing_found_is_friendly(app, day, text):
    client = client_of(app, "supervisor")
    answer = client.get("/find", query_string={"q": text})
    assert answer.status_code == 200
    assert "查过订单" in answer.get_data(as_text=True)


def test_a_clerk_finds_only_what_a_clerk_may_see(app, day):
    client = client_of(app, "clerk")
    assert client.get("/find?q=ORDER-000002").status_code == 200
    assert client.get(f"/find?q={day.settled.pallets[0]}").status_code == 303
