"""Run the customs counterpart until it is told to stop."""

import argparse
import json
import signal
import sys
import time
from pathlib import Path
from types import FrameType

from counterparts.customs.book import Book
from counterparts.customs.client import Client
from counterparts.customs.state import State

_IDLE_SECONDS = 0.03


def main() -> int:
    """Poll until SIGTERM or SIGINT; with --book print customs' figures of one book and leave."""
    parser = argparse.ArgumentParser(prog="python -m counterparts.customs")
    parser.add_argument("--root", type=Path, required=True, help="the exchange folder")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--script", type=Path, help="default: ROOT/customs-state/script.json")
    parser.add_argument("--book", help="print this book's figures as JSON and leave")
    asked = parser.parse_args()
    if asked.book:
        statement = Book(State(asked.root / "customs-state")).statement(asked.book)
        print(json.dumps(statement, ensure_ascii=False, indent=1))
        return 0
    client = Client(asked.root, seed=asked.seed, script=asked.script)
    stopping: list[int] = []

    def stop(number: int, _frame: FrameType | None) -> None:
        stopping.append(number)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    print(f"customs counterpart: {asked.root} (seed {asked.seed})", flush=True)
    while not stopping:
        if not client.poll():
            time.sleep(_IDLE_SECONDS)
    return 0


if __name__ == "__main__":
    sys.exit(main())
