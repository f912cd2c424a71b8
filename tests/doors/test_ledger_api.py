"""The ledger over HTTP: every figure, where it comes from, who may close and undo, and the seal."""

import json
from datetime import timedelta

import pytest
from clearance_site import BOOK, MILK
from ledger_books import THROUGH, books_site, story
from signed_in import application_over, client_of

from wms.kernel.quantity import Quantity
from wms.ledger.seal import proving

NOWHERE = "00000000-0000-7000-8000-000000000000"


@pytest.fixture(scope="module")
def books(postgres_cluster, demo_template, tmp_path_factory):
    postgres_cluster.copy_database("ledger_api", demo_template)
    with books_site(postgres_cluster.url("ledger_api"), tmp_path_factory.mktemp("key")) as books:
        yield books


@pytest.fixture(scope="module")
def told(books):
    return story(books)


@pytest.fixture(scope="module")
def app(books, told):
    with application_over(books.gate.url, books.gate.clock) as app:
        yield app


@pytest.fixture(scope="module")
def api(app):
    return client_of(app, "supervisor")


@pytest.fixture(scope="module")
def line(told):
    return f"/api/books/{BOOK}/lines/{told.line.line_no}"


def got(api, path, status=200, **query):
    answer = api.get(path, query_string=query)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.json


def sent(api, path, body, status):
    headers = {"X-CSRF": api.get("/csrf").json["token"]}
    answer = api.post(path, json=body, headers=headers)
    assert answer.status_code == status, answer.get_data(as_text=True)
    return answer.json


def test_books_say_how_far_they_are_closed(api):
    book = next(one for one in got(api, "/api/books") if one["book_no"] == BOOK)
    assert book["lines"] == 80
    assert book["closed_through"] == THROUGH.isoformat()
    assert book["newest_entry_at"] == "2026-11-22T14:05:00+08:00"


@pytest.mark.parametrize(
    ("query", "goods"),
    [
        ({"q": MILK}, [MILK]),
        ({"q": "me1-000", "stock": "true"}, [MILK]),
        ({"pending": "true"}, [MILK, "ME1-0002", "ME2-0025"]),
        ({"q": "1901.10", "pending": "true"}, [MILK, "ME1-0002"]),
        ({"q": "1", "stock": "true"}, [MILK]),
        ({"q": "%"}, []),
        ({"q": "none like it"}, []),
    ],
)
def test_lines_are_found_by_what_is_in_the_address(api, query, goods):
    found = got(api, f"/api/books/{BOOK}/lines", **query)
    assert [line["goods_no"] for line in found["lines"]] == goods
    for total in found["totals"]:
        of_unit = [line for line in found["lines"] if line["unit"] == total["unit"]]
        assert total["lines"] == len(of_unit)
        for figure, text in total["balance"].items():
            summed = sum(Quantity.of(one["balance"][figure]).steps for one in of_unit)
            assert Quantity(summed) == Quantity.of(text)


def test_a_line_and_its_statement_say_the_same(api, line):
    shown = got(api, line)
    entries = got(api, f"{line}/entries")["entries"]
    assert shown["balance"] == entries[0]["after"]
    assert shown["balance"]["free"] == "486.5"
    assert [entry["after"]["seq"] for entry in entries] == [6, 5, 4, 3, 2, 1]
    assert got(api, f"/api/accounts/{shown['account_id']}/entries")["entries"] == entries


def test_a_statement_is_filtered_and_paged_by_the_address(api, line):
    def seqs(**query):
        return [one["after"]["seq"] for one in got(api, f"{line}/entries", **query)["entries"]]

    assert seqs(kind="list") == [5, 4, 3]
    assert seqs(kind="list", before=5, since=3) == [4]
    assert seqs(step="post_in") == [2]
    assert seqs(event="inbound.approved") == [1]
    assert seqs(event="") == [6]
    assert seqs(kind="nothing") == []
    assert got(api, f"{line}/entries", 422, step="sideways")["code"] == "web.fields"


@pytest.mark.parametrize("figure", ["in", "out", "pre_in", "pre_out", "stock", "free"])
def test_every_figure_adds_up_to_what_the_line_holds(api, line, figure):
    told = got(api, f"{line}/explanation", figure=figure)
    assert told["total"] == told["today"] == got(api, line)["balance"][figure]
    assert told["since"]["through"] == THROUGH.isoformat()
    for group in told["groups"]:
        named = {key: group[key] for key in ("kind", "event", "step")}
        entries = got(api, f"{line}/entries", **named, since=told["since"]["seq"])["entries"]
        assert len(entries) == group["entries"]


def test_a_line_as_of_a_moment_names_the_entry_that_made_it_so(api, line):
    def at(moment, by):
        told = got(api, f"{line}/as-of", at=moment, by=by)
        return told["balance"]["free"], told["entry"] and told["entry"]["after"]["seq"]

    assert at("2026-11-22T13:00:00+08:00", "recorded") == ("0", None)
    assert at("2026-11-22T14:02:00+08:00", "recorded") == ("480", 2)
    assert at("2026-11-22T14:02:00", "value") == ("480", 2)
    assert got(api, f"{line}/as-of", 422, at="yesterday")["fields"][0]["code"] == "field.moment"
    assert got(api, f"{line}/as-of", 422, at="2026-11-22", by="guess")["code"] == "web.fields"


def test_open_reservations_name_the_paper_that_opened_them(api, line):
    found = got(api, f"{line}/reservations")["reservations"]
    assert [(one["side"], one["open"]) for one in found] == [
        ("out", "2"),
        ("out", "1"),
        ("out", "3"),
    ]
    assert {one["opening"]["document"]["kind"] for one in found} == {"list"}
    after = got(api, f"{line}/reservations", after=found[0]["reserve_id"])["reservations"]
    assert after == found[1:]


def test_a_posting_shows_both_persons_and_its_place_in_the_log(api, told, books):
    shown = got(api, f"/api/postings/{told.approved}")
    assert (shown["kind"], shown["reason"]) == ("move", "found again")
    assert shown["approval"]["proposed_name"] == "bondhouse"
    assert shown["approval"]["decision"]["decided_name"] == "second"
    (entry,) = shown["entries"]
    assert (entry["d_in"], entry["after"]["in"]) == ("12.5", "492.5")
    assert shown["leaf_index"] < shown["checkpoint"]
    proof = got(api, f"/api/postings/{told.approved}/proof")["proof"]
    assert proving.check(proof, [books.key.verifier]).index == shown["leaf_index"]


def test_words_come_as_they_were_kept(api, told):
    shown = got(api, f"/api/postings/{told.stated}")
    assert shown["entries"] == []
    assert json.loads(shown["words"])["lines"] == [[1, "480"], [2, "0"]]


def test_checkpoints_are_listed_and_fetched(api, books):
    seal = got(api, "/api/checkpoints")
    assert seal["unsealed"] == 0
    newest = seal["checkpoints"][0]
    one = got(api, f"/api/checkpoints/{newest['tree_size']}")
    assert one["note"].startswith(f"bondhouse/ledger/1\n{newest['tree_size']}\n")
    assert got(api, "/api/checkpoints", before=newest["tree_size"])["checkpoints"] == [
        *seal["checkpoints"][1:]
    ]
    assert got(api, "/api/checkpoints/999999", 404)["code"] == "ledger.checkpoint_unknown"


def test_what_is_not_there_says_so(api, line):
    for path, code in (
        ("/api/books/T0/lines", "ledger.book_unknown"),
        ("/api/books/T0/periods", "ledger.book_unknown"),
        (f"/api/books/{BOOK}/lines/999", "ledger.line_unknown"),
        (f"/api/postings/{NOWHERE}", "ledger.posting_unknown"),
        (f"/api/postings/{NOWHERE}/proof", "ledger.posting_unknown"),
        (f"/api/accounts/{NOWHERE}/entries", "ledger.account_unknown"),
    ):
        assert got(api, path, 404)["code"] == code
    closing = got(api, f"/api/books/{BOOK}/closing", 404, through="2026-09-30")
    assert closing["code"] == "ledger.period_unknown"
    assert got(api, f"{line}/explanation", 422, figure="all")["code"] == "web.fields"


def test_a_closing_keeps_what_was_there_and_is_never_taken_back(api, app, books, told, line):
    path, through = f"/api/books/{BOOK}/periods", "2026-11-22T14:02:00+08:00"
    body = {"through": through, "reason": "month end"}
    assert sent(client_of(app, "customs"), path, body, 403)["code"] == "access.forbidden"
    closed = sent(api, path, body, 201)
    assert got(api, path)["periods"][0]["posting_id"] == closed["posting_id"]
    kept = got(api, f"/api/books/{BOOK}/closing", through=through, after=0)
    assert kept["lines"][0]["balance"]["in"] == "480"
    (milk,) = [total for total in kept["totals"] if total["unit"] == told.line.unit]
    assert milk["balance"]["stock"] == "480"
    assert sent(api, path, body | {"reason": "again"}, 409)["code"] == "ledger.period_order"
    earlier = {"through": "2026-11-01T00:00:00+08:00"}
    assert sent(api, path, earlier, 409)["code"] == "ledger.period_order"
    later = {"through": (books.gate.clock.now() + timedelta(hours=1)).isoformat()}
    assert sent(api, path, later, 409)["code"] == "ledger.period_future"
    # Explanations begin there from now on.
    why = got(api, f"{line}/explanation", figure="stock")
    assert (why["since"]["amount"], why["since"]["seq"]) == ("480", 2)
    assert [(group["kind"], group["amount"]) for group in why["groups"]] == [("difference", "12.5")]
    assert why["total"] == why["today"] == "492.5"


def test_undoing_is_asked_for_by_whoever_may_and_only_what_people_posted(api, app, told, line):
    path = f"/api/postings/{told.approved}/reversal"
    assert (
        sent(client_of(app, "dispatcher"), path, {"reason": "x"}, 403)["code"] == "access.forbidden"
    )
    asked = sent(api, path, {"reason": "counted twice"}, 201)
    assert (asked["kind"], asked["decision"]) == ("ledger.reverse", None)
    assert sent(api, path, {"reason": ""}, 422)["code"] == "web.fields"
    paper = got(api, f"{line}/entries", kind="checklist")["entries"][0]["posting_id"]
    refused = sent(api, f"/api/postings/{paper}/reversal", {"reason": "no"}, 409)
    assert refused["code"] == "ledger.reversal_by_document"
