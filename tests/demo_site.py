"""The demo site as `wms demo load` leaves it, for every test that begins there to copy."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from wms.access import service as access
from wms.access.terms import LoadDemoPeople
from wms.db.transaction import Doorway, make_engine
from wms.gate import service as gate
from wms.kernel.actor import system_actor
from wms.kernel.ids import SiteId
from wms.masterdata import service as masterdata
from wms.masterdata.terms import LoadDemo

SITE: Final = SiteId(1)
PRINTER: Final = "tcp://127.0.0.1:7599"


@dataclass(frozen=True)
class Morning:
    """A clock that stands before anything a test does on its day."""

    def now(self) -> datetime:
        return datetime(2026, 11, 22, tzinfo=UTC)


def load(database_url: str) -> None:
    """Load people, master data with an empty book, and the gate into a migrated database."""
    engine = make_engine(database_url)
    doorway, loader = Doorway(engine, Morning()), system_actor(SITE, "demo")
    doorway.run(access.load_demo_people, LoadDemoPeople(SITE), loader)
    doorway.run(masterdata.load_demo, LoadDemo(SITE, PRINTER), loader)
    doorway.run(gate.load_demo, gate.LoadDemoGate(SITE), loader)
    engine.dispose()
