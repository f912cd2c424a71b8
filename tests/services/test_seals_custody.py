"""Seals in people's hands and in their own words: custody, repeats, refusals, alarms."""

from collections.abc import Iterator
from datetime import timedelta

import psycopg.errors
import pytest
from gate_site import PLATE, SEAL, SITE, Gate, gate_site
from sqlalchemy.exc import DBAPIError

from wms.kernel.errors import Conflict, Invalid, Unknown
from wms.seals import queries
from wms.seals.service import (
    AffixSeal,
    ClearAlarm,
    RemoveSeal,
    ReportSeal,
    affix,
    clear_alarm,
    remove,
    report,
)
from wms.seals.terms import SealEventKind, SealState, Stamp, TamperCause

S = SealState


@pytest.fixture
def gate(demo_url: str) -> Iterator[Gate]:
    with gate_site(demo_url) as found:
        yield found


def said(gate: Gate, kind: SealEventKind, seq: int, **more) -> bool:
    stamp = Stamp(1, seq)
    return gate.run(report, ReportSeal(SITE, SEAL, kind, gate.clock.now(), stamp, **more)).changed


def test_a_person_and_the_seal_tell_the_same_and_it_counts_once(gate):
    assert gate.run(affix, AffixSeal(SITE, SEAL, PLATE, "L1")).changed
    assert not said(gate, SealEventKind.AFFIXED, 1, carrier=PLATE)
    assert not gate.run(affix, AffixSeal(SITE, SEAL, PLATE, "L1")).changed
    seal = gate.ask(queries.seal, SEAL)
    assert (seal.state, seal.carrier, seal.document) == (S.SEALED, PLATE, "L1")
    assert len(gate.ask(queries.history, SEAL)) == 3


def test_the_seal_reports_first_and_the_person_gives_the_document(gate):
    said(gate, SealEventKind.AFFIXED, 1, carrier=PLATE)
    gate.run(affix, AffixSeal(SITE, SEAL, PLATE, "L1"))
    assert gate.ask(queries.seal, SEAL).document == "L1"


def test_a_locked_seal_is_not_locked_elsewhere(gate):
    gate.run(affix, AffixSeal(SITE, SEAL, PLATE, "L1"))
    with pytest.raises(Conflict) as busy:
        gate.run(affix, AffixSeal(SITE, SEAL, "琼A9Q002", "L2"))
    assert busy.value.code == "seals.busy"
    gate.run(remove, RemoveSeal(SITE, SEAL))
    assert gate.run(affix, AffixSeal(SITE, SEAL, "琼A9Q002", "L2")).state is S.SEALED


def test_an_alarm_holds_through_everything_until_a_note_clears_it(gate):
    gate.run(affix, AffixSeal(SITE, SEAL, PLATE, "L1"))
    said(gate, SealEventKind.TAMPERED, 1, cause=TamperCause.CUT)
    for handler, command in (
        (affix, AffixSeal(SITE, SEAL, PLATE, "L1")),
        (remove, RemoveSeal(SITE, SEAL)),
    ):
        with pytest.raises(Conflict) as refused:
            gate.run(handler, command)
        assert refused.value.code == "seals.in_alarm"
    said(gate, SealEventKind.REMOVED, 2)
    assert [one.seal_no for one in gate.ask(queries.alarms)] == [SEAL]
    assert [one["cause"] for one in gate.events("seals.alarmed")] == ["cut"]
    with pytest.raises(Invalid):
        gate.run(clear_alarm, ClearAlarm(SITE, SEAL, " ok "))
    assert gate.run(clear_alarm, ClearAlarm(SITE, SEAL, "锁杆剪断，已换锁")).state is S.UNSEALED
    with pytest.raises(Conflict) as none:
        gate.run(clear_alarm, ClearAlarm(SITE, SEAL, "again"))
    assert none.value.code == "seals.no_alarm"


def test_an_older_report_is_kept_and_changes_nothing(gate):
    said(gate, SealEventKind.AFFIXED, 5, carrier=PLATE)
    assert not said(gate, SealEventKind.REMOVED, 4)
    assert gate.ask(queries.seal, SEAL).state is S.SEALED
    assert [one.older for one in gate.ask(queries.history, SEAL)] == [True, False]


def test_a_reader_with_a_slow_clock_takes_nothing_back(gate):
    gate.run(affix, AffixSeal(SITE, SEAL, PLATE, "L1"))
    before = gate.clock.now() - timedelta(minutes=5)
    late = ReportSeal(SITE, SEAL, SealEventKind.REMOVED, before)
    assert not gate.run(report, late).changed
    cut = ReportSeal(SITE, SEAL, SealEventKind.TAMPERED, before, cause=TamperCause.CUT)
    assert gate.run(report, cut).state is S.ALARM


def test_unknown_idle_and_retired_seals_are_refused(gate):
    with pytest.raises(Unknown) as unknown:
        gate.run(affix, AffixSeal(SITE, "NOTHING", PLATE, ""))
    assert unknown.value.code == "seals.unknown"
    with pytest.raises(Conflict) as idle:
        gate.run(remove, RemoveSeal(SITE, SEAL))
    assert idle.value.code == "seals.not_locked"
    with pytest.raises(Conflict) as retired:
        gate.run(affix, AffixSeal(SITE, "CN99DM000040", PLATE, ""))
    assert retired.value.code == "seals.out_of_use"


@pytest.mark.parametrize(
    "statement",
    ["delete from seal_event", "update seal_event set note = ''", "truncate seal_event"],
)
def test_the_history_of_a_seal_cannot_be_changed(gate, statement):
    gate.run(affix, AffixSeal(SITE, SEAL, PLATE, "L1"))
    with (
        pytest.raises(DBAPIError) as refused,
        gate.doorway.engine_for(SITE).begin() as connection,
    ):
        connection.exec_driver_sql(statement)
    assert isinstance(refused.value.orig, psycopg.errors.InsufficientPrivilege)
