"""Processes of the stack are kept alive, given up when hopeless, and stopped without leftovers."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from counterparts.stack import StackError, processes
from counterparts.stack.processes import Member, Supervisor, spawn
from counterparts.stack.progress import Progress

SLEEPER = "import time; time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {SLEEPER!r}])"


@pytest.fixture
def supervisor() -> Supervisor:
    return Supervisor(Progress(time.time()))


def member(tmp_path: Path, name: str, code: str, *, serves: bool = False) -> Member:
    log = tmp_path / f"{name}.log"
    start = partial(spawn, [sys.executable, "-c", code], log, {"PATH": os.defpath})
    return Member(name, start, log, serves=serves)


def until(true: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def process(one: Member) -> "subprocess.Popen[bytes]":
    assert one.running is not None
    return one.running


def says_ready(log: Path) -> bool:
    return b"ready" in log.read_bytes()


def children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


def test_one_who_dies_is_started_again_after_a_pause(
    supervisor: Supervisor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sleeper = member(tmp_path, "sleeper", SLEEPER)
    supervisor.add(sleeper)
    first = process(sleeper)
    first.kill()
    first.wait()
    supervisor.check()
    assert sleeper.running is None
    assert "sleeper ended with -9" in capsys.readouterr().out
    sleeper.due = 0
    supervisor.check()
    assert process(sleeper).pid != first.pid
    supervisor.stop()


def test_one_who_dies_three_times_within_a_minute_ends_the_stack(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    hopeless = member(tmp_path, "hopeless", "raise SystemExit('no disk')")
    supervisor.add(hopeless)

    def check_without_pause() -> bool:
        if hopeless.running is not None:
            hopeless.running.wait()
        hopeless.due = 0
        supervisor.check()
        return False

    with pytest.raises(StackError, match=r"hopeless ended with 1: no disk .* 3 times"):
        until(check_without_pause)


def test_stopping_leaves_nobody_behind(supervisor: Supervisor, tmp_path: Path) -> None:
    parent = member(tmp_path, "parent", PARENT)
    supervisor.add(parent)
    pid = process(parent).pid
    until(lambda: bool(children(pid)))
    (child,) = children(pid)
    supervisor.stop()
    state = Path(f"/proc/{child}/stat")
    until(lambda: not state.exists() or state.read_text().split()[2] == "Z")
    assert process(parent).returncode == -signal.SIGTERM


def test_one_who_does_not_listen_is_killed_after_the_grace(
    supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "GRACE", 0.5)
    stubborn = member(tmp_path, "stubborn", STUBBORN)
    supervisor.add(stubborn)
    time.sleep(0.3)
    supervisor.stop()
    assert process(stubborn).returncode == -signal.SIGKILL


def test_servers_go_last(supervisor: Supervisor, tmp_path: Path) -> None:
    said = tmp_path / "said"
    leave = (
        "import signal, sys, time\n"
        "def go(*_):\n"
        f"    open({str(said)!r}, 'a').write(NAME + ' ')\n"
        "    sys.exit()\n"
        "signal.signal(signal.SIGTERM, go)\n"
        "print('ready', flush=True)\n"
        "time.sleep(60)\n"
    )
    for name, serves in (("server", True), ("user", False)):
        one = member(tmp_path, name, f"NAME = {name!r}\n{leave}", serves=serves)
        supervisor.add(one)
        until(partial(says_ready, one.log))
    supervisor.stop()
    assert said.read_text().split() == ["user", "server"]


def test_nobody_outlives_a_killed_stack(tmp_path: Path) -> None:
    stack = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from counterparts.stack.processes import spawn\n"
        f"log = Path({str(tmp_path / 'log')!r})\n"
        f"child = spawn([sys.executable, '-c', {SLEEPER!r}], log, {{}})\n"
        "print(child.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", stack], stdout=subprocess.PIPE) as killed:
        assert killed.stdout is not None
        child = int(killed.stdout.readline())
        time.sleep(0.2)
        killed.kill()
    state = Path(f"/proc/{child}/stat")
    until(lambda: not state.exists() or state.read_text().split()[2] == "Z")
