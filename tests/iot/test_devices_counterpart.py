"""The counterpart of the devices, told over its control door, against the device process."""

import itertools
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from device_process import Running, eventually, running
from gate_site import CARD, OUT_LANE, PLATE, SEAL, SITE, Gate, gate_site

from wms.db.transaction import Doorway
from wms.gate import queries
from wms.gate.service import RuleCrossing, rule_crossing
from wms.gate.terms import CrossingState, Ruling
from wms.kernel.clock import SYSTEM_CLOCK
from wms.seals import queries as seals

_sessions = itertools.count(1)
TRUCK = {"lane": OUT_LANE, "plate": PLATE, "card": CARD, "weight_kg": 4380, "dir": "out"}


class Player:
    """A connection to the counterpart's control door."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self._lines = self._socket.makefile("rb")

    def do(self, deed: str, **order: Any) -> dict[str, Any]:
        self._socket.sendall(json.dumps({"do": deed} | order).encode() + b"\n")
        return json.loads(self._lines.readline())

    def close(self) -> None:
        self._lines.close()
        self._socket.close()


@pytest.fixture(params=["mosquitto", "embedded_broker"])
def house(request, demo_url: str) -> Iterator[Running]:
    broker = request.getfixturevalue(request.param)
    with gate_site(demo_url) as found:
        real = Doorway(found.doorway.engine_for(SITE), SYSTEM_CLOCK)
        gate = Gate(real, found.actor, SYSTEM_CLOCK, found.url)
        with running(gate, broker, f"test-devices-{next(_sessions)}") as held:
            yield held


@pytest.fixture
def player(house: Running, tmp_path: Path) -> Iterator[Player]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = os.environ | {  # noqa: TID251 - a child of the test
        "WMS_MQTT_URL": house.mqtt_url,
        "WMS_DEVICES_CONTROL": f"127.0.0.1:{port}",
        "WMS_DEVICES_JOURNAL": str(tmp_path / "journal.jsonl"),
    }
    child = subprocess.Popen([sys.executable, "-m", "counterparts.devices"], env=env)
    deadline = time.monotonic() + 20
    while True:
        try:
            made = Player(port)
            break
        except OSError:
            assert child.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)
    yield made
    made.close()
    child.send_signal(signal.SIGTERM)
    assert child.wait(20) == 0
    journal = (tmp_path / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    sent = {json.loads(json.loads(line)["payload"])["id"] for line in journal}
    kept = "select event_id::text from device_event"
    eventually(lambda: {event[0] for event in house.rows(kept)} == sent)


def test_trucks_come_and_go_as_they_are_told(house, player):
    gate = house.gate
    refused = player.do("drive", **TRUCK)
    assert (refused["verdict"], refused["codes"]) == ("N", ["gate.no_sheet"])
    assert (refused["passed"], refused["result"]) == (False, "backed-out")
    sheet_no = gate.approved()
    trouble = {"duplicates": 2, "shuffle": 7}
    passed = player.do("drive", **TRUCK, behaviour=trouble)
    assert (passed["verdict"], passed["barrier"], passed["result"]) == ("Y", True, "passed")
    house.until(f"select state from release_sheet where sheet_no = '{sheet_no}'", [("passed",)])
    house.until("select state from crossing order by opened_at", [("backed_out",), ("passed",)])


def test_a_truck_waits_for_a_person_and_goes_on(house, player):
    gate = house.gate
    gate.approved()
    stands = player.do("drive", **TRUCK | {"weight_kg": 5000.5})
    assert (stands["verdict"], stands["codes"]) == ("M", ["gate.weight_off"])
    assert (stands["result"], stands["passed"]) == ("standing", False)
    crossing = gate.ask(queries.crossings)[0]
    gate.run(
        rule_crossing, RuleCrossing(SITE, crossing.crossing_id, Ruling.RELEASE, "满油箱，重磅")
    )
    through = player.do("proceed", lane=OUT_LANE, passage=stands["passage"])
    assert (through["ruling"], through["result"]) == ("release", "passed")
    house.until("select state from crossing", [("passed",)])


def test_a_driver_who_backs_out_leaves_the_sheet_open(house, player):
    gate = house.gate
    gate.approved()
    backed = player.do("drive", **TRUCK, behaviour={"back_out": True})
    assert (backed["barrier"], backed["result"]) == (True, "backed-out")
    house.until("select state from crossing", [("backed_out",)])
    assert gate.ask(queries.sheets)[0].state == "approved"
    stands = player.do("drive", **TRUCK | {"weight_kg": 1})
    player.do("leave", lane=OUT_LANE, passage=stands["passage"])
    house.until("select count(*) from crossing where state = 'backed_out'", [(2,)])
    assert gate.ask(queries.crossings)[0].state is CrossingState.BACKED_OUT


def test_seals_and_bad_orders(house, player):
    assert player.do("seal_affix", seal=SEAL, plate=PLATE, behaviour={"duplicates": 3})["ok"]
    player.do("seal_tamper", seal=SEAL)
    house.until(f"select state, cause from seal where seal_no = '{SEAL}'", [("alarm", "cut")])
    assert [one.kind for one in house.gate.ask(seals.history, SEAL)] == ["tampered", "affixed"]
    for order in ({"do": "fly"}, {"do": "drive", "lane": "NOWHERE"}, {"do": None}, []):
        player._socket.sendall(json.dumps(order).encode() + b"\n")
        assert json.loads(player._lines.readline())["ok"] is False
    player._socket.sendall(b"{nonsense\n")
    assert json.loads(player._lines.readline())["ok"] is False
