"""`wms iot …`: print the contract with devices; look at what they have said."""

import json

import click

from iot import contract
from wms.db.inbox import latest_events, latest_refused
from wms.kernel.actor import system_actor
from wms.kernel.ids import SiteId
from wms.settings import Settings, SettingsError
from wms.wiring import Wiring, wire

_SITE = click.option("--site", type=int, default=1, show_default=True, help="Number of the site.")
_COUNT = click.option("-n", "count", type=click.IntRange(1, 1000), default=20, show_default=True)


def _wiring() -> Wiring:
    try:
        return wire(Settings.from_env())
    except SettingsError as error:
        raise click.ClickException(str(error)) from None


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
@click.option("--kind", help="Only this kind, such as env/temp.")
def events(site: int, count: int, kind: str | None) -> None:
    """Show the latest events of a site's devices, also of kinds nothing is done about yet."""
    site_id = SiteId(site)
    with _wiring().doorway.read(system_actor(site_id, "iot")) as tx:
        for one in latest_events(tx.session, site_id, count, kind):
            data = json.dumps(one.data, ensure_ascii=False)
            at = one.received_at.isoformat(timespec="seconds")
            told = f"  !! {one.failure}" if one.failure else ""
            click.echo(f"{at}  {one.device_id}  {one.boot}/{one.seq}  {one.kind}  {data}{told}")


@commands.command()
@_SITE
@_COUNT
def refused(site: int, count: int) -> None:
    """Show the latest messages of a site's devices that were refused, and why."""
    site_id = SiteId(site)
    with _wiring().doorway.read(system_actor(site_id, "iot")) as tx:
        for one in latest_refused(tx.session, site_id, count):
            at = one.received_at.isoformat(timespec="seconds")
            click.echo(f"{at}  {one.topic}  {one.reason}  {one.detail}")
