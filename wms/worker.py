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
from wms.db.outbox import Waiting
from wms.db.payload import from_builtins
from wms.kernel.actor import system_actor
from wms.kernel.errors import Refusal
from wms.kernel.ids import SiteId
from wms.wiring import Wiring

log = logging.getLogger(__name__)

BATCH: Final = 50
PATIENCE: Final = 0.5
"""Seconds after which everything is looked at again, notice or not."""


class Worker:
    """Claims the events of one channel and does what reactions.py says, until told to stop."""

    def __init__(self, wiring: Wiring, channel: str) -> None:
        self.wiring = wiring
        self.channel = channel
        self._known = reactions.events()

    def drain(self) -> int:
        """Do what is due now; return how many events were settled."""
        doorway = self.wiring.doorway
        settled = 0
        with Session(doorway.engine_for(SiteId(0))) as session:
            for event in outbox.claim(session, self.channel, doorway.clock.now(), BATCH):
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
        """Do what follows; return what was refused for good, to be kept with the event."""
        kind = self._known.get(event.kind)
        if kind is None:
            return ""
        refused = []
        told = from_builtins(event.payload, kind)
        for number, reaction in enumerate(reactions.COMMANDS.get(kind, ())):
            handler, command = reaction(told)
            key = f"event:{event.event_id}:{number}"
            try:
                self.wiring.doorway.run(handler, command, system_actor(event.site_id), key=key)
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
    """Drain every channel and go every round, each in a thread of its own, until `stop` is set."""
    loops: dict[str, Callable[[], int]] = {
        f"outbox-{channel}": Worker(wiring, channel).drain for channel in reactions.CHANNELS
    }
    for name, go_round in reactions.ROUNDS.items():
        loops[name] = partial(go_round, wiring)
    threads = [
        threading.Thread(target=_repeat, args=(wiring, name, deed, stop), name=name)
        for name, deed in loops.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _repeat(wiring: Wiring, name: str, deed: Callable[[], int], stop: threading.Event) -> None:
    """Do a deed again at once while it finds work, else when something is announced."""
    while not stop.is_set():
        try:
            with _listening(wiring.settings.database_url) as wait:
                while not stop.is_set():
                    if deed() == 0:
                        wait(PATIENCE)
        except (SQLAlchemyError, psycopg.Error, OSError) as failure:
            log.warning("%s goes on in a second: %s", name, failure)
            stop.wait(1)


@contextmanager
def _listening(url: str) -> "Iterator[Callable[[float], None]]":
    """Give a sleep that a notice on the outbox ends early; a notice is only a hint."""
    address = url.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(address, autocommit=True) as connection:
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
