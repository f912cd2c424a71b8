"""Every sentence in Chinese and English, with the same facts; every key that is used exists."""

import ast
import re
import string
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from wms.kernel.errors import Refusal
from wms.web import messages

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("wms", "labels", "iot")
KEY = re.compile(r"[a-z][a-z0-9_]*(\.[A-Za-z0-9_-]+)+")
PLATE = re.compile(r"[\u4e00-\u9fff][A-Z]·?[A-Z0-9]{5,6}")
"""Number plates are never translated."""
SAYING = {"t", "sentence", "say", "Say", "coded", "__init__"}
"""Calls whose first text that looks like a key is one."""


def sources(suffix: str) -> list[Path]:
    found = [path for room in ROOMS for path in sorted((ROOT / room).rglob(f"*{suffix}"))]
    return [path for path in found if "demo" not in path.parts]


def facts(text: str) -> set[str]:
    return {name.split(".")[0] for _, name, _, _ in string.Formatter().parse(text) if name}


def test_no_key_is_said_twice() -> None:
    said = Counter(
        key for file in messages.files() for key in tomllib.loads(file.read_text(encoding="utf-8"))
    )
    assert [key for key, times in said.items() if times > 1] == []


@pytest.mark.parametrize("file", list(messages.files()), ids=lambda f: str(f.relative_to(ROOT)))
def test_every_sentence_is_in_both_languages_with_the_same_facts(file: Path) -> None:
    wrong = []
    for key, told in tomllib.loads(file.read_text(encoding="utf-8")).items():
        if set(told) != {"zh", "en"} or not all(text.strip() for text in told.values()):
            wrong.append(f"{key}: needs zh and en")
        elif facts(told["zh"]) != facts(told["en"]):
            wrong.append(f"{key}: {facts(told['zh'])} is not {facts(told['en'])}")
        elif not KEY.fullmatch(key):
            wrong.append(f"{key}: not room.thing")
    assert wrong == []


@dataclass(frozen=True)
class Use:
    """A key where it is used, with the facts given to it (None when they cannot be read off)."""

    key: str
    where: str
    given: frozenset[str] | None


def parsed() -> Iterator[tuple[Path, ast.Module]]:
    for path in sources(".py"):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def refusals() -> set[str]:
    """Give the name of every class that is a refusal, however far down."""
    bases = {
        node.name: {getattr(base, "id", getattr(base, "attr", "")) for base in node.bases}
        for _, tree in parsed()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    found = {"Refusal", "LabelRefusal"}
    while more := {name for name, parents in bases.items() if parents & found} - found:
        found |= more
    return found


def used_in_code() -> Iterator[Use]:
    """Give every key in calls that say something, in refusals and in errors of fields."""
    speaking = SAYING | refusals()
    for path, tree in parsed():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name not in speaking:
                continue
            for argument in node.args[:2]:
                code = argument.value if isinstance(argument, ast.Constant) else None
                if isinstance(code, str) and KEY.fullmatch(code):
                    names = [keyword.arg for keyword in node.keywords]
                    open_ended = None in names or name == "Say"
                    given = None if open_ended else frozenset(filter(None, names))
                    yield Use(code, f"{path.relative_to(ROOT)}:{node.lineno}", given)


def used_in_templates() -> Iterator[Use]:
    """Give every key that stands whole in a template's t("...")."""
    call = re.compile(r"""\bt\(\s*["']([a-z0-9_.]+)["']\s*[,)]""")
    for path in sources(".html"):
        found = call.findall(path.read_text(encoding="utf-8"))
        yield from (Use(key, str(path.relative_to(ROOT)), None) for key in found)


def test_every_key_that_is_used_exists() -> None:
    catalogue = messages.catalogue()
    used = [*used_in_code(), *used_in_templates()]
    assert len(used) > 20
    assert sorted(f"{use.key} at {use.where}" for use in used if use.key not in catalogue) == []


def test_every_sentence_gets_the_facts_it_tells() -> None:
    catalogue = messages.catalogue()
    wrong = [
        f"{use.key} at {use.where} lacks {sorted(lacking)}"
        for use in used_in_code()
        if use.given is not None
        and use.key in catalogue
        and (lacking := facts(catalogue[use.key]["zh"]) - use.given)
    ]
    assert wrong == []


def test_no_chinese_stands_in_a_template_outside_the_catalogue() -> None:
    comment = re.compile(r"\{#.*?#\}", re.DOTALL)
    allowed = {"中文", "元"}
    wrong = []
    for path in sources(".html"):
        text = PLATE.sub("", comment.sub("", path.read_text(encoding="utf-8")))
        outside = set(re.findall(r"[\u4e00-\u9fff]+", text)) - allowed
        wrong += [f"{path.relative_to(ROOT)}: {found}" for found in sorted(outside)]
    assert wrong == []


def test_the_kernel_knows_every_kind_of_refusal_the_web_maps() -> None:
    from wms.kernel.errors import KINDS  # noqa: PLC0415 - only this test looks at the table
    from wms.web.errors import STATUS  # noqa: PLC0415

    assert set(KINDS) == set(STATUS)
    assert all(issubclass(kind, Refusal) for kind in KINDS.values())
