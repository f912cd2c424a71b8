"""Orders to released lists and a gathered checklist, with customs played over its folders."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest
from clearance_site import BOOK, CREAM, MILK, SITE, Office, office
from clearance_transfers import SECOND, file, stock, total, with_second_book

from counterparts.customs.book import Book
from counterparts.customs.client import Client
from wms.clearance import queries
from wms.clearance.service import (
    FileChecklist,
    GoodsLine,
    ReceiveOrders,
    ReceivePayments,
    ReceiveWaybills,
    file_checklist,
    receive_orders,
    receive_payments,
    receive_waybills,
)
from wms.clearance.terms import DocumentKind
from wms.customs import exchange
from wms.customs.events import LETTERS
from wms.db.outbox import WORKER
from wms.kernel.money import amount
from wms.kernel.quantity import Quantity
from wms.settings import Settings
from wms.wiring import Wiring
from wms.worker import Worker


@dataclass(frozen=True)
class Exchange:
    """The office, its worker, and customs on the other side of the folders."""

    office: Office
    wiring: Wiring
    client: Client
    root: Path

    def script(self, **numbers: list[str]) -> None:
        lines = {str(self.line_of(sku)): "1000" for sku in (MILK, CREAM)}
        script = {"numbers": numbers, "books": {BOOK: lines}}
        (self.root / "customs-state" / "script.json").write_text(json.dumps(script))

    def script_of(self, number: str, *words: str) -> None:
        """Say what shall befall one more document, and leave the rest of the script as it is."""
        path = self.root / "customs-state" / "script.json"
        script = json.loads(path.read_text())
        script["numbers"][number] = words
        path.write_text(json.dumps(script))

    def line_of(self, sku: str) -> int:
        return self.office.goods(sku).book_line_no

    def settle(self) -> None:
        """Let both sides work until neither has anything left to say."""
        quiet = 0
        while quiet < 12:  # the counterpart counts its delays in polls
            self.client.poll()
            done = exchange.poll_once(self.wiring)
            done += sum(Worker(self.wiring, channel).drain() for channel in (WORKER, LETTERS))
            quiet = 0 if done else quiet + 1


@pytest.fixture
def both(demo_url: str, tmp_path: Path) -> Iterator[Exchange]:
    settings = Settings.from_env(
        {
            "WMS_DATABASE_URL": demo_url,
            "WMS_SECRET_KEY": "k" * 32,
            "WMS_EXCHANGE_ROOT": str(tmp_path),
        }
    )
    with office(demo_url) as found:
        wiring = Wiring(settings, found.doorway)
        yield Exchange(found, wiring, Client(tmp_path, seed=7), tmp_path)


def test_lists_end_as_customs_said_whatever_went_wrong_on_the_way(both: Exchange) -> None:
    trouble = {
        2: ["reject"],
        3: ["inspect"],
        4: ["hold"],
        5: ["duplicate", "disorder"],
        6: ["return"],
        7: ["late:3", "broken"],
        8: ["examine", "disorder"],
    }
    both.script(**{f"ORDER-{number:06d}": words for number, words in trouble.items()})
    both.office.bring_in((MILK, 100), (CREAM, 100))
    trios = [both.office.papers(number, (MILK, 2), (CREAM, 1)) for number in range(1, 21)]
    run = both.office.run
    run(receive_orders, ReceiveOrders(SITE, tuple(one[0] for one in trios)))
    run(receive_payments, ReceivePayments(SITE, tuple(one[1] for one in trios)))
    rows = run(receive_waybills, ReceiveWaybills(SITE, tuple(one[2] for one in trios))).rows
    both.settle()
    states = {row.number: both.office.state(row.cop_no) for row in rows}
    expected = dict.fromkeys(range(1, 21), "released")
    expected |= {2: "rejected", 4: "held", 6: "returned"}
    assert states == expected
    assert both.office.balance(MILK).pre_out == Quantity.of(2 * 18)
    assert both.office.stands()
    gathered = tuple(row.cop_no for row in rows if states[row.number] == "released")
    filed = run(file_checklist, FileChecklist(SITE, "8", lists=gathered))
    both.settle()
    assert both.office.ask(queries.checklist, filed.inner_no).state == "approved"


def test_an_inbound_checklist_is_answered_and_a_refused_one_says_why(both: Exchange) -> None:
    goods = (GoodsLine(MILK, Quantity.of(240), amount("98.50")),)
    command = FileChecklist(SITE, "0", goods, transport_mode="2", country="309")
    good = both.office.run(file_checklist, command).inner_no
    bad = both.office.run(file_checklist, command).inner_no
    both.script(**{bad: ["refuse"], good: ["manual", "duplicate"]})
    both.settle()
    approved, refused = (both.office.ask(queries.checklist, one) for one in (good, bad))
    assert (approved.state, refused.state) == ("approved", "refused")
    assert approved.bond_invt_no.startswith("QD")
    assert approved.seq_no
    assert both.office.balance(MILK).pre_in == Quantity.of(240)
    story = [one.what for one in both.office.ask(queries.timeline, DocumentKind.CHECKLIST, good)]
    assert story[:2] == ["filed", "accepted"]


def test_goods_move_between_two_books_and_customs_counts_the_same(both: Exchange) -> None:
    with_second_book(both.office)
    script = {"numbers": {}, "books": {BOOK: {}}, "non_cumulative": [SECOND]}
    (both.root / "customs-state" / "script.json").write_text(json.dumps(script))
    both.office.bring_in((MILK, 10), (CREAM, 10))
    customs = Book(both.client.state)
    for sku in (MILK, CREAM):
        customs.open(BOOK, str(both.line_of(sku)), Decimal(10))
    first, *_ = file(both.office, (MILK, 4), (CREAM, 1))
    both.settle()
    number, _, into = file(both.office, (MILK, 3))
    both.script_of(into, "manual", "duplicate")
    both.settle()
    states = [both.office.ask(queries.transfer, one).state for one in (first, number)]
    assert states == ["done", "done"]
    ours = {line: str(one.stock) for line, one in stock(both.office, SECOND).items()}
    assert ours == {1: "4", 2: "1", 3: "3"}
    said = customs.statement(SECOND)
    assert {int(line): one["actlIncQty"] for line, one in said.items()} == ours
    left = customs.statement(BOOK)[str(both.line_of(MILK))]
    assert (left["actlRedcQty"], left["prevdRedcQty"]) == ("7", "0")
    assert total(both.office) == Quantity.of(20)
    assert both.office.stands()
