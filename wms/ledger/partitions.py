"""Makes the quarter's and the next quarter's partitions before the first posting needs them."""

import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Final, Protocol

from sqlalchemy.exc import SQLAlchemyError

from wms.db.directory import Database
from wms.db.transaction import Doorway, Tx
from wms.kernel.actor import system_actor
from wms.kernel.ids import SiteId

log = logging.getLogger(__name__)
EVERY: Final = timedelta(hours=6)


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
        """Look into every database a few times a day; return 0, there is never more to do.

        What cannot be made is reported and left for the next look, not tried at once: each try
        locks the ledger for a moment. A database that is away, or whose rows came before their
        quarter and lie in the rest, stops no other.
        """
        now = wiring.doorway.clock.now()
        if self._next is not None and now < self._next <= now + EVERY:
            return 0
        self._next = now + EVERY
        for database in wiring.doorway.databases:
            site_id = _a_site(database)
            try:
                ahead(wiring.doorway, site_id, now)
            except SQLAlchemyError as failure:
                names = " or ".join(sorted({_quarter(day) for day in _days(now)}))
                log.warning("quarter %s of site %s is not made: %s", names, site_id, failure)
        return 0


def ahead(doorway: Doorway, site_id: SiteId, now: datetime) -> int:
    """Make what a site's database lacks for this quarter and the next; return how many tables.

    Raises DBAPIError where that would wait for a long reading: nobody is to queue up behind it.
    """
    actor, days = system_actor(site_id), _days(now)
    with doorway.read(actor) as tx:
        names = [f"ledger_entry_{_quarter(day)}" for day in days]
        missing = [
            day
            for day, name in zip(days, names, strict=True)
            if tx.connection.exec_driver_sql("SELECT to_regclass(%s)", (name,)).scalar() is None
        ]
    return doorway.run(make, MakePartitions(site_id, tuple(missing)), actor) if missing else 0


def _days(now: datetime) -> tuple[date, date]:
    """Return a day of this quarter and one of the next: quarters differ in length."""
    quarters = now.year * 4 + (now.month + 2) // 3
    return now.date(), date(quarters // 4, quarters % 4 * 3 + 1, 1)


def _quarter(day: date) -> str:
    return f"{day.year}q{(day.month + 2) // 3}"


def _a_site(database: Database) -> SiteId:
    if not database.all_but:
        return min(database.named)
    return next(SiteId(n) for n in count(1) if n not in database.named)
