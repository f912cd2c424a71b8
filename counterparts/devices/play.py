"""What can be played: a vehicle at a lane, through or back again; a seal on, off or cut."""

import random
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from counterparts.devices.wire import Commands, Wire
from counterparts.devices.yard import Device, Yard

SAID = frozenset({"Y", "N", "M", "release", "inspect", "send_back"})


class PlayError(Exception):
    """What was asked for cannot be played; the message says why."""


@dataclass
class Stage:
    """The yard, its wire, and who stands in which lane."""

    yard: Yard
    wire: Wire
    wait: float = 20.0
    lanes: dict[str, threading.Lock] = field(default_factory=dict)

    def perform(self, order: object) -> dict[str, Any]:
        """Play one order `{"do": …}` and say what happened; raise PlayError for one unknown."""
        if not isinstance(order, dict):
            raise PlayError("an order is a JSON object")
        deed = order.get("do")
        if not isinstance(deed, str) or deed not in DEEDS:
            raise PlayError(f"do is {deed!r}; it should be one of {', '.join(sorted(DEEDS))}")
        return DEEDS[deed](self, order)

    def lane(self, order: dict[str, Any]) -> dict[str, Device]:
        """Return the devices of the lane an order names."""
        found = self.yard.lanes.get(str(order.get("lane")))
        if found is None:
            raise PlayError(f"no lane {order.get('lane')!r}")
        return found


def drive(stage: Stage, order: dict[str, Any]) -> dict[str, Any]:
    """Drive a vehicle into a lane and be read; go through if the barrier rises.

    Answers `verdict` and `codes` as the lane's sign said, `barrier` and `passed`. At M the vehicle
    stays (`passage` names it) and `proceed` goes on; at N it backs out. `behaviour`:
    `duplicates` n (each event n more times), `shuffle` seed, `silent` list of readings that are
    never sent, `stay` (do not leave at N), `back_out` (do not go although the barrier is up),
    `tailgate`, `wait` seconds.
    """
    lane_no, devices = str(order.get("lane")), stage.lane(order)
    behaviour = order.get("behaviour") or {}
    passage = str(order.get("passage") or f"{lane_no}-{uuid.uuid4().hex[:12]}")  # noqa: TID251
    with stage.lanes.setdefault(lane_no, threading.Lock()):
        stage.wire.forget(passage)
        _be_read(stage, devices, _readings(order, lane_no, passage), behaviour)
        seconds = float(behaviour.get("wait", stage.wait))
        heard = stage.wire.wait(passage, _decided, seconds)
        return _go_on(stage, devices, lane_no, passage, heard, behaviour)


def proceed(stage: Stage, order: dict[str, Any]) -> dict[str, Any]:
    """Wait at M until a person has decided, then do what was decided."""
    lane_no, devices = str(order.get("lane")), stage.lane(order)
    passage = str(order.get("passage"))
    behaviour = order.get("behaviour") or {}
    seconds = float(behaviour.get("wait", stage.wait))
    heard = stage.wire.wait(passage, _ruled, seconds)
    return _go_on(stage, devices, lane_no, passage, heard, behaviour)


def leave(stage: Stage, order: dict[str, Any]) -> dict[str, Any]:
    """Back out of a lane."""
    lane_no, passage = str(order.get("lane")), str(order.get("passage"))
    _end(stage, stage.lane(order), lane_no, passage, "backed-out")
    return {"passage": passage, "passed": False, "result": "backed-out"}


def seal_affix(stage: Stage, order: dict[str, Any]) -> dict[str, Any]:
    """Let a seal say that it was locked on a container or a vehicle."""
    return _seal(stage, order, "seal/affix", ("container", "plate", "order"))


def seal_remove(stage: Stage, order: dict[str, Any]) -> dict[str, Any]:
    """Let a seal say that it was taken off."""
    return _seal(stage, order, "seal/remove", ("container", "plate", "order"))


def seal_tamper(stage: Stage, order: dict[str, Any]) -> dict[str, Any]:
    """Let a seal cry; `cause` is `cut` unless said."""
    return _seal(stage, {"cause": "cut"} | order, "seal/tamper", ("cause",))


def publish(stage: Stage, order: dict[str, Any]) -> dict[str, Any]:
    """Let a device send any bytes as an event: `device`, `kind`, `payload` text."""
    device = stage.yard.devices.get(str(order.get("device")))
    if device is None:
        raise PlayError(f"no device {order.get('device')!r}")
    stage.wire.publish(device, str(order.get("kind")), str(order.get("payload", "")).encode())
    return {"published": True}


def _readings(
    order: dict[str, Any], lane_no: str, passage: str
) -> list[tuple[str, str, dict[str, Any]]]:
    here = {"lane": lane_no, "passage": passage}
    readings: list[tuple[str, str, dict[str, Any]]] = [
        ("barrier", "gate/arrive", here | {"dir": order.get("dir", "in")}),
        ("plate", "gate/plate", here | {"plate": order.get("plate", ""), "conf": 0.98}),
        ("container", "gate/container", here | {"no": order.get("container") or "", "conf": 0.97}),
        ("card", "gate/card", here | {"uid": order.get("card") or "", "medium": "ic"}),
        ("seal", "gate/seal", here | {"seal": order.get("seal") or ""}),
    ]
    if order.get("weight_kg") is not None:
        weight = {"kg": float(str(order["weight_kg"])), "stable": True}
        readings.append(("weight", "gate/weight", here | weight))
    return readings


def _be_read(
    stage: Stage,
    devices: dict[str, Device],
    readings: list[tuple[str, str, dict[str, Any]]],
    behaviour: dict[str, Any],
) -> None:
    silent = set(behaviour.get("silent", ()))
    readings = [one for one in readings if one[0] not in silent]
    if "shuffle" in behaviour:
        random.Random(behaviour["shuffle"]).shuffle(readings)
    sent = [
        (devices[role], kind, stage.wire.say(devices[role], kind, data))
        for role, kind, data in readings
    ]
    for _ in range(int(behaviour.get("duplicates", 0))):
        for device, kind, payload in sent:
            stage.wire.publish(device, kind, payload)


def _go_on(
    stage: Stage,
    devices: dict[str, Device],
    lane_no: str,
    passage: str,
    heard: Commands,
    behaviour: dict[str, Any],
) -> dict[str, Any]:
    raised = next((command for name, command in heard if name == "barrier"), None)
    signs = [command for name, command in heard if name == "sign"]
    answer: dict[str, Any] = {
        "passage": passage,
        "verdict": next((s["says"] for s in signs if s["says"] in {"Y", "N", "M"}), None),
        "ruling": next((s["says"] for s in signs if s["says"] not in {"Y", "N", "M"}), None),
        "codes": signs[0]["codes"] if signs else [],
        "barrier": False,
        "passed": False,
        "result": "standing",
    }
    if raised is not None and _still_holds(raised):
        answer["barrier"] = True
        _raise(stage, devices["barrier"], lane_no, raised)
        result = "backed-out" if behaviour.get("back_out") else "passed"
        result = "tailgated" if behaviour.get("tailgate") else result
        _end(stage, devices, lane_no, passage, result)
        return answer | {"passed": result != "backed-out", "result": result}
    turned_away = answer["verdict"] == "N" or answer["ruling"] in {"inspect", "send_back"}
    if turned_away and not behaviour.get("stay"):
        _end(stage, devices, lane_no, passage, "backed-out")
        answer["result"] = "backed-out"
    return answer


def _raise(stage: Stage, barrier: Device, lane_no: str, command: dict[str, Any]) -> None:
    up = {"lane": lane_no, "pos": "up", "cause": "cmd", "cmd": command["cmd"]}
    stage.wire.say(barrier, "gate/barrier", up)
    stage.wire.answer(barrier, command, "done")


def _end(stage: Stage, devices: dict[str, Device], lane_no: str, passage: str, result: str) -> None:
    ended = {"lane": lane_no, "passage": passage, "result": result}
    stage.wire.say(devices["barrier"], "gate/passage", ended)


def _seal(
    stage: Stage, order: dict[str, Any], kind: str, fields: tuple[str, ...]
) -> dict[str, Any]:
    device = stage.yard.devices.get(str(order.get("seal")))
    if device is None:
        raise PlayError(f"no seal {order.get('seal')!r}")
    data = {name: str(order[name]) for name in fields if order.get(name)}
    payload = stage.wire.say(device, kind, {"seal": device.device_id} | data)
    for _ in range(int((order.get("behaviour") or {}).get("duplicates", 0))):
        stage.wire.publish(device, kind, payload)
    return {"seal": device.device_id, "boot": device.boot, "seq": device.seq}


def _decided(heard: Commands) -> bool:
    """Say whether the sign has spoken and, if it says go, the barrier has been told too."""
    said = {command["says"] for name, command in heard if name == "sign"}
    raised = any(name == "barrier" for name, _ in heard)
    return bool(said & SAID) and (raised or not said & {"Y", "release"})


def _ruled(heard: Commands) -> bool:
    said = {command["says"] for name, command in heard if name == "sign"}
    return _decided(heard) and bool(said & {"release", "inspect", "send_back"})


def _still_holds(command: dict[str, Any]) -> bool:
    now = datetime.now(UTC)  # noqa: TID251 - a device has a clock of its own
    return datetime.fromisoformat(command["expires_at"]) > now


DEEDS: dict[str, Callable[[Stage, dict[str, Any]], dict[str, Any]]] = {
    "drive": drive,
    "proceed": proceed,
    "leave": leave,
    "seal_affix": seal_affix,
    "seal_remove": seal_remove,
    "seal_tamper": seal_tamper,
    "publish": publish,
}
