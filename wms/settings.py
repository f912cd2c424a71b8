"""Configuration: frozen, read once from the environment; the only reader of the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from wms.kernel.ids import SiteId


class SettingsError(Exception):
    """A setting is missing or malformed; the message names it and what it should look like."""


def migration_url_from_env(env: Mapping[str, str] | None = None) -> str:
    """Return WMS_MIGRATION_URL in SQLAlchemy's form, or WMS_DATABASE_URL where it is not set.

    Only migrations and backups use it: no process of the application has it in its environment.
    """
    env = os.environ if env is None else env  # noqa: TID251 - the one place that may read it
    if env.get("WMS_MIGRATION_URL", "").strip():
        return _database_url(env, "WMS_MIGRATION_URL")
    return _database_url(env, "WMS_DATABASE_URL")


def _database_url(env: Mapping[str, str], name: str) -> str:
    url = _driven(env.get(name, "").strip())
    if url is None:
        raise SettingsError(f"{name} is not set to postgresql://user:password@host/name")
    return url


def _driven(url: str) -> str | None:
    """Return an address in SQLAlchemy's form, None where it is no PostgreSQL's."""
    driver = "postgresql+psycopg://"
    if url.startswith("postgresql://"):
        url = driver + url.removeprefix("postgresql://")
    return url if url.startswith(driver) else None


def _site_databases(told: str) -> dict[SiteId, str]:
    """Read `2=postgresql://…,3=postgresql://…`; a comma in a password is written %2C."""
    found: dict[SiteId, str] = {}
    for part in filter(None, (part.strip() for part in told.split(","))):
        site, _, address = part.partition("=")
        url = _driven(address.strip())
        if not site.strip().isdecimal() or url is None or SiteId(int(site)) in found:
            raise SettingsError(
                "WMS_SITE_DATABASES should be 2=postgresql://…,3=postgresql://…, each site once;"
                f" site {site.strip()[:20]!r} is not so"
            )
        found[SiteId(int(site))] = url
    return found


@dataclass(frozen=True, slots=True)
class Settings:
    """What one process needs to know of its surroundings."""

    database_url: str
    mqtt_url: str
    secret_key: str
    exchange_root: Path
    port: int
    demo: bool
    public_url: str
    proxies: int = 0
    """How many reverse proxies of ours stand in front; their X-Forwarded headers are believed."""
    seal_key_file: Path | None = None
    """The keys the sites' logs are signed with; without one nothing is sealed."""
    seal_witness: Path | None = None
    """A folder outside the database that is given every checkpoint."""
    site_databases: Mapping[SiteId, str] = field(default_factory=dict)
    """The databases of sites that do not live in `database_url`."""

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> "Settings":
        """Read the settings; raise SettingsError naming the first one that is missing or wrong."""
        env = os.environ if env is None else env  # noqa: TID251 - the one place that may read it

        def need(name: str, like: str) -> str:
            value = env.get(name, "").strip()
            if not value:
                raise SettingsError(f"{name} is not set; it should look like {like}")
            return value

        proxies = env.get("WMS_PROXIES", "0")
        if not proxies.isdecimal():
            raise SettingsError(f"WMS_PROXIES is {proxies!r}; it should be a number, 0 for none")
        port = env.get("PORT", "8080")
        if not port.isdigit() or not 0 < int(port) < 65536:
            raise SettingsError(f"PORT is {port!r}; it should be a number from 1 to 65535")

        def place(name: str) -> Path | None:
            value = env.get(name, "").strip()
            return Path(value) if value else None

        return cls(
            database_url=_database_url(env, "WMS_DATABASE_URL"),
            mqtt_url=env.get("WMS_MQTT_URL", "mqtt://127.0.0.1:1883"),
            secret_key=need("WMS_SECRET_KEY", "at least 32 random characters"),
            exchange_root=Path(need("WMS_EXCHANGE_ROOT", "/srv/bondhouse/exchange")),
            port=int(port),
            demo=env.get("WMS_DEMO", "0") == "1",
            public_url=env.get("WMS_PUBLIC_URL", f"http://localhost:{port}"),
            proxies=int(proxies),
            seal_key_file=place("WMS_SEAL_KEY_FILE"),
            seal_witness=place("WMS_SEAL_WITNESS"),
            site_databases=_site_databases(env.get("WMS_SITE_DATABASES", "")),
        )
