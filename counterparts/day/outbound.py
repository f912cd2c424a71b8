"""Parcels go out: picked, labelled, packed, loaded, sealed, declared, weighed and let go."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from counterparts.day import gate
from counterparts.day.errors import NotHappenedError
from counterparts.day.inbound import carry, pallet_no, scan
from counterparts.day.plan import Order, Trouble, TruckOut
from counterparts.day.world import World

LANE: Final = "HAKL02OU01"
UNKNOWN: Final = "NO-SUCH-THING-77"
EMPTIES: Final = "SG-12"


def send_out(world: World) -> None:
    """Play every parcel from the shelf to the gate, truck by truck."""
    _pick(world)
    _pack(world)
    leaving = world.plan.leaving
    trucks = world.plan.trucks_out
    with world.stage("parcels loaded", len(leaving)) as done:
        for truck in trucks:
            share = leaving[truck.number :: len(trucks)]
            world.loads.append(_load(world, truck, share, done))
    with world.stage("trucks out", len(trucks)) as done:
        for truck, load in zip(trucks, world.loads, strict=True):
            _leave(world, truck, load)
            done(1)
    _clear_away(world)


def _clear_away(world: World) -> None:
    """Carry off what was picked empty, and what is damaged: tomorrow's pallets need the places."""
    taken = world.plan.taken
    over = [one for one in world.plan.pallets_in if one.damaged or one.came == taken.get(one.sku)]
    with world.stage("pallets cleared away", len(over)) as done:
        for pallet in over:
            carry(world, "move", pallet_no(world, pallet), EMPTIES)
            done(1)


def parcel_no(world: World, order: Order) -> str:
    """Return the number on the box of an order's parcel."""
    return f"P{world.lists[order.number]}"


def _pick(world: World) -> None:
    lines = sum(len(world.plan.final_lines(order)) for order in world.plan.leaving)
    with world.stage("lines picked", lines) as done:
        while picks := world.people.clerk.get("/api/picks")["picks"]:
            for pick in picks:
                scan(world, "pick", pick["unit"])
                scan(world, "pick", pick["parcel_no"])
                done(1)


def _pack(world: World) -> None:
    leaving = world.plan.leaving
    answer = world.people.clerk.scan("pack", UNKNOWN)
    world.check("unknown barcode", "unknown_code", answer["outcome"])
    with world.stage("labels asked", len(leaving)) as done:
        for order in leaving:
            scan(world, "pack", parcel_no(world, order))
            done(1)
    packed = 0

    def stick() -> int:
        nonlocal packed
        for name in world.tray.look():
            scan(world, "pack", _parcel_code(world.tray.symbols[name]))
            packed += 1
        return packed

    world.fill("parcels packed", len(leaving), stick)


def _parcel_code(symbols: Sequence[str]) -> str:
    """Return what a scanner reads off the label's square code, as the scanner sends it."""
    return next((one for one in symbols if one.startswith("]Q")), symbols[0] if symbols else "")


def _load(world: World, truck: TruckOut, share: Sequence[Order], done: Any) -> str:
    dispatcher, plate = world.people.dispatcher, truck.vehicle.plate
    seal = gate.free_seals(world)[0]
    opened = {
        "plate": plate,
        "seal_no": seal,
        "place": f"DK-{truck.number % 6 + 1:02d}",
        "pallets": truck.pallets,
    }
    load = dispatcher.post("/api/loads", opened)
    pallets = [one["sscc"] for one in load["pallets"]]
    scan(world, "load", plate)
    for number, pallet in enumerate(pallets):
        scan(world, "load", f"]C100{pallet}")
        for order in share[number :: len(pallets)]:
            if order is share[0]:
                _load_with_trouble(world, truck, order)
            else:
                scan(world, "load", world.numbers.waybill(order))
            done(1)
    scan(world, "load", "CMD-FINISH")
    scan(world, "load", seal)
    world.devices.play("seal_affix", seal=seal, plate=plate)
    load_no = str(load["load_no"])
    dispatcher.post(f"/api/loads/{load_no}/dispatch")
    return load_no


def _load_with_trouble(world: World, truck: TruckOut, order: Order) -> None:
    """Load the first parcel of a truck; on the first truck, with what people do wrong at a dock."""
    clerk, waybill = world.people.clerk, world.numbers.waybill(order)
    if truck.number:
        scan(world, "load", waybill)
        return
    for held in world.plan.having(Trouble.HELD):
        answer = clerk.scan("load", world.numbers.waybill(held))
        world.check("parcel that is not released", "not_now", answer["outcome"])
    read = clerk.read(waybill)
    first, again = (clerk.send("load", read) for _ in range(2))
    world.check("the same scan sent twice", "accepted, the same answer", _both(first, again))
    answer = clerk.scan("load", waybill)
    world.check("parcel scanned twice", "not_now", answer["outcome"])


def _both(first: Any, again: Any) -> str:
    return f"{first['outcome']}, {'the same' if first == again else 'another'} answer"


def _leave(world: World, truck: TruckOut, load_no: str) -> None:
    load = _sheeted(world, load_no)
    world.checklists.append(load["checklist_no"])
    world.sheets.append(load["sheet_no"])
    total = Decimal(gate.approved_sheet(world, load["sheet_no"])["total_kg"])
    vehicle = truck.vehicle
    rig = {"plate": vehicle.plate, "card": vehicle.card_no, "seal": load["seal_no"]}
    if truck.overweight:
        heavy = (total * Decimal("1.08") + 200).quantize(Decimal(1))
        seen = gate.drive(world, LANE, weight_kg=str(heavy), **rig)
        world.check("weight over tolerance", "M gate.weight_off", seen.told)
        gate.rule(world, seen, "send_back", "weigh again on the other bridge")
    seen = gate.drive(world, LANE, weight_kg=f"{total:f}", **rig)
    if not seen.passed:
        raise NotHappenedError(f"truck {vehicle.plate} passes outward: {seen.told}")
    _await_gone(world, load_no, load["checklist_no"])
    world.devices.play("seal_remove", seal=load["seal_no"], plate=vehicle.plate)
    gate.await_seal(world, load["seal_no"], "unsealed")


def _sheeted(world: World, load_no: str) -> Any:
    def ask() -> Any:
        found = world.people.dispatcher.get(f"/api/loads/{load_no}")
        return found if found["state"] == "sheeted" else None

    return world.until(f"load {load_no} has its checklist approved and its sheet filed", ask)


def _await_gone(world: World, load_no: str, checklist: str) -> None:
    def gone() -> bool:
        return bool(world.people.dispatcher.get(f"/api/loads/{load_no}")["state"] == "left")

    def posted() -> bool:
        found = world.people.officer.get(f"/api/checklists/{checklist}")
        return bool(found["state"] == "posted")

    world.until(f"load {load_no} is gone", gone)
    world.until(f"customs posts checklist {checklist}", posted)
