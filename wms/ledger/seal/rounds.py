"""The sealer's round in the worker: every site whose key is there, every few seconds."""

import logging
from pathlib import Path
from typing import Final, Protocol

from wms.db.transaction import Doorway
from wms.kernel.actor import system_actor
from wms.kernel.errors import Refusal
from wms.kernel.ids import SiteId
from wms.kernel.secret import Secret
from wms.ledger.seal.keys import KeyFile
from wms.ledger.seal.log import Stored, last_checkpoint
from wms.ledger.seal.notes import SignerKey
from wms.ledger.seal.sealing import Seal, Sealed, is_due, seal
from wms.ledger.seal.witnessing import publish
from wms.settings import Settings

log = logging.getLogger(__name__)

EVERY: Final = 2
"""Seconds between two passes over a site that has nothing more to seal."""


class Wired(Protocol):
    """What is needed of a process's wiring."""

    @property
    def settings(self) -> Settings: ...

    @property
    def doorway(self) -> Doorway: ...


class Sealer:
    """Goes over the sites in turn; one object a process, because it remembers when it last did."""

    def __init__(self) -> None:
        self._next = 0.0
        self._said: dict[str, str] = {}

    def __call__(self, wiring: Wired) -> int:
        """Seal one batch at every site that is due; return how many postings that were.

        Without a key, and when a log or a witness parts from what was signed, it says so once in
        the log of the process and goes on: nothing else stops for it.
        """
        now = wiring.doorway.clock.now().timestamp()
        if now < self._next <= now + EVERY:
            return 0
        done = 0
        for site_id, key in self._keys(wiring.settings).items():
            try:
                sealed = seal_site(wiring.doorway, site_id, key, wiring.settings.seal_witness)
            except Refusal as refusal:
                self._say(f"site {site_id}", str(refusal))
            else:
                self._said.pop(f"site {site_id}", None)
                done += sealed.postings
        self._next = now if done else now + EVERY
        return done

    def _keys(self, settings: Settings) -> dict[SiteId, SignerKey]:
        if settings.seal_key_file is None:
            self._say("key", "WMS_SEAL_KEY_FILE is not set: nothing is sealed")
            return {}
        try:
            keys = KeyFile(settings.seal_key_file).signers()
        except (Refusal, OSError) as fault:
            self._say("key", f"the seal's key cannot be read, nothing is sealed: {fault}")
            return {}
        if not keys:
            self._say("key", f"{settings.seal_key_file} holds no key: nothing is sealed")
        return keys

    def _say(self, about: str, what: str) -> None:
        if self._said.get(about) != what:
            self._said[about] = what
            log.error("seal: %s: %s", about, what)


def seal_site(doorway: Doorway, site_id: SiteId, key: SignerKey, witness: Path | None) -> Sealed:
    """Make one pass over a site and hand its newest checkpoint to the witness folder.

    The file is written after the commit, and by the next pass where a process ended in between: a
    checkpoint outside is always one that the database held. Raises Conflict `ledger.witness_ahead`
    before anything is sealed when the folder knows more than the database: nobody signs two
    histories.
    """
    actor = system_actor(site_id, "sealer")

    def newest() -> Stored | None:
        with doorway.read(actor) as tx:
            return last_checkpoint(tx)

    last = newest() if witness is None else publish(witness, site_id, newest)
    with doorway.read(actor) as tx:
        due = is_due(tx)
    if not due:
        return Sealed(0, last.tree_size if last else 0)
    sealed = doorway.run(seal, Seal(site_id, Secret(key.to_text())), actor)
    if witness is not None:
        publish(witness, site_id, newest)
    return sealed
