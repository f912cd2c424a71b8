"""The contract with devices under JSON Schema 2020-12, and the demo site's devices to judge by."""

import csv
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft202012Validator

import wms.gate
from iot import contract
from iot.judging import Devices, Raw, judge
from iot.kinds import KINDS
from wms.db.inbox import Incoming, Refused
from wms.gate.queries import Registered
from wms.kernel.clock import SYSTEM_CLOCK
from wms.kernel.ids import SiteId

SITE = SiteId(1)
KIND_OF = {kind.replace("/", "-"): kind for kind in KINDS}
TABLE = Path(wms.gate.__file__).parent / "demo" / "lanes_devices.csv"


@cache
def document() -> Any:
    """Return the contract as the code makes it."""
    return contract.document()


@cache
def validator(message: str) -> Draft202012Validator:
    """Return the judge of a message's payload, by the message's name in the contract."""
    payload = document()["components"]["messages"][message]["payload"]
    schema = {"components": document()["components"], **payload}
    return Draft202012Validator(schema, validate_formats=True)


@cache
def devices() -> Devices:
    """Return the devices of the demo site as the device process knows them."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] != "lane"]
    return {
        ("hak1", row["id"]): Registered(
            SITE, row["id"], row["type"], "hak1", row["lane_id"] or None, in_use=True
        )
        for row in rows
    }


def verdict(
    topic: str, payload: bytes, *, retained: bool = False, arrival: int = 1
) -> Incoming | Refused:
    """Return what the device process makes of a message of the demo site."""
    return judge(Raw(topic, payload, retained, SYSTEM_CLOCK.now(), arrival), devices())


def message_of(example: Path) -> str:
    """Return the name of the message an example is one of: its file's, up to the two dashes."""
    return example.stem.partition("--")[0]


def event_examples() -> list[Path]:
    """Return the valid examples of events."""
    return [one for one in sorted(contract.VALID.iterdir()) if message_of(one) in KIND_OF]


def told_examples() -> list[Path]:
    """Return the valid examples of what devices are told."""
    return [one for one in sorted(contract.VALID.iterdir()) if message_of(one) not in KIND_OF]


def refused_examples() -> dict[str, dict[str, Any]]:
    """Return what is told of each invalid example, by file name."""
    return tomllib.loads((contract.INVALID / "reasons.toml").read_text(encoding="utf-8"))
