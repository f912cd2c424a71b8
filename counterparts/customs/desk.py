"""What every desk of the counterpart needs: state, script, poll, and a way to answer."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from counterparts.customs.book import Book
from counterparts.customs.paper import Fields, beijing
from counterparts.customs.script import Script, Trouble
from counterparts.customs.state import State


@dataclass
class Desk:
    """One poll's working place."""

    state: State
    script: Script
    poll: int = 0
    now: datetime = field(default_factory=beijing)

    @property
    def book(self) -> Book:
        return Book(self.state)

    def guarded(self, book: str) -> bool:
        """Return whether the script opened this book, so that its lines may not go below zero."""
        return book in self.script.books

    def answer(self, trouble: Trouble, answers: list["Reply"]) -> None:
        """Keep answers for the polls they are due, bent as the script says."""
        if "lost" in trouble:
            return
        if "broken" in trouble:
            self.state.later(self.poll + 1 + trouble.late, "rubbish", {})
        due = [self.poll + one.polls + trouble.late for one in answers]
        spoken = list(reversed(answers)) if "disorder" in trouble else answers
        for one, when in zip(spoken, due, strict=True):
            for _ in range(2 if "duplicate" in trouble else 1):
                self.state.later(when, one.kind, one.body)

    def at(self, step: int) -> datetime:
        """Return customs' time of the nth answer: later answers bear later times."""
        return self.now + timedelta(milliseconds=step)


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: its kind, its body, and how many polls from now."""

    kind: str
    body: dict[str, Any]
    polls: int = 1


class LetterRefused(Exception):  # noqa: N818 - the client says no, nothing is wrong with it
    """The client itself refuses a letter: it goes to FailBox with this note."""

    def __init__(self, note: str, preent_no: str = "") -> None:
        super().__init__(note)
        self.note, self.preent_no = note, preent_no


def pick(fields: Fields, *names: str) -> Fields:
    """Return some fields of a letter under the names customs writes, empty ones too."""
    return {name: fields.get(name.lower(), "") for name in names}
