"""dev.py: what it pins, what it takes over from pip, and how it says no."""

import subprocess
import sys
from pathlib import Path

import pytest

import dev


def test_uv_is_pinned_with_its_hashes() -> None:
    first, *hashes = dev.entry_of(dev.RUN_LOCK, "uv").splitlines()
    assert first.startswith("uv==")
    assert hashes
    assert all(line.strip().startswith("--hash=sha256:") for line in hashes)


def test_the_mirror_of_pip_is_the_mirror_of_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.invalid/simple")
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    found = dev.index_of([sys.executable, "-m", "pip"])
    assert found["UV_DEFAULT_INDEX"] == "https://mirror.invalid/simple"


def test_what_uv_was_told_itself_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", "https://mirror.invalid/simple")
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://other.invalid/simple")
    assert "UV_DEFAULT_INDEX" not in dev.index_of([sys.executable, "-m", "pip"])


def test_the_stamp_follows_the_lock_and_our_commands_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = (dev.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text(f"{project}\n[tool.other]\nx = 1\n")
    before = dev.stamp_of(dev.RUN_LOCK)
    monkeypatch.setattr(dev, "ROOT", tmp_path)
    assert dev.stamp_of(dev.RUN_LOCK) == before
    assert dev.stamp_of(dev.DEV_LOCK) != before
    (tmp_path / "pyproject.toml").write_text(project.replace('wms = "', 'wmsx = "'))
    assert dev.stamp_of(dev.RUN_LOCK) != before


def test_an_unknown_command_is_answered_with_the_known_ones() -> None:
    done = subprocess.run(
        [sys.executable, dev.ROOT / "dev.py", "fly"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr == "usage: python3 dev.py run|test|check|bench|format|setup\n"


def test_a_command_that_fails_is_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(dev.MissingError, match=r"^the thing is missing: no such thing$"):
        dev.quietly(["sh", "-c", "echo a; echo no such thing >&2; exit 3"], "the thing is missing")
    assert capfd.readouterr() == ("", "")
