"""The supervisor's room over HTTP: tasks, statements, approvals, counts, the workbook."""

from io import BytesIO

import pytest
from audit_day import noon
from clearance_site import BOOK, MILK
from gate_site import gate_site
from openpyxl import load_workbook
from signed_in import application_over, client_of, csrf_of

from wms.audit import service
from wms.audit.terms import CheckLines
from wms.kernel.ids import SiteId


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


class Desk:
    """Somebody signed in, at the API and at the pages."""

    def __init__(self, app, login):
        self.client = client_of(app, login)
        self.token = {"X-CSRF": self.client.get("/csrf").json["token"]}

    def get(self, path, status=200, **query):
        answer = self.client.get(path, query_string=query)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.json

    def send(self, path, body, status=201, method="post"):
        answer = getattr(self.client, method)(path, json=body, headers=self.token)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.json

    def page(self, path, status=200):
        answer = self.client.get(path)
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer.get_data(as_text=True)

    def post(self, path, status=303, **form):
        csrf = csrf_of(self.client, "/reconcile/tasks")
        answer = self.client.post(
            path, data={"csrf": csrf, "key": path.replace("/", ".")[-40:], **form}
        )
        assert answer.status_code == status, answer.get_data(as_text=True)
        return answer


def test_a_difference_from_the_check_to_its_end_by_two_people(app, day):
    first, second = Desk(app, "supervisor"), Desk(app, "deputy")
    checked = first.send("/api/reconciliation/checks", None)
    assert (checked["opened"], checked["closed"]) == (1, 0)
    (task,) = first.get("/api/reconciliation/tasks")["tasks"]
    assert (task["goods_no"], task["side"], task["gap"]) == (MILK, "floor", "-24")
    here = f"/api/reconciliation/tasks/{task['number']}"
    assert first.send(f"{here}/owner", {}, 200, "put")["owner"] == "李汀川"
    first.send(f"{here}/notes", {"cause": "lost", "text": "fell off the fork"})
    first.send(f"{here}/waits", {"due_on": "2026-12-01", "text": "the driver's word"})
    first.send(f"{here}/letters", {"text": "24 are missing"})
    asked = {"unit": day.settled.pallets[0], "lot": "L1", "quantity": "24", "text": "found them"}
    proposed = first.send(f"{here}/adjustments", asked)
    assert proposed["state"] == "proposed"
    approval = f"/api/approvals/{proposed['proposal_id']}"
    (listed,) = second.get("/api/approvals")["proposals"]
    assert listed["proposal_id"] == proposed["proposal_id"]
    told = second.get(approval)
    assert [(one["before"], one["after"]) for one in told["effects"]] == [
        ("216", "240"),
        ("456", "480"),
    ]
    own = first.send(f"{approval}/decision", {"verdict": "approved"}, 403)
    assert own["code"] == "ledger.own_proposal"
    done = second.send(f"{approval}/decision", {"verdict": "approved", "note": "seen"})
    assert done["decision"]["verdict"] == "approved"
    assert (
        second.get("/api/approvals", decided="true")["proposals"][0]["decision"]["note"] == "seen"
    )
    assert first.send("/api/reconciliation/checks", None)["closed"] == 1
    ended = first.get(here)
    assert ended["state"] == "closed"
    assert [step["what"] for step in ended["steps"]][-3:] == ["proposed", "approved", "agreed"]


def test_customs_statements_over_the_api(app, day):
    desk = Desk(app, "customs")
    body = {
        "stated_at": "2026-11-22T14:02:00+08:00",
        "document_no": "HK-1",
        "lines": [{"line_no": 1, "quantity": "480"}],
    }
    kept = desk.send(f"/api/books/{BOOK}/customs-statements", body)
    assert kept["recorded_by"] == "任栩陌"
    assert desk.get(f"/api/books/{BOOK}/customs-statements")["statements"] == [kept]
    (line,) = [one for one in desk.get("/api/reconciliation")["lines"] if one["goods_no"] == MILK]
    assert (line["stated"]["quantity"], line["stated"]["receipts"]) == ("480", "480")
    twice = {**body, "lines": body["lines"] * 2}
    refused = desk.send(f"/api/books/{BOOK}/customs-statements", twice, 422)
    assert refused["code"] == "audit.line_twice"


def test_a_clerk_proposes_and_counts_but_neither_approves_nor_sees_the_room(app, day):
    clerk = Desk(app, "clerk")
    body = {"sku": MILK, "lot": "L1", "expiry": "2028-01-01", "quantity": "-1", "reason": "torn"}
    asked = clerk.send(f"/api/units/{day.settled.pallets[0]}/adjustments", body)
    refused = clerk.send(
        f"/api/approvals/{asked['proposal_id']}/decision", {"verdict": "approved"}, 403
    )
    assert refused["code"] == "access.forbidden"
    (count,) = clerk.send("/api/counts", {"place": "DK-01", "reason": "month end"})["counts"]
    told = clerk.get(f"/api/counts/{count}")
    assert (told["state"], told["rows"]) == ("open", [])
    assert clerk.get("/api/counts", state="open")["counts"][0]["count_no"] == count
    clerk.get("/api/reconciliation/tasks", 403)
    clerk.send("/api/reconciliation/checks", None, 403)


def test_a_task_can_be_taken_up_for_one_side(app, day):
    desk = Desk(app, "supervisor")
    body = {"book_no": BOOK, "line_no": 1, "goods_no": MILK, "side": "floor"}
    assert desk.send("/api/reconciliation/tasks", body)["owner"] == "李汀川"
    calm = desk.send("/api/reconciliation/tasks", {**body, "side": "customs"}, 409)
    assert calm["code"] == "audit.line_agrees"
    desk.send("/api/reconciliation/tasks/1/counts", {"place": "DK-01"})
    nothing = {"posting_id": "0192f000-0000-7000-8000-000000000001", "text": "wrong"}
    desk.send("/api/reconciliation/tasks/1/reversals", nothing, 404)
    desk.get("/api/reconciliation/tasks/77", 404)


def test_the_pages_show_every_part_and_do_every_step(app, day, gate):
    desk, second = Desk(app, "supervisor"), Desk(app, "deputy")
    desk.post("/reconcile/checks")
    assert "任务 1" in desk.page("/reconcile")
    assert "任务 1" in desk.page("/reconcile/tasks?side=floor&q=ME1")
    assert "没有符合条件的任务" in desk.page("/reconcile/tasks?state=closed")
    for deed, form in {
        "assign": {},
        "explain": {"cause": "lost", "text": "叉车"},
        "wait": {"due_on": "2026-12-01", "text": "等司机"},
        "write": {"text": "少 24 罐"},
        "recount": {"place": "DK-01"},
    }.items():
        desk.post(f"/reconcile/tasks/1/{deed}", **form)
    desk.post("/reconcile/tasks/1/wait", 422, due_on="soon", text="x")
    desk.post("/reconcile/tasks/1/write", 422, text=" ", key="again")
    held = f"{day.settled.pallets[0]}|L1|good"
    desk.post("/reconcile/tasks/1/adjust", held=held, quantity="24", text="找到了")
    page = desk.page("/reconcile/tasks/1")
    for said in ("叉车", "等司机", "少 24 罐", "李汀川", "待批"):
        assert said in page
    (proposal,) = desk.get("/api/approvals")["proposals"]
    address = f"/approvals/{proposal['proposal_id']}"
    own = desk.page(address)
    assert "自己提的要由另一个人批准" in own
    assert 'value="withdrawn"' in own
    assert 'value="approved"' not in own
    refused = desk.post(address, 403, verdict="approved")
    assert "没有做。" in refused.get_data(as_text=True)
    assert "找到了" in second.page("/approvals")
    second.post(address, 422, verdict="maybe", key="maybe")
    second.post(address, verdict="approved", note="看过", key="yes")
    assert "看过" in second.page(address)
    assert "已批准" in second.page("/approvals?decided=1")
    assert desk.page(f"/reconcile/figure?figure=floor&line={BOOK}/1/{MILK}").count("<tr>") >= 4
    desk.page("/reconcile/figure?line=nothing", 404)


def test_customs_statements_are_typed_in_or_read_from_a_file(app, day):
    desk = Desk(app, "supervisor")
    form = {"book_no": BOOK, "stated_at": "2026-11-22T13:00"}
    desk.post("/reconcile/statements", **form, lines="1, 504\n2; 0\n")
    file = (BytesIO("项号,结存\r\n1,480\r\n".encode("utf-8-sig")), "book.csv")
    desk.post("/reconcile/statements", **form, file=file, key="file")
    wrong = desk.post("/reconcile/statements", 422, **form, lines="1 2 3", key="wrong")
    assert "第 1 行读到" in wrong.get_data(as_text=True)
    desk.post("/reconcile/statements", 422, **{**form, "stated_at": "x"}, lines="1 2", key="when")
    early = {**form, "stated_at": "0001-01-01T00:00"}  # before the year 1 where it is kept
    desk.post("/reconcile/statements", 422, **early, lines="1 2", key="early")
    long = (BytesIO(b"1,504" + b"\n" * 499_994 + b"2,10"), "long.csv")
    desk.post("/reconcile/statements", 422, **form, file=long, key="long")
    page = desk.page("/reconcile/statements")
    assert page.count(BOOK) >= 3
    newest = desk.get(f"/api/books/{BOOK}/customs-statements")["statements"][0]
    assert "480" in desk.page(f"/reconcile/statements/{newest['statement_id']}")


def test_counts_are_asked_for_on_the_page_and_stay_blind(app, day):
    desk = Desk(app, "supervisor")
    desk.post("/stock/counts", place="dk-01", reason="月末")
    desk.post("/stock/counts", 422, place="DK-01", sku=MILK, reason="x", key="both")
    (count,) = desk.get("/api/counts")["counts"]
    page = desk.page(f"/stock/counts/{count['count_no']}")
    assert "盘完才看得到" in page
    assert ">240<" not in page
    desk.post(f"/stock/counts/{count['count_no']}/drop")
    assert "取消" in desk.page("/stock/counts?state=dropped")


@pytest.mark.parametrize(("language", "sheet"), [("zh", "账册行"), ("en", "Lines")])
def test_the_workbook_says_what_the_page_says_and_holds_no_formula(app, day, gate, language, sheet):
    gate.run(service.check, CheckLines(SiteId(1)))
    desk = Desk(app, "supervisor")
    desk.send("/api/reconciliation/signatures", {"note": '=HYPERLINK("http://evil")'})
    desk.client.set_cookie("bh_language", language)
    answer = desk.client.get("/reconcile/export?verdict=differs")
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    book = load_workbook(BytesIO(answer.data))
    lines = list(book[sheet].iter_rows(values_only=True))
    assert len(book.sheetnames) == 5
    assert lines[1][:3] == (BOOK, 1, MILK)
    assert lines[1][5:9] == (480, 456, 0, 480)
    assert len(lines) == 2
    about = dict(book.worksheets[0].iter_rows(max_col=2, values_only=True))
    reconciled = desk.get("/api/reconciliation")
    assert reconciled["digest"] in about.values()
    assert "verdict=differs" in about.values()
    assert language in about.values()
    entries = list(book.worksheets[2].iter_rows(min_row=2, values_only=True))
    assert [row[7] for row in entries] == [-24]
    assert book.worksheets[3].cell(2, 7).value == -24
    note = book.worksheets[4].cell(2, 12)
    assert (note.value, note.data_type, note.quotePrefix) == (
        '=HYPERLINK("http://evil")',
        "s",
        True,
    )
    cells = [cell for each in book for row in each.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
