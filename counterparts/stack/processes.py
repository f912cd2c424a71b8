"""Keeps a set of processes alive together: starts, watches, restarts and stops them."""

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from counterparts.stack import StackError
from counterparts.stack.progress import Progress

GRACE = 10.0
DEATHS_ALLOWED = 2
WITHIN = 60.0


def spawn(command: list[str], log: Path, env: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """Start `command` in a group of its own, its output in `log`; it ends when we are killed."""
    tied = [found, "--pdeathsig=TERM"] if (found := shutil.which("setpriv")) else []
    with log.open("ab") as output:
        return subprocess.Popen(
            [*tied, *command],
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            process_group=0,
        )


@dataclass
class Member:
    """One process of the set: how it is started and how it is told to go."""

    name: str
    start: Callable[[], "subprocess.Popen[bytes]"]
    log: Path
    serves: bool = False
    farewell: signal.Signals = signal.SIGTERM
    running: "subprocess.Popen[bytes] | None" = None
    due: float = 0.0
    deaths: list[float] = field(default_factory=list)

    def last_words(self) -> str:
        """Return the last line of its log."""
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it said nothing"


class Supervisor:
    """The processes of one stack, in the order they were started."""

    def __init__(self, progress: Progress) -> None:
        self.stopping = threading.Event()
        self._progress = progress
        self._members: list[Member] = []

    def listen(self) -> None:
        """Take Ctrl-C, SIGTERM and the closing of the terminal as the wish to stop."""
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, lambda *_: self.stopping.set())

    def add(self, member: Member) -> None:
        """Start `member` and watch it from now on."""
        self._members.append(member)
        member.running = member.start()

    def has_members(self) -> bool:
        """Say whether anything was started."""
        return bool(self._members)

    def check(self) -> None:
        """Restart who died and whose pause is over; raise StackError for one that keeps dying."""
        now = time.monotonic()
        for member in self._members:
            if member.running is not None and member.running.poll() is not None:
                self._bury(member, now)
            if member.running is None and now >= member.due:
                self._revive(member)

    def watch(self) -> None:
        """Check until told to stop."""
        while not self.stopping.wait(0.3):
            self.check()

    def stop(self) -> None:
        """Stop everyone: first, and together, those who use the servers; then the servers."""
        _stop([member for member in self._members if not member.serves])
        _stop([member for member in self._members if member.serves])

    def _bury(self, member: Member, now: float) -> None:
        code = member.running.returncode if member.running else 0
        _end_group(member)
        member.running = None
        member.deaths = [*(past for past in member.deaths if now - past < WITHIN), now]
        words = f"{member.name} ended with {code}: {member.last_words()} ({member.log})"
        if len(member.deaths) > DEATHS_ALLOWED:
            raise StackError(f"{words}; {len(member.deaths)} times within a minute")
        pause = 2.0 ** (len(member.deaths) - 1)
        member.due = now + pause
        self._progress.say(f"{words}; starting it again in {pause:.0f} s")

    def _revive(self, member: Member) -> None:
        try:
            member.running = member.start()
        except StackError as failed:
            now = time.monotonic()
            self._bury(member, now)
            self._progress.say(str(failed))


def _stop(members: list[Member]) -> None:
    running = [member for member in members if member.running and member.running.poll() is None]
    for member in running:
        if member.running is not None:
            member.running.send_signal(member.farewell)
    deadline = time.monotonic() + GRACE
    for member in running:
        if member.running is not None:
            with suppress(subprocess.TimeoutExpired):
                member.running.wait(max(0.1, deadline - time.monotonic()))
    for member in members:
        _end_group(member)


def _end_group(member: Member) -> None:
    """End whoever of the group outlived its leader, or the grace."""
    if member.running is not None:
        with suppress(ProcessLookupError):
            os.killpg(member.running.pid, signal.SIGKILL)
        member.running.wait()
