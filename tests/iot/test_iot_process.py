"""The device process between a real broker and a real database: once, in order, never lost."""

import itertools
import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from device_process import Running, eventually, running
from gate_site import CARD, OUT_LANE, PLATE, SITE, Gate, gate_site
from sqlalchemy import make_url

from wms.db.transaction import Doorway, Tx
from wms.gate import queries
from wms.gate.events import RaiseBarrier
from wms.gate.terms import CrossingState
from wms.kernel.clock import SYSTEM_CLOCK
from wms.kernel.ids import new_id

BARRIER, CAMERA, OCR = "16990004", "LPR990004", "10990004"
CARDS, SCALE, SEALS, SIGN = "12990004", "15990004", "13CN990004", "17990104"
COLD = "COLD990001"
EVENTS = "select count(*) from device_event"
_sessions = itertools.count(1)


@pytest.fixture(params=["mosquitto", "embedded_broker"])
def house(request, demo_url: str) -> Iterator[Running]:
    """A device process on Mosquitto (MQTT 5), and on the broker that only speaks 3.1.1."""
    yield from _house(demo_url, request.getfixturevalue(request.param))


@pytest.fixture
def five(demo_url: str, mosquitto: str) -> Iterator[Running]:
    """A device process on Mosquitto."""
    yield from _house(demo_url, mosquitto)


def _house(demo_url: str, broker: str) -> Iterator[Running]:
    with gate_site(demo_url) as found:
        real = Doorway(found.doorway.engine_for(SITE), SYSTEM_CLOCK)
        gate = Gate(real, found.actor, SYSTEM_CLOCK, found.url)
        with running(gate, broker, f"test-iot-{next(_sessions)}") as held:
            yield held


def be_read(speaker, passage: str, kg: float = 4380.0) -> None:
    here = {"lane": OUT_LANE, "passage": passage}
    speaker.say(BARRIER, "gate/arrive", here | {"dir": "out"})
    speaker.say(CAMERA, "gate/plate", here | {"plate": "琼A·9Q001", "conf": 0.98})
    speaker.say(OCR, "gate/container", here | {"no": "", "conf": 0.9})
    speaker.say(CARDS, "gate/card", here | {"uid": CARD})
    speaker.say(SEALS, "gate/seal", here | {"seal": ""})
    speaker.say(SCALE, "gate/weight", here | {"kg": kg, "stable": True})


def cold(speaker, celsius: float = -18.5, **envelope):
    return speaker.say(COLD, "env/temp", {"zone": "J", "c": celsius}, **envelope)


def test_a_truck_is_read_the_barrier_told_and_the_passage_kept(house):
    house.gate.approved()
    speaker = house.speaker()
    be_read(speaker, "p1")
    eventually(lambda: bool(speaker.commands("barrier")))
    order = speaker.commands("barrier")[0]
    assert (order["op"], order["fence"], order["passage"]) == ("up", 1, "p1")
    left = datetime.fromisoformat(order["expires_at"]) - SYSTEM_CLOCK.now()
    assert timedelta(0) < left <= timedelta(seconds=10)
    up = {"lane": OUT_LANE, "pos": "up", "cause": "cmd", "cmd": order["cmd"]}
    speaker.say(BARRIER, "gate/barrier", up)
    through = {"lane": OUT_LANE, "passage": "p1", "result": "passed"}
    speaker.say(BARRIER, "gate/passage", through)
    house.until("select state from crossing", [("passed",)])
    house.until("select raised_at is not null from barrier_order", [(True,)])
    eventually(lambda: [one["says"] for one in speaker.commands("sign")] == ["Y"])


def test_an_event_is_acknowledged_by_its_watermark(house):
    speaker = house.speaker()
    for _ in range(3):
        cold(speaker)
    seen = ("bw/1/hak1/COLD990001/dn/seen", {"boot": 1, "upto": 3})
    eventually(lambda: seen in speaker.heard)
    assert house.rows(EVENTS) == [(3,)]


def test_a_repeated_event_is_kept_once_and_acted_on_once(house):
    house.gate.approved()
    speaker = house.speaker()
    arrive = {"lane": OUT_LANE, "passage": "p1", "dir": "out"}
    event = speaker.say(BARRIER, "gate/arrive", arrive)
    for _ in range(20):
        speaker.send(BARRIER, "gate/arrive", json.dumps(event).encode())
    cold(speaker)
    house.until(EVENTS, [(2,)])
    house.until("select count(*) from crossing_reading", [(1,)])
    assert house.rows("select count(*) from dead_letter") == [(0,)]


def test_the_same_identity_with_another_body_is_a_lie_and_the_first_one_stays(five):
    speaker = five.speaker()
    cold(speaker, -18.5)
    five.until(EVENTS, [(1,)])
    cold(speaker, 4.0, seq=1)
    five.until("select reason, device_id, seq from dead_letter", [("id_conflict", COLD, 1)])
    assert five.rows("select data->>'c' from device_event") == [("-18.5",)]


def test_a_gap_holds_the_watermark_back_until_it_is_filled(five):
    speaker = five.speaker()
    mark = "select upto, highest from device_mark"
    cold(speaker, seq=1)
    cold(speaker, seq=3)
    cold(speaker, seq=4)
    five.until(mark, [(1, 4)])
    cold(speaker, seq=2)
    five.until(mark, [(4, 4)])


def test_a_refused_message_does_not_hold_its_device_up(five):
    speaker = five.speaker()
    cold(speaker)
    speaker.say(COLD, "env/temp", {"zone": "J", "c": "warm"})
    cold(speaker)
    five.until("select upto from device_mark", [(3,)])
    assert five.rows("select reason from dead_letter") == [("schema",)]
    eventually(lambda: any(topic.endswith("/dn/reject") for topic, _ in speaker.heard))


def test_a_start_older_than_any_known_is_put_aside(five):
    speaker = five.speaker()
    cold(speaker, boot=7)
    five.until(EVENTS, [(1,)])
    cold(speaker, boot=6)
    five.until("select reason from dead_letter", [("boot_regression",)])
    cold(speaker, boot=8)
    five.until(EVENTS, [(2,)])


def poison(speaker):
    good = speaker.event(COLD, "env/temp", {"zone": "J", "c": 1})
    deep = json.dumps(good | {"data": {"zone": "J", "c": 1, "x": [[[[[[[[[[1]]]]]]]]]]}})
    return {
        "empty": (b"", "not_json"),
        "not_json": (b"{nope", "not_json"),
        "not_utf8": (b"\xff\xfe", "not_utf8"),
        "too_big": (b"x" * 20_000, "too_big"),
        "deep": (deep.encode(), "schema"),
        "deeper": (b"[" * 16_000, "schema"),
        "nul": (json.dumps(good | {"data": {"zone": "\x00", "c": 1}}).encode(), "schema"),
        "infinite": (b'{"data": {"c": 1e400}}', "schema"),
        "no_boot": (json.dumps({k: v for k, v in good.items() if k != "boot"}).encode(), "schema"),
        "seq_zero": (json.dumps(good | {"seq": 0}).encode(), "schema"),
        "no_zone": (json.dumps(good | {"time": "2026-11-22T10:00:00"}).encode(), "schema"),
        "other_source": (json.dumps(good | {"source": BARRIER}).encode(), "identity_mismatch"),
        "other_type": (json.dumps(good | {"type": "gate/plate"}).encode(), "identity_mismatch"),
    }


def test_every_poison_is_one_dead_letter_and_its_neighbours_are_kept(five):
    speaker = five.speaker()
    cases = poison(speaker)
    for payload, _ in cases.values():
        cold(speaker)
        speaker.send(COLD, "env/temp", payload)
    five.until(EVENTS, [(len(cases),)])
    five.until("select count(*) from dead_letter", [(len(cases),)])
    letters = five.rows("select payload, reason from dead_letter")
    reasons = {bytes(payload): reason for payload, reason in letters}
    expected = {payload[: 16 * 1024]: reason for payload, reason in cases.values()}
    for payload, reason in expected.items():
        assert reasons[payload] == reason or {reasons[payload], reason} == {"schema", "not_json"}


def test_who_may_not_say_it_is_not_heard(five):
    speaker = five.speaker()
    speaker.say("NOBODY", "env/temp", {"zone": "J", "c": 1})
    speaker.say(COLD, "gate/plate", {"lane": OUT_LANE, "plate": PLATE, "conf": 1})
    speaker.say(CAMERA, "gate/plate", {"lane": "HAKL01IN01", "plate": PLATE, "conf": 1})
    speaker.say("CN99DM000001", "seal/tamper", {"seal": "CN99DM000002", "cause": "cut"})
    speaker.say(COLD, "env/rain", {"mm": 3})
    retained = json.dumps(speaker.event(COLD, "env/temp", {"zone": "J", "c": 1})).encode()
    speaker.send(COLD, "env/temp", retained, retain=True)
    speaker.send(COLD, "env/temp", b"", retain=True)
    five.until(
        "select reason, count(*) from dead_letter group by reason order by reason",
        [
            ("identity_mismatch", 3),
            ("retained_event", 2),
            ("unknown_device", 1),
            ("unknown_kind", 1),
        ],
    )
    assert five.rows(EVENTS) == [(0,)]


def test_what_came_while_the_process_was_away_is_taken_when_it_is_back(five):
    speaker = five.speaker()
    cold(speaker)
    five.until(EVENTS, [(1,)])
    five.stop()
    for _ in range(200):
        cold(speaker)
    five.start()
    five.until(EVENTS, [(201,)])
    five.until("select upto from device_mark", [(201,)])


def test_an_event_that_was_kept_and_not_acted_on_is_acted_on_at_the_next_start(five):
    speaker = five.speaker()
    arrive = {"lane": OUT_LANE, "passage": "p1", "dir": "out"}
    speaker.say(BARRIER, "gate/arrive", arrive)
    five.until("select count(*) from crossing", [(1,)])
    five.stop()
    with five.gate.doorway.engine_for(SITE).begin() as connection:
        from sqlalchemy import text  # noqa: PLC0415

        copy = (
            "insert into device_event select site_id, device_id, boot, seq + 1, :id, kind, "
            "jsonb_set(data, '{passage}', '\"p2\"'), body_hash, observed_at, received_at, replay, "
            "arrival + 1, 0, null, null from device_event"
        )
        connection.execute(text(copy), {"id": new_id()})
    five.start()
    five.until("select passage from crossing order by passage", [("p1",), ("p2",)])


def test_while_the_database_is_away_nothing_is_acknowledged_and_nothing_is_lost(five):
    speaker = five.speaker()
    cold(speaker)
    five.until(EVENTS, [(1,)])
    engine = five.gate.doorway.engine_for(SITE)
    with engine.connect() as admin:
        admin.exec_driver_sql("lock table device_event in access exclusive mode")
        before = len(speaker.heard)
        for _ in range(50):
            cold(speaker)
        time.sleep(0.3)
        marks = [one for topic, one in speaker.heard[before:] if topic.endswith("/dn/seen")]
        assert [mark for mark in marks if mark["upto"] > 1] == []
        admin.rollback()
    five.until(EVENTS, [(51,)])
    five.until("select upto from device_mark", [(51,)])


def test_a_batch_the_server_refuses_is_halved_until_the_culprit_is_alone(five, postgres_cluster):
    speaker = five.speaker()
    cold(speaker)
    five.until(EVENTS, [(1,)])
    five.stop()
    with postgres_cluster.admin(make_url(five.gate.url).database) as admin:
        note = "coalesce(data->'extend'->>'note', '1')::int"
        admin.execute(f"alter table device_event add check ({note} > 0)")
    for number in range(30):
        more = {"extend": {"note": "not a number"}} if number == 17 else {}
        speaker.say(COLD, "env/temp", {"zone": "J", "c": 1} | more)
    five.start()
    five.until(EVENTS, [(30,)])
    five.until("select reason, seq from dead_letter", [("db_reject", 19)])
    five.until("select upto from device_mark", [(31,)])


def test_text_that_no_database_takes_is_refused_and_counts_as_seen(five):
    speaker = five.speaker()
    event = speaker.event(COLD, "env/temp", {"zone": "J", "c": 1, "note": "\ud800"})
    speaker.send(COLD, "env/temp", json.dumps(event).encode())
    cold(speaker)
    five.until("select upto from device_mark", [(2,)])
    five.until("select reason, seq from dead_letter", [("not_json", 1)])


def raise_now(tx: Tx, command: RaiseBarrier) -> None:
    tx.announce(command)


def order_for(seconds: float) -> RaiseBarrier:
    now = SYSTEM_CLOCK.now()
    return RaiseBarrier(
        SITE, BARRIER, "hak1", OUT_LANE, "p1", new_id(), 1, now, now + timedelta(seconds=seconds)
    )


def test_a_command_from_another_process_is_sent_at_once(five):
    speaker = five.speaker()
    five.gate.run(raise_now, order_for(10))
    eventually(lambda: len(speaker.commands("barrier")) == 1)
    five.until("select count(*) from outbox where channel='devices' and done_at is null", [(0,)])


def test_an_expired_command_is_never_sent(five):
    speaker = five.speaker()
    five.stop()
    five.gate.run(raise_now, order_for(0.2))
    late = order_for(30)
    five.gate.run(raise_now, replace(late, passage="p2", fence=2))
    time.sleep(0.3)
    five.start()
    eventually(lambda: bool(speaker.commands("barrier")))
    five.until("select count(*) from outbox where channel='devices' and done_at is null", [(0,)])
    assert [one["passage"] for one in speaker.commands("barrier")] == ["p2"]


def test_a_lost_connection_is_made_again(five):
    speaker = five.speaker()
    first = five.process._connection
    first.lost.set()
    eventually(lambda: five.process._connection is not first)
    cold(speaker)
    five.until(EVENTS, [(1,)])


def test_seals_tell_of_themselves_by_their_own_counter(five):
    speaker = five.speaker()
    seal = "CN99DM000001"
    state = "select state, carrier from seal where seal_no = 'CN99DM000001'"
    speaker.say(seal, "seal/affix", {"seal": seal, "plate": PLATE, "order": "L1"})
    five.until(state, [("sealed", PLATE)])
    speaker.say(seal, "seal/tamper", {"seal": seal, "cause": "cut"}, seq=3)
    five.until(state, [("alarm", PLATE)])
    speaker.say(seal, "seal/remove", {"seal": seal}, seq=2)
    five.until("select older from seal_event where kind = 'removed'", [(True,)])
    assert five.rows(state) == [("alarm", PLATE)]


def test_a_refused_meaning_is_kept_with_its_reason_and_not_tried_for_ever(five):
    speaker = five.speaker()
    through = {"lane": OUT_LANE, "passage": "never", "result": "passed"}
    speaker.say(BARRIER, "gate/passage", through)
    five.until(
        "select applied_at is not null, split_part(failure, ' ', 1) from device_event",
        [(True, "gate.crossing_unknown")],
    )


def test_readings_that_stop_are_decided_when_the_time_is_over(five):
    five.gate.approved()
    with five.gate.doorway.engine_for(SITE).begin() as connection:
        connection.exec_driver_sql("update lane set gather_seconds = 1")
    speaker = five.speaker()
    here = {"lane": OUT_LANE, "passage": "p1"}
    speaker.say(BARRIER, "gate/arrive", here | {"dir": "out"})
    speaker.say(CAMERA, "gate/plate", here | {"plate": PLATE, "conf": 0.98})
    five.until("select state from crossing", [("waiting",)])
    crossing = five.gate.ask(queries.crossings)[0]
    assert crossing.state is CrossingState.WAITING
    assert "gate.weight_not_read" in {reason.code for reason in crossing.reasons}
