"""What stands around the system: vehicles and seals, customs' script, a tray, the verifier."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

from counterparts.day.errors import CannotBeginError, NotHappenedError
from labels import decode_zpl

Json = Any


T = TypeVar("T")
STARTING: Final = 20.0
"""Seconds a counterpart that was just started may take to be there."""


def _once_there(reach: Callable[[], T]) -> T:
    """Return what `reach` returns once it does; raise its OSError when it never does."""
    deadline = time.monotonic() + STARTING
    while True:
        try:
            return reach()
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)


class Devices:
    """Orders to the device counterpart, one line of JSON each, answered in order."""

    def __init__(self, address: str) -> None:
        host, _, port = address.rpartition(":")
        if not port.isdecimal():
            raise CannotBeginError(f"{address} is no address of a device counterpart: host:port")
        try:
            self._socket = _once_there(
                lambda: socket.create_connection((host or "127.0.0.1", int(port)), timeout=60)
            )
        except OSError as error:
            raise CannotBeginError(
                f"no device counterpart takes orders at {address}: {error}"
            ) from error
        self._lines = self._socket.makefile("rwb")

    def play(self, deed: str, **order: Json) -> dict[str, Json]:
        """Let something be played and return what happened; raise NotHappenedError if it cannot."""
        self._lines.write(json.dumps({"do": deed} | order, ensure_ascii=False).encode() + b"\n")
        self._lines.flush()
        answer: dict[str, Json] = json.loads(self._lines.readline() or b"{}")
        if not answer.get("ok"):
            raise NotHappenedError(f"the devices do not play {deed}: {answer.get('error')}")
        return answer


class CustomsScript:
    """The script the customs counterpart reads: what befalls which document."""

    def __init__(self, exchange: Path) -> None:
        folder = exchange / "customs-state"
        try:
            _once_there(folder.stat)
        except OSError as error:
            raise CannotBeginError(f"no customs counterpart works in {exchange}") from error
        self._file = folder / "script.json"

    def add(self, numbers: dict[str, list[str]], *, non_cumulative: str = "") -> None:
        """Add what shall befall these numbers; what other days have asked for stays.

        A book that is `non_cumulative` opens a line for each list line that comes into it.
        """
        script = json.loads(self._file.read_text()) if self._file.exists() else {}
        script["numbers"] = script.get("numbers", {}) | numbers
        if non_cumulative:
            books = {*script.get("non_cumulative", ()), non_cumulative}
            script["non_cumulative"] = sorted(books)
        aside = self._file.with_suffix(".new")
        aside.write_text(json.dumps(script, ensure_ascii=False, indent=1))
        aside.replace(self._file)


class Tray:
    """What the printer counterpart keeps from now on, each job read once by its barcodes."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise CannotBeginError(f"no printer counterpart keeps its jobs in {folder}")
        self.folder = folder
        self.symbols: dict[str, tuple[str, ...]] = {}
        self._before = set(self._jobs())

    def look(self) -> list[str]:
        """Read the jobs that came since the last look; return the files of the new ones."""
        fresh = sorted(set(self._jobs()) - self._before - set(self.symbols))
        for name in fresh:
            self.symbols[name] = self._read(name)
        return fresh

    def again(self) -> dict[str, tuple[str, ...]]:
        """Read every job of this day once more, as it lies there now."""
        self.look()
        return {name: self._read(name) for name in self.symbols}

    def _jobs(self) -> list[str]:
        return [one.name for one in self.folder.iterdir() if one.suffix in {".zpl", ".broken"}]

    def _read(self, name: str) -> tuple[str, ...]:
        try:
            return decode_zpl((self.folder / name).read_bytes())
        except (ValueError, OSError) as error:
            return (f"unreadable: {error}",)


class Verifier:
    """`wms ledger verify`, run as somebody beside the system would run it."""

    def __init__(self, kept: Mapping[str, str]) -> None:
        self._env = {**os.environ, **kept}  # noqa: TID251 - handed to the process that is started
        for needed in ("WMS_DATABASE_URL", "WMS_SEAL_KEY_FILE"):
            if not self._env.get(needed):
                raise CannotBeginError(f"the book cannot be verified in the end: no {needed}")

    def verify(self) -> tuple[int, dict[str, Json]]:
        """Verify the whole ledger; return the exit code and the report, empty if there is none."""
        wms = str(Path(sys.executable).with_name("wms"))
        done = subprocess.run(
            [wms, "ledger", "verify", "--json"],
            env=self._env,
            capture_output=True,
            text=True,
            check=False,
        )
        try:
            report: dict[str, Json] = json.loads(done.stdout)
        except ValueError:
            return done.returncode, {}
        return done.returncode, report
