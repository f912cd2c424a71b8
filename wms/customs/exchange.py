"""The way between the letters in the database and the folders of the import client."""

import logging
from collections.abc import Sequence
from typing import Final, Protocol

from wms.customs import queries, service
from wms.customs.codecs import Unreadable
from wms.customs.events import LetterReady
from wms.customs.folders import Claimed, Exchange
from wms.customs.service import IncomingFile, LetterWritten, TakeIn
from wms.db.transaction import Doorway
from wms.kernel.actor import system_actor
from wms.kernel.blob import Blob
from wms.kernel.ids import SiteId
from wms.settings import Settings

log = logging.getLogger(__name__)

HOME: Final = SiteId(1)
"""The site whose import client watches WMS_EXCHANGE_ROOT: one client, one root, one site."""

BATCH: Final = 200
"""Files taken in by one transaction; at four receipts a list this is 50 lists."""

STALE: Final = 60
"""Seconds after which a file that a worker claimed and never finished is read again."""


class Wired(Protocol):
    """What is needed of a process's wiring."""

    @property
    def settings(self) -> Settings: ...

    @property
    def doorway(self) -> Doorway: ...


def write_letter(wiring: Wired, event: LetterReady) -> None:
    """Put a queued letter into OutBox, once however often this is called."""
    actor = system_actor(event.site_id)
    with wiring.doorway.read(actor) as tx:
        letter = queries.letter_out(tx, event.letter_id)
    if letter.state != "queued":
        return
    Exchange(wiring.settings.exchange_root).send(letter.kind, str(letter.letter_id), letter.body)
    wiring.doorway.run(service.letter_written, LetterWritten(event.site_id, event.letter_id), actor)


def poll_once(wiring: Wired) -> int:
    """Take in what lies in InBox; return how many files were finished.

    Files are claimed by renaming, kept and read in one transaction a batch, then put away. A file
    that breaks a batch is found by taking the batch one by one, and put aside.
    """
    exchange = Exchange(wiring.settings.exchange_root)
    exchange.release_stale(STALE, wiring.doorway.clock.now().timestamp())
    claimed = [one for name in exchange.waiting()[:BATCH] if (one := exchange.claim(name))]
    if claimed:
        _take(wiring, exchange, claimed)
    return len(claimed)


def _take(wiring: Wired, exchange: Exchange, claimed: Sequence[Claimed]) -> None:
    try:
        taken = wiring.doorway.run(
            service.take_in,
            TakeIn(HOME, tuple(_incoming(one) for one in claimed)),
            system_actor(HOME, "customs"),
        )
    except Exception:
        if len(claimed) > 1:
            log.exception("a batch of %d files failed; taking them one by one", len(claimed))
            for one in claimed:
                _take(wiring, exchange, [one])
            return
        log.exception("file %s cannot be taken in", claimed[0].name)
        exchange.failed(claimed[0])
        return
    for one, state in zip(claimed, taken.states, strict=True):
        (exchange.failed if state == "rejected" else exchange.done)(one)


def _incoming(claimed: Claimed) -> IncomingFile:
    try:
        body = Blob(claimed.read())
    except Unreadable as refusal:
        size = claimed.path.stat().st_size
        with claimed.path.open("rb") as file:
            start = Blob(file.read(service.KEPT_OF_REJECTED))
        return IncomingFile(claimed.name, start, size, refusal.findings)
    return IncomingFile(claimed.name, body, len(body))
