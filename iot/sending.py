"""Commands to devices: out of the outbox, once each, never after they have expired."""

import logging
import select
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import msgspec
import paho.mqtt.client as mqtt
import psycopg
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from iot import topics
from iot.broker import Connection
from iot.told import BarrierCommand, Command, SignCommand
from wms.db import outbox
from wms.db.directory import Database
from wms.db.outbox import Event, Waiting
from wms.db.payload import from_builtins
from wms.db.transaction import Doorway
from wms.gate.events import RaiseBarrier, ShowSign

log = logging.getLogger(__name__)

ANSWER_SECONDS: Final = 3.0
"""How long the broker's acknowledgement of a command is waited for before it is tried again."""

KNOWN: Final[dict[str, type[Event]]] = {RaiseBarrier.kind: RaiseBarrier, ShowSign.kind: ShowSign}


@dataclass(frozen=True, slots=True)
class Letter:
    """A command as it goes to a device."""

    topic: str
    body: bytes
    seconds: int
    answer: tuple[str, bytes]


class Bell:
    """Wakes the sender: rung in this process, or by a notice of the database from another one."""

    def __init__(self, url: str) -> None:
        self._url = url.replace("postgresql+psycopg://", "postgresql://")
        self._in, self._out = socket.socketpair()
        self._out.setblocking(False)
        self._in.setblocking(False)
        self._listening: psycopg.Connection[Any] | None = None

    def ring(self) -> None:
        """Wake whoever waits."""
        with suppress(BlockingIOError):  # full of rings already
            self._out.send(b"!")

    def wait(self, seconds: float) -> None:
        """Return when rung, when the database gives notice, or when the time is up."""
        watched: list[Any] = [self._in]
        try:
            watched.append(self._listen())
        except psycopg.Error:
            self._listening = None
        ready, _, _ = select.select(watched, [], [], seconds)
        if self._in in ready:
            self._in.recv(4096)
        try:
            if self._listening in ready and self._listening is not None:
                for _ in self._listening.notifies(timeout=0):
                    pass
        except psycopg.Error:
            self._listening = None

    def close(self) -> None:
        """Give back what is held."""
        self._in.close()
        self._out.close()
        if self._listening is not None:
            self._listening.close()

    def _listen(self) -> "psycopg.Connection[Any]":
        if self._listening is None or self._listening.closed:
            self._listening = psycopg.connect(self._url, autocommit=True, connect_timeout=3)
            self._listening.execute("LISTEN outbox")
        return self._listening


class Sending:
    """Publishes what waits in the outbox for devices while there is a connection."""

    def __init__(
        self, doorway: Doorway, bell: Bell, connection: Callable[[], Connection | None]
    ) -> None:
        self._doorway = doorway
        self._bell = bell
        self._connection = connection

    def run(self, stop: threading.Event) -> None:
        """Send until `stop`; a database that is away holds up nobody else's commands."""
        while not stop.is_set():
            for database in self._doorway.databases:
                try:
                    while not stop.is_set() and self.round(database):
                        pass
                except SQLAlchemyError as error:
                    log.warning("the outbox cannot be read: %s", str(error).split("\n")[0])
            self._bell.wait(0.5)

    def round(self, database: Database) -> int:
        """Send what waits in one database; return how many commands are settled, sent or expired.

        A command the broker has not acknowledged stays and is tried again, under the same id and
        fence number, until it expires: a device that has it already does nothing twice.
        """
        connection = self._connection()
        settled = 0
        with Session(database.engine) as session, session.begin():
            now = self._doorway.clock.now()
            sent: list[tuple[Waiting, mqtt.MQTTMessageInfo | None]] = []
            for waiting in outbox.claim(session, database, outbox.DEVICES, now):
                letter = letter_of(waiting, now)
                if letter is None:
                    outbox.settle(session, waiting, now)
                    settled += 1
                elif connection is not None:
                    sent.append((waiting, _publish(connection, letter)))
            deadline = time.monotonic() + ANSWER_SECONDS
            for waiting, info in sent:
                if _taken(info, deadline):
                    outbox.settle(session, waiting, self._doorway.clock.now())
                    settled += 1
        return settled


def letter_of(waiting: Waiting, now: Any) -> Letter | None:
    """Return the command an event stands for; None once it has expired, or if nobody knows it."""
    known = KNOWN.get(waiting.kind)
    if known is None:
        log.error("no device command is called %s", waiting.kind)
        return None
    event: Any = from_builtins(waiting.payload, known)
    left = (event.expires_at - now).total_seconds()
    if left <= 0:
        log.warning("command %s for %s has expired", event.command_id, event.device_id)
        return None
    common = (event.command_id, event.issued_at, event.expires_at, event.lane_no, event.passage)
    told: Command
    if isinstance(event, RaiseBarrier):
        name, told = "barrier", BarrierCommand(*common, fence=event.fence)
    else:
        name, told = "sign", SignCommand(*common, says=event.says, codes=event.codes)
    return Letter(
        topics.command(event.topic_site, event.device_id, name),
        msgspec.json.encode(told),
        max(1, int(left)),
        (topics.answers(event.topic_site, event.device_id), UUID(str(event.command_id)).bytes),
    )


def _publish(connection: Connection, letter: Letter) -> mqtt.MQTTMessageInfo | None:
    return connection.publish(
        letter.topic,
        letter.body,
        expiry=letter.seconds,
        answer=letter.answer,
    )


def _taken(info: mqtt.MQTTMessageInfo | None, deadline: float) -> bool:
    if info is None:
        return False
    try:
        info.wait_for_publish(max(0.0, deadline - time.monotonic()))
        return info.is_published()
    except (RuntimeError, ValueError):
        return False
