"""Somebody who deposits pieces under keys and remembers what was acknowledged, come what may."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import UUID

from ledger_site import q
from ledger_writers import Writers, writers
from sqlalchemy.exc import DBAPIError
from wire_cutter import Cutter

from wms.ledger import posting
from wms.ledger.terms import Leg, Posted

PATIENCE = 30


def one_in(place: UUID) -> Leg:
    return posting.direct_in(place, q(1), "arrival:QD1")


@dataclass
class Teller:
    """Sends deposits of one piece each under keys of its own, and remembers what it was told."""

    ledger: Writers
    place: UUID
    told: dict[str, UUID] = field(default_factory=dict)

    def send(self, key: str) -> Posted:
        posted = self.ledger.send(key, one_in(self.place))
        assert self.told.setdefault(key, posted.posting_id) == posted.posting_id
        return posted

    def insist(self, key: str) -> None:
        """Send until there is an answer, whatever happens to the connection or the server."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self.send(key)
            except DBAPIError:
                assert time.monotonic() < deadline
                time.sleep(0.02)
            else:
                return

    def check_told(self, by: Writers) -> None:
        """What was acknowledged is there, once, under every law; others may be writing."""
        told = dict(self.told)
        assert told.items() <= by.deposits(self.place).items()
        assert by.stands()

    def check(self, by: Writers) -> None:
        """So is nothing else: every key was answered by now."""
        self.check_told(by)
        assert by.deposits(self.place) == self.told
        assert by.balance(self.place)[0] == str(len(self.told))


@contextmanager
def teller(url: str, connections: int = 1) -> Iterator[Teller]:
    with writers(url, connections) as ledger:
        yield Teller(ledger, ledger.floor())


def messages_of(wire: Cutter, work: Callable[[], object]) -> str:
    """Return what a client says for a piece of work, once its connection is warm."""
    wire.arm(1_000_000)
    work()
    said = wire.heard
    wire.heal()
    assert said.endswith("S"), said
    return said
