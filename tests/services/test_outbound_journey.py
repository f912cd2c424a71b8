"""Parcels from a released list to a sealed, declared truck, by the scans a clerk makes."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from clearance_site import CREAM, MILK, NOW, SITE, verdict
from gate_site import Gate, gate_site
from statements import statements

from wms.kernel.actor import Actor
from wms.kernel.errors import Conflict
from wms.kernel.ids import new_id
from wms.kernel.quantity import Quantity
from wms.ledger.terms import DocumentRef
from wms.outbound import queries, service
from wms.outbound.scan import TASKS
from wms.outbound.terms import LoadState, ParcelState
from wms.printing import queries as printing
from wms.scans.service import Scans
from wms.scans.terms import Outcome, ScanRead, ScanStep
from wms.seals import queries as seals
from wms.settings import Settings
from wms.stock import queries as stock
from wms.stock import service as floor
from wms.stock.terms import Content, MoveUnit, Receive, UnitKind
from wms.wiring import Wiring
from wms.worker import Worker

PLATE, SEAL, DOCK = "琼A9Q001", "CN99DM000001", "DK-02"
PERMISSIONS = frozenset({"outbound.pick", "outbound.pack", "outbound.load"})


class Yard:
    """The way out of a demo site: what the house does by itself, and what a clerk scans."""

    def __init__(self, site: Gate) -> None:
        self.site = site
        self.clerk = Actor(new_id(), "clerk", "person", SITE, PERMISSIONS)
        self.scans = Scans(TASKS)
        settings = Settings(site.url, "mqtt://x", "k" * 40, Path(), 8080, True, "http://localhost")
        self.worker = Worker(Wiring(settings, site.doorway), "worker")

    def react(self) -> None:
        while self.worker.drain():
            pass

    def store(self, number: str, sku: str, pieces: int, place: str) -> None:
        """Receive a pallet and put it away."""
        content = Content(sku, "L1", date(2028, 1, 1), Quantity.of(pieces))
        paper = DocumentRef("checklist", "QD640926I000000001")
        self.site.run(
            floor.receive, Receive(SITE, number, UnitKind.PALLET, "DK-01", (content,), paper, NOW)
        )
        self.site.run(floor.move_unit, MoveUnit(SITE, number, NOW, to_place=place))

    def scan(self, task: str, code: str) -> ScanStep:
        read = ScanRead(SITE, new_id(), task, code, NOW)
        return self.site.doorway.run(self.scans.take, read, self.clerk, key=f"scan:{read.op}")

    def released(self, number: int, *lines: tuple[str, int]) -> tuple[str, str]:
        """Return (copNo, waybill) of an order that customs released; its parcel is made."""
        cop_no = self.site.declared(number, *lines)
        self.site.told(cop_no, "120", "800")
        self.react()
        return cop_no, f"WB-{number:06d}"

    def parcel(self, number: str) -> Any:
        return self.site.ask(queries.parcel, number)

    def packed(self, number: int, *lines: tuple[str, int]) -> str:
        """Return the waybill of a parcel that is picked, labelled and closed."""
        _, waybill = self.released(number, *lines)
        for _, pick in self.site.ask(queries.pick_list):
            assert self.scan("pick", pick.unit).outcome is Outcome.ACCEPTED
            assert self.scan("pick", waybill).outcome is Outcome.ACCEPTED
        assert self.scan("pack", waybill).outcome is Outcome.ACCEPTED
        assert self.scan("pack", waybill).outcome is Outcome.ACCEPTED
        assert self.parcel(waybill).state is ParcelState.PACKED
        return waybill

    def open_load(self, pallets: int = 1) -> Any:
        return self.site.run(
            service.open_load, service.OpenLoad(SITE, PLATE, SEAL, DOCK, pallets, NOW)
        )


@pytest.fixture
def yard(demo_url: str) -> Iterator[Yard]:
    with gate_site(demo_url) as site:
        site.bring_in((MILK, 12), (CREAM, 6))
        yard = Yard(site)
        yard.react()
        yard.store("106900000000000017", MILK, 12, "BK-A-01-1")
        yard.store("106900000000000024", CREAM, 6, "BK-A-01-2")
        yield yard


def test_a_parcel_goes_all_the_way_to_a_declared_truck(yard: Yard) -> None:
    first, second = yard.packed(1, (MILK, 2), (CREAM, 1)), yard.packed(2, (MILK, 1))
    load = yard.open_load()
    assert yard.scan("load", PLATE).outcome is Outcome.ACCEPTED
    assert yard.scan("load", load.pallets[0].sscc).outcome is Outcome.ACCEPTED
    for waybill in (first, second):
        assert yard.scan("load", waybill).outcome is Outcome.ACCEPTED
    assert yard.scan("load", "CMD-FINISH").outcome is Outcome.ACCEPTED
    assert yard.scan("load", SEAL).outcome is Outcome.ACCEPTED
    load = yard.site.ask(queries.load, load.load_no)
    assert (load.state, load.parcels) == (LoadState.SEALED, 2)
    assert yard.site.ask(seals.seal, SEAL).state.value == "sealed"

    declared = yard.site.run(service.dispatch_load, service.DispatchLoad(SITE, load.load_no))
    yard.site.hear(verdict(declared.checklist_no))
    yard.react()
    load = yard.site.ask(queries.load, load.load_no)
    assert load.state is LoadState.SHEETED
    assert load.sheet_no
    prints = {(job.label, job.nth) for job in yard.site.ask(printing.jobs)}
    assert prints == {("release", 1), ("batch_transfer", 1)}
    assert yard.site.stands()


def test_the_goods_of_a_load_are_its_parcels_goods(yard: Yard) -> None:
    waybill = yard.packed(1, (MILK, 3), (CREAM, 2))
    load = yard.open_load()
    for code in (PLATE, load.pallets[0].sscc, waybill):
        yard.scan("load", code)
    held = {row.sku: row.quantity for row in yard.site.ask(stock.contents, load.load_no)}
    assert held == {MILK: Quantity.of(3), CREAM: Quantity.of(2)}


def test_what_customs_did_not_release_does_not_reach_the_truck(yard: Yard) -> None:
    yard.site.declared(7, (MILK, 1))
    load = yard.open_load()
    yard.scan("load", PLATE)
    yard.scan("load", load.pallets[0].sscc)
    step = yard.scan("load", "WB-000007")
    assert (step.outcome, step.meaning.key) == (Outcome.NOT_NOW, "outbound.not_released")


def test_a_list_stopped_after_its_release_stops_the_parcel_wherever_it_is(yard: Yard) -> None:
    cop_no, waybill = yard.released(1, (MILK, 1))
    yard.site.told(cop_no, ("500", 9))
    yard.react()
    assert yard.parcel(waybill).held
    assert yard.scan("pick", "106900000000000017").outcome is Outcome.WRONG_ONE
    assert yard.scan("pick", waybill).outcome is Outcome.NOT_NOW
    assert yard.scan("pack", waybill).outcome is Outcome.NOT_NOW


def test_a_parcel_scanned_twice_is_loaded_once(yard: Yard) -> None:
    waybill = yard.packed(1, (MILK, 1))
    load = yard.open_load()
    for code in (PLATE, load.pallets[0].sscc, waybill):
        assert yard.scan("load", code).outcome is Outcome.ACCEPTED
    step = yard.scan("load", waybill)
    assert (step.outcome, step.meaning.key) == (Outcome.NOT_NOW, "outbound.parcel_state")
    assert yard.site.ask(queries.load, load.load_no).parcels == 1


@pytest.mark.parametrize("task", ["pick", "pack", "load"])
def test_a_code_nobody_knows_and_a_code_of_another_kind(yard: Yard, task: str) -> None:
    assert yard.scan(task, "NO-SUCH-THING").outcome is Outcome.UNKNOWN_CODE
    step = yard.scan(task, "BK-A-01-1")
    assert (step.outcome, step.meaning.key) == (Outcome.WRONG_KIND, "outbound.scan.is_place")


def test_goods_for_the_box_of_another_parcel_are_refused(yard: Yard) -> None:
    _, first = yard.released(1, (MILK, 1))
    _, other = yard.released(2, (CREAM, 1))
    assert yard.scan("pick", "106900000000000017").outcome is Outcome.ACCEPTED
    assert yard.scan("pick", other).outcome is Outcome.WRONG_ONE
    assert yard.scan("pick", first).outcome is Outcome.ACCEPTED


def test_a_parcel_without_goods_waits_and_is_served_when_goods_come(yard: Yard) -> None:
    _, big = yard.released(1, (MILK, 12))
    assert yard.parcel(big).state is ParcelState.ALLOCATED
    yard.site.bring_in((MILK, 5))
    yard.react()
    _, waiting = yard.released(2, (MILK, 5))
    assert yard.parcel(waiting).state is ParcelState.SHORT
    yard.store("106900000000000031", MILK, 5, "BK-A-02-1")
    assert yard.site.run(service.retry_short, service.RetryShort(SITE)) == 1
    assert yard.parcel(waiting).state is ParcelState.ALLOCATED


def test_a_rejected_list_gives_its_goods_back(yard: Yard) -> None:
    _, waybill = yard.released(1, (CREAM, 6))
    yard.site.run(
        service.drop_parcel,
        service.DropParcel(SITE, yard.parcel(waybill).list_no, "700"),
    )
    assert yard.parcel(waybill).state is ParcelState.CANCELLED
    _, other = yard.released(2, (MILK, 1))
    assert yard.parcel(other).state is ParcelState.ALLOCATED
    assert yard.site.stands()


def test_one_truck_has_one_load_and_every_pallet_something_on_it(yard: Yard) -> None:
    load = yard.open_load(pallets=2)
    with pytest.raises(Conflict, match=r"outbound\.truck_busy"):
        yard.open_load()
    waybill = yard.packed(1, (MILK, 1))
    for code in (load.load_no, load.pallets[0].sscc, waybill):
        yard.scan("load", code)
    step = yard.scan("load", "CMD-FINISH")
    assert (step.outcome, step.meaning.key) == (Outcome.NOT_NOW, "outbound.pallet_empty")


def test_another_seal_than_the_one_handed_out_is_refused(yard: Yard) -> None:
    waybill = yard.packed(1, (MILK, 1))
    load = yard.open_load()
    for code in (PLATE, load.pallets[0].sscc, waybill, "CMD-FINISH"):
        assert yard.scan("load", code).outcome is Outcome.ACCEPTED
    with pytest.raises(Conflict, match=r"outbound\.other_seal"):
        yard.site.run(service.seal_load, service.SealLoad(SITE, load.load_no, "CN99DM000002", NOW))


def test_a_scan_of_the_way_out_stays_short(yard: Yard) -> None:
    """Statements through the doorway; what grows with the site's history is not among them."""

    def sent(task: str, code: str) -> int:
        with statements(yard.site.doorway, SITE) as found:
            assert yard.scan(task, code).outcome is Outcome.ACCEPTED
        return len(found)

    yard.packed(1, (MILK, 1), (CREAM, 1))  # the first scan of a task makes a place in it
    _, waybill = yard.released(2, (MILK, 1), (CREAM, 1))
    assert sent("pick", "106900000000000017") <= 6
    assert sent("pick", waybill) <= 23  # opens the box and its account
    assert sent("pick", "106900000000000024") <= 6
    assert sent("pick", waybill) <= 20
    assert sent("pack", waybill) <= 12
    assert sent("pack", waybill) <= 9
    load = yard.open_load()
    yard.scan("load", PLATE)
    assert sent("load", load.pallets[0].sscc) <= 8
    assert sent("load", waybill) <= 16
