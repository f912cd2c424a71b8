"""`make run` comes up with one address, goes down cleanly, and goes on where it stopped."""

import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from counterparts.stack.ports import answers, free_port

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def running(var: Path, port: int) -> Iterator["tuple[subprocess.Popen[str], list[str]]"]:
    env = {"PATH": os.environ["PATH"], "WMS_VAR": str(var), "PORT": str(port)}  # noqa: TID251
    command = [sys.executable, "-m", "counterparts.stack"]
    stack = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    said: list[str] = []
    try:
        assert stack.stdout is not None
        for line in stack.stdout:
            said.append(line)
            if "open: http" in line:
                break
        assert stack.poll() is None, "".join(said)
        yield stack, said
    finally:
        stack.send_signal(signal.SIGINT)
        rest, _ = stack.communicate(timeout=60)
        said.append(rest)


def processes_naming(what: Path) -> list[str]:
    found = []
    for cmdline in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            said = cmdline.read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if str(what) in said:
            found.append(said)
    return found


def test_it_comes_up_goes_down_and_goes_on(tmp_path: Path) -> None:
    var = tmp_path / "var"
    var.mkdir()
    (var / "first_day_played").touch()
    port = free_port()
    with running(var, port) as (stack, said):
        health = urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=10)
        assert health.status == 200
        assert said[-1].count("http://localhost") == 1
        again = subprocess.run(
            [sys.executable, "-m", "counterparts.stack"],
            cwd=ROOT,
            env={"PATH": os.environ["PATH"], "WMS_VAR": str(var), "PORT": str(free_port())},  # noqa: TID251
            capture_output=True,
            text=True,
            check=False,
        )
        assert (again.returncode, again.stderr) == (
            1,
            f"already running: another stack holds {var}\n",
        )
    assert stack.returncode == 0
    assert said[-1].endswith("stopped; the next start goes on from here\n")
    assert not answers(port)
    assert processes_naming(var) == []
    key = (var / "secret_key").read_text()

    with running(var, port) as (_, said):
        assert "open: http" in said[-1]
    assert (var / "secret_key").read_text() == key


def test_a_taken_port_is_named_and_nothing_is_started(tmp_path: Path) -> None:
    env = {"PATH": os.environ["PATH"], "WMS_VAR": str(tmp_path), "PORT": "http"}  # noqa: TID251
    command = [sys.executable, "-m", "counterparts.stack"]
    stack = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert stack.returncode == 1
    assert stack.stderr == "port http cannot be used: choose another, PORT=8081 make run\n"
    assert not (tmp_path / "postgres").exists()
