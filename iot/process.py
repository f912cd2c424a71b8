"""The process: stays connected, and runs intake, applying and sending beside each other."""

import logging
import threading
from collections.abc import Callable
from typing import Final

from paho.mqtt.enums import MQTTProtocolVersion
from sqlalchemy.exc import SQLAlchemyError

from iot import topics
from iot.applying import Applying
from iot.broker import Address, BrokerAwayError, Connection, connect
from iot.intake import Intake
from iot.sending import Bell, Sending
from wms.wiring import Wiring

log = logging.getLogger(__name__)

CLIENT_ID: Final = "bondhouse-iot"
"""Fixed: the broker keeps our messages under it, and throws out a second process of the name."""


class DeviceProcess:
    """Everything between the broker and the rooms; `run` ends when told to, or when a part dies."""

    def __init__(self, wiring: Wiring, client_id: str = CLIENT_ID) -> None:
        self.stop = threading.Event()
        self.ready = threading.Event()
        self.failed = False
        self._address = Address.of(wiring.settings.mqtt_url)
        self._client_id = client_id
        self._connection: Connection | None = None
        self._version: MQTTProtocolVersion | None = None
        self._bell = Bell(wiring.settings.database_url)
        self._sending = Sending(wiring.doorway, self._bell, lambda: self._connection)
        self._applying = Applying(wiring.doorway, lambda: self._intake.sites, self._bell.ring)
        self._intake = Intake(wiring.doorway, self._applying.ring)

    def run(self) -> None:
        """Work until `stop` is set, then leave politely; what was not acknowledged comes again."""
        self._know_devices()
        parts = [
            threading.Thread(target=self._guard, args=(part,), name=part.__qualname__)
            for part in (self._intake.run, self._applying.run, self._sending.run)
        ]
        for thread in parts:
            thread.start()
        self._stay_connected()
        for thread in parts:
            thread.join()
        if self._connection is not None:
            self._connection.close()
        self._bell.close()

    def _know_devices(self) -> None:
        while not self.stop.is_set():
            try:
                self._intake.refresh()
            except SQLAlchemyError as error:
                log.warning("the database does not answer: %s", str(error).split("\n")[0])
                self.stop.wait(1)
            else:
                return

    def _stay_connected(self) -> None:
        pause = 0.2
        while not self.stop.is_set():
            try:
                self._connection, self._version = connect(
                    self._address,
                    self._client_id,
                    (topics.EVENTS,),
                    self._intake.take,
                    self._version,
                )
            except BrokerAwayError as error:
                log.warning("no broker at %s:%s: %s", self._address.host, self._address.port, error)
                self._version = None
                self.stop.wait(pause)
                pause = min(pause * 2, 5.0)
                continue
            pause = 0.2
            log.info("connected, MQTT %s", "5" if self._version == 5 else "3.1.1")
            self.ready.set()
            self._bell.ring()
            while not self.stop.is_set() and not self._connection.lost.wait(0.5):
                pass
            self._connection.close()

    def _guard(self, part: Callable[[threading.Event], None]) -> None:
        try:
            part(self.stop)
        except Exception:
            log.exception("a part of the device process has died")
            self.failed = True
            self.stop.set()
