"""`wms day`: play a working day against a running system, and say what came of it."""

import json
import shlex
import sys
import time
from pathlib import Path
from typing import Final

import click

from counterparts.day import account, bookkeeping, counting, inbound, orders, outbound, report
from counterparts.day.client import Machine, Person, Scanner, token_for
from counterparts.day.errors import CannotBeginError, NotHappenedError, RefusedError
from counterparts.day.papers import Numbers
from counterparts.day.plan import Plan, PlanError, plan
from counterparts.day.world import People, World
from counterparts.day.yard import CustomsScript, Devices, Tray, Verifier

EPOCH: Final = 1_767_225_600
"""2026-01-01: runs are counted in seconds from here, nine digits for thirty years."""
CLERK_BADGE: Final = "B900005"


@click.command()
@click.option("--orders", "order_count", default=500, show_default=True, type=int)
@click.option("--trucks", default=4, show_default=True, type=int, help="Half in, half out.")
@click.option("--seed", default=7, show_default=True, type=int)
@click.option("--json", "as_json", is_flag=True, help="Print the account for machines.")
@click.option("--url", help="The system; else 127.0.0.1 at its PORT.")
@click.option("--port", envvar="PORT", hidden=True)
@click.option("--var", envvar="WMS_VAR", type=Path, default=Path("var"), hidden=True)
@click.option("--exchange", type=Path, envvar="WMS_EXCHANGE_ROOT", help="Customs' folders.")
@click.option("--printer", type=Path, help="What the printer counterpart keeps.")
@click.option("--devices", envvar="WMS_DEVICES_CONTROL", help="Where devices take orders.")
@click.option("--quiet", is_flag=True, help="Show no progress.")
def day(
    *,
    order_count: int,
    trucks: int,
    seed: int,
    as_json: bool,
    url: str | None,
    port: str | None,
    var: Path,
    exchange: Path | None,
    printer: Path | None,
    devices: str | None,
    quiet: bool,
) -> None:
    """Play a working day with its trouble through the public doors of a running system.

    Where the system is stands in the environment, or in var/environment, where `make run` writes
    it. Exit code 0: all as planned, book, floor and customs agree; 1: not so, the account says
    what; 2: the day could not begin.
    """
    try:
        planned = plan(order_count, trucks, seed)
        kept = _kept(var / "environment")
        world = _begin(
            planned,
            url or f"http://127.0.0.1:{port or kept.get('PORT', '8080')}",
            exchange or Path(kept.get("WMS_EXCHANGE_ROOT", var / "exchange")),
            printer or var / "printer",
            devices or kept.get("WMS_DEVICES_CONTROL", "127.0.0.1:8091"),
            kept,
        )
        world.quiet = quiet
        before = account.standing(world)
    except (PlanError, CannotBeginError, RefusedError) as error:
        click.echo(f"wms day: {error}", err=True)
        sys.exit(2)
    stopped = _play(world)
    try:
        told = account.close(world, before, stopped)
    except (CannotBeginError, RefusedError) as error:
        click.echo(f"wms day: no account could be made: {error} {stopped}".strip(), err=True)
        sys.exit(1)
    if as_json:
        click.echo(json.dumps(told.told(), ensure_ascii=False, indent=1))
    else:
        click.echo(report.written(told))
    sys.exit(0 if told.agrees else 1)


def _begin(
    planned: Plan, url: str, exchange: Path, printer: Path, devices: str, kept: dict[str, str]
) -> World:
    """Sign everybody in and find every counterpart; raise CannotBeginError naming what is not."""
    officer = Person(url, "customs")
    secret = token_for(officer, "platform of the day", "clearance.match", "clearance.see")
    people = People(
        clerk=Scanner(url, CLERK_BADGE),
        dispatcher=Person(url, "dispatcher"),
        officer=officer,
        supervisor=Person(url, "supervisor"),
        deputy=Person(url, "deputy"),
        platform=Machine(url, secret),
    )
    return World(
        planned,
        Numbers(int(time.time()) - EPOCH),
        people,
        Devices(devices),
        CustomsScript(exchange),
        Tray(printer),
        Verifier(kept),
    )


def _play(world: World) -> str:
    """Play the day; return what did not happen, empty when all did."""
    try:
        inbound.bring_in(world)
        orders.take_orders(world)
        outbound.send_out(world)
        bookkeeping.keep_books(world)
        counting.count(world)
    except (NotHappenedError, RefusedError, CannotBeginError) as stopped:
        return str(stopped)
    return ""


def _kept(environment: Path) -> dict[str, str]:
    """Return what `make run` has written down for other terminals."""
    if not environment.exists():
        return {}
    lines = (line.partition("=") for line in environment.read_text(encoding="utf-8").splitlines())
    return {name: "".join(shlex.split(value)) for name, _, value in lines}
