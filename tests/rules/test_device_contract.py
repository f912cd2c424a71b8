"""Contract, examples and the reading code say the same of every message between us and devices."""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import timedelta
from typing import Any
from uuid import UUID

import device_contract as held
import devices_page
import msgspec
import pytest

from iot import contract, topics
from iot.kinds import KINDS
from iot.sending import letter_of
from iot.told import COMMANDS, Reject, Seen
from wms.db.inbox import Incoming, Refused
from wms.db.inbox_models import DEAD_REASONS
from wms.db.outbox import Waiting
from wms.db.payload import to_builtins
from wms.gate.events import RaiseBarrier, ShowSign
from wms.gate.terms import MAY_SAY
from wms.kernel.clock import SYSTEM_CLOCK

TOLD = {**COMMANDS, "seen": Seen, "reject": Reject}
# What only the database can say, and what nothing is refused for today.
NOT_SHOWN = {"db_reject", "site_mismatch"}
# Names of JGS/T 14-2015, section 4; misspelt there where they are misspelt here.
JGS_14 = """
GATHER_INFO GATHER_FEEDBACK OPERATE_INFO OPERATE_FEEDBACK AREA_ID CHNL_NO I_E_FLAG SESSION_ID
IC_INFO IC_ID FORM_INFO FORM_ID VE_LICENSE_NO CONTA_ID ESEAL_ID GROSS_WT PHOTO PHOTO_GUID
PHOTO_PERSPECTIVE OPERATOR_ID OPERATE_TIME EXTEND NAME VALUE CONTA_RECOGNITION CONTA_TYPE
CONFIDENCE_RATIO VE_LICENSE_RECOGNITION DOMESTIC_LICENSE_COLOR CHECK_RESULT FEEDBACK_TIME
LED_HINT ESEAL ESEAL_OPERATE GENERAL_DEVICE OPERATE DEVIC_ID RESULT RESULT_DESCRIPTION
"""
NEEDS_ROWS = {"id_conflict", "boot_regression"}


def name_of(path):
    return path.name


def sent(example) -> tuple[str, bytes, Any]:
    payload = example.read_bytes()
    body = json.loads(payload)
    return topics.event("hak1", body["source"], body["type"]), payload, body


def test_the_committed_contract_is_that_of_the_code():
    found = contract.FILE.read_text(encoding="utf-8")
    assert found == contract.as_yaml(), "run `wms iot asyncapi > iot/asyncapi.yaml`"


def test_the_page_is_that_of_the_contract():
    found = devices_page.PAGE.read_text(encoding="utf-8")
    assert found == devices_page.page(), "run tests/devices_page.py > docs/reference/devices.md"


def test_every_message_has_an_example_and_every_example_a_message():
    shown = {held.message_of(one) for one in contract.VALID.iterdir()}
    assert shown == {*held.KIND_OF, *TOLD} == set(held.document()["components"]["messages"])
    listed = {one.name for one in contract.INVALID.iterdir()} - {"reasons.toml"}
    assert listed == held.refused_examples().keys()


@pytest.mark.parametrize("example", held.event_examples(), ids=name_of)
def test_an_event_of_the_contract_is_kept_as_one(example):
    topic, payload, body = sent(example)
    held.validator(held.message_of(example)).validate(body)
    kept = held.verdict(topic, payload)
    assert isinstance(kept, Incoming), kept
    assert (kept.kind, kept.data) == (body["type"], body["data"])


@pytest.mark.parametrize("example", held.told_examples(), ids=name_of)
def test_what_devices_are_told_is_read_and_written_alike(example):
    name = held.message_of(example)
    body = json.loads(example.read_bytes())
    held.validator(name).validate(body)
    told = msgspec.json.decode(example.read_bytes(), type=TOLD[name])
    assert json.loads(msgspec.json.encode(told)) == body


@pytest.mark.parametrize(("name", "told"), held.refused_examples().items())
def test_a_refused_example_is_refused_for_its_reason(name, told):
    payload = (contract.INVALID / name).read_bytes()
    found = held.verdict(told["topic"], payload, retained=told.get("retained", False))
    if told["reason"] in NEEDS_ROWS:
        assert isinstance(found, Incoming)
    else:
        assert isinstance(found, Refused)
        assert found.reason == told["reason"]
    assert told["zh"]
    assert told["en"]


def test_every_reason_but_two_is_shown():
    shown = {told["reason"] for told in held.refused_examples().values()}
    assert shown == set(DEAD_REASONS) - NOT_SHOWN


STRANGE = (None, True, -1, 0, 2**31 + 1, 10**9, 0.5, "", "x", "x" * 600, [], [1], {}, {"x": 1})


def twisted(body: Any, path: tuple[str, ...] = ()) -> Iterator[Any]:
    """Yield the body with one member missing, strange or more, at every place."""
    node = body
    for step in path:
        node = node[step]
    for name, value in node.items():
        for other in (*STRANGE, KeyError):
            changed = deepcopy(body)
            at = changed
            for step in path:
                at = at[step]
            if other is KeyError:
                del at[name]
            else:
                at[name] = other
            yield changed
        if isinstance(value, dict):
            yield from twisted(body, (*path, name))
    more = deepcopy(body)
    at = more
    for step in path:
        at = at[step]
    at["more"] = "x"
    yield more


@pytest.mark.parametrize("message", held.KIND_OF)
def test_the_code_and_the_schema_refuse_the_same(message):
    """Some hundreds of twisted events a kind; who speaks for whom is not the schema's to say."""
    judged = {True: 0, False: 0}
    for example in held.event_examples():
        if held.message_of(example) != message:
            continue
        topic, _, body = sent(example)
        for changed in twisted(body):
            found = held.verdict(topic, json.dumps(changed).encode())
            if isinstance(found, Refused) and found.reason == "identity_mismatch":
                continue
            fits = isinstance(found, Incoming)
            assert held.validator(message).is_valid(changed) == fits, (changed, found)
            judged[fits] += 1
    assert judged[True] > 0
    assert judged[False] > 100


def test_a_command_leaves_as_the_contract_says():
    now = SYSTEM_CLOCK.now()
    common = (held.SITE, "16990004", "hak1", "HAKL02OU01", "p1", UUID(int=1))
    until = (now, now + timedelta(seconds=10))
    events = [
        RaiseBarrier(*common, 7, *until),
        *(ShowSign(*common, says, ("gate.weight_off",), *until) for says in ("Y", "N", "M")),
        *(ShowSign(*common, says, (), *until) for says in ("release", "inspect", "send_back")),
    ]
    addresses = {one["address"] for one in held.document()["channels"].values()}
    for event in events:
        payload = json.loads(json.dumps(to_builtins(event), default=str))
        letter = letter_of(Waiting(held.SITE, UUID(int=2), event.kind, payload, 0, now), now)
        assert letter is not None
        name = letter.topic.rsplit("/", 1)[1]
        held.validator(name).validate(json.loads(letter.body))
        assert letter.topic.replace("hak1", "{site}").replace("16990004", "{device}") in addresses
        assert topics.read_event(letter.answer[0]) == topics.EventTopic(
            "hak1", "16990004", "dev/reply"
        )


def test_every_channel_of_events_is_read_back_and_every_kind_has_a_speaker():
    for message, kind in held.KIND_OF.items():
        address = held.document()["channels"][message]["address"]
        assert topics.read_event(address) == topics.EventTopic("{site}", "{device}", kind)
    assert set().union(*MAY_SAY.values()) == set(KINDS)


@pytest.mark.parametrize("name", contract.schemas())
def test_a_schema_is_closed_and_speaks_two_languages(name):
    schema = contract.schemas()[name]
    assert schema["additionalProperties"] is False
    for member, told in schema["properties"].items():
        said = told.get("description") or next(
            one["description"] for one in told["anyOf"] if "description" in one
        )
        zh, dot, en = said.partition(" · ")
        assert dot, member
        assert not zh.isascii(), member
        assert en.isascii(), member
        if told.get("type") == "number":
            assert {"x-unit", "minimum", "maximum"} <= told.keys() or member in {"conf", "hdop"}
        if told.get("type") == "integer":
            assert {"minimum", "maximum"} <= told.keys(), member


def test_names_of_the_gate_standard_are_the_standards():
    named = set(re.findall(r'"x-jgst14": "([^"]*)"', json.dumps(contract.schemas())))
    words = {word for one in named for word in re.findall(r"[A-Z][A-Z_]{2,}", one)}
    assert words <= set(JGS_14.split())
    assert {"CHNL_NO", "VE_LICENSE_NO", "CONTA_ID", "ESEAL_ID", "GROSS_WT", "SESSION_ID"} <= words
