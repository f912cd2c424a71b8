"""`wms …`: the command line; other packages hang on by the entry point `wms.commands`."""

from importlib.metadata import entry_points

import click

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
def worker() -> None:
    """Drain the outbox: letters, prints, reactions."""
    from wms import worker as process  # noqa: PLC0415 - other commands start without it

    process.main(wiring())
