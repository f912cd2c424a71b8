"""The page docs/reference/devices.md, made of the contract with devices; run it to print it."""

import json
import sys
import tomllib
from pathlib import Path
from typing import Any, Final

from iot import contract

PAGE: Final = Path(__file__).parents[1] / "docs" / "reference" / "devices.md"
HEAD: Final = """# Messages of devices · 设备报文

Printed from the contract, [`iot/asyncapi.yaml`](../../iot/asyncapi.yaml) (AsyncAPI 3.0), by
`PYTHONPATH=tests python tests/devices_page.py`; the contract is made of the code that reads
(`wms iot asyncapi`). Tests hold all three to each other. Bold fields must be there.

本页由契约生成，契约由程序生成，均有测试核对。粗体为必填。
"""
EFFECTS: Final = {
    "acted-on": "处理 · acted on",
    "kept": "只保存，可用 `wms iot events` 查看 · only kept, to be seen by `wms iot events`",
}
SAID: Final = "| field 字段 | form 格式 | 含义 · meaning | JGS/T 14-2015 |\n|---|---|---|---|"


def page() -> str:
    """Return the whole page."""
    document = contract.document()
    ups = [name for name in document["channels"] if f"receive-{name}" in document["operations"]]
    downs = [name for name in document["channels"] if name not in ups]
    return "\n".join(
        [
            HEAD,
            document["info"]["description"],
            "## Envelope of every event · 事件信封\n",
            _fields(document["components"]["schemas"]["Envelope"], document),
            "\n## What devices say · 设备上报\n",
            *(_message(name, document) for name in ups),
            "## What devices are told · 下发\n",
            *(_message(name, document) for name in downs),
            _refused(),
        ]
    )


def _message(name: str, document: Any) -> str:
    message = document["components"]["messages"][name]
    channel = document["channels"][name]
    schema = _schema(message, document)
    lines = [f"### {message['name']}\n", f"{channel['description']}\n", f"`{channel['address']}`\n"]
    if "x-said-by" in message:
        lines.append(f"{', '.join(message['x-said-by'])} → {EFFECTS[message['x-effect']]}\n")
    if "x-jgst14" in schema:
        lines.append(f"JGS/T 14-2015: {schema['x-jgst14']}\n")
    first = message["examples"][0]["payload"]
    shown = json.dumps(first.get("data", first), ensure_ascii=False)
    return "\n".join([*lines, _fields(schema, document), f"\n```json\n{shown}\n```\n"])


def _schema(message: Any, document: Any) -> Any:
    payload = message["payload"]
    ref = payload["allOf"][1]["properties"]["data"] if "allOf" in payload else payload
    return _follow(ref, document)


def _follow(node: Any, document: Any) -> Any:
    return document["components"]["schemas"][node["$ref"].rsplit("/", 1)[1]]


def _fields(schema: Any, document: Any, above: str = "") -> str:
    rows = [] if above else [SAID]
    for name, told in schema["properties"].items():
        kept = next((one for one in told.get("anyOf", ()) if "description" in one), told)
        label = f"**`{above}{name}`**" if name in schema.get("required", ()) else f"`{above}{name}`"
        meaning = kept["description"].replace("|", "\\|")
        rows.append(f"| {label} | {_form(kept)} | {meaning} | {kept.get('x-jgst14', '–')} |")
        inner = kept.get("items", {})
        if "$ref" in inner:
            rows.append(_fields(_follow(inner, document), document, f"{name}[]."))
    return "\n".join(rows)


def _form(told: Any) -> str:
    if "enum" in told:
        return ", ".join(f"`{one}`" if one else "空 empty" for one in told["enum"])
    parts = [told.get("format") or told["type"]]
    low, high = told.get("minimum"), told.get("maximum")
    if low is not None:
        parts.append(f"{low}…{high}")
    if "maxLength" in told:
        parts.append(f"{told.get('minLength', 0)}…{told['maxLength']}")
    if "pattern" in told:
        parts.append(f"`{told['pattern']}`")
    return " ".join([*parts, told.get("x-unit", "")]).strip()


def _refused() -> str:
    reasons = tomllib.loads((contract.INVALID / "reasons.toml").read_text(encoding="utf-8"))
    rows = [
        f"| `{told['reason']}` | {told['zh']} | {told['en']} | `{name}` |"
        for name, told in reasons.items()
    ]
    head = "| reason 原因 | 中文 | English | example in `iot/examples/invalid` |\n|---|---|---|---|"
    return "\n".join(["## What is refused · 拒收\n", head, *rows, ""])


if __name__ == "__main__":
    sys.stdout.write(page())
