"""`wms iot …`: print the contract with devices; look at what they have said."""

import json
from collections.abc import Callable
from typing import Final

import click

from iot import contract
from wms.db.inbox import latest_events, latest_refused
from wms.db.transaction import Doorway
from wms.kernel.actor import system_actor
from wms.kernel.ids import SiteId
from wms.settings import Settings, SettingsError
from wms.wiring import wire

_SITE: Final = click.option("--site", type=click.IntRange(0), default=1, show_default=True)
_COUNT: Final = click.option("-n", "count", type=click.IntRange(1, 1000), default=20)


def group(doorway: Callable[[], Doorway]) -> click.Group:
    """Return the command group; only a command that needs the database asks for `doorway`."""

    @click.group("iot")
    def commands() -> None:
        """Devices: the contract with them, and what they have said."""

    @commands.command()
    def asyncapi() -> None:
        """Print the contract with devices: what iot/asyncapi.yaml holds."""
        click.echo(contract.as_yaml(), nl=False)

    @commands.command()
    @_SITE
    @_COUNT
    @click.option("--kind", help="Only this kind, such as fence/left.")
    def events(site: int, count: int, kind: str | None) -> None:
        """Show a site's latest events, newest first, also of kinds nothing is done about yet."""
        _show_events(doorway(), SiteId(site), count, kind)

    @commands.command()
    @_SITE
    @_COUNT
    def refused(site: int, count: int) -> None:
        """Show a site's latest refused messages, and why; site 0: those of nobody known."""
        _show_refused(doorway(), SiteId(site), count)

    return commands


def _show_events(doorway: Doorway, site_id: SiteId, count: int, kind: str | None) -> None:
    with doorway.read(system_actor(site_id, "iot")) as tx:
        for one in latest_events(tx.session, site_id, count, kind):
            data = json.dumps(one.data, ensure_ascii=False)
            at = one.received_at.isoformat(timespec="seconds")
            told = f"  !! {one.failure}" if one.failure else ""
            click.echo(f"{at}  {one.device_id}  {one.boot}/{one.seq}  {one.kind}  {data}{told}")


def _show_refused(doorway: Doorway, site_id: SiteId, count: int) -> None:
    with doorway.read(system_actor(site_id, "iot")) as tx:
        for one in latest_refused(tx.session, site_id, count):
            at = one.received_at.isoformat(timespec="seconds")
            click.echo(f"{at}  {one.topic}  {one.reason}  {one.detail}")


def _doorway() -> Doorway:
    try:
        return wire(Settings.from_env()).doorway
    except SettingsError as error:
        raise click.ClickException(str(error)) from None


commands: Final = group(_doorway)
