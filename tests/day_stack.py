"""A whole running system over a database of the test, and days played against it."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from counterparts.stack.ports import free_port

ROOT = Path(__file__).resolve().parents[1]
WMS = Path(sys.executable).with_name("wms")


@dataclass
class Stack:
    """A running stack: where it keeps its things, and what to call it by."""

    var: Path
    env: dict[str, str]

    def start_day(self, orders: int, trucks: int, seed: int) -> "subprocess.Popen[str]":
        """Begin `wms day` as another terminal would, knowing only where var/ is."""
        size = ["--orders", str(orders), "--trucks", str(trucks), "--seed", str(seed)]
        return subprocess.Popen(
            [str(WMS), "day", *size, "--json", "--var", str(self.var)],
            env={"PATH": self.env["PATH"]},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def play(self, orders: int = 40, trucks: int = 2, seed: int = 7) -> tuple[int, dict[str, Any]]:
        """Play a day; return its exit code and its account."""
        return ended(self.start_day(orders, trucks, seed))


def ended(day: "subprocess.Popen[str]") -> tuple[int, dict[str, Any]]:
    """Wait for a day; return its exit code and its account."""
    said, progress = day.communicate(timeout=300)
    assert said, progress
    return day.returncode, json.loads(said)


@contextmanager
def running(var: Path, database_url: str, migration_url: str = "") -> Iterator[Stack]:
    """Start everything over `database_url`, with a broker of its own; stop it afterwards.

    A database without tables takes the migrator's address too.
    """
    var.mkdir()
    (var / "first_day_played").touch()
    env = {
        "PATH": os.environ["PATH"],  # noqa: TID251
        "WMS_VAR": str(var),
        "PORT": str(free_port()),
        "WMS_DATABASE_URL": database_url,
        "WMS_MIGRATION_URL": migration_url,
    }
    command = [sys.executable, "-m", "counterparts.stack"]
    stack = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    try:
        assert stack.stdout is not None
        said = []
        for line in stack.stdout:
            said.append(line)
            if "open: http" in line:
                break
        assert stack.poll() is None, "".join(said)
        yield Stack(var, env)
    finally:
        stack.send_signal(signal.SIGINT)
        stack.communicate(timeout=60)
