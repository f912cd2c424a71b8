"""A device process under test: its thread, a device that speaks for itself, and what is kept."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from uuid import NAMESPACE_OID, uuid5

import paho.mqtt.client as mqtt
from gate_site import Gate
from sqlalchemy import text

from iot.process import DeviceProcess
from wms.kernel.clock import SYSTEM_CLOCK
from wms.settings import Settings
from wms.wiring import Wiring

PATIENCE = 15.0


class Speaker:
    """Devices that publish what a test says, over MQTT 3.1.1, and hear what is told to them."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.heard: list[tuple[str, Any]] = []
        self._seqs: dict[tuple[str, int], int] = {}
        self.client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv311)
        self.client.username_pw_set(parts.username, unquote(parts.password or ""))
        ready = threading.Event()
        self.client.on_connect = lambda one, *_: one.subscribe("bw/1/+/+/dn/#", qos=1)
        self.client.on_subscribe = lambda *_: ready.set()
        self.client.on_message = lambda _c, _d, m: self.heard.append(
            (m.topic, json.loads(m.payload) if m.payload else None)
        )
        self.client.connect(parts.hostname, parts.port)
        self.client.loop_start()
        assert ready.wait(PATIENCE)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()

    def event(
        self, device: str, kind: str, data: dict[str, Any], **envelope: Any
    ) -> dict[str, Any]:
        boot = envelope.get("boot", 1)
        seq = envelope.get("seq") or self._seqs.get((device, boot), 0) + 1
        self._seqs[device, boot] = max(seq, self._seqs.get((device, boot), 0))
        return {
            "specversion": "1.0",
            "id": str(uuid5(NAMESPACE_OID, f"{device}/{boot}/{seq}")),
            "source": device,
            "type": kind,
            "time": SYSTEM_CLOCK.now().isoformat(),
            "seq": seq,
            "boot": boot,
            "data": data,
        } | envelope

    def say(self, device: str, kind: str, data: dict[str, Any], **envelope: Any) -> dict[str, Any]:
        event = self.event(device, kind, data, **envelope)
        self.send(device, kind, json.dumps(event).encode())
        return event

    def send(self, device: str, kind: str, payload: bytes, *, retain: bool = False) -> None:
        topic = f"bw/1/hak1/{device}/up/evt/{kind}"
        self.client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(PATIENCE)

    def commands(self, name: str) -> list[dict[str, Any]]:
        return [body for topic, body in list(self.heard) if topic.endswith(f"/dn/cmd/{name}")]


@dataclass
class Running:
    """The gate, its database, and a device process that may be stopped and started."""

    gate: Gate
    mqtt_url: str
    client_id: str
    process: DeviceProcess | None = None
    thread: threading.Thread | None = None
    speakers: list[Speaker] = field(default_factory=list)

    def start(self, *, wait: bool = True) -> None:
        settings = Settings(self.gate.url, self.mqtt_url, "x" * 32, Path(), 8080, True, "")
        self.process = DeviceProcess(Wiring(settings, self.gate.doorway), self.client_id)
        self.thread = threading.Thread(target=self.process.run)
        self.thread.start()
        if wait:
            assert self.process.ready.wait(PATIENCE)

    def stop(self) -> None:
        if self.process is not None and self.thread is not None:
            self.process.stop.set()
            self.thread.join(PATIENCE)
            assert not self.thread.is_alive()
            assert not self.process.failed

    def speaker(self) -> Speaker:
        made = Speaker(self.mqtt_url)
        self.speakers.append(made)
        return made

    def rows(self, query: str) -> list[Any]:
        with self.gate.reading() as tx:
            return [tuple(row) for row in tx.session.execute(text(query))]

    def until(self, query: str, expected: Any) -> None:
        """Wait until a query answers `expected`."""
        eventually(lambda: self.rows(query) == expected, lambda: f"{self.rows(query)}")


def eventually(holds: Callable[[], bool], said: Callable[[], str] = lambda: "") -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, said()
        time.sleep(0.01)


@contextmanager
def running(gate: Gate, mqtt_url: str, client_id: str) -> Iterator[Running]:
    """Run a device process of its own session name; its clock is the real one."""
    held = Running(gate, mqtt_url, client_id)
    held.start()
    try:
        yield held
    finally:
        held.stop()
        for speaker in held.speakers:
            speaker.close()
