"""The release decision: each rule alone, all of them together, and never open without proof."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

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
LANE = LaneFacts(
    "HAKL02OU01",
    in_use=True,
    direction=Direction.OUT,
    stage=Stage.SINGLE,
    tolerance_percent=Decimal(3),
    tolerance_kg=Quantity.of(50),
    needs=frozenset(Reading),
)
SHEET = SheetFacts(
    "HAK1S000000001",
    SheetState.APPROVED,
    Direction.OUT,
    "琼A9Q001",
    "C100000001",
    "QZXU9001011",
    "CN99DM000001",
    Quantity.of("12000.5"),
)
READ = Evidence(
    Direction.OUT,
    "琼A9Q001",
    True,
    "QZXU9001011",
    "C100000001",
    Quantity.of("12010"),
    "CN99DM000001",
)
SEAL = SealFacts("CN99DM000001", locked=True)
GOOD = Case(LANE, READ, (SHEET,), SEAL, (), NOW)


def read(**changes):
    return replace(GOOD, evidence=replace(READ, **changes))


def sheet(**changes):
    return replace(GOOD, sheets=(replace(SHEET, **changes),))


ALONE = {
    "gate.lane_closed": replace(GOOD, lane=replace(LANE, in_use=False)),
    "gate.wrong_way": read(direction=Direction.IN),
    "gate.stale": read(stale=True),
    "gate.no_sheet": replace(GOOD, sheets=()),
    "gate.several_sheets": replace(GOOD, sheets=(SHEET, replace(SHEET, sheet_no="OTHER"))),
    "gate.plate_not_read": read(plate=None),
    "gate.plate_unsure": read(plate_sure=False),
    "gate.plate_differs": read(plate="琼A9Q002"),
    "gate.card_not_read": read(card=None),
    "gate.card_differs": read(card="C100000002"),
    "gate.container_not_read": read(container_no=None),
    "gate.container_malformed": read(container_no="QZXU9001012"),
    "gate.container_differs": read(container_no="QZXU9001388"),
    "gate.weight_not_read": read(weight_kg=None),
    "gate.weight_zero": read(weight_kg=Quantity.of(0)),
    "gate.weight_off": read(weight_kg=Quantity.of(13000)),
    "gate.list_held": replace(GOOD, not_released=(ListFacts("L1", "held", held=True),)),
    "gate.list_not_released": replace(GOOD, not_released=(ListFacts("L1", "declared"),)),
    "gate.seal_not_read": read(seal_no=None),
    "gate.seal_differs": read(seal_no="CN99DM000002"),
    "gate.seal_unknown": replace(GOOD, seal=None),
    "gate.seal_open": replace(GOOD, seal=SealFacts("CN99DM000001", locked=False)),
    "gate.seal_alarm": replace(GOOD, seal=SealFacts("CN99DM000001", locked=False, alarm="cut")),
    "gate.sheet_void": sheet(state=SheetState.VOIDED),
    "gate.sheet_passed": sheet(state=SheetState.PASSED),
    "gate.sheet_direction": sheet(direction=Direction.IN),
    "gate.sheet_not_approved": sheet(state=SheetState.FILED),
    "gate.sheet_expired": sheet(valid_until=NOW - timedelta(seconds=1)),
}
BROUGHT_ALONG = {
    "gate.container_malformed": {"gate.container_differs"},
    **{
        f"gate.sheet_{why}": {"gate.no_sheet"}
        for why in ("void", "passed", "direction", "not_approved", "expired")
    },
}


def codes(case):
    return [reason.code for reason in decide(case).reasons]


def test_everything_right_opens():
    decision = decide(GOOD)
    assert (decision.verdict, decision.reasons, decision.sheet_no) == (
        Verdict.RELEASE,
        (),
        "HAK1S000000001",
    )


def test_every_rule_of_the_table_has_a_case_here():
    assert {rule.code for rule in RULES} == set(ALONE)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_each_rule_speaks_alone_and_with_its_verdict(rule):
    decision = decide(ALONE[rule.code])
    expected = {rule.code} | BROUGHT_ALONG.get(rule.code, set())
    assert {reason.code for reason in decision.reasons} == expected
    verdicts = {one.verdict for one in RULES if one.code in expected}
    assert decision.verdict is (Verdict.REFUSE if Verdict.REFUSE in verdicts else Verdict.PERSON)


def test_all_reasons_are_named_in_the_order_of_the_steps():
    case = replace(
        read(plate_sure=False, card="X", weight_kg=Quantity.of(1), seal_no="Y", stale=True),
        seal=SealFacts("Y", locked=False, alarm="cut"),
        not_released=(ListFacts("L1", "declared"), ListFacts("L2", "held", held=True)),
    )
    assert codes(case) == [
        "gate.stale",
        "gate.plate_unsure",
        "gate.card_differs",
        "gate.weight_off",
        "gate.list_held",
        "gate.list_not_released",
        "gate.seal_differs",
        "gate.seal_alarm",
    ]
    assert decide(case).verdict is Verdict.REFUSE


def test_a_wrong_plate_is_found_by_the_card():
    assert codes(read(plate="沪A9Q007")) == ["gate.plate_differs"]


def test_nothing_read_never_opens():
    decision = decide(replace(GOOD, evidence=Evidence(), sheets=()))
    assert decision.verdict is Verdict.REFUSE
    assert "gate.no_sheet" in {reason.code for reason in decision.reasons}


def test_a_lane_that_gathers_nothing_still_needs_plate_weight_and_what_is_declared():
    bare = replace(GOOD, lane=replace(LANE, needs=frozenset()))
    case = replace(bare, evidence=Evidence(direction=Direction.OUT, card="C100000001"))
    assert codes(case) == [
        "gate.plate_not_read",
        "gate.container_not_read",
        "gate.weight_not_read",
        "gate.seal_not_read",
    ]


def test_the_tolerance_is_the_larger_of_percent_and_kilograms():
    assert tolerance(LANE, Quantity.of(10000)) == Quantity.of(300)
    assert tolerance(LANE, Quantity.of(1000)) == Quantity.of(50)


@pytest.mark.parametrize(
    ("kg", "opens"),
    [("12360.515", True), ("12360.51501", False), ("11640.485", True), ("11640.48499", False)],
)
def test_the_edge_of_the_tolerance_belongs_to_it(kg, opens):
    assert (decide(read(weight_kg=Quantity.of(kg))).verdict is Verdict.RELEASE) is opens


def test_an_empty_vehicle_needs_neither_container_nor_seal():
    empty = sheet(container_no="", seal_no="", card="")
    case = replace(empty, evidence=replace(READ, container_no="", seal_no="", card=""), seal=None)
    assert decide(case).verdict is Verdict.RELEASE


def test_the_second_gate_wants_the_first():
    second = replace(GOOD, lane=replace(LANE, stage=Stage.SECOND))
    assert codes(second) == ["gate.no_sheet", "gate.sheet_not_approved"]
    through_first = replace(second, sheets=(replace(SHEET, state=SheetState.PASSED_FIRST),))
    assert decide(through_first).verdict is Verdict.RELEASE


def test_any_two_troubles_are_both_named():
    troubles = {
        "plate": {"plate_sure": False},
        "card": {"card": "X"},
        "container": {"container_no": "QZXU9001388"},
        "weight": {"weight_kg": Quantity.of(1)},
        "seal": {"seal_no": "CN99DM000002"},
    }
    singles = {name: set(codes(read(**change))) for name, change in troubles.items()}
    for some in itertools.product((False, True), repeat=len(troubles)):
        chosen = [name for name, taken in zip(troubles, some, strict=True) if taken]
        changes = {key: value for name in chosen for key, value in troubles[name].items()}
        expected = set().union(*(singles[name] for name in chosen))
        assert set(codes(read(**changes))) == expected
