"""Lines that say what was done and when, counted from the start of the first command."""

import time


class Progress:
    """Prints `[ 12.3s] what it did`."""

    def __init__(self, started: float) -> None:
        self._started = started

    def say(self, what: str) -> None:
        """Print one line at once."""
        print(f"[{time.time() - self._started:5.1f}s] {what}", flush=True)
