"""Pages of documents and letters: full, empty, filtered, and unknown; in both languages."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest
from clearance_site import BOOK, CREAM, MILK, SITE, Office, office, verdict
from clearance_transfers import SECOND, file, with_second_book
from flask.testing import FlaskClient
from signed_in import application_over, client_of, csrf_of

from wms.clearance import queries
from wms.clearance.service import (
    CorrectedLine,
    FileSiteTransfer,
    ProposeCorrection,
    TransferGoods,
    file_site_transfer,
    propose_correction,
)
from wms.clearance.terms import DocumentKind
from wms.customs import queries as customs
from wms.customs.service import IncomingFile, TakeIn, take_in
from wms.kernel.blob import Blob
from wms.kernel.ids import SiteId
from wms.kernel.quantity import Quantity


@pytest.fixture
def site(demo_url: str) -> Iterator[Office]:
    with office(demo_url) as found:
        yield found


@pytest.fixture
def browser(site: Office) -> Iterator[FlaskClient]:
    with application_over(site.url, site.clock) as app:
        yield client_of(app, "customs")


def text_of(browser: FlaskClient, path: str) -> str:
    answer = browser.get(path, follow_redirects=True)
    assert answer.status_code == 200, (path, answer.status_code)
    return str(answer.get_data(as_text=True))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_empty_pages_say_what_was_looked_at(browser: FlaskClient, language: str) -> None:
    browser.set_cookie("bh_language", language)
    paths = ["/documents", "/letters", "/letters?way=in", "/checklists/new"]
    paths += [f"/documents?kind={kind.value}" for kind in DocumentKind]
    for path in paths:
        page = text_of(browser, path)
        assert "clearance." not in page
        assert "customs." not in page


def test_a_refused_order_is_found_under_what_needs_a_person(
    site: Office, browser: FlaskClient
) -> None:
    order, payment, waybill = site.papers(1, (MILK, 1))
    site.deliver(order, replace(payment, amount_paid=Decimal(1)), waybill)
    page = text_of(browser, "/documents")
    assert f"/documents/order/{order.ebp_code}/{order.order_no}" in page
    page = text_of(browser, f"/documents/order/{order.ebp_code}/{order.order_no}")
    assert "支付 1.00，订单实付" in page
    assert order.buyer_id_number not in page
    assert order.buyer_id_number[-4:] in page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_list_shows_its_story_its_letters_and_its_effect_on_the_book(
    site: Office, browser: FlaskClient, language: str
) -> None:
    site.bring_in((MILK, 10), (CREAM, 4))
    cop_no = site.declared(1, (MILK, 2))
    site.told(cop_no, "120", "100")
    browser.set_cookie("bh_language", language)
    page = text_of(browser, f"/documents/list/{cop_no}")
    words = {"zh": ("撤销预减", "不能出区"), "en": ("held no longer", "May not leave the zone")}
    for word in words[language]:
        assert word in page
    letter = site.ask(queries.timeline, DocumentKind.LIST, cop_no)[0].letter_id
    assert "CEB621" in text_of(browser, f"/letters/{letter}")
    assert "CEB621Message" in text_of(browser, f"/letters/out/{letter}")
    assert "clearance." not in page


def test_a_checklist_page_shows_lines_and_lists(site: Office, browser: FlaskClient) -> None:
    site.bring_in((MILK, 10))
    cop_no = site.declared(1, (MILK, 2))
    site.told(cop_no, "120", "800")
    from wms.clearance.service import FileChecklist, file_checklist  # noqa: PLC0415

    filed = site.run(file_checklist, FileChecklist(site.actor.site_id, "8", lists=(cop_no,)))
    site.hear(verdict(filed.inner_no, "3", result_time=None))
    page = text_of(browser, f"/documents/checklist/{filed.inner_no}")
    assert cop_no[-6:] in page
    assert "没通过" in page


def test_filters_and_pages_keep_their_address(site: Office, browser: FlaskClient) -> None:
    for number in range(1, 4):
        site.deliver(*site.papers(number, (MILK, 1)))
    page = text_of(browser, "/documents?kind=order&state=short")
    assert page.count('href="/documents/order/') == 3
    assert "/documents/order/" not in text_of(browser, "/documents?kind=order&state=declared")
    found = text_of(browser, "/documents?kind=order&q=ORDER-000002")
    assert found.count('href="/documents/order/') == 1


NOWHERE = (
    ("/documents?kind=nothing", 404, "clearance.kind_unknown"),
    ("/documents?kind=order&after=nonsense", 422, "web.page_malformed"),
    ("/documents?kind=order&after=WyJ4Il0", 422, "web.page_malformed"),
    ("/documents/nothing/1", 404, "clearance.kind_unknown"),
    ("/documents/order/1", 404, "clearance.document_unknown"),
    ("/documents/list/1", 404, "clearance.list_unknown"),
    ("/documents/checklist/1", 404, "clearance.checklist_unknown"),
    ("/letters?way=up", 404, "customs.way_unknown"),
    ("/letters/out/00000000-0000-0000-0000-000000000000", 404, "customs.letter_unknown"),
    ("/letters/00000000-0000-0000-0000-000000000000", 404, "customs.letter_unknown"),
)


def test_addresses_that_lead_nowhere_say_so_by_code(browser: FlaskClient) -> None:
    for path, status, code in NOWHERE:
        answer = browser.get(path)
        assert answer.status_code == status, path
        assert code in answer.get_data(as_text=True), path


def test_a_hostile_letter_is_shown_as_text(site: Office, browser: FlaskClient) -> None:
    body = Blob(b"<script>alert(1)</script>\x00\xff")
    site.run(take_in, TakeIn(site.actor.site_id, (IncomingFile("evil.xml", body, len(body)),)))
    (letter,) = site.ask(customs.letters, "in")
    page = text_of(browser, f"/letters/in/{letter.letter_id}")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page


def test_a_checklist_is_filed_by_form_and_a_wrong_line_is_named(
    site: Office, browser: FlaskClient
) -> None:
    form = {"csrf": csrf_of(browser, "/checklists/new"), "transport_mode": "2", "country": "309"}
    wrong = browser.post("/checklists/new", data={**form, "goods": f"{MILK} ten 5"})
    assert wrong.status_code == 422
    assert "ten" in wrong.get_data(as_text=True)
    right = browser.post("/checklists/new", data={**form, "goods": f"{MILK} 10 98.50\n\n"})
    assert right.status_code == 303
    assert "ME1-0001" in text_of(browser, right.headers["Location"])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_transfer_shows_its_books_lines_papers_and_who_decides(
    site: Office, browser: FlaskClient, language: str
) -> None:
    browser.set_cookie("bh_language", language)
    with_second_book(site)
    site.bring_in((MILK, 10))
    number, out, into = file(site, (MILK, 4))
    site.hear(verdict(out))
    page = text_of(browser, f"/documents/checklist/{into}")
    assert {"zh": "批准后生成", "en": "Once approved"}[language] in page
    assert f"/documents/transfer/{number}" in page
    page = text_of(browser, f"/documents/transfer/{number}")
    assert f"/documents/checklist/{out}" in page
    assert SECOND in page
    line = (CorrectedLine(1, 2, Quantity.of(1)),)
    asked = ProposeCorrection(SITE, BOOK, BOOK, line, "wrong shelf")
    site.run(propose_correction, asked)
    page = text_of(browser, "/documents?kind=transfer")
    assert {"zh": "待批", "en": "Proposed"}[language] in page
    corrected = site.ask(queries.documents, DocumentKind.TRANSFER)[0].number
    page = text_of(browser, f"/documents/transfer/{corrected}")
    assert "wrong shelf" in page
    assert {"zh": "待第二人审批", "en": "Waits for a second person"}[language] in page
    wanted = (TransferGoods(MILK, Quantity.of(2)),)
    command = FileSiteTransfer(SITE, BOOK, SiteId(2), BOOK, wanted)
    away = site.run(file_site_transfer, command).transfer_no
    page = text_of(browser, f"/documents/transfer/{away}")
    assert {"zh": "站点 2", "en": "Site 2"}[language] in page
    assert "clearance." not in page
