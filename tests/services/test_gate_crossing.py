"""One passage from the loop to the far side: readings in any order, verdicts, people, goods."""

import itertools
from collections.abc import Iterator
from datetime import timedelta

import pytest
from clearance_site import MILK
from gate_site import CARD, IN_LANE, OUT_LANE, PLATE, SEAL, SITE, Gate, Seen, gate_site

from wms.clearance import queries as clearance
from wms.customs import queries as customs
from wms.gate import queries
from wms.gate.service import (
    BarrierReported,
    DecideDue,
    PostPassage,
    RuleCrossing,
    barrier_reported,
    decide_due,
    post_passage,
    rule_crossing,
)
from wms.gate.terms import CrossingState, Direction, PassageResult, Reading, Ruling
from wms.kernel.errors import Conflict, Invalid, Unknown
from wms.kernel.ids import new_id
from wms.kernel.quantity import Quantity
from wms.seals import queries as seals
from wms.seals.service import AffixSeal, ClearAlarm, ReportSeal, affix, clear_alarm, report
from wms.seals.terms import SealEventKind, SealState, TamperCause

S = CrossingState


@pytest.fixture
def gate(demo_url: str) -> Iterator[Gate]:
    with gate_site(demo_url) as found:
        yield found


def barrier_orders(gate: Gate) -> list[dict]:
    return [row.payload for row in gate.told_devices() if row.kind == "gate.raise_barrier"]


def signs(gate: Gate) -> list[str]:
    return [row.payload["says"] for row in gate.told_devices() if row.kind == "gate.show_sign"]


def test_a_vehicle_with_its_sheet_passes_and_the_loop_closes(gate):
    sheet_no = gate.approved()
    crossing = gate.drive("p1")
    assert (crossing.state, crossing.verdict, crossing.sheet_no) == (S.CLEARED, "Y", sheet_no)
    order = barrier_orders(gate)[0]
    assert order["fence"] == 1
    assert order["passage"] == "p1"
    assert gate.ask(queries.sheet, sheet_no).state == "approved"
    assert gate.through("p1") == S.PASSED
    sheet = gate.ask(queries.sheet, sheet_no)
    assert (sheet.state, sheet.passed_at) == ("passed", gate.clock.now())
    told = gate.events("gate.truck_passed")
    assert [(one["sheet_no"], one["direction"]) for one in told] == [(sheet_no, "E")]
    letters = gate.ask(customs.letters, "out")
    assert sorted(one.kind for one in letters) == ["GATE81", "SAS121"]


def test_the_readings_come_in_any_order(gate):
    gate.approved()
    readings = [
        {"direction": Direction.OUT},
        {"reading": Reading.PLATE, "text": PLATE},
        {"reading": Reading.CONTAINER, "text": ""},
        {"reading": Reading.CARD, "text": CARD},
        {"reading": Reading.SEAL, "text": ""},
        {"reading": Reading.WEIGHT, "weight_kg": Quantity.of(4380)},
    ]
    for number, order in enumerate(itertools.islice(itertools.permutations(readings), 0, 720, 89)):
        states = [gate.see(OUT_LANE, f"p{number}", **read) for read in order]
        assert states == [S.GATHERING] * 5 + [S.CLEARED]


def test_a_truck_without_a_sheet_is_refused_and_kept(gate):
    crossing = gate.drive("p1")
    assert (crossing.state, crossing.verdict) == (S.REFUSED, "N")
    assert [reason.code for reason in crossing.reasons] == ["gate.no_sheet"]
    assert barrier_orders(gate) == []
    assert signs(gate) == ["N"]
    assert gate.events("gate.crossing_stopped")[0]["codes"] == ["gate.no_sheet"]


def test_a_missing_reading_waits_for_its_time_and_then_for_a_person(gate):
    gate.approved()
    assert gate.drive("p1", Seen(card=None)).state is S.GATHERING
    assert gate.run(decide_due, DecideDue(SITE)) == 0
    gate.clock.time += timedelta(seconds=21)
    assert gate.run(decide_due, DecideDue(SITE)) == 1
    crossing = gate.crossing("p1")
    assert (crossing.state, [r.code for r in crossing.reasons]) == (
        S.WAITING,
        ["gate.card_not_read"],
    )


def test_an_unsteady_weight_does_not_count(gate):
    gate.approved()
    gate.drive("p1", Seen(kg=None))
    state = gate.see(
        OUT_LANE, "p1", reading=Reading.WEIGHT, weight_kg=Quantity.of(4380), sure=False
    )
    assert state is S.GATHERING
    assert gate.see(OUT_LANE, "p1", reading=Reading.WEIGHT, weight_kg=Quantity.of(4380)) is (
        S.CLEARED
    )


def test_what_comes_from_a_journal_never_opens_by_itself(gate):
    gate.approved()
    crossing = gate.drive("p1", Seen(fresh=False))
    assert (crossing.state, [r.code for r in crossing.reasons]) == (S.WAITING, ["gate.stale"])


def test_a_later_reading_is_kept_and_changes_nothing(gate):
    gate.approved()
    crossing = gate.drive("p1")
    gate.see(OUT_LANE, "p1", reading=Reading.WEIGHT, weight_kg=Quantity.of(9999))
    after = gate.crossing("p1")
    assert after == crossing
    assert [r.counted for r in gate.ask(queries.readings, crossing.crossing_id)] == [
        *[True] * 6,
        False,
    ]


def test_a_person_releases_over_weight_with_a_reason(gate):
    gate.approved()
    crossing = gate.drive("p1", Seen(kg="5000"))
    assert crossing.state is S.WAITING
    with pytest.raises(Invalid) as short:
        gate.run(rule_crossing, RuleCrossing(SITE, crossing.crossing_id, Ruling.RELEASE, " x "))
    assert short.value.code == "gate.reason_missing"
    gate.run(
        rule_crossing, RuleCrossing(SITE, crossing.crossing_id, Ruling.RELEASE, "满油箱，重磅")
    )
    after = gate.crossing("p1")
    assert (after.state, after.ruling, after.ruled_by) == (S.CLEARED, "release", gate.actor.name)
    assert len(barrier_orders(gate)) == 1
    assert signs(gate) == ["M", "release"]
    with pytest.raises(Conflict) as twice:
        gate.run(rule_crossing, RuleCrossing(SITE, crossing.crossing_id, Ruling.RELEASE, "again"))
    assert twice.value.code == "gate.not_waiting"
    assert gate.through("p1") == S.PASSED


@pytest.mark.parametrize(
    ("ruling", "state"),
    [(Ruling.INSPECT, S.INSPECTION), (Ruling.SEND_BACK, S.SENT_BACK)],
)
def test_a_person_stops_and_driving_through_all_the_same_is_told(gate, ruling, state):
    sheet_no = gate.approved()
    crossing = gate.drive("p1", Seen(kg="5000"))
    gate.run(rule_crossing, RuleCrossing(SITE, crossing.crossing_id, ruling, "查一下货物"))
    assert gate.crossing("p1").state is state
    assert barrier_orders(gate) == []
    assert gate.through("p1") == S.FORCED
    assert gate.ask(queries.sheet, sheet_no).state == "approved"
    assert gate.events("gate.crossing_stopped")[-1]["codes"] == ["gate.passed_closed"]


def test_a_refusal_is_final_at_the_lane(gate):
    crossing = gate.drive("p1")
    with pytest.raises(Conflict) as refused:
        gate.run(rule_crossing, RuleCrossing(SITE, crossing.crossing_id, Ruling.RELEASE, "let go"))
    assert refused.value.code == "gate.not_waiting"


def test_an_open_seal_alarm_is_cleared_before_anybody_releases(gate):
    gate.approved(seal_no=SEAL)
    gate.run(affix, AffixSeal(SITE, SEAL, PLATE, "load 1"))
    cut = ReportSeal(SITE, SEAL, SealEventKind.TAMPERED, gate.clock.now(), cause=TamperCause.CUT)
    gate.run(report, cut)
    crossing = gate.drive("p1", Seen(seal=SEAL))
    assert [reason.code for reason in crossing.reasons] == ["gate.seal_alarm"]
    release = RuleCrossing(SITE, crossing.crossing_id, Ruling.RELEASE, "看过了没事")
    with pytest.raises(Conflict) as refused:
        gate.run(rule_crossing, release)
    assert refused.value.code == "gate.may_not_release"
    gate.run(clear_alarm, ClearAlarm(SITE, SEAL, "误报，锁杆完好"))
    assert gate.run(rule_crossing, release).state is S.CLEARED


def test_a_released_seal_travels_with_the_truck(gate):
    gate.approved(seal_no=SEAL)
    gate.run(affix, AffixSeal(SITE, SEAL, PLATE, "load 1"))
    gate.drive("p1", Seen(seal=SEAL))
    gate.through("p1")
    assert gate.ask(seals.seal, SEAL).state is SealState.IN_TRANSIT


def test_a_truck_that_backs_out_moves_nothing_and_may_come_again(gate):
    sheet_no = gate.approved()
    gate.drive("p1")
    assert gate.through("p1", result=PassageResult.BACKED_OUT) == S.BACKED_OUT
    assert gate.ask(queries.sheet, sheet_no).state == "approved"
    assert gate.drive("p2").state is S.CLEARED
    assert gate.through("p2") == S.PASSED
    assert [one["fence"] for one in barrier_orders(gate)] == [1, 2]


def test_a_used_sheet_is_used(gate):
    gate.approved()
    gate.drive("p1")
    gate.through("p1")
    gate.through("p1")
    assert len(gate.events("gate.truck_passed")) == 1
    crossing = gate.drive("p2")
    assert [reason.code for reason in crossing.reasons] == ["gate.no_sheet", "gate.sheet_passed"]


def test_goods_leave_the_book_when_the_truck_is_through_and_not_before(gate):
    gate.bring_in((MILK, 10))
    cop_no, checklist = gate.released_load(1, MILK, 4)
    gate.approved(
        kind="3",
        related_kind="1",
        related=(checklist,),
        gross_kg=Quantity.of(100),
        net_kg=Quantity.of(90),
    )
    assert gate.drive("p1", Seen(kg="4480")).state is S.CLEARED
    assert gate.balance(MILK).stock == Quantity.of(10)
    assert gate.through("p1") == S.PASSED
    assert gate.balance(MILK).stock == Quantity.of(6)
    assert gate.ask(clearance.release_list, cop_no).passed_at is not None
    assert gate.stands()


def test_a_list_that_customs_holds_after_release_stops_the_truck(gate):
    gate.bring_in((MILK, 10))
    cop_no, checklist = gate.released_load(1, MILK, 4)
    load = {
        "kind": "3",
        "related_kind": "1",
        "related": (checklist,),
        "gross_kg": Quantity.of(100),
        "net_kg": Quantity.of(90),
    }
    gate.approved(**load)
    gate.told(cop_no, ("500", 30))
    crossing = gate.drive("p1", Seen(kg="4480"))
    assert crossing.verdict == "N"
    assert {reason.code for reason in crossing.reasons} <= {
        "gate.list_held",
        "gate.list_not_released",
    }


def test_a_truck_that_left_while_its_goods_could_not_be_posted_is_not_forgotten(gate):
    gate.bring_in((MILK, 10))
    cop_no, checklist = gate.released_load(1, MILK, 4)
    gate.approved(
        kind="3",
        related_kind="1",
        related=(checklist,),
        gross_kg=Quantity.of(100),
        net_kg=Quantity.of(90),
    )
    crossing = gate.drive("p1", Seen(kg="4480"))
    gate.told(cop_no, ("500", 30))  # after the barrier, before the far side
    assert gate.through("p1") == S.UNPOSTED
    after = gate.crossing("p1")
    assert "clearance.not_released" in (after.trouble or "")
    assert after.passed_at is not None
    assert gate.balance(MILK).stock == Quantity.of(10)
    assert gate.events("gate.truck_passed") == []
    with pytest.raises(Conflict):
        gate.run(post_passage, PostPassage(SITE, crossing.crossing_id))
    assert gate.crossing("p1").state is S.UNPOSTED


def test_a_barrier_raised_by_hand_in_front_of_a_waiting_truck_is_told(gate):
    gate.approved()
    gate.drive("p1", Seen(kg="5000"))
    stopped = len(gate.events("gate.crossing_stopped"))
    by_hand = BarrierReported(SITE, OUT_LANE, "16990004", "up", "manual", None, gate.clock.now())
    gate.run(barrier_reported, by_hand)
    assert gate.events("gate.crossing_stopped")[stopped]["codes"] == ["gate.barrier_by_hand"]


def test_the_barriers_own_report_proves_the_command(gate):
    gate.approved()
    crossing = gate.drive("p1")
    order = gate.ask(queries.orders, crossing.crossing_id)[0]
    assert order.raised_at is None
    said = BarrierReported(
        SITE, OUT_LANE, order.device_id, "up", "cmd", order.command_id, gate.clock.now()
    )
    gate.run(barrier_reported, said)
    assert gate.ask(queries.orders, crossing.crossing_id)[0].raised_at == gate.clock.now()
    assert gate.events("gate.crossing_stopped") == []


def test_unknown_lanes_passages_and_crossings_are_refused(gate):
    with pytest.raises(Unknown) as lane:
        gate.drive("p1", lane="NOWHERE")
    assert lane.value.code == "gate.lane_unknown"
    with pytest.raises(Unknown) as passage:
        gate.through("never", lane=IN_LANE)
    assert passage.value.code == "gate.crossing_unknown"
    with pytest.raises(Conflict) as nobody:
        gate.see(OUT_LANE, "", reading=Reading.PLATE, text=PLATE)
    assert nobody.value.code == "gate.no_passage"
    with pytest.raises(Unknown):
        gate.run(rule_crossing, RuleCrossing(SITE, new_id(), Ruling.INSPECT, "reason"))
