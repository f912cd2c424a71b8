"""What shall go wrong: the script by business number, and the draw by seed."""

import hashlib
import json
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

WORDS = frozenset(
    {
        "always",
        "broken",
        "client_refuses",
        "detain",
        "disorder",
        "duplicate",
        "examine",
        "hold",
        "inspect",
        "lost",
        "manual",
        "not_passed",
        "refuse",
        "reject",
        "return",
        "unknown",
    },
)


@dataclass(frozen=True, slots=True)
class Trouble:
    """The words that hold for one business number."""

    words: frozenset[str] = frozenset()
    error: str = ""
    late: int = 0

    def __contains__(self, word: str) -> bool:
        return word in self.words

    @classmethod
    def of(cls, listed: list[str]) -> "Trouble":
        """Read `["inspect", "late:3", "error:-621008"]`; raises ValueError for a word unknown."""
        words, error, late = set(), "", 0
        for word in listed:
            name, _, value = word.partition(":")
            if name == "error":
                error = str(int(value))
            elif name == "late":
                late = int(value)
            elif name in WORDS:
                words.add(name)
            else:
                raise ValueError(word)
        return cls(frozenset(words), error, late)


NONE = Trouble()


@dataclass
class Script:
    """The script file, read again when it changes."""

    path: Path
    seed: int = 0
    numbers: dict[str, Trouble] = field(default_factory=dict)
    permille: dict[str, int] = field(default_factory=dict)
    books: dict[str, dict[str, Decimal]] = field(default_factory=dict)
    non_cumulative: frozenset[str] = frozenset()
    _read_at: tuple[int, int] = (0, 0)

    def refresh(self) -> bool:
        """Read the file if it changed; return whether it did.

        A script that cannot be read is said aloud and changes nothing.
        """
        try:
            seen = self.path.stat()
        except FileNotFoundError:
            return False
        if (seen.st_mtime_ns, seen.st_size) == self._read_at:
            return False
        self._read_at = (seen.st_mtime_ns, seen.st_size)
        try:
            self._take(json.loads(self.path.read_text(encoding="utf-8")))
        except (ValueError, ArithmeticError, AttributeError, TypeError) as error:
            print(f"script {self.path} not read: {error}", flush=True)
            return False
        return True

    def _take(self, script: dict[str, Any]) -> None:
        numbers = {
            number: Trouble.of(listed) for number, listed in script.get("numbers", {}).items()
        }
        permille = {word: int(share) for word, share in script.get("permille", {}).items()}
        for word in permille:
            Trouble.of([word])
        self.books = {
            book: {line: Decimal(str(quantity)) for line, quantity in lines.items()}
            for book, lines in script.get("books", {}).items()
        }
        self.non_cumulative = frozenset(script.get("non_cumulative", ()))
        self.numbers, self.permille = numbers, permille

    def trouble(self, attempt: int, *numbers: str) -> Trouble:
        """Return what shall befall the document with these numbers at its nth attempt (from 1)."""
        named = next((self.numbers[one] for one in numbers if one in self.numbers), None)
        if named is not None:
            return named if attempt == 1 or "always" in named else NONE
        if attempt > 1 or not self.permille:
            return NONE
        drawn = [
            word for word, share in self.permille.items() if self._draw(word, numbers[0]) < share
        ]
        return Trouble.of(drawn) if drawn else NONE

    def _draw(self, word: str, number: str) -> int:
        digest = hashlib.sha256(f"{self.seed}/{word}/{number}".encode()).digest()
        return int.from_bytes(digest[:8], "big") % 1000
