"""What every stage of a day works with: the plan, the people, the counterparts, what was seen."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, TypeVar

import click

from counterparts.day.client import Machine, Person, Scanner
from counterparts.day.errors import NotHappenedError
from counterparts.day.papers import Numbers, Papers
from counterparts.day.plan import Plan
from counterparts.day.yard import CustomsScript, Devices, Tray, Verifier

T = TypeVar("T")
PATIENCE: Final = 60.0
INTERVAL: Final = 0.05


@dataclass(frozen=True, slots=True)
class Check:
    """Something that was planned, and what came of it."""

    what: str
    expected: str
    happened: str

    @property
    def ok(self) -> bool:
        return self.expected == self.happened


@dataclass
class People:
    """Who does what: five people signed in, and the platform's own program."""

    clerk: Scanner
    dispatcher: Person
    officer: Person
    supervisor: Person
    deputy: Person
    platform: Machine


@dataclass
class World:
    """One day under way."""

    plan: Plan
    numbers: Numbers
    people: People
    devices: Devices
    customs: CustomsScript
    tray: Tray
    verifier: Verifier
    quiet: bool = False
    patience: float = PATIENCE
    checks: list[Check] = field(default_factory=list)
    lists: dict[int, str] = field(default_factory=dict)
    """Number of the release list (copNo) of each order that was declared, by the order's number."""
    passages: list[str] = field(default_factory=list)
    checklists: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)

    @property
    def papers(self) -> Papers:
        return Papers(self.numbers)

    def check(self, what: str, expected: object, happened: object) -> None:
        """Note what was planned and what came of it."""
        self.checks.append(Check(what, str(expected), str(happened)))

    @contextmanager
    def stage(self, title: str, steps: int) -> Iterator[Callable[[int], None]]:
        """Show a stage with its progress on standard error; yields the function that counts it."""
        file = sys.stderr
        if self.quiet or not file.isatty():
            began = time.monotonic()
            yield lambda _: None
            if not self.quiet:
                click.echo(f"{title}: {steps} ({time.monotonic() - began:.1f} s)", err=True)
            return
        with click.progressbar(length=steps, label=f"{title:<24}", file=file) as bar:
            yield bar.update

    def until(self, what: str, ask: Callable[[], T | None]) -> T:
        """Return the first answer that is not None or False; raise NotHappenedError naming it."""
        deadline = time.monotonic() + self.patience
        while True:
            answer = ask()
            if answer is not None and answer is not False:
                return answer
            if time.monotonic() > deadline:
                raise NotHappenedError(what)
            time.sleep(INTERVAL)

    def fill(self, title: str, wanted: int, count: Callable[[], int]) -> None:
        """Watch a count grow to `wanted`; raise NotHappenedError once it stands still too long."""
        with self.stage(title, wanted) as done:
            seen, deadline = 0, time.monotonic() + self.patience
            while seen < wanted:
                now = count()
                if now > seen:
                    done(now - seen)
                    seen, deadline = now, time.monotonic() + self.patience
                elif time.monotonic() > deadline:
                    raise NotHappenedError(f"{title} reach {wanted}, {seen} did")
                else:
                    time.sleep(INTERVAL)
