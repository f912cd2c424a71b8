"""The worker process: drains the outbox, one reaction a transaction, and keeps the clocks."""

import logging
import select
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy.orm import Session

from wms import reactions
from wms.db import outbox
from wms.db.outbox import Waiting
from wms.db.payload import from_builtins
from wms.kernel.actor import system_actor
from wms.kernel.errors import Refusal
from wms.kernel.ids import SiteId
from wms.wiring import Wiring

log = logging.getLogger(__name__)


class Worker:
    """Claims events of the worker's channel and does what reactions.py says, until told to stop."""

    def __init__(self, wiring: Wiring) -> None:
        self.wiring = wiring
        self.stop = threading.Event()
        self._known = reactions.events()

    def drain(self, limit: int = 100) -> int:
        """Do what is due now; return how many events were settled."""
        doorway = self.wiring.doorway
        settled = 0
        with Session(doorway.engine_for(SiteId(0))) as session:
            now = doorway.clock.now()
            for event in outbox.claim(session, outbox.WORKER, now, limit):
                try:
                    self._react(event)
                except Exception as failure:
                    log.exception("event %s %s failed", event.kind, event.event_id)
                    outbox.put_off(session, event, doorway.clock.now(), repr(failure))
                else:
                    outbox.settle(session, event, doorway.clock.now())
                    settled += 1
            session.commit()
        return settled

    def _react(self, event: Waiting) -> None:
        kind = self._known.get(event.kind)
        if kind is None:
            return
        told = from_builtins(event.payload, kind)
        for number, reaction in enumerate(reactions.COMMANDS.get(kind, ())):
            handler, command = reaction(told)
            key = f"event:{event.event_id}:{number}"
            try:
                self.wiring.doorway.run(handler, command, system_actor(event.site_id), key=key)
            except Refusal as refusal:
                if not refusal.remember:
                    raise
                log.warning("reaction to %s refused: %s", event.kind, refusal)
        job = reactions.JOBS.get(kind)
        if job is not None:
            job(self.wiring, told)

    def run(self) -> None:
        """Drain until `stop` is set, waking at once when something is announced."""
        with _listening(self.wiring.settings.database_url) as wait:
            while not self.stop.is_set():
                if self.drain() == 0:
                    wait(0.5)


@contextmanager
def _listening(url: str) -> "Iterator[_Wait]":
    with psycopg.connect(
        url.replace("postgresql+psycopg://", "postgresql://"), autocommit=True
    ) as connection:
        connection.execute("LISTEN outbox")
        yield _Wait(connection)


class _Wait:
    """Sleeps until a notice comes or the time is up; a notice is only a hint."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def __call__(self, seconds: float) -> None:
        select.select([self._connection], [], [], seconds)
        for _ in self._connection.notifies(timeout=0):
            pass


def main(wiring: Wiring) -> None:
    """Run one worker until SIGTERM or SIGINT."""
    worker = Worker(wiring)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: worker.stop.set())
    worker.run()
