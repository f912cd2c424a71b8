"""Makes the quarter's and the next quarter's partitions before the first posting needs them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Final, Protocol

from wms.db.directory import Database
from wms.db.transaction import Doorway, Tx
from wms.kernel.actor import system_actor
from wms.kernel.ids import SiteId

EVERY: Final = timedelta(hours=6)
_AHEAD: Final = timedelta(days=92)
"""At least one quarter, so that the next one is there while this one runs."""


class Wired(Protocol):
    """What is needed of a process's wiring."""

    @property
    def doorway(self) -> Doorway: ...


@dataclass(frozen=True, slots=True)
class MakePartitions:
    """Make the partitions of these days' quarters in the database that holds a site."""

    site_id: SiteId
    days: tuple[date, ...]


def make(tx: Tx, command: MakePartitions) -> int:
    """Make what is missing and return how many tables that were."""
    return sum(
        tx.call("SELECT ledger_partition($1::date)", day.isoformat())[0][0] for day in command.days
    )


class Ahead:
    """The worker's round; one object a process, because it remembers when it last looked."""

    def __init__(self) -> None:
        self._next: datetime | None = None

    def __call__(self, wiring: Wired) -> int:
        """Look into every database a few times a day; return 0, there is never more to do."""
        now = wiring.doorway.clock.now()
        if self._next is not None and now < self._next <= now + EVERY:
            return 0
        for database in wiring.doorway.databases:
            ahead(wiring.doorway, _a_site(database), now)
        self._next = now + EVERY
        return 0


def ahead(doorway: Doorway, site_id: SiteId, now: datetime) -> int:
    """Make what a site's database lacks for this quarter and the next; return how many tables."""
    actor = system_actor(site_id)
    days = (now.date(), (now + _AHEAD).date())
    with doorway.read(actor) as tx:
        names = [f"ledger_entry_{day.year}q{(day.month + 2) // 3}" for day in days]
        missing = [
            day
            for day, name in zip(days, names, strict=True)
            if tx.connection.exec_driver_sql("SELECT to_regclass(%s)", (name,)).scalar() is None
        ]
    return doorway.run(make, MakePartitions(site_id, tuple(missing)), actor) if missing else 0


def _a_site(database: Database) -> SiteId:
    if not database.all_but:
        return min(database.named)
    return next(SiteId(n) for n in count(1) if n not in database.named)
