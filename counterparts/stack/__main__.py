"""`python -m counterparts.stack`: everything up, in order, until Ctrl-C; state is kept in var/."""

import fcntl
import os
import secrets
import shlex
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from counterparts.stack import StackError
from counterparts.stack.binaries import find_mosquitto
from counterparts.stack.broker import Broker
from counterparts.stack.migrating import PROJECT, migrate
from counterparts.stack.ports import is_free, keep_port
from counterparts.stack.postgres import APP, DURABLE, MIGRATOR, Cluster
from counterparts.stack.processes import Member, Supervisor, spawn
from counterparts.stack.progress import Progress

VAR = Path(os.environ.get("WMS_VAR") or PROJECT / "var").resolve()  # noqa: TID251 - before settings
LOGS = VAR / "log"
WMS = str(Path(sys.executable).with_name("wms"))
DAY = [WMS, "day", "--orders", "60", "--trucks", "4", "--seed", "1"]
CANNOT_BEGIN = 2
"""Exit code of a day that found something missing: it is played at the next start instead."""
GUNICORN = ["--threads", "32", "--graceful-timeout", "5", "--no-control-socket"]


def main(arguments: list[str]) -> int:
    """Run the stack; 0 when it was told to stop, 1 when it could not go on."""
    progress = Progress(float(arguments[0]) if arguments else time.time())
    supervisor = Supervisor(progress)
    supervisor.listen()
    try:
        with _alone():
            return _run_and_stop(supervisor, progress)
    except StackError as error:
        print(error, file=sys.stderr)
        return 1


def _run_and_stop(supervisor: Supervisor, progress: Progress) -> int:
    code = 0
    try:
        _run(supervisor, progress)
    except StackError as error:
        if not supervisor.stopping.is_set():  # Ctrl-C ends what was being set up, too
            print(error, file=sys.stderr)
            code = 1
    finally:
        if supervisor.has_members():
            progress.say("stopping")
            supervisor.stop()
            progress.say("stopped; the next start goes on from here")
    return code


def _run(supervisor: Supervisor, progress: Progress) -> None:
    env = dict(os.environ)  # noqa: TID251 - completed and handed to the processes
    port = env.setdefault("PORT", "8080")
    if not port.isdigit() or not is_free(int(port)):
        raise StackError(f"port {port} cannot be used: choose another, PORT=8081 make run")
    _servers(env, supervisor, progress)
    env.setdefault("WMS_EXCHANGE_ROOT", str(VAR / "exchange"))
    env.setdefault("WMS_SECRET_KEY", _secret_key())
    env.setdefault("WMS_SEAL_KEY_FILE", _seal_key())
    env.setdefault("WMS_SEAL_WITNESS", str(VAR / "witness"))
    env.setdefault("WMS_DEMO", "1")
    env.setdefault("WMS_DEMO_PRINTER", f"tcp://127.0.0.1:{keep_port(VAR / 'printer_port')}")
    env.setdefault("WMS_DEVICES_CONTROL", f"127.0.0.1:{keep_port(VAR / 'devices_port')}")
    env.setdefault("WMS_DEVICES_JOURNAL", str(VAR / "devices.jsonl"))
    env["WMS_VAR"] = str(VAR)
    Path(env["WMS_EXCHANGE_ROOT"]).mkdir(parents=True, exist_ok=True)
    owners_url = env.pop("WMS_MIGRATION_URL", "")  # no process we start may become the owner
    _write_environment(env)
    migrate(owners_url or env["WMS_DATABASE_URL"])
    progress.say("tables are up to date")
    users = _load_demo(env)
    progress.say("demo site is loaded")
    for name, command in _commands(env).items():
        log = LOGS / f"{name}.log"
        log.unlink(missing_ok=True)
        supervisor.add(Member(name, partial(spawn, command, log, env), log))
    _await_health(port, supervisor)
    progress.say(f"open: http://localhost:{port} · {users}")
    _watch(supervisor, progress, env)


def _servers(env: dict[str, str], supervisor: Supervisor, progress: Progress) -> None:
    """Start the servers no address was given for, and put their addresses into `env`."""
    if not env.get("WMS_DATABASE_URL"):
        cluster = Cluster.at(VAR / "postgres", DURABLE)
        log = cluster.folder / "log"
        supervisor.add(
            Member("PostgreSQL", cluster.start, log, serves=True, farewell=signal.SIGINT)
        )
        cluster.ensure_database(APP)
        env["WMS_DATABASE_URL"] = cluster.url(APP)
        env["WMS_MIGRATION_URL"] = cluster.url(APP, MIGRATOR)
        progress.say(f"PostgreSQL {cluster.binaries.version} is up, its data in {cluster.folder}")
    if not env.get("WMS_MQTT_URL"):
        broker = Broker.at(VAR / "broker", find_mosquitto())
        supervisor.add(Member("broker", broker.start, broker.folder / "log", serves=True))
        env["WMS_MQTT_URL"] = broker.url
        progress.say(f"MQTT broker is up ({'Mosquitto' if broker.program else 'amqtt'})")


def _commands(env: dict[str, str]) -> dict[str, list[str]]:
    module = [sys.executable, "-m"]
    bind = f"{env.get('WMS_BIND', '127.0.0.1')}:{env['PORT']}"
    printer_port = env["WMS_DEMO_PRINTER"].rpartition(":")[2]
    printer = ["--port", printer_port, "--keep", str(VAR / "printer")]
    return {
        "web": [*module, "gunicorn", "--bind", bind, *GUNICORN, "wsgi:app"],
        "worker": [WMS, "worker"],
        "devices": [*module, "iot"],
        "customs-counterpart": [
            *module,
            "counterparts.customs",
            "--root",
            env["WMS_EXCHANGE_ROOT"],
        ],
        "device-counterpart": [*module, "counterparts.devices"],
        "printer-counterpart": [*module, "counterparts.printer", *printer],
    }


def _load_demo(env: dict[str, str]) -> str:
    """Load the demo site where it is missing; return its last line, which names the users."""
    load = subprocess.run(
        [WMS, "demo", "load"], env=env, capture_output=True, text=True, check=False
    )
    said = (load.stdout if load.returncode == 0 else load.stderr).strip().splitlines()
    last = said[-1] if said else "it said nothing"
    if load.returncode != 0:
        raise StackError(f"the demo site could not be loaded: {last}")
    return last


def _await_health(port: str, supervisor: Supervisor) -> None:
    deadline = time.monotonic() + 60
    missing = "it does not answer"
    while not supervisor.stopping.wait(0.2):
        supervisor.check()
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5).close()
        except urllib.error.HTTPError as refused:
            missing = refused.read(1000).decode(errors="replace").strip()
        except OSError:
            pass
        else:
            return
        if time.monotonic() > deadline:
            raise StackError(f"http://localhost:{port}/health is not ready: {missing}")


def _watch(supervisor: Supervisor, progress: Progress, env: dict[str, str]) -> None:
    """Play the first day once, to be watched, and keep everything alive until told to stop."""
    played = VAR / "first_day_played"
    day = None
    if not played.exists() and not supervisor.stopping.is_set():
        progress.say("a first day is played: look at the pages while it runs")
        day = subprocess.Popen(DAY, env=env, stdin=subprocess.DEVNULL, process_group=0)
    try:
        while not supervisor.stopping.wait(0.3):
            supervisor.check()
            if day is not None and day.poll() is not None:
                if day.returncode != CANNOT_BEGIN:
                    played.touch()
                told = "agrees" if day.returncode == 0 else "does not agree, see the account above"
                progress.say(f"the first day is over and {told}; Ctrl-C stops everything")
                day = None
    finally:
        if day is not None:
            day.terminate()
            day.wait()


def _write_environment(env: dict[str, str]) -> None:
    """Keep what `wms …` in another terminal needs: `set -a; . var/environment`."""
    ours = {name: env[name] for name in sorted(env) if name == "PORT" or name.startswith("WMS_")}
    kept = VAR / "environment"
    kept.touch(0o600)
    kept.write_text("".join(f"{name}={shlex.quote(value)}\n" for name, value in ours.items()))


def _secret_key() -> str:
    """Return the key sessions are signed with, made at the first start."""
    kept = VAR / "secret_key"
    if not kept.exists():
        kept.touch(0o600)
        kept.write_text(secrets.token_urlsafe(48))
    return kept.read_text()


def _seal_key() -> str:
    """Return the file of the key the ledger's log is signed with, made at the first start."""
    kept = VAR / "seal_key"
    if not kept.exists():
        command = [WMS, "ledger", "keygen", str(kept)]
        made = subprocess.run(command, capture_output=True, check=False)
        if made.returncode != 0:
            raise StackError(f"the seal's key could not be made: {made.stderr.decode().strip()}")
    return str(kept)


@contextmanager
def _alone() -> Iterator[None]:
    """Hold var/ for this stack; raise StackError while another one has it."""
    try:
        LOGS.mkdir(parents=True, exist_ok=True)
        held = (VAR / "lock").open("w")
    except PermissionError as error:
        raise StackError(f"{error.filename} belongs to another user") from error
    with held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StackError(f"already running: another stack holds {VAR}") from None
        yield


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
