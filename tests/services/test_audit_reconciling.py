"""Book, floor and customs over a real database: what is on the way, what differs, and where."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import psycopg
import pytest
from arrivals import Truck, truck_at_dock
from clearance_site import office, posted, verdict
from clearance_transfers import file, with_second_book
from floor import MILK, NOW, SITE, Floor, adjusted, demo_floor, q
from gate_site import gate_site
from statements import statements

from wms.audit import queries, service
from wms.audit.errors import Moved
from wms.audit.terms import (
    Compared,
    Reason,
    Reconciliation,
    Side,
    Signature,
    SignReconciliation,
    UnderWay,
    Verdict,
)
from wms.clearance import queries as clearance
from wms.clearance.service import (
    ApplyChecklistReceipt,
    GoodsPassed,
    apply_checklist_receipt,
    goods_passed,
)
from wms.customs.codecs import ChecklistLine, ChecklistReceipt
from wms.db.transaction import Doorway, Tx, one_moment
from wms.inbound import service as inbound
from wms.inbound.terms import CloseArrival, ReceivePallet
from wms.kernel.ids import new_id
from wms.kernel.quantity import ZERO, Quantity
from wms.ledger.terms import DocumentRef
from wms.stock.terms import Adjust, Content, Status


class Clock:
    """A clock that goes on a second with every question."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self):
        self.at += timedelta(seconds=1)
        return self.at


@pytest.fixture
def floor(demo_url: str) -> Iterator[Floor]:
    with demo_floor(demo_url) as floor:
        doorway = Doorway(floor.doorway.engine_for(SITE), Clock())
        yield replace(floor, doorway=doorway)


def reconciled(floor: Floor) -> Reconciliation:
    with floor.doorway.read(floor.actor, snapshot=True) as tx:
        found = queries.reconcile(tx)
        return replace(found, lines=queries.with_partings(tx, found.lines))


def line(floor: Floor, sku: str = MILK) -> Compared:
    (found,) = [one for one in reconciled(floor).lines if one.figures.goods_no == sku]
    return found


def figures(found: Compared) -> tuple[Quantity, Quantity, Quantity]:
    return (found.figures.book, found.figures.floor, found.figures.customs)


def customs_posts(floor: Floor, inner_no: str, *quantities: int) -> None:
    lines = tuple(
        ChecklistLine(gds_seqno=n, dcl_qty=q(pieces).decimal)
        for n, pieces in enumerate(quantities, start=1)
    )
    receipt = ChecklistReceipt(kind="INV211", etps_inner_invt_no=inner_no, lines=lines)
    floor.run(apply_checklist_receipt, ApplyChecklistReceipt(SITE, new_id(), receipt))


def received_truck(floor: Floor) -> Truck:
    truck = truck_at_dock(floor)
    for sscc in truck.pallets:
        floor.run(inbound.receive, ReceivePallet(SITE, sscc, NOW))
    return truck


def test_an_empty_site_agrees_on_every_line(floor):
    found = reconciled(floor)
    assert found.agrees
    assert found.explained
    assert len(found.lines) == found.counts[Verdict.AGREES] > 50


def test_what_is_received_and_not_posted_yet_is_on_the_way(floor):
    truck = received_truck(floor)
    found = line(floor)
    assert figures(found) == (ZERO, q(480), ZERO)
    assert found.verdict is Verdict.ON_THE_WAY
    assert found.figures.in_transit == (
        UnderWay(Reason.RECEIVED_NOT_POSTED, truck.checklist_no, q(480)),
    )
    assert found.figures.pending_in == q(480)
    assert not reconciled(floor).agrees
    assert reconciled(floor).explained


def test_when_customs_posts_all_three_agree(floor):
    truck = received_truck(floor)
    floor.run(inbound.close, CloseArrival(SITE, truck.arrival_no))
    customs_posts(floor, truck.checklist_no, 480)
    assert figures(line(floor)) == (q(480), q(480), q(480))
    assert reconciled(floor).agrees


def test_posted_before_the_truck_is_unloaded_is_on_the_way_too(floor):
    truck = truck_at_dock(floor)
    floor.run(inbound.receive, ReceivePallet(SITE, truck.pallets[0], NOW))
    customs_posts(floor, truck.checklist_no, 480)
    found = line(floor)
    assert figures(found) == (q(480), q(240), q(480))
    assert found.figures.in_transit == (
        UnderWay(Reason.POSTED_NOT_RECEIVED, truck.checklist_no, -q(240)),
    )
    assert found.verdict is Verdict.ON_THE_WAY


def test_goods_on_no_paper_are_a_difference_even_beside_goods_on_the_way(floor):
    received_truck(floor)
    floor.pallet("LPN-1", 24)
    found = line(floor)
    assert found.verdict is Verdict.DIFFERS
    assert (found.gap.floor, found.gap.customs) == (q(24), ZERO)


def test_customs_posting_less_than_came_is_a_difference(floor):
    truck = received_truck(floor)
    floor.run(inbound.close, CloseArrival(SITE, truck.arrival_no))
    customs_posts(floor, truck.checklist_no, 456)
    found = line(floor)
    assert figures(found) == (q(456), q(480), q(456))
    assert (found.gap.floor, found.gap.customs) == (q(24), ZERO)
    (parting,) = found.partings
    assert parting.side is Side.FLOOR


def test_a_loss_on_the_floor_says_from_which_entry_on(floor):
    truck = received_truck(floor)
    floor.run(inbound.close, CloseArrival(SITE, truck.arrival_no))
    customs_posts(floor, truck.checklist_no, 480)
    lose(floor, truck.pallets[0], 24)
    floor.move(truck.pallets[1], "DK-02")
    found = line(floor)
    assert (found.gap.floor, found.gap.customs) == (-q(24), ZERO)
    (parting,) = found.partings
    assert parting.book == ()
    assert [(move.quantity, move.document_no) for move in parting.other] == [(-q(24), "COUNT-1")]
    assert parting.agreed_at is not None
    assert parting.agreed_at < parting.parted_at


def lose(floor: Floor, number: str, pieces: int) -> None:
    content = Content(MILK, "L1", date(2028, 1, 1), -q(pieces), Status.GOOD)
    document = DocumentRef("count", "COUNT-1")
    adjusted(floor.doorway, floor.actor, Adjust(SITE, number, content, document, "not there", NOW))


def test_a_signature_keeps_what_was_seen_and_changes_no_figure(floor):
    received_truck(floor)
    seen = reconciled(floor)
    signed = floor.run(service.sign, SignReconciliation(SITE, "noon", seen.digest))
    assert (signed.agrees, signed.breaches, signed.postings) == (False, 0, seen.postings)
    assert signed.digest == seen.digest == reconciled(floor).digest
    (finding,) = signed.findings
    assert (finding.goods_no, finding.verdict, finding.floor) == (MILK, Verdict.ON_THE_WAY, q(480))
    assert floor.ask(queries.signatures) == (signed,)


def test_nobody_signs_figures_that_moved(floor):
    seen = reconciled(floor)
    received_truck(floor)
    with pytest.raises(Moved):
        floor.run(service.sign, SignReconciliation(SITE, "", seen.digest))
    assert floor.ask(queries.signatures) == ()


def test_the_same_key_signs_once(floor):
    command = SignReconciliation(SITE, "day end")
    first: Signature = floor.run(service.sign, command, key="k")
    received_truck(floor)
    assert floor.run(service.sign, command, key="k") == first
    assert len(floor.ask(queries.signatures)) == 1


def test_a_command_that_needs_one_moment_sees_nothing_that_comes_later(floor):
    @one_moment
    def look_twice(tx: Tx, _command: SignReconciliation) -> bool:
        before = queries.reconcile(tx)
        received_truck(floor)
        return queries.reconcile(tx) == before

    assert floor.run(look_twice, SignReconciliation(SITE, ""))
    assert figures(line(floor))[1] == q(480)


def test_goods_that_no_book_knows_are_a_difference_of_their_own(floor, demo_url):
    with psycopg.connect(demo_url.replace("+psycopg", "")) as connection:
        names = [
            name
            for (name,) in connection.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = 'goods'"
            )
            if name not in {"sku", "gtin"}
        ]
        columns = ", ".join(names)
        connection.execute(
            f"INSERT INTO goods (sku, gtin, {columns})"
            f" SELECT 'STRAY-1', '06900000000014', {columns} FROM goods WHERE sku = %s",
            [MILK],
        )
    floor.pallet("LPN-9", 10, sku="STRAY-1")
    found = reconciled(floor)
    stray = found.lines[-1]
    assert (stray.figures.book_no, stray.figures.line_no) == ("", 0)
    assert (stray.verdict, stray.gap.floor) == (Verdict.DIFFERS, q(10))
    assert not found.explained


@pytest.mark.parametrize("passes_first", [True, False])
def test_outbound_goods_are_on_the_way_until_gate_and_customs_have_both_said_so(
    demo_url, passes_first
):
    with gate_site(demo_url) as gate:
        gate.bring_in((MILK, 240))
        floor = Floor(gate.doorway, gate.actor)
        cop_no, checklist_no = gate.released_load(1, MILK, 2)
        passing = GoodsPassed(
            SITE,
            "P1",
            (gate.ask(clearance.checklist, checklist_no).checklist_id,),
            "E",
            gate.clock.now(),
        )
        steps = [lambda: gate.run(goods_passed, passing), lambda: gate.hear(posted(checklist_no))]
        first, second = steps if passes_first else reversed(steps)
        first()
        found = line(floor)
        reason = Reason.PASSED_NOT_POSTED if passes_first else Reason.POSTED_NOT_PASSED
        sign = q(2) if passes_first else -q(2)
        assert found.figures.in_transit == (UnderWay(reason, checklist_no, sign),)
        assert found.figures.customs - found.figures.book == sign
        assert found.gap.customs == ZERO
        second()
        settled = line(floor)
        assert settled.figures.in_transit == ()
        assert settled.figures.book == settled.figures.customs == q(238)
        assert gate.ask(clearance.release_list, cop_no).passed_at is not None


def test_half_a_transfer_explains_customs_figure_until_the_other_half_comes(demo_url):
    with office(demo_url) as site:
        with_second_book(site)
        site.bring_in((MILK, 10))
        _, out, into = file(site, (MILK, 4))

        def ways():
            found = site.ask(queries.reconcile).lines
            assert all(line.gap.customs == ZERO for line in found)
            return [way for line in found for way in line.figures.in_transit]

        site.hear(verdict(into))
        site.hear(verdict(out))
        assert ways() == []
        site.hear(posted(into, 4))
        assert ways() == [UnderWay(Reason.PAIR_NOT_POSTED, into, q(4))]
        site.hear(posted(out, 4))
        assert ways() == []


def test_half_a_transfer_explains_nothing_once_the_other_half_is_refused(demo_url):
    with office(demo_url) as site:
        with_second_book(site)
        site.bring_in((MILK, 10))
        _, out, into = file(site, (MILK, 4))
        site.hear(verdict(into))
        site.hear(posted(into, 4))
        site.hear(verdict(out, "3"))
        apart = [line.gap.customs for line in site.ask(queries.reconcile).lines if line.gap.sides]
        assert q(4) in apart


def test_many_lines_apart_cost_as_many_statements_as_one(floor):
    """Lines are read by the thousand; a statement a line would be a page nobody waits for."""

    def look(found_apart: int) -> int:
        with statements(floor.doorway, SITE) as sent:
            found = reconciled(floor)
        apart = [one for one in found.lines if one.verdict is Verdict.DIFFERS]
        assert len(apart) == found_apart
        assert all(one.apart_since for one in apart)
        return len(sent)

    skus = sorted({one.figures.goods_no for one in reconciled(floor).lines})
    floor.pallet("LPN-0", 1, sku=skus[0])
    one_apart = look(1)
    for number, sku in enumerate(skus[1:30], start=1):
        floor.pallet(f"LPN-{number}", 1, sku=sku)
    assert look(30) == one_apart
