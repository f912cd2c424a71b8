"""The release decision over thousands of made-up cases: it never raises and never opens blindly."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from wms.gate.rules import (
    RULES,
    Case,
    Evidence,
    LaneFacts,
    ListFacts,
    SealFacts,
    SheetFacts,
    decide,
    tolerance,
)
from wms.gate.terms import Direction, Reading, SheetState, Stage, Verdict
from wms.kernel.quantity import Quantity

NOW = datetime(2026, 11, 22, 6, tzinfo=UTC)
PLATES = st.sampled_from(["琼A9Q001", "琼A9Q002", ""])
CARDS = st.sampled_from(["C1", "C2", ""])
CONTAINERS = st.sampled_from(["QZXU9001011", "QZXU9001388", "QZXU9001012", ""])
SEALS = st.sampled_from(["S1", "S2", ""])
KILOS = st.integers(0, 2_000_000_000).map(Quantity)
DIRECTIONS = st.sampled_from(Direction)

lanes = st.builds(
    LaneFacts,
    st.just("L"),
    st.booleans(),
    DIRECTIONS,
    st.sampled_from(Stage),
    st.decimals(0, 10, places=2).map(abs),
    KILOS,
    st.frozensets(st.sampled_from(Reading)),
)
evidence = st.builds(
    Evidence,
    st.none() | DIRECTIONS,
    st.none() | PLATES,
    st.booleans(),
    st.none() | CONTAINERS,
    st.none() | CARDS,
    st.none() | KILOS,
    st.none() | SEALS,
    st.booleans(),
)
sheets = st.builds(
    SheetFacts,
    st.sampled_from(["Z1", "Z2", "Z3"]),
    st.sampled_from(SheetState),
    DIRECTIONS,
    PLATES,
    CARDS,
    CONTAINERS,
    SEALS,
    KILOS,
    st.none() | st.sampled_from([NOW - timedelta(days=1), NOW + timedelta(days=1)]),
)
seals = st.builds(SealFacts, SEALS, st.booleans(), st.none() | st.just("cut"))
stopped = st.builds(ListFacts, st.just("L"), st.just("held"), st.booleans())
cases = st.builds(
    Case,
    lanes,
    evidence,
    st.lists(sheets, max_size=3).map(tuple),
    st.none() | seals,
    st.lists(stopped, max_size=2).map(tuple),
    st.just(NOW),
)


@settings(max_examples=1500, deadline=None)
@given(cases)
def test_it_opens_only_when_every_fact_is_there_and_agrees(case):
    decision = decide(case)
    read = case.evidence
    if decision.verdict is not Verdict.RELEASE:
        assert decision.reasons
        return
    sheet = next(one for one in case.sheets if one.sheet_no == decision.sheet_no)
    assert case.lane.in_use
    assert read.direction in {None, case.lane.direction}
    assert sheet.direction is case.lane.direction
    assert read.plate == sheet.plate != ""
    assert read.plate_sure
    assert not read.stale
    assert not case.not_released
    assert read.weight_kg is not None
    gap = read.weight_kg - sheet.total_kg
    assert max(gap, -gap) <= tolerance(case.lane, sheet.total_kg)
    assert (read.seal_no or "") == sheet.seal_no
    assert (read.container_no or "") == sheet.container_no
    if sheet.card:
        assert read.card == sheet.card
    if read.seal_no:
        assert case.seal is not None
        assert case.seal.locked
        assert case.seal.alarm is None


@settings(max_examples=800, deadline=None)
@given(cases)
def test_the_verdict_is_the_gravest_reason_and_reasons_keep_the_order_of_the_table(case):
    decision = decide(case)
    order = [rule.code for rule in RULES]
    places = [order.index(reason.code) for reason in decision.reasons]
    assert places == sorted(places)
    graves = {reason.verdict for reason in decision.reasons}
    expected = next((v for v in (Verdict.REFUSE, Verdict.PERSON) if v in graves), Verdict.RELEASE)
    assert decision.verdict is expected


@settings(max_examples=500, deadline=None)
@given(lanes, KILOS)
def test_the_tolerance_is_never_below_the_kilograms(lane, total):
    assert tolerance(lane, total) >= lane.tolerance_kg
    assert tolerance(replace(lane, tolerance_percent=Decimal(0)), total) == lane.tolerance_kg
