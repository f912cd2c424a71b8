"""Trucks for tests: a checklist filed and approved, an arrival announced on it, the truck in."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from floor import MILK, NOW, SITE, Floor, q

from labels import gs1
from wms.clearance import service as clearance
from wms.clearance.service import ApplyChecklistReceipt, FileChecklist, GoodsLine
from wms.customs.codecs import ChecklistReceipt
from wms.inbound import service
from wms.inbound.terms import ExpectedPallet, PlanArrival, TruckIn
from wms.kernel.ids import new_id

PLATE = "琼A9Q001"


def sscc(number: int) -> str:
    """Return the SSCC of pallet `number`."""
    return gs1.sscc("6940999", 0, number)


@dataclass(frozen=True)
class Truck:
    """An arrival with its pallets, each of 240 cans of milk unless said otherwise."""

    arrival_no: str
    checklist_no: str
    pallets: tuple[str, ...]


def approved_checklist(floor: Floor, pieces: int, sku: str = MILK) -> str:
    """File an inbound checklist of one article and have customs approve it."""
    goods = (GoodsLine(sku, q(pieces), Decimal("120.00")),)
    filed = floor.run(
        clearance.file_checklist,
        FileChecklist(SITE, "0", goods=goods, transport_mode="2", country="309"),
    )
    customs_says(floor, filed.inner_no, "1")
    return filed.inner_no


def customs_says(floor: Floor, inner_no: str, result: str, dcl_typecd: str = "1") -> None:
    """Apply customs' verdict on a checklist, or (dcl_typecd 2) on a change of it."""
    receipt = ChecklistReceipt(
        kind="INV201",
        result=result,
        etps_inner_invt_no=inner_no,
        bond_invt_no=f"QD640926I{inner_no[-9:]}",
        seq_no=inner_no[-18:],
        dcl_typecd=dcl_typecd,
    )
    floor.run(clearance.apply_checklist_receipt, ApplyChecklistReceipt(SITE, new_id(), receipt))


def planned_truck(
    floor: Floor,
    pallets: int = 2,
    *,
    first: int = 1,
    checklist_no: str = "",
    sku: str = MILK,
    seal_no: str = "",
) -> Truck:
    """Announce a truck, on a checklist that declares just what it brings unless one is named."""
    checklist_no = checklist_no or approved_checklist(floor, 240 * pallets, sku)
    numbers = tuple(sscc(first + n) for n in range(pallets))
    plan = PlanArrival(
        SITE,
        checklist_no,
        PLATE,
        tuple(ExpectedPallet(n, sku, "L1", date(2028, 1, 1), q(240)) for n in numbers),
        seal_no=seal_no,
    )
    return Truck(floor.run(service.plan, plan).arrival_no, checklist_no, numbers)


def truck_in(floor: Floor, truck: Truck) -> str:
    """Let the truck of an arrival pass the gate."""
    return floor.run(
        service.truck_in, TruckIn(SITE, "I", truck.arrival_no, "P64090000001", PLATE, "", NOW)
    )


def truck_at_dock(floor: Floor, pallets: int = 2, **of: object) -> Truck:
    """Announce a truck and let it in."""
    truck = planned_truck(floor, pallets, **of)
    truck_in(floor, truck)
    return truck
