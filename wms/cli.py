"""`wms …`: the command line; other packages hang on by the entry point `wms.commands`."""

import json
from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Any, Final

import click

from wms.access import cli as access_cli
from wms.access import service as access
from wms.access.terms import LoadDemoPeople
from wms.customs import cli as customs_cli
from wms.gate import queries as gate_queries
from wms.gate import service as gate
from wms.kernel.actor import system_actor
from wms.kernel.ids import SiteId
from wms.ledger import cli as ledger_cli
from wms.masterdata import service as masterdata
from wms.masterdata.terms import LoadDemo
from wms.settings import Settings, SettingsError
from wms.wiring import Wiring, wire


def wiring() -> Wiring:
    """Return the wiring of this environment, or end with one line that says what is missing."""
    try:
        return wire(Settings.from_env())
    except SettingsError as error:
        raise click.ClickException(str(error)) from None


class _Rooms(click.Group):
    """The group plus whatever other packages hang on the entry point `wms.commands`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        others = {entry.name for entry in entry_points(group="wms.commands")}
        return sorted({*super().list_commands(ctx), *others})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        own = super().get_command(ctx, cmd_name)
        if own is not None:
            return own
        for entry in entry_points(group="wms.commands", name=cmd_name):
            loaded: click.Command = entry.load()
            return loaded
        return None


@click.group(cls=_Rooms)
def main() -> None:
    """Bondhouse: bonded warehouse operations (保税仓)."""


@main.command()
def openapi() -> None:
    """Print the OpenAPI document of the REST API: what docs/reference/openapi.json holds."""
    from wms.app import api_document  # noqa: PLC0415 - other commands start without it

    click.echo(json.dumps(api_document(), ensure_ascii=False, indent=2))


@main.command()
def worker() -> None:
    """Drain the outbox: letters, prints, reactions; go the rounds: customs' folders, the seal."""
    from wms import worker as process  # noqa: PLC0415 - other commands start without it

    process.main(wiring())


main.add_command(access_cli.group(lambda: wiring().doorway))
main.add_command(ledger_cli.group(wiring))
main.add_command(customs_cli.commands)


@main.group("gate")
def gate_group() -> None:
    """Look at the gate's rules."""


@gate_group.command("table")
def gate_table() -> None:
    """Print the decision table: in which order a gate asks, and what each answer means."""
    for rule in gate_queries.decision_table():
        click.echo(f"{rule.step}  {rule.verdict}  {rule.code:26} {rule.meaning}")


@main.group()
def demo() -> None:
    """Load the invented site HAK1, to try things out on."""


DEMO_SITE: Final = SiteId(1)


@demo.command("load")
@click.option(
    "--printer",
    envvar="WMS_DEMO_PRINTER",
    default="tcp://127.0.0.1:9100",
    show_default=True,
    help="Where the label printers of the demo listen.",
)
def load_demo(printer: str) -> None:
    """Load the demo site; safe to repeat: rows are brought to their files, no quantity moves."""
    held = wiring()
    if not held.settings.demo:
        raise click.ClickException("WMS_DEMO is not 1: invented firms do not belong in real books")
    steps: tuple[tuple[str, Callable[..., int], Any], ...] = (
        ("people", access.load_demo_people, LoadDemoPeople(DEMO_SITE)),
        ("master data and account book", masterdata.load_demo, LoadDemo(DEMO_SITE, printer)),
        ("lanes, devices and seals", gate.load_demo, gate.LoadDemoGate(DEMO_SITE)),
    )
    for number, (what, handler, command) in enumerate(steps, 1):
        count = held.doorway.run(handler, command, system_actor(DEMO_SITE, "demo"))
        click.echo(f"demo {number}/{len(steps)}: {what} ({count} rows)")
    click.echo(access.demo_users())
