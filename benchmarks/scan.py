"""Claim: a scan that moves a pallet costs little beside the framework it comes through.

Two scans, pallet then place, move one pallet. Ours goes all the way: token, permission, doorway
with idempotency key, task state, scan log, rules of the place, move log, trail. Beside it, in the
same run and with the same clients: Flask and gunicorn with nothing behind them, and the move as
hand-written SQL (no key, no log of scans, no rules, no permission).
"""

import itertools
import json
import os
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import psycopg

from benchmarks.serving import CLIENTS, SECONDS, Request, load, served
from counterparts.stack.postgres import MIGRATOR
from counterparts.stack.throwaway import throwaway_cluster
from labels import sscc
from wms.access import service as access
from wms.access.terms import CreatePerson, GrantRole, IssueToken
from wms.db.transaction import Doorway, make_engine
from wms.kernel.actor import system_actor
from wms.kernel.ids import SiteId, new_id
from wms.kernel.quantity import Quantity
from wms.ledger.terms import DocumentRef
from wms.masterdata import service as masterdata
from wms.masterdata.terms import LoadDemo
from wms.stock import service as stock
from wms.stock.terms import Content, Receive, UnitKind

SITE = SiteId(1)
HOUSE = system_actor(SITE)
PALLETS = [sscc("2990000", 9, serial) for serial in range(1, CLIENTS + 1)]
PLACES = [f"BK-A-{bay:02d}-1" for bay in range(1, 2 * CLIENTS + 1)]


def measure(*, quick: bool = False) -> dict[str, object]:
    """Return scans a second and CPU per scan for ours, the hand-written move, and the framework."""
    with throwaway_cluster("bench") as cluster:
        url = cluster.url("bench")
        tokens = _prepare(url, cluster.url("bench", MIGRATOR))
        env = {
            **os.environ,  # noqa: TID251 - handed on whole
            "WMS_DATABASE_URL": url,
            "WMS_SECRET_KEY": "benchmark" * 4,
            "WMS_EXCHANGE_ROOT": "/nonexistent",
        }
        seconds = 1.0 if quick else SECONDS
        ours = _run("wsgi:app", env, "/scan/move/read", tokens, seconds)
        by_hand = _run("benchmarks.bare:app", env, "/sql", tokens, seconds)
        nothing = _run("benchmarks.bare:app", env, "/nothing", tokens, seconds)
    return {
        "scans_per_pallet": 2,
        "clients": CLIENTS,
        "postgresql": "throw-away: fsync and synchronous_commit off",
        "ours": ours,
        "hand_written_sql": by_hand,
        "bare_framework": nothing,
        "ratio_to_hand_written_sql": _ratio(ours, by_hand),
        "ratio_to_bare_framework": _ratio(ours, nothing),
        "cpu_times_hand_written_sql": round(
            ours["server_cpu_us_per_request"] / by_hand["server_cpu_us_per_request"], 2
        ),
    }


def _ratio(one: dict[str, float], limit: dict[str, float]) -> float:
    return round(one["requests_per_second"] / limit["requests_per_second"], 3)


def _run(
    application: str, env: dict[str, str], path: str, tokens: list[str], seconds: float
) -> dict[str, float]:
    with served(application, env) as (port, pid):
        clients = [(_headers(token), _turn(n, path)) for n, token in enumerate(tokens)]
        return load(port, pid, clients, seconds).figures()


def _headers(token: str) -> dict[str, str]:
    return {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}


def _turn(number: int, path: str) -> Callable[[], Request]:
    places = itertools.cycle(PLACES[2 * number : 2 * number + 2])
    codes = itertools.chain.from_iterable(
        (PALLETS[number], next(places)) for _ in itertools.count()
    )

    def turn() -> Request:
        now = datetime.now(UTC).isoformat()  # noqa: TID251 - the handheld's clock
        body = {"op": str(new_id()), "code": next(codes), "at": now}
        if path == "/sql":
            body["who"] = str(number)
        return path, json.dumps(body).encode()

    return turn


def _prepare(url: str, owners_url: str) -> list[str]:
    """Load the demo site, receive a pallet for each client, and return each client's token."""
    engine = make_engine(url)
    doorway = Doorway(engine)
    doorway.run(masterdata.load_demo, LoadDemo(SITE, "tcp://127.0.0.1:9"), HOUSE)
    now = doorway.clock.now()
    for number, place in zip(PALLETS, PLACES[::2], strict=True):
        content = Content("ME1-0001", "L1", date(2030, 1, 1), Quantity.of(240))
        paper = DocumentRef("checklist", "BENCH")
        received = Receive(SITE, number, UnitKind.PALLET, place, (content,), paper, now)
        doorway.run(stock.receive, received, HOUSE)
    tokens = [_token(doorway, f"bench{number}") for number in range(CLIENTS)]
    engine.dispose()
    with psycopg.connect(owners_url.replace("+psycopg", "")) as connection:
        connection.execute("SET ROLE bondhouse_owner")
        connection.execute("CREATE TABLE bare_unit (number text PRIMARY KEY, place text)")
        connection.execute(
            "CREATE TABLE bare_move (op uuid PRIMARY KEY, number text, source text, target text,"
            " who text, at timestamptz)"
        )
        for number, place in zip(PALLETS, PLACES[::2], strict=True):
            connection.execute("INSERT INTO bare_unit VALUES (%s, %s)", (number, place))
    return tokens


def _token(doorway: Doorway, login: str) -> str:
    person = doorway.run(
        access.create_person, CreatePerson(SITE, login, login, login), HOUSE
    ).person_id
    doorway.run(access.grant_role, GrantRole(SITE, person, "clerk"), HOUSE)
    until = doorway.clock.now() + timedelta(days=1)
    wanted = IssueToken(SITE, person, "benchmark", ("scans.use", "stock.move"), until)
    return doorway.run(access.issue_token, wanted, HOUSE).secret.reveal()
