"""Whatever the counterpart's devices say is what the contract lets them say, and they read ours."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import device_contract as held
import paho.mqtt.client as mqtt
import pytest
from device_process import Speaker
from gate_site import CARD, OUT_LANE, PLATE, SEAL

from counterparts.devices.play import Stage
from counterparts.devices.wire import Wire
from counterparts.devices.yard import Journal, read_yard
from iot import contract, topics
from wms.db.inbox import Incoming
from wms.kernel.clock import SYSTEM_CLOCK
from wms.kernel.ids import new_id

YARD = Path(contract.HERE).parent / "counterparts" / "devices" / "yard.csv"
TRUCK = {"lane": OUT_LANE, "plate": PLATE, "card": CARD, "weight_kg": "4380.5", "dir": "out"}


@pytest.fixture
def stage(embedded_broker: str, tmp_path: Path):
    journal = Journal(tmp_path / "journal.jsonl")
    yard = read_yard(YARD, "hak1")
    wire = Wire(embedded_broker, yard, journal)
    yield Stage(yard, wire, wait=5.0)
    wire.close()
    journal.close()


def example(name: str, passage: str) -> bytes:
    """Return a command of the contract's examples for this passage, still to be obeyed."""
    body = json.loads((contract.VALID / f"{name}.json").read_text(encoding="utf-8"))
    until = SYSTEM_CLOCK.now() + timedelta(seconds=30)
    body |= {"cmd": str(new_id()), "passage": passage, "expires_at": until.isoformat()}
    return json.dumps(body).encode()


def command(speaker: Speaker, device: str, name: str, payload: bytes) -> None:
    topic = topics.command("hak1", device, name)
    info: mqtt.MQTTMessageInfo = speaker.client.publish(topic, payload, qos=1)
    info.wait_for_publish(5)


def journal(tmp_path: Path) -> list[dict[str, Any]]:
    lines = (tmp_path / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def test_played_devices_keep_the_contract(stage, tmp_path, embedded_broker):
    speaker = Speaker(embedded_broker)
    try:
        stands = stage.perform({"do": "drive", **TRUCK, "behaviour": {"wait": 0, "stay": True}})
        passage = stands["passage"]
        command(speaker, "17990004", "sign", example("sign--ruling", passage))
        command(speaker, "16990004", "barrier", example("barrier", passage))
        gone = stage.perform({"do": "proceed", "lane": OUT_LANE, "passage": passage})
        assert (gone["ruling"], gone["result"]) == ("release", "passed")
        for deed in ("seal_affix", "seal_tamper", "seal_remove"):
            stage.perform({"do": deed, "seal": SEAL, "plate": PLATE})
        said = journal(tmp_path)
    finally:
        speaker.close()
    kinds = []
    for one in said:
        payload = one["payload"].encode()
        kept = held.verdict(one["topic"], payload)
        assert isinstance(kept, Incoming), kept
        held.validator(kept.kind.replace("/", "-")).validate(json.loads(payload))
        kinds.append(kept.kind)
    assert kinds[-6:] == [
        *("gate/barrier", "dev/reply", "gate/passage"),
        *("seal/affix", "seal/tamper", "seal/remove"),
    ]
    assert len(kinds) == 12
