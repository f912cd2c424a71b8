"""The ledger's pages: what each says, what leads where, who may close and undo, bad addresses."""

import html
import re

import pytest
from clearance_site import BOOK, MILK, SITE
from floor import SECOND
from ledger_books import books_site, story
from signed_in import application_over, client_of, csrf_of
from sqlalchemy import text

from wms.audit.service import decide
from wms.audit.terms import Decide
from wms.ledger import reversing
from wms.ledger.seal import proving
from wms.ledger.seal.notes import Note

NOWHERE = "00000000-0000-7000-8000-000000000000"


@pytest.fixture(scope="module")
def books(postgres_cluster, demo_template, tmp_path_factory):
    postgres_cluster.copy_database("ledger_pages", demo_template)
    with books_site(postgres_cluster.url("ledger_pages"), tmp_path_factory.mktemp("key")) as books:
        yield books


@pytest.fixture(scope="module")
def told(books):
    return story(books)


@pytest.fixture(scope="module")
def app(books, told):
    with application_over(books.gate.url, books.gate.clock) as app:
        app.config["SEAL_KEY_FILE"] = books.key_file.path
        yield app


@pytest.fixture(scope="module")
def client(app):
    return client_of(app, "supervisor")


@pytest.fixture(scope="module")
def line(told):
    return f"/books/{BOOK}/lines/{told.line.line_no}"


def shown(client, path, status=200):
    """Return a page as its reader sees it: no tags, plain spaces."""
    return plain(client.get(path), status)


def plain(answer, status=200):
    assert answer.status_code == status, answer.get_data(as_text=True)
    said = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", answer.get_data(as_text=True))
    return re.sub(r"\s+", " ", html.unescape(said).replace("\u202f", ""))


def links(client, path):
    page = client.get(path).get_data(as_text=True)
    return [html.unescape(url) for url in re.findall(r'href="([^"]+)"', page)]


def posted(client, path, page, form, status):
    form = {"csrf": csrf_of(client, page), **form}
    answer = client.post(path, data=form)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer


def test_the_books_say_how_far_they_are_closed_and_sealed(client):
    page = shown(client, "/books")
    for said in (BOOK[:8], "累计", "2026-10-31", "全部封存"):
        assert said in page


def test_a_book_is_filtered_by_its_address(client):
    assert "没有符合的" in shown(client, f"/books/{BOOK}?q=none")
    only = shown(client, f"/books/{BOOK}?stock=1")
    assert MILK in only
    assert "ME1-0002" not in only
    assert "筛选后 1 项合计" in only
    pending = links(client, f"/books/{BOOK}?stock=1&pending=1")
    assert f"/books/{BOOK}?pending=1" in pending
    assert f"/books/{BOOK}?stock=1" in pending


def test_a_line_leads_from_every_figure_to_its_explanation(client, line):
    found = links(client, line)
    for figure in ("in", "out", "pre_in", "pre_out", "stock", "free"):
        assert f"{line}/explain?figure={figure}" in found
    page = shown(client, line)
    for word in ("actlIncQty", "actlRedcQty", "prevdIncQty", "prevdRedcQty", "未了的预占 3"):
        assert word in page
    assert page.count("补记") == 1
    assert "发生 11-22 12:05" in page


@pytest.mark.parametrize("figure", ["in", "out", "pre_in", "pre_out", "stock", "free"])
def test_an_explanation_adds_up_and_leads_to_its_entries(client, line, figure):
    path = f"{line}/explain?figure={figure}"
    assert "与账上第 6 笔之后的数相同" in shown(client, path)
    groups = [url for url in links(client, path) if url.startswith(f"{line}?kind=")]
    for url in groups:
        assert "没有符合的" not in shown(client, url)
    assert bool(groups) == (figure != "out")


def test_a_statement_is_filtered_by_its_address(client, line):
    page = shown(client, f"{line}?kind=list&step=reserve_out")
    assert page.count("清单申报 · 预减") == 3
    assert "没有符合的" in shown(client, f"{line}?kind=sheet")


def test_a_line_as_of_a_moment_names_the_entry_and_marks_it(client, line):
    page = client.get(f"{line}?at=2026-11-22T14:02:00&by=value").get_data(as_text=True)
    assert 'class="on" aria-current="true"' in page
    assert "那时还没有记账" in shown(client, f"{line}?at=2026-11-01T00:00:00")


def test_an_account_of_the_floor_has_a_statement_too(client, books, told):
    moved = "SELECT account_id FROM ledger_account WHERE family = 'floor' AND seq > 0 LIMIT 1"
    account_id = books.run(lambda tx: tx.session.execute(text(moved)).scalar_one())
    assert "实物账户" in shown(client, f"/accounts/{account_id}")
    assert "数相同" in shown(client, f"/accounts/{account_id}/explain?figure=stock")
    line = client.get(f"/accounts/{told.line.account_id}")
    assert (line.status_code, line.location) == (303, f"/books/{BOOK}/lines/{told.line.line_no}")


def test_a_posting_shows_before_and_after_both_persons_and_the_seal(client, told, books):
    page = shown(client, f"/postings/{told.approved}")
    for said in ("480 → 492.5", "474 → 486.5", "bondhouse", "second", "已封存", "提请冲销"):
        assert said in page
    proof = client.get(f"/postings/{told.approved}/proof")
    assert "attachment" in proof.headers["Content-Disposition"]
    assert proving.check(proof.get_data(as_text=True), [books.key.verifier]).index >= 0


def test_a_statement_is_read_as_words(client, told):
    page = shown(client, f"/postings/{told.stated}")
    for said in ("海关账册数", "项号 · 数量", "1 480", "2026-11-22 14:00:00", "声明"):
        assert said in page
    assert "提请冲销" not in page


def test_the_seal_shows_its_newest_checkpoint_and_hands_it_out(client, app, books):
    page = shown(client, "/seal")
    assert str(books.key.verifier) in page
    (path,) = {url for url in links(client, "/seal") if url.startswith("/seal/checkpoints/")}
    note = client.get(path).get_data(as_text=True)
    assert Note.parse(note).verified_by([books.key.verifier])
    app.config["SEAL_KEY_FILE"] = None
    assert "没有配置密钥" in shown(client, "/seal")
    app.config["SEAL_KEY_FILE"] = books.key_file.path


def test_what_is_not_there_is_a_page_with_its_code(client, line):
    for path, status, code in (
        ("/books/T0", 404, "ledger.book_unknown"),
        ("/books/T0/periods", 404, "ledger.book_unknown"),
        (f"/books/{BOOK}/lines/999", 404, "ledger.line_unknown"),
        (f"/books/{BOOK}/periods/2026-09-30", 404, "ledger.period_unknown"),
        (f"/books/{BOOK}/periods/nonsense", 422, "field.moment"),
        (f"{line}/explain?figure=all", 404, "ledger.figure_unknown"),
        (f"{line}?at=yesterday", 422, "field.moment"),
        (f"{line}?at=1900-01-01", 422, "field.moment"),
        (f"{line}?by=guess", 422, "field.choice"),
        (f"{line}?since=-1", 422, "field.whole_number"),
        (f"{line}?after=x", 422, "web.page_malformed"),
        (f"/postings/{NOWHERE}", 404, "ledger.posting_unknown"),
        (f"/postings/{NOWHERE}/proof", 404, "ledger.posting_unknown"),
        (f"/accounts/{NOWHERE}", 404, "ledger.account_unknown"),
        ("/seal/checkpoints/999999", 404, "ledger.checkpoint_unknown"),
        ("/postings/nonsense", 404, "web.not_found"),
    ):
        assert code in shown(client, path, status), path


def test_a_period_is_closed_in_two_steps(client, app, books):
    at, ask = f"/books/{BOOK}/periods", f"/books/{BOOK}/periods/new"
    assert client_of(app, "customs").get(ask).status_code == 403
    assert 'value="2026-11-21"' in client.get(at).get_data(as_text=True)  # October is closed
    page = shown(client, f"{ask}?through=2026-11-15")
    for said in ("2026-11-15？", "80 项", "不能撤回"):
        assert said in page
    for day, code in (
        ("2026-10-01", "ledger.period_order"),
        ("2027-01-31", "ledger.period_future"),
    ):
        assert code in shown(client, f"{ask}?through={day}", 409)
        assert code in plain(posted(client, at, at, {"through": day}, 409), 409)
    assert "field.date" in shown(client, f"{ask}?through=32", 422)
    answer = posted(client, at, at, {"through": "2026-11-15", "reason": "half", "key": "k1"}, 303)
    assert answer.location == f"{at}/2026-11-15"
    period = shown(client, answer.location)
    assert "结到 2026-11-15" in period
    assert re.search(r"\b[0-9a-f]{64}\b", period)
    assert "2026-11-15 23:59:59" in shown(client, at)


def test_undoing_is_proposed_once_with_a_reason_and_shown_on_both(client, app, told, line, books):
    page, path = f"/postings/{told.approved}", f"/postings/{told.approved}/reversal"
    assert "ledger.reason" in plain(posted(client, path, page, {"reason": " "}, 422), 422)
    posted(client, path, page, {"reason": "counted twice", "key": "r1"}, 303)
    again = shown(client, page)
    assert "已提请冲销" in again
    assert "counted twice" in again
    assert posted(client_of(app, "dispatcher"), path, "/account", {"reason": "x"}, 403)
    with books.gate.reading() as tx:
        asked = reversing.asked(tx, told.approved)
    books.gate.doorway.run(decide, Decide(SITE, asked.proposal_id, "approved", ""), SECOND)
    assert "已冲销 这笔记账后来被冲销" in shown(client, page)
    statement = shown(client, line)
    assert "实增 已冲销 · found again" in statement
    (reversal,) = {url for url in links(client, page) if url.startswith("/postings/")} - {
        *(url for url in links(client, page) if str(told.approved) in url)
    }
    undo = shown(client, reversal)
    assert "它把另一笔记账原样倒回" in undo
    assert "492.5 → 480" in undo
    assert "提请冲销" not in undo
    assert "数相同" in shown(client, f"{line}/explain?figure=stock")


def test_pages_stand_in_both_languages_for_whoever_may_see_them(app, told, line):
    paths = (
        *("/books", f"/books/{BOOK}", line, f"{line}/explain", f"{line}/reservations"),
        *(f"/postings/{told.approved}", f"/books/{BOOK}/periods", "/seal"),
    )
    clerk = client_of(app, "clerk")
    assert {clerk.get(path).status_code for path in paths} == {403}
    for language in ("zh", "en"):
        client = client_of(app, "customs")
        client.set_cookie("bh_language", language)
        for path in paths:
            page = shown(client, path)
            assert "ledger." not in page.replace("ledger.period", ""), path


def rows(client, path):
    """Turn pages to the end; return what every row leads to, and how many pages there were."""
    found, pages = [], 0
    while path:
        page = client.get(path).get_data(as_text=True)
        found += re.findall(r'<th scope="row"[^>]*><a href="([^"]+)">', page)
        turn = re.search(r'href="([^"]+)" data-key="]"', page)
        path, pages = turn and html.unescape(turn[1]), pages + 1
    return found, pages


def test_a_long_posting_is_turned_without_losing_a_row_and_sealed_later(client, books):
    line = books.line("ME3-0080")
    many = books.expect(line.account_id, 120)
    path = f"/books/{BOOK}/lines/{line.line_no}"
    assert rows(client, path) == ([f"/postings/{many}"] * 120, 3)
    assert rows(client, f"{path}?kind=checklist&since=40") == ([f"/postings/{many}"] * 80, 2)
    assert rows(client, f"{path}/reservations") == ([f"/postings/{many}"] * 120, 3)
    assert rows(client, f"/postings/{many}") == ([path] * 120, 2)
    assert "未了的预占 120" in shown(client, path)
    found, pages = rows(client, f"/books/{BOOK}")
    assert (len(set(found)), pages) == (80, 1)
    assert "未封存" in shown(client, f"/postings/{many}")
    assert "ledger.not_sealed" in shown(client, f"/postings/{many}/proof", 409)
    assert "有未封存" in shown(client, f"/books/{BOOK}")
    books.seal()
    assert "有未封存" not in shown(client, f"/books/{BOOK}")
