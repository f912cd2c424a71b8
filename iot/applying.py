"""Kept events are acted on, one transaction each, in order of arrival; also after a crash."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from iot.acting import Act, act
from wms.db.inbox import Unapplied, note_failure, unapplied
from wms.db.transaction import Doorway
from wms.gate.queries import anything_due
from wms.gate.service import DecideDue, decide_due
from wms.kernel.actor import Actor, system_actor
from wms.kernel.errors import Refusal
from wms.kernel.ids import SiteId, id_from

log = logging.getLogger(__name__)

MOST_TRIES: Final = 5
SWEEP: Final = 1.0
"""Seconds between two looks for crossings whose time for gathering is over."""


class Applying:
    """Does what is still to be done of the inbox: the table is the queue, a ring only a hint."""

    def __init__(
        self,
        doorway: Doorway,
        sites: Callable[[], tuple[SiteId, ...]],
        done: Callable[[], None],
    ) -> None:
        self._doorway = doorway
        self._sites = sites
        self._done = done
        self._rung = threading.Event()
        self._swept_at = 0.0

    def ring(self) -> None:
        """Say that new events are in the inbox."""
        self._rung.set()

    def run(self, stop: threading.Event) -> None:
        """Act on events until `stop`; while the database is away, wait for it."""
        while not stop.is_set():
            self._rung.wait(0.5)
            self._rung.clear()
            try:
                while self.round(stop):
                    pass
                self._sweep()
            except SQLAlchemyError as error:
                log.warning("the database does not answer: %s", str(error).split("\n")[0])
                stop.wait(0.5)

    def round(self, stop: threading.Event) -> int:
        """Act on what waits, all sites once; return how many events are settled."""
        settled = 0
        for site_id in self._sites():
            with Session(self._doorway.engine_for(site_id)) as session:
                waiting = unapplied(session, site_id)
            for event in waiting:
                if stop.is_set():
                    return 0
                settled += self._apply(event)
        return settled

    def _apply(self, event: Unapplied) -> int:
        who = Actor(id_from("device", event.device_id), event.device_id, "device", event.site_id)
        try:
            self._doorway.run(act, Act(event.site_id, event), who)
        except Refusal as refusal:
            log.warning("event %s of %s is refused: %s", event.kind, event.device_id, refusal)
            self._fail(event, str(refusal), settled=refusal.remember)
            return int(refusal.remember)
        except DBAPIError as error:
            if error.connection_invalidated or event.tries + 1 < MOST_TRIES:
                self._fail(event, repr(error.orig), settled=False)
                raise
            self._fail(event, repr(error.orig), settled=True)
            return 1
        except Exception as error:
            last = event.tries + 1 >= MOST_TRIES
            log.exception("event %s of %s failed, given up: %s", event.kind, event.device_id, last)
            self._fail(event, repr(error), settled=last)
            return int(last)
        self._done()
        return 1

    def _fail(self, event: Unapplied, failure: str, *, settled: bool) -> None:
        now = self._doorway.clock.now() if settled else None
        with Session(self._doorway.engine_for(event.site_id)) as session, session.begin():
            note_failure(session, event, failure, now)

    def _sweep(self) -> None:
        if time.monotonic() - self._swept_at < SWEEP:
            return
        self._swept_at = time.monotonic()
        for site_id in self._sites():
            who = system_actor(site_id, "gate")
            with self._doorway.read(who) as tx:
                due = anything_due(tx)
            if due:
                self._doorway.run(decide_due, DecideDue(site_id), who)
                self._done()
