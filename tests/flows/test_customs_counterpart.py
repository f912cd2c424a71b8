"""The customs counterpart, met as the import client is met: through its folders only."""

import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import customs_letters as letters
import pytest

from counterparts.customs.book import Book
from counterparts.customs.client import Client
from wms.customs.codecs import (
    ChecklistReceipt,
    FirstAnswer,
    ListReceipt,
    MessageRefused,
    OrderReceipt,
    PaymentReceipt,
    SheetReceipt,
    Unreadable,
    WaybillReceipt,
    read,
    write,
)
from wms.customs.codecs.views import View
from wms.customs.folders import Exchange
from wms.customs.rules import fits

VIEWS = {
    kind: view
    for view in (
        ChecklistReceipt,
        FirstAnswer,
        ListReceipt,
        MessageRefused,
        OrderReceipt,
        PaymentReceipt,
        SheetReceipt,
        WaybillReceipt,
    )
    for kind in view.kinds
}


class Office:
    """A counterpart in this process, with what came into InBox since the last look."""

    def __init__(self, root: Path, script: dict | None = None, seed: int = 7) -> None:
        self.root, self.seed = root, seed
        self.exchange = Exchange(root)
        self.client = Client(root, seed=seed)
        if script:
            self.script(script)
        self.letters = 0

    def script(self, script: dict) -> None:
        (self.root / "customs-state" / "script.json").write_text(json.dumps(script))

    def send(self, view: View, cover: object = None) -> None:
        kind = view.kinds[0]
        self.letters += 1
        data = write(kind, [view.document()], cover)
        assert self.exchange.send(kind, f"{self.letters:04d}", data)

    def polls(self, count: int = 10) -> list[View]:
        """Poll so often and return everything that came, in the order it came."""
        heard: list[View] = []
        for _ in range(count):
            self.client.poll()
            heard += self.heard()
        return heard

    def heard(self) -> list[View]:
        views = []
        for name in self.exchange.waiting():
            claimed = self.exchange.claim(name)
            assert claimed is not None
            try:
                message = read(claimed.read())
            except Unreadable:
                self.exchange.failed(claimed)
                continue
            assert not [one for one in message.findings if one.grave], message.findings
            views += [VIEWS[one.kind].of(one) for one in message.documents]
            self.exchange.done(claimed)
        return views


def figures(office: Office, line: int = 1) -> dict[str, str]:
    statement = Book(office.client.state).statement(letters.BOOK)
    return {name: text for name, text in statement[str(line)].items() if name != "sku"}


def statuses(heard: list[View]) -> list[str]:
    return [one.status for one in heard if isinstance(one, ListReceipt)]


def released(office: Office, *numbers: int, qty: str = "2") -> list[str]:
    """Declare lists and return customs' numbers of those that were released."""
    for number in numbers:
        office.send(letters.release_list(number, qty), letters.TRANSFER)
    heard = office.polls()
    return [one.invt_no for one in heard if isinstance(one, ListReceipt) and one.status == "800"]


def approved(office: Office, view: View, cover: object) -> ChecklistReceipt | SheetReceipt:
    office.send(view, cover)
    heard = office.polls(2)
    assert isinstance(heard[0], FirstAnswer)
    assert heard[0].taken
    verdict = heard[1]
    assert isinstance(verdict, ChecklistReceipt | SheetReceipt)
    assert verdict.result == "1"
    return verdict


def test_the_three_documents_are_stored(tmp_path):
    office = Office(tmp_path, {"numbers": {"ORDER-000002": ["reject"]}})
    for view in (letters.order(), letters.payment(), letters.waybill(), letters.order(2)):
        office.send(view, letters.TRANSFER)
    heard = office.polls(3)
    assert {(type(one).__name__, one.status) for one in heard} == {
        ("OrderReceipt", "120"),
        ("PaymentReceipt", "120"),
        ("WaybillReceipt", "120"),
        ("OrderReceipt", "100"),
    }
    assert len(list(office.exchange.sent_letters())) == 4


def test_a_list_is_released_and_holds_its_quantity(tmp_path):
    office = Office(tmp_path)
    office.send(letters.release_list(1), letters.TRANSFER)
    heard = office.polls()
    assert statuses(heard) == ["2", "3", "120", "800"]
    assert heard[-1].cop_no == "COP000000001"
    assert fits("list", heard[-1].invt_no)
    assert heard[0].invt_no == ""
    assert heard[0].time < heard[-1].time
    assert figures(office)["prevdRedcQty"] == "2"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["examine"], ["2", "3", "120", "399", "800"]),
        (["reject"], ["2", "3", "100"]),
        (["inspect"], ["2", "3", "120", "500", "800"]),
        (["hold"], ["2", "3", "120", "500"]),
        (["detain"], ["2", "3", "120", "501"]),
        (["return"], ["2", "3", "120", "700"]),
        (["error:-621008"], ["2", "3", "-621008", "120", "800"]),
        (["error:-621009"], ["-621009"]),
        (["unknown"], ["2", "3", "120", "18", "800"]),
        (["duplicate"], ["2", "2", "3", "3", "120", "120", "800", "800"]),
        (["disorder"], ["800", "120", "3", "2"]),
        (["lost"], []),
        (["broken"], ["2", "3", "120", "800"]),
    ],
)
def test_trouble_by_script(tmp_path, words, expected):
    office = Office(tmp_path, {"numbers": {"ORDER-000001": words}})
    office.send(letters.release_list(1), letters.TRANSFER)
    assert statuses(office.polls(12)) == expected
    assert len(list(tmp_path.glob("InBox/.failed/*"))) == (1 if "broken" in words else 0)


def test_late_counts_polls(tmp_path):
    office = Office(tmp_path, {"numbers": {"COP000000001": ["late:5"]}})
    office.send(letters.release_list(1), letters.TRANSFER)
    assert statuses(office.polls(6)) == []
    assert statuses(office.polls(3)) == ["2", "3", "120", "800"]


def test_a_rejected_list_may_be_corrected_and_a_declared_one_not_repeated(tmp_path):
    office = Office(tmp_path, {"numbers": {"ORDER-000001": ["reject"]}})
    one = letters.release_list(1)
    office.send(one, letters.TRANSFER)
    assert statuses(office.polls())[-1] == "100"
    assert Book(office.client.state).statement(letters.BOOK) == {}
    office.send(replace(one, app_type="2"), letters.TRANSFER)
    assert statuses(office.polls())[-1] == "800"
    office.send(one, letters.TRANSFER)
    assert statuses(office.polls()) == ["-621004"]
    office.send(replace(one, app_type="2"), letters.TRANSFER)
    assert statuses(office.polls()) == ["-621012"]
    assert figures(office)["prevdRedcQty"] == "2"


def test_a_corrected_list_may_bear_a_new_number_but_an_order_leaves_once(tmp_path):
    office = Office(tmp_path, {"numbers": {"ORDER-000001": ["reject"]}})
    one = letters.release_list(1)
    office.send(one, letters.TRANSFER)
    assert statuses(office.polls())[-1] == "100"
    office.send(replace(one, cop_no="COP-NEW"), letters.TRANSFER)
    assert statuses(office.polls())[-1] == "800"
    office.send(replace(one, cop_no="COP-NEWER"), letters.TRANSFER)
    assert statuses(office.polls()) == ["-621004"]


def test_a_guarded_book_runs_short(tmp_path):
    office = Office(tmp_path, {"books": {letters.BOOK: {"1": "3"}}})
    assert len(released(office, 1)) == 1
    office.send(letters.release_list(2), letters.TRANSFER)
    assert statuses(office.polls())[-1] == "100"
    assert figures(office)["prevdRedcQty"] == "2"


def test_draws_are_the_same_for_one_seed(tmp_path):
    def rejected(folder: str, seed: int) -> list[str]:
        office = Office(tmp_path / folder, {"permille": {"reject": 300}}, seed)
        for number in range(40):
            office.send(letters.release_list(number), letters.TRANSFER)
        return sorted(one.cop_no for one in office.polls() if one.status == "100")

    first = rejected("a", 7)
    assert 3 < len(first) < 25
    assert rejected("b", 7) == first
    assert rejected("c", 8) != first


def test_inbound_is_posted_after_gate_and_arrival(tmp_path):
    office = Office(tmp_path)
    invt = approved(office, letters.checklist(), letters.envelope())
    assert invt.bond_invt_no.startswith("QD6409")
    assert [line.dcl_qty for line in invt.lines] == [Decimal(100)]
    assert figures(office)["prevdIncQty"] == "100"
    sheet_view = letters.release_sheet("SHEET-1", invt.bond_invt_no)
    sheet = approved(office, sheet_view, letters.envelope())
    office.send(letters.gate_pass(sheet.passport_no))
    (passed,) = office.polls(5)
    assert (passed.kind, passed.result, passed.stucd) == ("SAS223", "1", "2")
    assert passed.pass_time == letters.NOW
    assert passed.wt_error == Decimal("4.5")
    # Four pieces fewer were counted than declared: the checklist is changed before it is posted.
    # A line that stands there as deleted (modfMarkcd 2) counts for nothing.
    gone = replace(letters.checklist_line(2, "7", 2), modf_markcd="2")
    less = letters.checklist(qty="96")
    changed = replace(less, dcl_typecd="2", lines=(*less.lines, gone))
    office.send(changed, letters.envelope())
    heard = office.polls(3)
    assert [one.result for one in heard if isinstance(one, ChecklistReceipt)] == ["1"]
    office.send(replace(sheet_view, goods_arrived="1"), letters.envelope())
    answer, posted = office.polls(3)
    assert answer.taken
    assert (posted.kind, posted.vrfded_markcd, posted.chg_tms_cnt) == ("INV211", "2", 1)
    assert [line.dcl_qty for line in posted.lines] == [Decimal(96)]
    assert [(one.gds_seqno, one.actl_inc_qty) for one in posted.book_lines] == [(1, Decimal(96))]
    assert figures(office) == {
        "actlIncQty": "96",
        "actlRedcQty": "0",
        "prevdIncQty": "0",
        "prevdRedcQty": "0",
    }


def test_outbound_turns_pending_into_actual(tmp_path):
    office = Office(tmp_path, {"books": {letters.BOOK: {"1": "10"}}})
    numbers = released(office, 1, 2)
    assert len(numbers) == 2
    view = letters.type8_checklist("OUT-1", numbers, "4")
    invt = approved(office, view, letters.envelope())
    assert figures(office)["prevdRedcQty"] == "4"
    sheet_view = letters.release_sheet("SHEET-E", invt.bond_invt_no, "E")
    sheet = approved(office, sheet_view, letters.envelope())
    office.send(letters.gate_pass(sheet.passport_no, "E"))
    heard = office.polls(4)
    assert [one.kind for one in heard] == ["SAS223", "INV211"]
    assert figures(office) == {
        "actlIncQty": "10",
        "actlRedcQty": "4",
        "prevdIncQty": "0",
        "prevdRedcQty": "0",
    }


def test_type8_must_agree_with_its_lists(tmp_path):
    office = Office(tmp_path)
    numbers = released(office, 1, 2)

    def verdict(number: str, lists: list[str], qty: str) -> str:
        office.send(letters.type8_checklist(number, lists, qty), letters.envelope())
        return next(one.result for one in office.polls(3) if isinstance(one, ChecklistReceipt))

    assert verdict("OUT-1", numbers, "5") == "3"
    assert verdict("OUT-2", ["64092026I999999999"], "2") == "3"
    assert verdict("OUT-3", numbers[:1], "2") == "1"
    assert verdict("OUT-4", numbers, "4") == "3"
    assert verdict("OUT-4", numbers[1:], "2") == "1"


def test_the_client_refuses_duplicates_and_the_gate_a_wrong_plate(tmp_path):
    office = Office(tmp_path)
    invt = approved(office, letters.checklist(), letters.envelope())
    view = letters.release_sheet("SHEET-1", invt.bond_invt_no)
    sheet = approved(office, view, letters.envelope())
    office.send(view, letters.envelope())
    (answer,) = office.polls(2)
    assert not answer.taken
    assert list(office.exchange.refused_letters()) == ["SAS121_0003.xml"]
    office.send(letters.gate_pass(sheet.passport_no, plate="琼A00000"))
    (refused,) = office.polls(3)
    assert (refused.kind, refused.result) == ("SAS223", "2")
    office.send(letters.gate_pass(sheet.passport_no))
    (passed,) = office.polls(3)
    assert passed.result == "1"


@pytest.mark.parametrize(
    ("words", "results"),
    [(["manual"], ["2", "1"]), (["refuse"], ["3"]), (["duplicate"], ["1", "1"])],
)
def test_trouble_with_a_checklist(tmp_path, words, results):
    office = Office(tmp_path, {"numbers": {"IN-1": words}})
    office.send(letters.checklist(), letters.envelope())
    heard = office.polls()
    assert [one.result for one in heard if isinstance(one, ChecklistReceipt)] == results


def test_a_letter_the_client_refuses_may_be_sent_again(tmp_path):
    office = Office(tmp_path, {"numbers": {"IN-1": ["client_refuses"]}})
    office.send(letters.checklist(), letters.envelope())
    (answer,) = office.polls(3)
    assert not answer.taken
    assert approved(office, letters.checklist(), letters.envelope()).result == "1"


def test_a_sheet_whose_weights_do_not_add_up_is_rejected(tmp_path):
    office = Office(tmp_path)
    invt = approved(office, letters.checklist(), letters.envelope())
    wrong = replace(letters.release_sheet("S-1", invt.bond_invt_no), total_wt=Decimal(9))
    office.send(wrong, letters.envelope())
    verdict = office.polls(3)[-1]
    assert (verdict.kind, verdict.result) == ("SAS221", "3")


def test_rubbish_in_outbox_goes_to_failbox(tmp_path):
    office = Office(tmp_path)
    (tmp_path / "OutBox" / "CEB621_x.xml").write_bytes(b"<CEB621Message")
    (tmp_path / "OutBox" / "INV101_y.xml").write_bytes(b"\0\xff")
    heard = office.polls(2)
    assert sorted(type(one).__name__ for one in heard) == ["FirstAnswer", "MessageRefused"]
    assert sorted(office.exchange.refused_letters()) == ["CEB621_x.xml", "INV101_y.xml"]


def test_a_restart_takes_no_letter_twice(tmp_path):
    office = Office(tmp_path)
    office.send(letters.release_list(1), letters.TRANSFER)
    office.client.poll()
    # As if it had died after its commit and before the move.
    (tmp_path / "SentBox" / "CEB621_0001.xml").rename(tmp_path / "OutBox" / "CEB621_0001.xml")
    office.client = Client(tmp_path, seed=7)
    assert statuses(office.polls()) == ["2", "3", "120", "800"]
    assert figures(office)["prevdRedcQty"] == "2"


def test_the_process_answers_and_stops(tmp_path):
    office = Office(tmp_path)
    command = [sys.executable, "-m", "counterparts.customs", "--root", str(tmp_path), "--seed", "7"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            for number in range(1, 201):
                office.send(letters.release_list(number), letters.TRANSFER)
            heard, until = [], time.monotonic() + 20
            while time.monotonic() < until and statuses(heard).count("800") < 200:
                heard += office.heard()
                time.sleep(0.02)
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert statuses(heard).count("800") == 200
    asked = subprocess.run([*command, "--book", letters.BOOK], capture_output=True, check=True)
    assert json.loads(asked.stdout)["1"]["prevdRedcQty"] == "400"
