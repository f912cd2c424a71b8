"""Messages into the inbox: a natural batch, one commit, then acknowledgements and watermarks."""

import logging
import queue
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec
import paho.mqtt.client as mqtt
from sqlalchemy.exc import DataError, IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session

from iot import topics
from iot.broker import KEEPALIVE, Connection
from iot.judging import Devices, Raw, judge
from iot.told import Reject, Seen
from wms.db import inbox
from wms.db.inbox import Incoming, Kept, Refused
from wms.db.transaction import Doorway
from wms.gate.queries import Registered, registry
from wms.kernel.ids import SiteId

log = logging.getLogger(__name__)

MOST: Final = 500
"""Messages in one batch; a batch is whatever came while the last one was being committed."""
ROOM: Final = 4000
"""Messages held in memory; the broker keeps the rest."""
LOOK_AGAIN: Final = 0.5
"""Seconds after which the register of devices may be read again for an unknown one."""
REJECTS: Final = 50
"""Refusals told to devices per batch, so that a flood is not answered with a flood."""


@dataclass(frozen=True, slots=True)
class _Held:
    connection: Connection
    mid: int
    raw: Raw


class Intake:
    """Takes messages from the network thread and keeps them; acknowledges only what is kept."""

    def __init__(self, doorway: Doorway, kept: Callable[[], None]) -> None:
        self._doorway = doorway
        self._kept = kept
        self._queue: queue.Queue[_Held] = queue.Queue(ROOM)
        self._arrival = time.time_ns()
        self._devices: Devices = {}
        self._read_at = 0.0

    @property
    def sites(self) -> tuple[SiteId, ...]:
        """The sites that have a device, as last read."""
        return tuple(sorted({device.site_id for device in self._devices.values()}))

    def take(self, connection: Connection, message: mqtt.MQTTMessage) -> None:
        """Put a message in the queue. Runs in the network thread, which must not die: no raise."""
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = ""
        self._arrival = max(self._arrival + 1, time.time_ns())
        now = self._doorway.clock.now()
        raw = Raw(topic, bytes(message.payload), message.retain, now, self._arrival)
        try:
            self._queue.put(_Held(connection, message.mid, raw), timeout=KEEPALIVE / 3)
        except queue.Full:
            # The database is away and the broker sends on: let it keep them.
            connection.lost.set()

    def run(self, stop: threading.Event) -> None:
        """Keep batches until `stop`; a database that is away is waited for, nothing is dropped."""
        while not stop.is_set():
            batch = self._batch()
            pause = 0.1
            while batch and not stop.is_set():
                try:
                    self._keep(batch)
                except SQLAlchemyError as error:
                    log.warning("the database does not take events: %s", str(error).split("\n")[0])
                    stop.wait(pause)
                    pause = min(pause * 2, 2.0)
                else:
                    batch = []

    def refresh(self) -> None:
        """Read the register of devices."""
        with Session(self._doorway.engine_for(SiteId(0))) as session:
            found = registry(session)
        self._devices = {(device.topic_site, device.device_id): device for device in found}
        self._read_at = time.monotonic()

    def _batch(self) -> list[_Held]:
        try:
            batch = [self._queue.get(timeout=0.2)]
        except queue.Empty:
            return []
        while len(batch) < MOST:
            try:
                batch.append(self._queue.get_nowait())
            except queue.Empty:
                break
        return batch

    def _keep(self, batch: Sequence[_Held]) -> None:
        self._know([held.raw for held in batch])
        events: dict[SiteId, list[Incoming]] = defaultdict(list)
        refused: dict[SiteId, list[Refused]] = defaultdict(list)
        for held in batch:
            verdict = judge(held.raw, self._devices)
            into = events if isinstance(verdict, Incoming) else refused
            into[verdict.site_id].append(verdict)  # type: ignore[arg-type]
        outcomes = [
            kept
            for site_id in sorted({*events, *refused})
            for kept in self._store(site_id, events[site_id], refused[site_id])
        ]
        for held in batch:
            held.connection.ack(held.mid)
        if any(kept.new for kept in outcomes):
            self._kept()
        self._tell(batch[-1].connection, outcomes)

    def _know(self, raws: Iterable[Raw]) -> None:
        """Read the register again where a message names a device we do not know, not too often."""
        addresses = (topics.read_event(raw.topic) for raw in raws)
        strange = any(a is None or (a.site, a.device) not in self._devices for a in addresses)
        if strange and time.monotonic() - self._read_at > LOOK_AGAIN:
            self.refresh()

    def _store(
        self, site_id: SiteId, events: Sequence[Incoming], refused: Sequence[Refused]
    ) -> list[Kept]:
        """Keep a batch in one commit; one the server refuses is halved until the culprit is alone.

        The halves keep their order, so a device's later events stay behind its earlier ones.
        """
        try:
            with Session(self._doorway.engine_for(site_id)) as session, session.begin():
                return [inbox.keep(session, site_id, events, refused)]
        except (DataError, IntegrityError) as error:
            if len(events) == 1 and not refused:
                return self._store(site_id, (), [_rejected(events[0], error)])
            if not events:
                raise
        middle = len(events) // 2
        first = self._store(site_id, events[:middle], refused) if middle or refused else []
        return first + self._store(site_id, events[middle:], ())

    def _tell(self, connection: Connection, outcomes: Iterable[Kept]) -> None:
        places = {device.device_id: device for device in self._devices.values()}
        for kept in outcomes:
            for mark in kept.marks:
                place = places[mark.device_id]
                body = msgspec.json.encode(Seen(mark.boot, mark.upto))
                topic = topics.seen(place.topic_site, place.device_id)
                connection.publish(topic, body, retain=True)
            for letter in kept.refused[:REJECTS]:
                _tell_refusal(connection, places, letter)


def _tell_refusal(connection: Connection, places: dict[str, Registered], letter: Refused) -> None:
    place = places.get(letter.device_id or "")
    if place is None:
        return
    told = Reject(letter.reason, letter.detail[:300], letter.boot, letter.seq)
    body = msgspec.json.encode(told)
    connection.publish(topics.reject(place.topic_site, place.device_id), body)


def _rejected(event: Incoming, error: DataError | IntegrityError) -> Refused:
    return Refused(
        event.site_id,
        event.topic,
        event.payload,
        "db_reject",
        str(error.orig)[:300],
        event.received_at,
        event.device_id,
        event.boot,
        event.seq,
    )
