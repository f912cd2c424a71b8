"""`python -m counterparts.devices`: play the demo site's devices, told by JSON lines over TCP.

One connection may send many orders, one a line; each is answered by one line, in order. Several
connections play at the same time. WMS_MQTT_URL says where the broker is, WMS_DEVICES_CONTROL where
orders are taken (127.0.0.1:8091), WMS_DEVICES_JOURNAL where the journal is kept.
"""

import json
import logging
import os
import signal
import socketserver
import sys
import threading
from pathlib import Path
from typing import Any

from counterparts.devices.play import PlayError, Stage
from counterparts.devices.wire import Wire
from counterparts.devices.yard import Journal, read_yard

TABLE = Path(__file__).with_name("yard.csv")
LONGEST = 64 * 1024


class Control(socketserver.ThreadingTCPServer):
    """Takes orders on loopback, a thread a connection."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, address: tuple[str, int], stage: Stage) -> None:
        super().__init__(address, _Orders)
        self.stage = stage


class _Orders(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        while line := self.rfile.readline(LONGEST):
            answer = self._perform(line)
            self.wfile.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")

    def _perform(self, line: bytes) -> dict[str, Any]:
        stage: Stage = self.server.stage  # type: ignore[attr-defined]
        try:
            order = json.loads(line)
            return {"ok": True} | stage.perform(order)
        except (PlayError, ValueError) as error:
            return {"ok": False, "error": str(error)}


def main() -> int:
    """Play until SIGTERM or SIGINT."""
    logging.basicConfig(level=logging.INFO)
    env = os.environ  # noqa: TID251 - a counterpart is no part of the product
    host, _, port = env.get("WMS_DEVICES_CONTROL", "127.0.0.1:8091").rpartition(":")
    journal = Journal(Path(env.get("WMS_DEVICES_JOURNAL", "var/devices.jsonl")))
    yard = read_yard(TABLE, env.get("WMS_DEVICES_SITE", "hak1"))
    wire = Wire(env.get("WMS_MQTT_URL", "mqtt://127.0.0.1:1883"), yard, journal)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    with Control((host, int(port)), Stage(yard, wire)) as control:
        threading.Thread(target=control.serve_forever, daemon=True).start()
        stop.wait()
        control.shutdown()
    wire.close()
    journal.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
