"""Goods come in: checklists, sheets, the gate with its trouble, pallets scanned and put away."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from counterparts.day import gate
from counterparts.day.errors import NotHappenedError
from counterparts.day.plan import Pallet, TruckIn
from counterparts.day.table import articles
from counterparts.day.world import World
from labels import sscc

LANE = "HAKL01IN01"
STRANGER = "琼B9Q999"
"""A plate no paper names."""
BY_SEA, FROM = "2", "309"
EXPIRY = "2028-06-30"


@dataclass
class Coming:
    """A truck on its way in, with the papers it was given."""

    truck: TruckIn
    checklist: str
    seal: str
    bond_invt_no: str = ""
    arrival: str = ""
    sheet: str = ""
    total_kg: str = ""

    @property
    def rig(self) -> dict[str, Any]:
        """Return the vehicle as the lane's readers see it."""
        vehicle = self.truck.vehicle
        return {"plate": vehicle.plate, "card": vehicle.card_no, "seal": self.seal}


def bring_in(world: World) -> None:
    """Play every inbound truck from its checklist to the posting in customs' book."""
    coming = _declare(world)
    _drive_in(world, coming)
    _unload(world, coming)
    _settle(world, coming)


def _declare(world: World) -> list[Coming]:
    officer, dispatcher = world.people.officer, world.people.dispatcher
    seals = iter(gate.free_seals(world))
    with world.stage("inbound papers", len(world.plan.trucks_in)) as done:
        coming = []
        for truck in world.plan.trucks_in:
            goods = [
                {"sku": sku, "quantity": str(pieces), "price": f"{articles()[sku].price:f}"}
                for sku, pieces in truck.goods.items()
            ]
            paper = {"list_type": "0", "goods": goods, "transport_mode": BY_SEA, "country": FROM}
            filed = officer.post("/api/checklists", paper)
            coming.append(Coming(truck, filed["inner_no"], next(seals)))
            world.checklists.append(filed["inner_no"])
        for one in coming:
            one.bond_invt_no = _approved(world, one.checklist)
            one.arrival = dispatcher.post("/api/arrivals", _arrival(world, one))["arrival_no"]
            one.sheet = dispatcher.post("/api/release-sheets", _sheet(one))["sheet_no"]
            world.sheets.append(one.sheet)
        for one in coming:
            one.total_kg = gate.approved_sheet(world, one.sheet)["total_kg"]
            done(1)
    return coming


def _approved(world: World, checklist: str) -> str:
    def ask() -> str | None:
        found = world.people.officer.get(f"/api/checklists/{checklist}")
        return str(found["bond_invt_no"]) if found["state"] == "approved" else None

    return world.until(f"customs approves checklist {checklist}", ask)


def _arrival(world: World, one: Coming) -> dict[str, Any]:
    return {
        "checklist_no": one.checklist,
        "plate": one.truck.vehicle.plate,
        "seal_no": one.seal,
        "pallets": [
            {
                "sscc": pallet_no(world, pallet),
                "sku": pallet.sku,
                "lot": f"L{world.plan.seed}",
                "expiry": EXPIRY,
                "quantity": str(pallet.announced),
            }
            for pallet in one.truck.pallets
        ],
    }


def _sheet(one: Coming) -> dict[str, Any]:
    truck, vehicle = one.truck, one.truck.vehicle
    return {
        "kind": "2",
        "direction": "I",
        "plate": vehicle.plate,
        "card": vehicle.card_no,
        "vehicle_kg": f"{vehicle.empty_kg:f}",
        "frame_no": vehicle.trailer_plate,
        "frame_kg": f"{vehicle.trailer_kg:f}",
        "gross_kg": f"{truck.gross_kg:f}",
        "net_kg": f"{truck.net_kg:f}",
        "contact": "褚澄川 0898-00000001",
        "related_kind": "1",
        "related": [one.bond_invt_no],
        "seal_no": one.seal,
        "document": one.arrival,
    }


def pallet_no(world: World, pallet: Pallet) -> str:
    """Return the SSCC of a pallet: another one on every day that is played."""
    run = world.numbers.run
    return sscc(f"2991{run // 10**6:03d}", 1, run % 10**6 * 1000 + pallet.number)


def _drive_in(world: World, coming: list[Coming]) -> None:
    with world.stage("trucks in", len(coming) + 1) as done:
        stranger = gate.drive(world, LANE, plate=STRANGER, weight_kg="9000", card="", seal="")
        world.check("truck without a sheet", "N gate.no_sheet", stranger.told)
        done(1)
        for one in coming:
            world.devices.play("seal_affix", seal=one.seal, plate=one.rig["plate"])
            gate.await_seal(world, one.seal, "sealed")
            _pass(world, one)
            world.until(f"arrival {one.arrival} is here", partial(_here, world, one.arrival))
            done(1)


def _pass(world: World, one: Coming) -> None:
    if one.truck.wrong_plate:
        seen = gate.drive(world, LANE, weight_kg=one.total_kg, **one.rig | {"plate": STRANGER})
        gate.rule(world, seen, "send_back", "plate of another vehicle")
        world.check("wrong plate", "M gate.plate_differs", seen.told)
    if one.truck.tampered:
        gate.pass_with_alarm(world, LANE, one.seal, one.rig | {"weight_kg": one.total_kg})
        return
    seen = gate.drive(world, LANE, weight_kg=one.total_kg, **one.rig)
    if not seen.passed:
        raise NotHappenedError(f"truck {one.rig['plate']} passes inward: {seen.told}")


def _here(world: World, arrival: str) -> bool:
    found = world.people.dispatcher.get(f"/api/arrivals/{arrival}")["arrival"]
    return bool(found["state"] == "arrived")


def _unload(world: World, coming: list[Coming]) -> None:
    pallets = sum(len(one.truck.pallets) for one in coming)
    with world.stage("pallets in", pallets) as done:
        for one in coming:
            world.devices.play("seal_remove", seal=one.seal, plate=one.rig["plate"])
            gate.await_seal(world, one.seal, "unsealed")
            for pallet in one.truck.pallets:
                _receive(world, pallet)
            for pallet in one.truck.pallets:
                carry(world, "putaway", pallet_no(world, pallet))
                done(1)
            accepted = {"differences_accepted": one.truck.amended}
            world.people.clerk.post(f"/api/arrivals/{one.arrival}/close", accepted)


def _receive(world: World, pallet: Pallet) -> None:
    number, gap = pallet_no(world, pallet), pallet.came - pallet.announced
    said = [scan(world, "receive", f"]C100{number}")]
    for word, pieces in (("SHORT", -gap), ("OVER", gap), ("DAMAGE", pallet.damaged)):
        if pieces > 0:
            said += [scan(world, "receive", f"CMD-{word}"), scan(world, "receive", f"QTY:{pieces}")]
            world.check(
                f"pallet {word.lower()}", "accepted ×3", f"accepted ×{said.count('accepted')}"
            )


def carry(world: World, task: str, number: str, place: str = "") -> None:
    """Carry a pallet to a place, the one the scanner proposes unless told another."""
    clerk = world.people.clerk
    asked = clerk.scan(task, f"]C100{number}")
    place = place or str(asked["prompt"]["big"])
    answer = clerk.scan(task, place)
    if answer["outcome"] == "again":  # an odd place is meant if it is scanned twice
        answer = clerk.scan(task, place)
    if answer["outcome"] != "accepted":
        raise NotHappenedError(f"{task}: {number} to {place}: {answer['say']} {answer['meaning']}")


def scan(world: World, task: str, code: str) -> str:
    """Scan a code that must be taken; return the outcome, raise NotHappenedError if it is not."""
    answer = world.people.clerk.scan(task, code)
    if answer["outcome"] != "accepted":
        why = answer["meaning"] or answer["detail"]
        raise NotHappenedError(f"{task}: {code} is taken: {answer['say']} {why}")
    return str(answer["outcome"])


def _settle(world: World, coming: list[Coming]) -> None:
    officer = world.people.officer
    amended = 0
    with world.stage("book posted inward", len(coming)) as done:
        for one in coming:

            def ask(number: str = one.checklist) -> Any:
                found = officer.get(f"/api/checklists/{number}")
                return found if found["state"] == "posted" else None

            posted = world.until(f"customs posts checklist {one.checklist}", ask)
            amended += any(x["what"] == "amendment_approved" for x in posted["timeline"])
            done(1)
    planned = sum(one.truck.amended for one in coming)
    world.check("checklists amended", planned, amended)
