"""Thousands of damaged letters: no traceback, no second of work, no flood of memory."""

import json
import subprocess
import sys
from pathlib import Path

import hostile_letters
import pytest

PROGRAM = Path(hostile_letters.__file__)
LETTERS, LIMIT_MB = 2_400, 200


@pytest.fixture(scope="module")
def seen() -> dict[str, object]:
    """Look at the letters in a process of their own, whose memory ends at the limit."""
    done = subprocess.run(
        [sys.executable, PROGRAM, "202205", str(LETTERS), str(LIMIT_MB)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout)


def test_every_letter_is_looked_at_and_none_ends_in_a_traceback(seen):
    assert seen["letters"] == LETTERS
    assert sum(seen["verdicts"].values()) == LETTERS


def test_the_damages_are_of_every_sort(seen):
    """Too many that are no message at all, or that are clean, would prove little."""
    assert min(seen["verdicts"][verdict] for verdict in ("0", "1", "2")) >= LETTERS // 20


def test_none_takes_a_second(seen):
    assert seen["slowest_s"] < 1, seen["slowest"]


def test_none_takes_more_memory_than_is_allowed(seen):
    assert seen["peak_mb"] <= LIMIT_MB


def test_the_same_seed_makes_the_same_letters():
    good = hostile_letters.letters()
    some = (0, 7, 300, 2_000)
    again = [hostile_letters.damaged(202205, number, good) for number in some]
    assert [hostile_letters.damaged(202205, number, good) for number in some] == again
    assert hostile_letters.damaged(202206, 2_000, good) != again[-1]
