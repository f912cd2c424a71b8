"""Every example of the contract, into a real inbox: kept once and shown, or a dead letter."""

import json
from dataclasses import replace

import device_contract as held
import pytest
from click.testing import CliRunner
from sqlalchemy.orm import Session

from iot import contract, topics
from iot.cli import group
from iot.kinds import KINDS
from wms.db import inbox
from wms.db.inbox import Incoming, Kept, Refused, latest_events, latest_refused
from wms.db.transaction import Doorway, make_engine


@pytest.fixture
def doorway(demo_url: str):
    engine = make_engine(demo_url)
    yield Doorway(engine)
    engine.dispose()


def keep(doorway: Doorway, *said: Incoming | Refused) -> Kept:
    with Session(doorway.engine_for(held.SITE)) as session, session.begin():
        events = [one for one in said if isinstance(one, Incoming)]
        dead = [
            replace(one, site_id=held.SITE) for one in said if isinstance(one, Refused)
        ]  # a message nobody sent stands under site 0; here it is looked at with the others
        return inbox.keep(session, held.SITE, events, dead)


def spoken() -> list[Incoming | Refused]:
    found = []
    for number, example in enumerate(held.event_examples(), 1):
        payload = example.read_bytes()
        body = json.loads(payload)
        topic = topics.event("hak1", body["source"], body["type"])
        found.append(held.verdict(topic, payload, arrival=number))
    return found


def test_every_kind_of_the_contract_is_kept_once_and_shown(doorway):
    said = spoken()
    first, again = keep(doorway, *said), keep(doorway, *spoken())
    assert (first.new, first.refused) == (len(said), ())
    assert (again.new, again.duplicates, again.refused) == (0, len(said), ())
    with Session(doorway.engine_for(held.SITE)) as session:
        assert {one.kind for one in latest_events(session, held.SITE, 100)} == set(KINDS)
    shown = CliRunner().invoke(group(lambda: doorway), ["events", "--kind", "fence/left"])
    assert shown.exit_code == 0, shown.output
    [line] = shown.output.splitlines()
    assert "fence/left" in line
    assert '"zone": "DISPLAY-1"' in line


def test_every_refused_example_is_one_dead_letter_with_its_reason(doorway):
    keep(doorway, *spoken())
    expected = []
    for number, (name, told) in enumerate(held.refused_examples().items(), 100):
        payload = (contract.INVALID / name).read_bytes()
        retained = told.get("retained", False)
        keep(doorway, held.verdict(told["topic"], payload, retained=retained, arrival=number))
        expected.append((told["topic"], told["reason"]))
    with Session(doorway.engine_for(held.SITE)) as session:
        letters = latest_refused(session, held.SITE, 100)
        assert [(one.topic, one.reason) for one in reversed(letters)] == expected
    shown = CliRunner().invoke(group(lambda: doorway), ["refused", "-n", "100"])
    assert len(shown.output.splitlines()) == len(expected)
    assert "boot_regression" in shown.output.splitlines()[0]
