"""The devices' side of the broker: events out at QoS 1, commands in, kept until asked for."""

import json
import queue
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from counterparts.devices.yard import Device, Journal, Yard

Commands = list[tuple[str, dict[str, Any]]]


class Wire:
    """One connection for all played devices, with MQTT 5 or 3.1.1, made again when it is lost."""

    def __init__(self, url: str, yard: Yard, journal: Journal) -> None:
        self._yard = yard
        self._journal = journal
        self._heard = threading.Condition()
        self._commands: dict[str, Commands] = defaultdict(list)
        self._known: set[str] = set()
        self._client = _connect(url, self._on_connect, self._on_message)
        self._sent: dict[tuple[str, int], bytes] = {}

    def close(self) -> None:
        """Leave the broker."""
        self._client.disconnect()
        self._client.loop_stop()

    def say(self, device: Device, kind: str, data: dict[str, Any], **envelope: Any) -> bytes:
        """Publish one event of a device and return it as sent; it is in the journal first."""
        seq = device.next()
        body = {
            "specversion": "1.0",
            "id": str(uuid.uuid5(uuid.NAMESPACE_OID, f"{device.device_id}/{device.boot}/{seq}")),
            "source": device.device_id,
            "type": kind,
            "time": datetime.now(UTC).isoformat(),  # noqa: TID251 - a device has a clock of its own
            "seq": seq,
            "boot": device.boot,
            "data": data,
        }
        payload = json.dumps(body | envelope, ensure_ascii=False).encode()
        self.publish(device, kind, payload)
        return payload

    def publish(self, device: Device, kind: str, payload: bytes) -> None:
        """Publish bytes as an event of a device, whatever they are."""
        topic = f"bw/1/{self._yard.site}/{device.device_id}/up/evt/{kind}"
        self._journal.write(topic, payload)
        self._client.publish(topic, payload, qos=1)

    def answer(self, device: Device, command: dict[str, Any], result: str) -> None:
        """Say what became of a command."""
        self.say(device, "dev/reply", {"cmd": command["cmd"], "result": result})

    def forget(self, passage: str) -> None:
        """Drop what was commanded for a passage so far."""
        with self._heard:
            self._commands.pop(passage, None)

    def wait(self, passage: str, until: Callable[[Commands], bool], seconds: float) -> Commands:
        """Return the commands for a passage once `until` holds for them, or the time is up."""
        deadline = time.monotonic() + seconds
        with self._heard:
            while not until(self._commands[passage]):
                left = deadline - time.monotonic()
                if left <= 0:
                    break
                self._heard.wait(left)
            return list(self._commands[passage])

    def _on_connect(self, client: mqtt.Client, *_: Any) -> None:
        client.subscribe(f"bw/1/{self._yard.site}/+/dn/cmd/#", qos=1)

    def _on_message(self, _client: mqtt.Client, _data: Any, message: mqtt.MQTTMessage) -> None:
        try:
            command = json.loads(message.payload)
            passage, cmd = command["passage"], command["cmd"]
        except (ValueError, KeyError, TypeError):
            return
        with self._heard:
            if cmd in self._known:
                return  # the same command again: done already
            self._known.add(cmd)
            self._commands[passage].append((message.topic.rsplit("/", 1)[1], command))
            self._heard.notify_all()


def _connect(url: str, on_connect: Any, on_message: Any) -> mqtt.Client:
    """Connect with MQTT 5, else 3.1.1; retry until a broker is there."""
    parts = urlsplit(url)
    versions = [MQTTProtocolVersion.MQTTv5, MQTTProtocolVersion.MQTTv311]
    while True:
        for version in versions:
            client = mqtt.Client(
                CallbackAPIVersion.VERSION2,
                client_id=f"counterpart-devices-{uuid.uuid4().hex[:8]}",  # noqa: TID251
                protocol=version,
            )
            if parts.username:
                password = unquote(parts.password or "")
                client.username_pw_set(unquote(parts.username), password)
            answers: queue.Queue[bool] = queue.Queue()

            def greet(
                one: mqtt.Client,
                data: Any,
                flags: Any,
                reason: Any,
                properties: Any,
                answers: "queue.Queue[bool]" = answers,
            ) -> None:
                if not reason.is_failure:
                    on_connect(one, data, flags, reason, properties)
                answers.put(not reason.is_failure)

            client.on_connect = greet
            client.on_message = on_message
            try:
                client.connect(parts.hostname or "127.0.0.1", parts.port or 1883, 30)
            except OSError:
                time.sleep(0.2)
                continue
            client.loop_start()
            with suppress(queue.Empty):
                if answers.get(timeout=5):
                    return client
            client.loop_stop()
