"""What the board knows of every room, and what it leaves out for whom."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from audit_day import noon
from clearance_site import MILK
from gate_site import SEAL, SITE, Gate, gate_site

from wms.access.terms import ROLES
from wms.audit import queries
from wms.audit.queries.board import Board
from wms.audit.queries.todo import SEVERITY, What
from wms.inbound.terms import ArrivalState
from wms.kernel.actor import Actor
from wms.seals import service as seals
from wms.seals.service import AffixSeal, ReportSeal
from wms.seals.terms import SealEventKind, Stamp, TamperCause


@pytest.fixture
def gate(demo_url: str) -> Iterator[Gate]:
    with gate_site(demo_url) as gate:
        yield gate


def person(gate: Gate, *roles: str) -> Actor:
    permissions = frozenset().union(*(ROLES[role] for role in roles))
    return replace(gate.actor, permissions=permissions)


def seen_by(gate: Gate, *roles: str) -> Board:
    with gate.doorway.read(person(gate, *roles)) as tx:
        return queries.board(tx)


def test_an_empty_site_has_nothing_to_do(gate):
    board = seen_by(gate, "supervisor")
    assert board.todos == ()
    assert board.documents == board.arrivals == board.passages == ()
    assert board.outbound is not None
    assert (board.outbound.open, board.outbound.left, board.outbound.loads) == (0, 0, ())
    assert board.signature is None


def test_noon_at_a_glance(gate):
    day = noon(gate)
    board = seen_by(gate, "supervisor")
    assert [one.state for one in board.arrivals or ()] == [
        ArrivalState.PLANNED,
        ArrivalState.CLOSED,
        ArrivalState.CLOSED,
    ]
    assert {(one.kind, one.state): one.count for one in board.documents or ()} == {
        ("list", "held"): 1,
        ("list", "stored"): 1,
        ("checklist", "approved"): 2,
    }
    standing = {lane.lane_no for lane in board.lanes or () if lane.crossing is not None}
    assert len(standing) == 2
    assert day.gate.crossing("P-1").crossing_id.hex in {
        todo.number.replace("-", "") for todo in board.todos if todo.what is What.CROSSING
    }


def test_what_waits_longest_among_the_most_severe_comes_first(gate):
    noon(gate)
    gate.run(seals.affix, AffixSeal(SITE, SEAL, "琼A9Q002", "L1"))
    at = gate.clock.now()
    report = ReportSeal(SITE, SEAL, SealEventKind.TAMPERED, at, Stamp(1, 2), TamperCause.CUT)
    gate.run(seals.report, report)
    gate.clock.time += timedelta(minutes=3)
    todos = seen_by(gate, "supervisor").todos
    ranks = [(SEVERITY.index(todo.look), todo.at) for todo in todos]
    assert ranks == sorted(ranks)
    assert {todo.what for todo in todos} == {What.CROSSING, What.PAPER, What.SEAL, What.OUTBOX}
    (alarm,) = [todo for todo in todos if todo.what is What.SEAL]
    assert (alarm.number, alarm.facts["cause"], alarm.facts["on"]) == (SEAL, "cut", "琼A9Q002")


def test_nobody_is_told_what_they_may_not_see(gate):
    noon(gate)
    board = seen_by(gate, "clerk")
    assert (board.lanes, board.passages, board.documents) == (None, None, None)
    assert board.arrivals
    assert {todo.what for todo in board.todos} <= {What.SEAL, What.OUTBOX}


def test_nothing_is_found_without_the_right_to_see_it(gate):
    noon(gate)
    with gate.doorway.read(replace(gate.actor, permissions=frozenset())) as tx:
        assert queries.find(tx, MILK) == ()
        assert queries.find(tx, "ORDER-000002") == ()
