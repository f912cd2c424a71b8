"""A site in the middle of its day: goods on the way, a loss, a stopped truck, held papers."""

from dataclasses import dataclass
from datetime import date, timedelta

from arrivals import Truck, planned_truck
from clearance_site import CREAM, MILK, SITE, posted
from floor import Floor, adjusted, q
from gate_site import IN_LANE, Gate, Seen

from wms.inbound import service as inbound
from wms.inbound.terms import CloseArrival, ReceivePallet, TruckIn
from wms.ledger.terms import DocumentRef
from wms.stock.terms import Adjust, Content, Status

CHEESE_LIKE = "ME1-0002"


@dataclass(frozen=True)
class Day:
    """What stands where at noon."""

    gate: Gate
    floor: Floor
    settled: Truck
    unposted: Truck


def noon(gate: Gate) -> Day:
    """Play the morning: a truck settled, one not posted yet, a loss, a held list, a stopped truck.

    The clock moves a minute with each step, so that the books know an order.
    """
    floor = Floor(gate.doorway, gate.actor)
    settled = unload(gate, floor, planned_truck(floor, 2))
    gate.hear(posted(settled.checklist_no, 480))
    tick(gate)
    unposted = unload(gate, floor, planned_truck(floor, 1, first=10, sku=CREAM))
    planned_truck(floor, 3, first=20, sku=CHEESE_LIKE)
    lose(gate, settled.pallets[0], 24)
    gate.told(gate.declared(1, (MILK, 2)), "120", "800")
    gate.told(gate.declared(2, (MILK, 1)), "120", "500")
    gate.told(gate.declared(3, (MILK, 3)), "120")
    gate.approved()
    gate.drive("P-1", Seen(kg="5380"))
    gate.see(IN_LANE, "P-2")
    tick(gate)
    return Day(gate, floor, settled, unposted)


def tick(gate: Gate) -> None:
    gate.clock.time += timedelta(minutes=1)


def unload(gate: Gate, floor: Floor, truck: Truck) -> Truck:
    """Let a truck in, scan all of its pallets and close it."""
    now = gate.clock.now()
    floor.run(
        inbound.truck_in, TruckIn(SITE, "I", truck.arrival_no, "P64090000001", "琼A9Q001", "", now)
    )
    for sscc in truck.pallets:
        floor.run(inbound.receive, ReceivePallet(SITE, sscc, now))
    floor.run(inbound.close, CloseArrival(SITE, truck.arrival_no))
    tick(gate)
    return truck


def lose(gate: Gate, sscc: str, pieces: int) -> None:
    """Find fewer cans on a pallet than the books say."""
    content = Content(MILK, "L1", date(2028, 1, 1), -q(pieces), Status.GOOD)
    document = DocumentRef("count", "COUNT-1")
    command = Adjust(SITE, sscc, content, document, "not there", gate.clock.now())
    adjusted(gate.doorway, gate.actor, command)
    tick(gate)
