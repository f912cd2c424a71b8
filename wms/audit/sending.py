"""Once a night every line is compared, whoever is there; by day whoever asks for it."""

from datetime import date, time
from typing import Final, Protocol

from wms.audit import queries, service
from wms.audit.terms import CheckLines
from wms.db.transaction import Doorway
from wms.kernel.actor import system_actor
from wms.kernel.clock import BEIJING
from wms.kernel.ids import SiteId

HOME: Final = SiteId(1)
"""The site whose worker this is: one worker, one site (docs/adr/0002)."""

BEGINS: Final = time(2)
"""Beijing time from which the check of a night may be made: the trucks are gone by then."""


class Wired(Protocol):
    """What is needed of a process's wiring."""

    @property
    def doorway(self) -> Doorway: ...


class Nights:
    """The worker's round; remembers which night is done and asks no more until the next."""

    def __init__(self) -> None:
        self._done: date | None = None

    def __call__(self, wiring: Wired) -> int:
        """Check the lines if that is due and nobody did yet; return how many checks were made."""
        here = wiring.doorway.clock.now().astimezone(BEIJING)
        if here.time() < BEGINS or self._done == here.date():
            return 0
        actor = system_actor(HOME)
        with wiring.doorway.read(actor) as tx:
            due = not queries.checked_in(tx, here.date())
        if due:
            command = CheckLines(HOME, here.date())
            wiring.doorway.run(service.check, command, actor, key=f"night:{here.date()}")
        self._done = here.date()
        return int(due)
