"""The real servers of the tests: one of each a session, and one database a test."""

import itertools
import os
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pytest
from psycopg import sql

from counterparts.stack.binaries import find_chromium, find_mosquitto, version_of
from counterparts.stack.broker import Broker
from counterparts.stack.postgres import ADMIN, MIGRATOR, Cluster
from counterparts.stack.throwaway import throwaway_cluster

TEMPLATE = "migrated"
STRICT = os.environ.get("WMS_TEST_STRICT") == "1"  # noqa: TID251 - no setting of the product
# The sandbox refuses to be root; the rest keeps a closed network from being asked for updates.
CHROMIUM_OPTIONS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# What takes longest begins first, or one process is left with it when the others are done.
LONGEST = (
    "flows/test_day_played.py",
    "browser/",
    "doors/test_openapi_fuzz.py",
    "house/test_setup_run.py",
    "iot/",
    "properties/",
)
Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
_REAL: list[str] = []
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[Cluster]:
    """A throw-away cluster with one migrated template database, gone with the session."""
    with throwaway_cluster(TEMPLATE) as cluster:
        _REAL.append(f"PostgreSQL {cluster.binaries.version}")
        yield cluster


@pytest.fixture
def empty_database_url(postgres_cluster: Cluster) -> Iterator[str]:
    """The address, for migrations, of a database of this test alone, without a table in it."""
    with _database(postgres_cluster, "template1") as name:
        yield postgres_cluster.url(name, MIGRATOR)


@pytest.fixture
def database_url(postgres_cluster: Cluster) -> Iterator[str]:
    """The application's address of a database of this test alone, migrated (SQLAlchemy's form)."""
    with _database(postgres_cluster, TEMPLATE) as name:
        yield postgres_cluster.url(name)


@pytest.fixture(scope="module")
def shared_database(postgres_cluster: Cluster) -> Iterator[str]:
    """The name of one migrated database for all tests of a file that leave it as they found it."""
    with _database(postgres_cluster, TEMPLATE) as name:
        yield name


@pytest.fixture
def superuser_url(postgres_cluster: Cluster, database_url: str) -> str:
    """The superuser's address of the same database, to do what the application cannot."""
    return postgres_cluster.url(database_url.rpartition("/")[2], ADMIN)


@pytest.fixture(scope="session")
def demo_template(postgres_cluster: Cluster) -> str:
    """The name of a database with the demo site in it: loaded once, copied by each test."""
    import demo_site  # noqa: PLC0415 - half of the house, which not every run needs

    postgres_cluster.copy_database("demo", TEMPLATE)
    demo_site.load(postgres_cluster.url("demo"))
    return "demo"


@pytest.fixture
def demo_url(postgres_cluster: Cluster, demo_template: str) -> Iterator[str]:
    """The address of a database of this test alone, with the demo site in it and nothing done."""
    with _database(postgres_cluster, demo_template) as name:
        yield postgres_cluster.url(name)


@pytest.fixture(scope="session")
def mosquitto() -> Iterator[str]:
    """The address of a real Mosquitto of this session, account included."""
    program = find_mosquitto()
    if program is None:
        pytest.skip("Mosquitto is not on this machine")
    _REAL.append(f"Mosquitto {version_of(program, '-h')}")
    yield from _broker(program)


@pytest.fixture(scope="session")
def embedded_broker() -> Iterator[str]:
    """The address of the broker `make run` brings along (amqtt, MQTT 3.1.1)."""
    yield from _broker(None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """A running Chromium (a playwright Browser); open a context of your own in each test."""
    program = find_chromium()
    if program is None:
        pytest.skip("Chromium is not on this machine")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - 0.3 s no other test should pay

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=list(CHROMIUM_OPTIONS), chromium_sandbox=False
        )
        _REAL.append(f"Chromium {browser.version.split('.')[0]}")
        yield browser
        browser.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest first; the order inside a file stays as it is."""

    def turn(item: pytest.Item) -> int:
        places = (n for n, part in enumerate(LONGEST) if f"tests/{part}" in item.nodeid)
        return next(places, len(LONGEST))

    items.sort(key=turn)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With WMS_TEST_STRICT=1 nothing is left out in silence: a skip fails, under its own reason."""
    return _strict((yield))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """The same for a whole file that leaves itself out."""
    return _strict((yield))


def _strict(report: Report) -> Report:
    if STRICT and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"WMS_TEST_STRICT: {reason}"
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the process that prints the summary which servers this one had."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["real"] = _REAL


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Take what a worker of a run on several processors had."""
    _REAL.extend(node.workeroutput.get("real", ()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name what was real and what was left out."""
    skipped = {str(report.longrepr[2]) for report in terminalreporter.getreports("skipped")}
    names = "; ".join(sorted(skipped)).replace("Skipped: ", "") or "none"
    terminalreporter.write_line(
        f"real: {', '.join(sorted(set(_REAL))) or 'no server'} · skipped: {names}"
    )


@contextmanager
def _database(cluster: Cluster, template: str) -> Iterator[str]:
    name = f"test_{next(_numbers)}"
    cluster.copy_database(name, template)
    try:
        yield name
    finally:
        with cluster.admin() as admin:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _broker(program: Path | None) -> Iterator[str]:
    with tempfile.TemporaryDirectory(
        prefix="bondhouse-broker-", ignore_cleanup_errors=True
    ) as folder:
        broker = Broker.at(Path(folder), program)
        server = broker.start()
        try:
            yield broker.url
        finally:
            server.terminate()
            server.wait(10)
