"""Vehicles and seals at the lanes: driven by the device counterpart, ruled by the supervisor."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from counterparts.day.errors import NotHappenedError, RefusedError
from counterparts.day.world import World


@dataclass
class Seen:
    """What became of one drive into a lane."""

    lane: str
    passage: str
    verdict: str
    codes: Sequence[str]
    passed: bool

    @property
    def told(self) -> str:
        return " ".join([self.verdict, *self.codes])


def drive(world: World, lane: str, **vehicle: Any) -> Seen:
    """Drive a vehicle into a lane; it goes through when the barrier rises."""
    passage = f"{lane}-{world.numbers.run}-{len(world.passages) + 1}"
    world.passages.append(passage)
    direction = "in" if "IN" in lane else "out"
    answer = world.devices.play("drive", lane=lane, dir=direction, passage=passage, **vehicle)
    codes = tuple(str(code) for code in answer["codes"])
    return Seen(lane, passage, str(answer["verdict"]), codes, bool(answer["passed"]))


def rule(world: World, seen: Seen, ruling: str, reason: str) -> bool:
    """Let the supervisor decide a crossing that waits; return whether the vehicle went through."""
    crossing = world.until(f"crossing {seen.passage} is shown", lambda: _crossing(world, seen))
    body = {"ruling": ruling, "reason": reason}
    world.people.supervisor.post(f"/api/crossings/{crossing['crossing_id']}/decision", body)
    return bool(world.devices.play("proceed", lane=seen.lane, passage=seen.passage)["passed"])


def pass_with_alarm(world: World, lane: str, seal: str, rig: dict[str, Any]) -> None:
    """Let a seal cry on the way: nobody may release it before the alarm is cleared with a note."""
    world.devices.play("seal_tamper", seal=seal, cause="cut")
    await_seal(world, seal, "alarm")
    seen = drive(world, lane, **rig)
    world.check("tampered seal", "M gate.seal_alarm", seen.told)
    try:
        rule(world, seen, "release", "the seal looks whole")
        refused = "released"
    except RefusedError as refusal:
        refused = refusal.code
    world.check("release under alarm", "gate.may_not_release", refused)
    note = {"note": "seal body whole, strap renewed, photographs kept"}
    world.people.supervisor.post(f"/api/seals/{seal}/alarm-clearance", note)
    passed = rule(world, seen, "release", "alarm cleared with a note")
    world.check("alarm cleared with a note", "passed", "passed" if passed else "standing")


def free_seals(world: World) -> list[str]:
    """Return the seals that lock nothing, in the order of their numbers."""
    found = world.people.dispatcher.get("/api/seals")["seals"]
    loose = {"idle", "unsealed"}
    return sorted(one["seal_no"] for one in found if one["in_use"] and one["state"] in loose)


def await_seal(world: World, seal: str, state: str) -> None:
    """Wait until a seal is in a state."""

    def ask() -> bool:
        return bool(world.people.dispatcher.get(f"/api/seals/{seal}")["state"] == state)

    world.until(f"seal {seal} is {state}", ask)


def approved_sheet(world: World, sheet: str) -> Any:
    """Wait until customs approves a release sheet and return it."""

    def ask() -> Any:
        found = world.people.dispatcher.get(f"/api/release-sheets/{sheet}")
        if found["state"] == "refused":
            raise NotHappenedError(f"sheet {sheet} is approved: {found['remark']}")
        return found if found["state"] == "approved" else None

    return world.until(f"customs approves sheet {sheet}", ask)


def _crossing(world: World, seen: Seen) -> Any:
    found = world.people.supervisor.get("/api/crossings")["crossings"]
    return next((one for one in found if one["passage"] == seen.passage), None)
