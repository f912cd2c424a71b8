"""The contract with devices: an AsyncAPI 3 document made of the structs the process reads by."""

import json
from pathlib import Path
from typing import Any, Final

import msgspec
import yaml

from iot import broker, judging, topics
from iot.acting import ACTS
from iot.envelope import Envelope
from iot.kinds import KINDS, Kind, Reply
from iot.told import COMMANDS, Command, Reject, Seen, Told
from wms.db.inbox_models import DEAD_REASONS
from wms.gate.terms import MAY_SAY

HERE: Final = Path(__file__).parent
FILE: Final = HERE / "asyncapi.yaml"
VALID: Final = HERE / "examples" / "valid"
INVALID: Final = HERE / "examples" / "invalid"

_SITE, _DEVICE = "{site}", "{device}"
_DOWN: Final[dict[str, tuple[str, type[Told]]]] = {
    **{name: (topics.command(_SITE, _DEVICE, name), told) for name, told in COMMANDS.items()},
    "seen": (topics.seen(_SITE, _DEVICE), Seen),
    "reject": (topics.reject(_SITE, _DEVICE), Reject),
}

Document = dict[str, Any]


def as_yaml() -> str:
    """Return the contract as `iot/asyncapi.yaml` holds it."""
    text: str = yaml.dump(document(), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100)
    return text


class _Plain(yaml.SafeDumper):  # type: ignore[misc]
    """YAML without anchors: who reads it by eye need not jump."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML asks of each value
        return True

    def represent_str(self, data: str) -> yaml.ScalarNode:
        """Keep the lines of a text."""
        style = "|" if "\n" in data else None
        return self.represent_scalar("tag:yaml.org,2002:str", data, style=style)


_Plain.add_representer(str, _Plain.represent_str)


def document() -> Document:
    """Return the contract; operations are named from the house's side: it receives and sends."""
    ups = {_name(kind): kind for kind in KINDS}
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Bondhouse devices", "version": "1.0.0", "description": _ABOUT},
        "defaultContentType": "application/json",
        "servers": _servers(),
        "channels": {
            **{name: _up_channel(name, kind) for name, kind in ups.items()},
            **{name: _down_channel(name, *told) for name, told in _DOWN.items()},
        },
        "operations": {
            **{f"receive-{name}": _receive(name) for name in ups},
            **{f"send-{name}": _send(name) for name in _DOWN},
        },
        "components": {
            "messages": {
                **{name: _event(kind, KINDS[kind]) for name, kind in ups.items()},
                **{name: _told(name, told) for name, (_, told) in _DOWN.items()},
            },
            "schemas": schemas(),
            "parameters": _PARAMETERS,
            "securitySchemes": {
                "account": {"type": "userPassword", "description": "由代理校验 · Broker account"}
            },
        },
    }


def schemas() -> Document:
    """Return the JSON Schemas by name: the envelope, each kind's `data`, what devices are told.

    They keep to words that mean the same in draft 07 (what AsyncAPI reads) and in 2020-12.
    """
    structs: list[type[Envelope | Kind | Told]] = [Envelope, *KINDS.values()]
    structs += [told for _, told in _DOWN.values()]
    _, found = msgspec.json.schema_components(structs, ref_template="#/components/schemas/{name}")
    for struct in structs:
        found[struct.__name__]["description"] = _both(struct)
        if struct.jgs:
            found[struct.__name__]["x-jgst14"] = struct.jgs
    reason = found["Reject"]["properties"]["reason"]
    found["Reject"]["properties"]["reason"] = {**reason, "enum": list(DEAD_REASONS)}
    return dict(found)


def examples(kind: str) -> dict[str, Document]:
    """Return the valid examples of a kind of event or a thing told, by file name."""
    files = sorted(VALID.glob(f"{_name(kind)}.json")) + sorted(VALID.glob(f"{_name(kind)}--*.json"))
    return {one.stem: json.loads(one.read_text(encoding="utf-8")) for one in files}


def _name(kind: str) -> str:
    return kind.replace("/", "-")


def _both(struct: type[Any]) -> str:
    return f"{struct.zh} · {' '.join((struct.__doc__ or '').split())}"


def _servers() -> Document:
    about = "随部署而定 · Where it is, is the site's own affair"
    return {
        name: {
            "host": "{host}",
            "protocol": protocol,
            "protocolVersion": version,
            "description": words,
            "variables": {"host": {"default": default, "description": about}},
            "security": [{"$ref": "#/components/securitySchemes/account"}],
        }
        for name, protocol, version, default, words in (
            ("five", "mqtts", "5.0", "127.0.0.1:8883", "首选 · Preferred"),
            (
                "three",
                "mqtt",
                "3.1.1",
                "127.0.0.1:1883",
                "老设备，仅限内网 · Old devices, inside one network only",
            ),
        )
    }


def _up_channel(name: str, kind: str) -> Document:
    return _channel(name, topics.event(_SITE, _DEVICE, kind), KINDS[kind])


def _down_channel(name: str, address: str, told: type[Told]) -> Document:
    return _channel(name, address, told)


def _channel(name: str, address: str, struct: type[Any]) -> Document:
    return {
        "address": address,
        "description": _both(struct),
        "messages": {name: {"$ref": f"#/components/messages/{name}"}},
        "parameters": {
            one: {"$ref": f"#/components/parameters/{one}"} for one in ("site", "device")
        },
    }


def _receive(name: str) -> Document:
    return {
        "action": "receive",
        "channel": {"$ref": f"#/channels/{name}"},
        "messages": [{"$ref": f"#/channels/{name}/messages/{name}"}],
        "bindings": {"mqtt": {"qos": 1, "retain": False, "bindingVersion": "0.2.0"}},
    }


def _send(name: str) -> Document:
    bound: Document = {"qos": 1, "retain": name == "seen", "bindingVersion": "0.2.0"}
    made: Document = {
        "action": "send",
        "channel": {"$ref": f"#/channels/{name}"},
        "messages": [{"$ref": f"#/channels/{name}/messages/{name}"}],
        "bindings": {"mqtt": bound},
    }
    if name in COMMANDS:
        made["reply"] = {
            "channel": {"$ref": "#/channels/dev-reply"},
            "messages": [{"$ref": "#/channels/dev-reply/messages/dev-reply"}],
        }
    return made


def _event(kind: str, struct: type[Kind]) -> Document:
    data = {"$ref": f"#/components/schemas/{struct.__name__}"}
    return {
        "name": kind,
        "title": struct.zh,
        "contentType": "application/cloudevents+json",
        "payload": {
            "allOf": [
                {"$ref": "#/components/schemas/Envelope"},
                {"type": "object", "properties": {"type": {"const": kind}, "data": data}},
            ]
        },
        "examples": _examples(kind),
        "x-said-by": sorted(device.value for device, says in MAY_SAY.items() if kind in says),
        "x-effect": "acted-on" if kind in ACTS else "kept",
    } | _correlated(struct, "$message.payload#/data/cmd")


def _told(name: str, told: type[Told]) -> Document:
    return {
        "name": name,
        "title": told.zh,
        "payload": {"$ref": f"#/components/schemas/{told.__name__}"},
        "examples": _examples(name),
    } | _correlated(told, "$message.payload#/cmd")


def _correlated(struct: type[Kind | Told], where: str) -> Document:
    """Return where a command's number stands, in the command and in the reply to it."""
    return {"correlationId": {"location": where}} if issubclass(struct, Command | Reply) else {}


def _examples(kind: str) -> list[Document]:
    return [{"name": name, "payload": payload} for name, payload in examples(kind).items()]


_PARAMETERS: Final = {
    "site": {"description": "场所在主题中的名字 · The site's name in topics", "examples": ["hak1"]},
    "device": {
        "description": "设备号，全局唯一 · The device, unique everywhere",
        "examples": ["16990004"],
    },
}

_ABOUT: Final = f"""\
卡口、关锁、围网、冷库设备与 Bondhouse 之间的报文。设备只认 `dn/seen`：代理的应答不算收妥。

Messages between Bondhouse and the devices of a bonded site: gates, seals, the virtual fence, the
cold store. A device forgets an event only after `dn/seen` has named it; the broker's
acknowledgement is no receipt.

- An event is published at QoS 1 and never retained, at most {judging.MOST_BYTES} bytes of UTF-8
  and {judging.DEEPEST} levels deep, without U+0000; integers are written without a point.
- `source` and `type` are those of the topic; a lane's device names its own lane, a seal itself.
- An event repeated with the same `boot`, `seq`, `id` and content is kept once; with other content
  it is refused.
- What cannot be kept is a dead letter with one of the reasons of `Reject`, and told by `dn/reject`.
- `x-effect` says whether the house acts on a kind today, or only keeps it to be looked at.
- `x-jgst14` is the field's name in JGS/T 14-2015; where it is missing, we know of none.
- Commands carry a message expiry, a response topic and 16 bytes of correlation data in MQTT 5; the
  body says the same for MQTT 3.1.1. Our session lives {broker.SESSION_SECONDS // 86400} days.
"""
