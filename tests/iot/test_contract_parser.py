"""The official AsyncAPI parser reads the contract without an error, and would tell of one."""

import base64
import hashlib
import json
import subprocess
import tarfile
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml
from device_contract import document
from playwright._impl._driver import compute_driver_executable

from iot import contract

HERE = Path(__file__).parent / "asyncapi_parser"
ARCHIVE = HERE / "asyncapi-parser-3.6.3.tgz"
INTEGRITY = (
    "MUC8xIUMcS2qNvqrqyx/ie0txu3d/OdIsrXs7UCzawdyR6P07gh35DpOqPz/z57s1UA3vERVpcheZYl3h8cVtw=="
)
# 3.1 brings nothing we use; it is a recommendation of the parser, not a fault of the document.
REMARKS = {"asyncapi-latest-version"}
ERROR = 0


def lost_reference(found: Any) -> None:
    found["channels"]["gate-plate"]["messages"]["gate-plate"]["$ref"] += "-not"


def impossible_qos(found: Any) -> None:
    found["operations"]["receive-gate-plate"]["bindings"]["mqtt"]["qos"] = 7


def unknown_type(found: Any) -> None:
    found["components"]["schemas"]["Plate"]["type"] = "objekt"


def message_of_another_channel(found: Any) -> None:
    strange = {"$ref": "#/channels/gate-card/messages/gate-card"}
    found["operations"]["receive-gate-plate"]["messages"] = [strange]


WRONG: tuple[Callable[[Any], None], ...] = (
    lost_reference,
    impossible_qos,
    unknown_type,
    message_of_another_channel,
)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[list[Any]]]:
    """What the parser says of the contract and of each spoilt copy, by the file's stem."""
    assert base64.b64encode(hashlib.sha512(ARCHIVE.read_bytes()).digest()).decode() == INTEGRITY
    folder = tmp_path_factory.mktemp("asyncapi")
    bundle = folder / "index.cjs"
    with tarfile.open(ARCHIVE) as archive:
        bundled = archive.extractfile("package/browser/index.js")
        assert bundled is not None
        bundle.write_bytes(bundled.read())
    files = [contract.FILE]
    for spoil in WRONG:
        spoilt = deepcopy(document())
        spoil(spoilt)
        files.append(folder / f"{spoil.__name__}.yaml")
        files[-1].write_text(yaml.safe_dump(spoilt, allow_unicode=True), encoding="utf-8")
    node, _ = compute_driver_executable()
    done = subprocess.run(
        [node, HERE / "check.cjs", bundle, *files], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return {Path(name).stem: said for name, said in json.loads(done.stdout).items()}


def test_the_contract_is_asyncapi_3_by_the_official_parser(told):
    assert {code for _, code, _, _ in told["asyncapi"]} <= REMARKS, told["asyncapi"]
    assert document()["asyncapi"] == "3.0.0"


@pytest.mark.parametrize("spoil", WRONG, ids=lambda spoil: spoil.__name__)
def test_the_parser_finds_what_was_spoilt(told, spoil):
    assert ERROR in {severity for severity, _, _, _ in told[spoil.__name__]}
