"""Whatever is lost, doubled or reordered on the way: what is planted is found, nothing invented."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

import pytest
from arrivals import Truck, planned_truck
from audit_day import tick
from clearance_site import BOOK, posted
from floor import Floor, q
from gate_site import SITE, Gate, gate_site

from wms.audit import queries, service
from wms.audit.terms import RecordStatement, Side, StatedLine
from wms.inbound import service as inbound
from wms.inbound.terms import ReceivePallet, TruckIn
from wms.kernel.errors import Refusal
from wms.kernel.quantity import Quantity
from wms.stock import queries as stock_queries
from wms.stock import service as stock
from wms.stock.terms import AskCount, CloseCount, CountPieces

PALLET = 240


@dataclass
class Planted:
    """What was done to one article on purpose: its truck, and the gaps that must be found."""

    sku: str
    truck: Truck
    gaps: dict[Side, Quantity] = field(default_factory=dict)


@pytest.fixture
def gate(demo_url: str) -> Iterator[Gate]:
    with gate_site(demo_url) as gate:
        yield gate


@pytest.mark.parametrize("seed", range(4))
def test_planted_differences_are_found_and_none_is_invented(gate: Gate, seed: int) -> None:
    chance = Random(seed)
    floor = Floor(gate.doorway, gate.actor)
    with gate.doorway.read(gate.actor, snapshot=True) as tx:
        skus = sorted({line.figures.goods_no for line in queries.reconcile(tx).lines})
    chosen = chance.sample(skus, 7)
    planted = [
        Planted(sku, planned_truck(floor, chance.randint(1, 2), first=10 * n + 1, sku=sku))
        for n, sku in enumerate(chosen)
    ]
    events = [event for one in planted for event in _events(gate, one, chance)]
    chance.shuffle(events)
    for act, *facts in events:
        try:
            act(*facts)
        except Refusal:
            continue  # a pallet scanned twice, a receipt heard twice
        tick(gate)
    gate.clock.time += timedelta(days=2)  # no receipt is late any more
    _customs_says(gate, planted)
    for one in planted:
        _plant(gate, floor, one, chance)
    with gate.doorway.read(gate.actor, snapshot=True) as tx:
        found = {
            line.figures.goods_no: line.gap.sides
            for line in queries.reconcile(tx).lines
            if line.gap.sides
        }
    assert found == {one.sku: one.gaps for one in planted if one.gaps}


def _events(gate: Gate, one: Planted, chance: Random) -> list[tuple]:
    """Return the truck's arrival done, and its scans and receipts: each lost, once or doubled."""
    now, truck = gate.clock.now(), one.truck
    gate.run(
        inbound.truck_in, TruckIn(SITE, "I", truck.arrival_no, "P64090000001", "琼A9Q001", "", now)
    )
    scans = [
        (gate.run, inbound.receive, ReceivePallet(SITE, sscc, now))
        for sscc in truck.pallets
        for _ in range(chance.randint(0, 2))
    ]
    heard = chance.randint(0, 2)
    if not heard:
        one.gaps[Side.STATED] = q(PALLET * len(truck.pallets))
    receipt = posted(truck.checklist_no, PALLET * len(truck.pallets))
    return [*scans, *([(gate.hear, receipt)] * heard)]


def _customs_says(gate: Gate, planted: list[Planted]) -> None:
    """Let customs state what it truly posted of each article, whatever we heard of it."""
    with gate.doorway.read(gate.actor, snapshot=True) as tx:
        line_of = {
            line.figures.goods_no: line.figures.line_no for line in queries.reconcile(tx).lines
        }
    lines = tuple(
        StatedLine(line_of[one.sku], q(PALLET * len(one.truck.pallets))) for one in planted
    )
    told = RecordStatement(SITE, BOOK, gate.clock.now(), "file", "", "", lines)
    gate.run(service.record_statement, told)


def _plant(gate: Gate, floor: Floor, one: Planted, chance: Random) -> None:
    """Put a pallet on no paper beside it, or count one of its pallets short, or leave it be."""
    deed = chance.choice(("stray", "short", "nothing"))
    if deed == "stray":
        floor.pallet(f"STRAY-{one.sku}", 7, sku=one.sku)
        one.gaps[Side.FLOOR] = q(7)
    here = [sscc for sscc in one.truck.pallets if gate.ask(stock_queries.known, sscc)]
    if deed == "short" and here:
        lost, now = chance.randint(1, PALLET), gate.clock.now()
        (count,) = gate.run(stock.ask_count, AskCount(SITE, "month end", sku=one.sku)).counts
        for row in gate.ask(stock_queries.held_of, one.sku):
            there = row.quantity - (q(lost) if row.unit == here[0] else q(0))
            counted = CountPieces(SITE, count, row.unit, one.sku, there, now)
            gate.run(stock.count_pieces, counted)
        gate.run(stock.close_count, CloseCount(SITE, count, now))
        one.gaps[Side.COUNT] = -q(lost)
