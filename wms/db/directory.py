"""The directory of sites: which database holds which site."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Engine
from sqlalchemy.orm import InstrumentedAttribute

from wms.kernel.ids import SiteId


@dataclass(frozen=True, slots=True)
class Database:
    """One database and the sites it answers for: those `named`, or all but those named."""

    engine: Engine
    named: frozenset[SiteId]
    all_but: bool

    @property
    def name(self) -> str:
        """What this database is called on its server."""
        return self.engine.url.database or ""

    @property
    def address(self) -> str:
        """The address as libpq reads it, password included."""
        url = self.engine.url.set(drivername="postgresql")
        return url.render_as_string(hide_password=False)

    def holds(self, site_id: InstrumentedAttribute[SiteId]) -> ColumnElement[bool]:
        """Return the condition on rows that are this database's to act on.

        After a move a database may have rows of a site that lives elsewhere now.
        """
        return site_id.not_in(self.named) if self.all_but else site_id.in_(self.named)


class Directory:
    """Every site has one database: the one named for it, else the one at home."""

    def __init__(self, home: Engine, elsewhere: Mapping[SiteId, Engine]) -> None:
        self._home = home
        self._elsewhere = {site: engine for site, engine in elsewhere.items() if engine is not home}

    def engine_for(self, site_id: SiteId) -> Engine:
        """Return the engine of the database that holds this site."""
        return self._elsewhere.get(site_id, self._home)

    @property
    def databases(self) -> tuple[Database, ...]:
        """Every database, the one at home first."""
        sites: dict[Engine, set[SiteId]] = {}
        for site_id, engine in self._elsewhere.items():
            sites.setdefault(engine, set()).add(site_id)
        home = Database(self._home, frozenset(self._elsewhere), all_but=True)
        others = (Database(engine, frozenset(s), all_but=False) for engine, s in sites.items())
        return home, *others
