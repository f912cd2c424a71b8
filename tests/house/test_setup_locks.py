"""The lock files say the same as pyproject.toml, hold hashes, and name no registry."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")


def pinned(lock: str) -> dict[str, str]:
    lines = (ROOT / lock).read_text().splitlines()
    found = (re.match(r"([a-z0-9._-]+)==(\S+)", line) for line in lines)
    return {match[1]: match[2] for match in found if match}


def wanted(*, dev: bool) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    entries = project["project"]["dependencies"] + groups["build"]
    for extra in project["project"]["optional-dependencies"].values():
        entries += extra
    if dev:
        entries += [entry for entry in groups["dev"] if isinstance(entry, str)]
    return {re.split(r"[\[<>=~; ]", entry)[0].lower() for entry in entries}


@pytest.mark.parametrize("lock", LOCKS)
def test_everything_wanted_is_locked(lock: str) -> None:
    assert wanted(dev="dev" in lock) - pinned(lock).keys() == set()


def test_what_runs_is_what_is_tested() -> None:
    assert pinned("requirements.lock").items() <= pinned("requirements-dev.lock").items()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_has_its_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()
    entries = re.split(r"\n(?=[a-z0-9])", text)
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert re.findall(r"https?://|file://|--(?:extra-)?index-url|--find-links", text) == []
