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
    """Return the wiring for these settings, one engine a database; opens no connection yet."""
    home = make_engine(settings.database_url, pool_size=pool_size)
    engines = {settings.database_url: home}
    for url in settings.site_databases.values():
        if url not in engines:
            engines[url] = make_engine(url, pool_size=pool_size)
    elsewhere = {site: engines[url] for site, url in settings.site_databases.items()}
    return Wiring(settings, Doorway(home, elsewhere=elsewhere))
