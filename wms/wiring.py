"""Puts one process together: settings, the doorway, and who it speaks to outside."""

from dataclasses import dataclass

from wms.db.transaction import Doorway, make_engine
from wms.settings import Settings


@dataclass(frozen=True, slots=True)
class Wiring:
    """What every process of the house holds."""

    settings: Settings
    doorway: Doorway


def wire(settings: Settings, *, pool_size: int = 8) -> Wiring:
    """Return the wiring for these settings; opens no connection yet."""
    return Wiring(settings, Doorway(make_engine(settings.database_url, pool_size=pool_size)))
