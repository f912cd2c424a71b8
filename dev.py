"""Sets up, starts and checks the project: `python3 dev.py run|test|check|bench|format|setup`.

Standard library only. Everything it makes lies in .venv/ and var/; what is there already is kept.
"""

import fcntl
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

try:
    import tomllib
except ImportError:
    sys.exit(
        f"dev.py: Python 3.11 or newer is needed, {sys.executable} is {sys.version.split()[0]}"
    )

STARTED = time.time()
ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
RUN_LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
CODE = ["wms", "iot", "labels", "counterparts", "tests", "benchmarks", "dev.py", "wsgi.py"]
PYTHON_VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
# How uv is told what pip was told: the mirror and the certificates of this machine.
UV_SAYS = {"index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE"}
NO_INDEX = "the package index (network or mirror) is missing"

Command = list[str | Path]


class MissingError(Exception):
    """Something this machine lacks; the message is one line that names it."""


def say(what: str) -> None:
    """Print one line of progress."""
    print(f"[{time.time() - STARTED:5.1f}s] {what}", flush=True)


def main() -> int:
    """Do the command named on the command line and return its exit code."""
    commands = {
        "run": run,
        "test": test,
        "check": check,
        "bench": bench,
        "format": format_code,
        "setup": setup,
    }
    name, rest = (sys.argv[1], sys.argv[2:]) if len(sys.argv) > 1 else ("", [])
    if name not in commands:
        print(f"usage: python3 dev.py {'|'.join(commands)}", file=sys.stderr)
        return 2
    os.chdir(ROOT)
    try:
        return commands[name](rest)
    except MissingError as missing:
        print(f"dev.py: {missing}", file=sys.stderr)
        return 1
    except PermissionError as closed:
        print(f"dev.py: {closed.filename} belongs to another user", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def setup(_: list[str]) -> int:
    """Only install what the other commands need."""
    set_up(DEV_LOCK)
    return 0


def run(_: list[str]) -> int:
    """Start everything and stay until Ctrl-C."""
    set_up(RUN_LOCK)
    os.execv(PYTHON, [str(PYTHON), "-m", "counterparts.stack", str(STARTED)])  # noqa: S606


def test(rest: list[str]) -> int:
    """Run the tests against the real servers of this machine."""
    set_up(DEV_LOCK)
    install_servers()
    say("testing")
    # Browsers, brokers and databases are waited for; more tests than processors keep these busy.
    spread = ["-n", "3", "--dist", "loadfile", "--no-loadscope-reorder"]  # tests/conftest.py orders
    return subprocess.call([PYTHON, "-m", "pytest", *spread, *rest])


def check(_: list[str]) -> int:
    """Run every check that is no test; go on after a failure and name each at the end.

    The house's own tests belong to both; those of its set-up, which start servers, to `test` alone.
    """
    set_up(DEV_LOCK)
    house: Command = [PYTHON, "-m", "pytest", "-q", "tests/house"]
    migrated: Command = [PYTHON, "-m", "counterparts.stack.throwaway"]
    checks: dict[str, Command] = {  # the longest first: they run beside each other
        "house tests": [*house, "--ignore-glob=*/test_setup_*"],
        "mypy": [tool("mypy")],
        "alembic check": [*migrated, tool("alembic"), "-c", "migrations/alembic.ini", "check"],
        "format": [tool("ruff"), "format", "--check", *CODE],
        "ruff": [tool("ruff"), "check", *CODE],
        "import-linter": [tool("lint-imports")],
        "deptry": [tool("deptry"), "."],
        "vulture": [tool("vulture")],
        "djlint": [tool("djlint"), "wms", "--lint"],
    }
    failed = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, done in zip(checks, pool.map(listen, checks.values()), strict=True):
            say(name)
            print(done.stdout, end="", flush=True)
            if done.returncode != 0:
                failed.append(name)
    say(f"failed: {', '.join(failed)}" if failed else f"all {len(checks)} checks pass")
    return 1 if failed else 0


def listen(command: Command) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end and return what it said, beside its exit code."""
    said = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.run(command, check=False, **said)


def bench(rest: list[str]) -> int:
    """Run the benchmarks; they print JSON."""
    set_up(DEV_LOCK)
    return subprocess.call([PYTHON, "-m", "benchmarks", *rest])


def format_code(_: list[str]) -> int:
    """Lay out the code as the check wants it."""
    set_up(DEV_LOCK)
    subprocess.check_call([tool("ruff"), "check", "--fix-only", "-q", *CODE])
    return subprocess.call([tool("ruff"), "format", *CODE])


def tool(name: str) -> Path:
    """Return the path of a program of the virtual environment."""
    return VENV / "bin" / name


def set_up(lock: Path) -> None:
    """Bring .venv to exactly the packages of `lock` (or of the larger lock, if those are there)."""
    (ROOT / "var").mkdir(exist_ok=True)
    with (ROOT / "var" / "setup.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        kept = VENV / "bondhouse.stamp"
        stamp = kept.read_text() if kept.exists() and PYTHON.exists() else ""
        if stamp in (stamp_of(lock), stamp_of(DEV_LOCK)):
            return
        if not stamp.startswith(PYTHON_VERSION):
            make_venv()
        kept.unlink(missing_ok=True)
        install(lock)
        kept.write_text(stamp_of(lock))


def stamp_of(lock: Path) -> str:
    """Return what an environment is made from: the Python, the lock and our own commands."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    commands = repr((project["scripts"], project["entry-points"])).encode()
    return f"{PYTHON_VERSION} {hashlib.sha256(lock.read_bytes() + commands).hexdigest()}"


def make_venv() -> None:
    """Make .venv with pip in it, in place of what is there."""
    if importlib.util.find_spec("ensurepip") is None:
        raise MissingError("python3-venv is missing: apt install python3-venv")
    venv.create(VENV, clear=True, symlinks=True, with_pip=True)
    say("virtual environment is made")


def install(lock: Path) -> None:
    """Install the lock with uv, or with pip where uv does not get through; then ourselves."""
    pip: Command = [PYTHON, "-m", "pip", "--disable-pip-version-check", "-q"]
    with tempfile.TemporaryDirectory() as folder:
        only_uv = Path(folder) / "uv.txt"
        only_uv.write_text(entry_of(RUN_LOCK, "uv"))
        quietly([*pip, "install", "--require-hashes", "-r", only_uv], NO_INDEX)
    uv: Command = [tool("uv"), "pip"]
    environ = dict(os.environ, VIRTUAL_ENV=str(VENV), **index_of(pip))
    synced = [*uv, "sync", "-q", "--compile-bytecode", "--require-hashes", lock]
    if subprocess.run(synced, env=environ, capture_output=True, check=False).returncode != 0:
        say("uv cannot reach the packages; trying pip")
        quietly([*pip, "install", "--require-hashes", "-r", lock], NO_INDEX)
    say(f"packages of {lock.name} are installed")
    ourselves = [*uv, "install", "-q", "--no-deps", "--no-build-isolation", "-e", ROOT]
    quietly(ourselves, "the project cannot be installed", environ)


def entry_of(lock: Path, name: str) -> str:
    """Return the lines of a lock that pin one package."""
    lines = lock.read_text().splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith(f"{name}=="))
    entry = [lines[start]]
    for line in lines[start + 1 :]:
        if not line.startswith("    --hash"):
            break
        entry.append(line)
    return "\n".join(entry) + "\n"


def index_of(pip: Command) -> dict[str, str]:
    """Return the environment that sends uv where this machine's pip goes."""
    said = subprocess.run([*pip, "config", "list"], capture_output=True, text=True, check=False)
    found = {}
    for line in said.stdout.splitlines():
        name, _, value = line.partition("=")
        variable = UV_SAYS.get(name.rpartition(".")[2])
        if variable and variable not in os.environ:
            found[variable] = value.strip("'\"")
    return found


def quietly(command: Command, else_say: str, environ: dict[str, str] | None = None) -> None:
    """Run a command without its output; raise MissingError with its last line if it fails."""
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise MissingError(f"{else_say}: {lines[-1] if lines else 'no reason given'}")


def install_servers() -> None:
    """As root on Debian, install in one call what the tests would else have to leave out."""
    there = {
        "postgresql": find("usr/lib/postgresql/*/bin/postgres"),
        "mosquitto": shutil.which("mosquitto") or find("usr/sbin/mosquitto"),
        "chromium": shutil.which("chromium"),
        "libatomic1": find("usr/lib/*/libatomic.so.1"),  # playwright's own node needs it
        "fonts-wqy-microhei": find("usr/share/fonts/*/wqy*") or chinese_fonts(),
    }
    missing = [package for package, found in there.items() if not found]
    if not missing or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    say(f"installing {', '.join(missing)} with apt")
    environ = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    quietly(["apt-get", "update"], "apt-get update failed", environ)
    apt: Command = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    quietly(apt, "apt-get install failed", environ)


def find(pattern: str) -> list[Path]:
    """Return what lies on this machine under names like `pattern`."""
    return list(Path("/").glob(pattern))


def chinese_fonts() -> str:
    """Return the fonts of this machine that can write Chinese."""
    if not shutil.which("fc-list"):
        return ""
    return subprocess.run(
        ["fc-list", ":lang=zh"], capture_output=True, text=True, check=False
    ).stdout


if __name__ == "__main__":
    sys.exit(main())
