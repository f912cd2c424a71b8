"""Claim: a whole working day costs so many CPU seconds of the servers, whatever the wall says.

`wms day` is played against a stack of its own; the CPU time is that of the system's processes
(web, worker, devices, PostgreSQL, broker), not of the counterparts nor of the day itself. The limit
beside it is the labels: what drawing and reading back one release label costs, which nothing of the
house can make cheaper, times the labels of the day.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from counterparts.stack.ports import free_port
from labels import Head, ReleaseLabel, render

ORDERS, TRUCKS, SEED = 500, 4, 7
TICK = os.sysconf("SC_CLK_TCK")
WMS = str(Path(sys.executable).with_name("wms"))
ROLES = {
    "counterparts": "counterparts.",
    "web": "gunicorn",
    "worker": "wms worker",
    "devices": "-m iot",
    "postgres": "postgres",
    "broker": "mosquitto",
}
"""What stands in the command line of each, the first that fits."""


def measure(*, quick: bool = False) -> dict[str, object]:
    """Play one day and return orders per CPU second of the servers, and who used how much."""
    orders = 20 if quick else ORDERS
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        var = Path(folder, "var")
        with _stack(var) as pid:
            before, began = _cpu(pid), time.monotonic()
            account = _play(var, orders)
            seconds = time.monotonic() - began
            after = _cpu(pid)
    used = {role: round(after[role] - before.get(role, 0), 2) for role in sorted(after)}
    servers = sum(cpu for role, cpu in used.items() if role != "counterparts")
    labels = _label_cpu() * account["labels"]["kept by the printer"]
    return {
        "orders": orders,
        "agrees": account["agrees"],
        "orders_per_cpu_second": round(orders / servers, 2),
        "server_cpu_seconds": round(servers, 2),
        "cpu_seconds": used,
        "label_cpu_seconds": round(labels, 2),
        "share_of_labels": round(labels / servers, 3),
        "wall_seconds": round(seconds, 1),
    }


@contextmanager
def _stack(var: Path) -> Iterator[int]:
    var.mkdir()
    (var / "first_day_played").touch()
    env = {"PATH": os.environ["PATH"], "WMS_VAR": str(var), "PORT": str(free_port())}  # noqa: TID251
    command = [sys.executable, "-m", "counterparts.stack"]
    with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, text=True) as stack:
        try:
            assert stack.stdout is not None
            ready = any("open: http" in line for line in stack.stdout)
            assert ready, "the stack did not start"
            yield stack.pid
        finally:
            stack.send_signal(signal.SIGINT)
            stack.communicate(timeout=60)


def _play(var: Path, orders: int) -> dict[str, dict[str, int]]:
    size = ["--orders", str(orders), "--trucks", str(TRUCKS), "--seed", str(SEED)]
    day = subprocess.run(
        [WMS, "day", *size, "--json", "--var", str(var)],
        env={"PATH": os.environ["PATH"]},  # noqa: TID251
        stdout=subprocess.PIPE,
        check=False,
    )
    told: dict[str, dict[str, int]] = json.loads(day.stdout)
    return told


def _cpu(root: int) -> dict[str, float]:
    """Return the CPU seconds of every process under `root`, and of those that have ended, by role.

    A process's dead children are counted with it.
    """
    found: dict[int, tuple[int, float, str]] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text().rpartition(")")[2].split()
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        found[int(folder.name)] = (int(stat[1]), sum(map(int, stat[11:15])) / TICK, command)
    used: dict[str, float] = {}
    for pid, (_, seconds, command) in found.items():
        if pid != root and _is_under(pid, root, found):
            role = next((name for name, mark in ROLES.items() if mark in command), "other")
            used[role] = used.get(role, 0) + seconds
    return used


def _is_under(pid: int, root: int, found: dict[int, tuple[int, float, str]]) -> bool:
    while pid in found:
        pid = found[pid][0]
        if pid == root:
            return True
    return False


def _label_cpu(rounds: int = 20) -> float:
    """Return the CPU seconds of one release label, drawn and read back."""
    label = ReleaseLabel(
        parcel_no="PRL26112200000001",
        waybill_no="HD02800000000001",
        list_no="640920261122000001",
        order_no="D02800000000001",
        released_at=datetime(2026, 11, 22, tzinfo=UTC),
        zone_zh="海口综合保税区",
    )
    render(label, Head())
    began = time.process_time()
    for _ in range(rounds):
        render(label, Head())
    return (time.process_time() - began) / rounds
