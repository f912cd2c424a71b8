"""The worker process: drains the outbox, one reaction a transaction, and goes its rounds."""

import logging
import select
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Final

import psycopg
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from wms import reactions
from wms.db import outbox
from wms.db.directory import Database
from wms.db.outbox import Waiting
from wms.db.payload import from_builtins
from wms.kernel.actor import system_actor
from wms.kernel.errors import Refusal
from wms.wiring import Wiring

log = logging.getLogger(__name__)

BATCH: Final = 50
PATIENCE: Final = 0.5
"""Seconds after which everything is looked at again, notice or not."""


class Worker:
    """Claims the events of one channel of a database and does what reactions.py says."""

    def __init__(self, wiring: Wiring, channel: str, database: Database | None = None) -> None:
        self.wiring = wiring
        self.channel = channel
        self.database = database or wiring.doorway.databases[0]
        self._known = reactions.events()

    def drain(self) -> int:
        """Do what is due now; return how many events were settled."""
        doorway = self.wiring.doorway
        settled = 0
        with Session(self.database.engine) as session:
            now = doorway.clock.now()
            for event in outbox.claim(session, self.database, self.channel, now, BATCH):
                try:
                    refused = self._react(event)
                except Exception as failure:
                    if isinstance(failure, Refusal):
                        log.warning("event %s is put off: %s", event.kind, failure)
                    else:
                        log.exception("event %s %s failed", event.kind, event.event_id)
                    outbox.put_off(session, event, doorway.clock.now(), repr(failure))
                else:
                    outbox.settle(session, event, doorway.clock.now(), refused)
                    settled += 1
            session.commit()
        return settled

    def _react(self, event: Waiting) -> str:
        """Do what follows; return what was refused for good, to be kept with the event.

        What follows may be another site's, in another database: it is done there under a key made
        of the event's id, so once, however often the event is tried before it is settled here.
        """
        kind = self._known.get(event.kind)
        if kind is None:
            return ""
        refused = []
        told = from_builtins(event.payload, kind)
        for number, reaction in enumerate(reactions.COMMANDS.get(kind, ())):
            handler, command = reaction(told)
            key = f"event:{event.event_id}:{number}"
            actor = system_actor(command.site_id)
            try:
                self.wiring.doorway.run(handler, command, actor, key=key)
            except Refusal as refusal:
                if not refusal.remember:
                    raise
                log.warning("reaction to %s is refused: %s", event.kind, refusal)
                refused.append(f"{handler.__module__}.{handler.__name__}: {refusal}")
        job = reactions.JOBS.get(kind)
        if job is not None:
            job(self.wiring, told)
        return "; ".join(refused)


def run(wiring: Wiring, stop: threading.Event) -> None:
    """Drain every channel of every database and go every round, each in a thread of its own.

    Ends when `stop` is set. A database that is away stops nobody but its own threads.
    """
    home, *_ = databases = wiring.doorway.databases
    loops: list[tuple[str, Database, Callable[[], int]]] = [
        (f"outbox-{channel}-{number}", database, Worker(wiring, channel, database).drain)
        for number, database in enumerate(databases)
        for channel in reactions.CHANNELS
    ]
    loops += [(name, home, partial(round_, wiring)) for name, round_ in reactions.ROUNDS.items()]
    threads = [
        threading.Thread(target=_repeat, args=(database.address, name, deed, stop), name=name)
        for name, database, deed in loops
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _repeat(address: str, name: str, deed: Callable[[], int], stop: threading.Event) -> None:
    """Do a deed again at once while it finds work, else when something is announced."""
    while not stop.is_set():
        try:
            with _listening(address) as wait:
                while not stop.is_set():
                    if deed() == 0:
                        wait(PATIENCE)
        except (SQLAlchemyError, psycopg.Error, OSError) as failure:
            log.warning("%s goes on in a second: %s", name, failure)
            stop.wait(1)


@contextmanager
def _listening(address: str) -> "Iterator[Callable[[float], None]]":
    """Give a sleep that a notice on the outbox ends early; a notice is only a hint."""
    with psycopg.connect(address, autocommit=True, connect_timeout=5) as connection:
        connection.execute("LISTEN outbox")

        def wait(seconds: float) -> None:
            select.select([connection], [], [], seconds)
            for _ in connection.notifies(timeout=0):
                pass

        yield wait


def main(wiring: Wiring) -> None:
    """Run one worker until SIGTERM or SIGINT."""
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    run(wiring, stop)
