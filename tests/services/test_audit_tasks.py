"""A difference from the day it is seen until it is gone: tasks, steps, proposals, four eyes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest
from clearance_site import BOOK
from floor import MILK, NOW, SECOND, SITE, Floor, demo_floor, q

from wms.audit import queries, service
from wms.audit.terms import (
    AskRecount,
    AssignTask,
    Cause,
    Checked,
    CheckLines,
    Decide,
    Did,
    ExplainTask,
    OpenTask,
    ProposeAdjustment,
    RecordStatement,
    Side,
    SignReconciliation,
    StatedLine,
    Task,
    TaskState,
    WaitTask,
    WriteToCustoms,
)
from wms.db.transaction import Doorway
from wms.kernel.errors import Refusal
from wms.kernel.ids import new_id
from wms.ledger import approvals, reversing, statements
from wms.ledger.reversing import ReversePosting
from wms.ledger.terms import DocumentRef
from wms.stock import service as stock
from wms.stock.terms import BeginCount, CloseCount, CountPieces

LPN = "LPN-000001"


class Clock:
    """A clock that goes on a second with every question."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self):
        self.at += timedelta(seconds=1)
        return self.at


@dataclass(frozen=True)
class Room:
    """The supervisor's room: a first and a second person over one warehouse."""

    floor: Floor

    def do(self, handler: Any, command: Any) -> Any:
        return self.floor.run(handler, command)

    def second(self, handler: Any, command: Any) -> Any:
        return self.floor.doorway.run(handler, command, SECOND)

    def check(self) -> Checked:
        return self.do(service.check, CheckLines(SITE))

    def live(self) -> list[Task]:
        return [one for some in self.floor.ask(queries.live_tasks).values() for one in some]

    def only(self) -> Task:
        (one,) = self.live()
        return one

    def did(self, number: int) -> list[Did]:
        return [step.what for step in self.floor.ask(queries.steps, number)]

    def adjust(self, pieces: int, **changes: Any) -> Task:
        one = self.only()
        asked = ProposeAdjustment(SITE, one.number, LPN, "L1", "good", q(pieces), "recounted")
        self.do(service.propose_adjustment, replace(asked, **changes))
        return self.floor.ask(queries.task, one.number)

    def decide(self, task: Task, verdict: str, note: str = "") -> Any:
        assert task.proposal_id is not None
        return self.second(service.decide, Decide(SITE, task.proposal_id, verdict, note))


@pytest.fixture
def room(demo_url: str) -> Iterator[Room]:
    with demo_floor(demo_url) as floor:
        doorway = Doorway(floor.doorway.engine_for(SITE), Clock())
        actor = replace(floor.actor, permissions=frozenset({"ledger.propose", "ledger.approve"}))
        room = Room(replace(floor, doorway=doorway, actor=actor))
        room.floor.pallet(LPN, 24)  # on no paper: 24 pieces more than the book knows
        yield room


def test_a_check_opens_one_task_a_side_and_opens_none_twice(room: Room) -> None:
    assert room.check().opened == 1
    one = room.only()
    assert (one.goods_no, one.side, one.gap, one.state) == (
        MILK,
        Side.FLOOR,
        q(24),
        TaskState.OPEN,
    )
    assert one.since is not None
    assert one.since < one.opened_at
    again = room.check()
    assert (again.apart, again.opened, again.closed) == (1, 0, 0)
    assert room.floor.ask(queries.last_check) == again


def test_the_gap_of_a_task_follows_the_figures(room: Room) -> None:
    room.check()
    room.floor.pallet("LPN-000002", 10)
    room.check()
    assert room.only().gap == q(34)
    assert room.did(1) == [Did.OPENED, Did.MOVED]


def test_a_task_ends_itself_when_the_line_agrees_and_opens_anew_when_it_parts(room: Room) -> None:
    room.check()
    task = room.adjust(-24)
    assert task.state is TaskState.PROPOSED
    room.decide(task, "approved", "seen")
    assert room.check().closed == 1
    assert room.live() == []
    ended = room.floor.ask(queries.task, task.number)
    assert (ended.state, ended.gap) == (TaskState.CLOSED, q(0))
    assert room.did(1) == [Did.OPENED, Did.PROPOSED, Did.APPROVED, Did.AGREED]
    assert room.floor.holds(LPN) == {}
    room.floor.pallet("LPN-000002", 1)
    assert room.check().opened == 1
    assert room.only().number == 2


def test_nothing_moves_before_a_second_person_says_yes(room: Room) -> None:
    room.check()
    task = room.adjust(-24)
    assert room.floor.holds(LPN) == {(MILK, "good"): 24}
    assert room.check().closed == 0
    own = Decide(SITE, task.proposal_id, "approved", "")
    with pytest.raises(Refusal, match=r"ledger\.own_proposal"):
        room.do(service.decide, own)
    nobody = replace(SECOND, actor_id=new_id(), permissions=frozenset({"ledger.propose"}))
    with pytest.raises(Refusal, match=r"access\.forbidden"):
        room.floor.doorway.run(service.decide, own, nobody)
    with pytest.raises(Refusal, match=r"audit\.task_proposed"):
        room.adjust(-1)
    room.decide(task, "refused", "count again")
    assert room.floor.holds(LPN) == {(MILK, "good"): 24}
    assert room.did(1) == [Did.OPENED, Did.PROPOSED, Did.REFUSED]
    with pytest.raises(Refusal, match=r"ledger\.decided"):
        room.decide(task, "approved")


def test_whoever_proposed_may_withdraw(room: Room) -> None:
    room.check()
    task = room.adjust(-24)
    room.do(service.decide, Decide(SITE, task.proposal_id, "withdrawn", ""))
    assert room.only().state is TaskState.OPEN
    assert room.did(1)[-1] is Did.WITHDRAWN


def test_what_cannot_be_done_any_more_is_not_approved(room: Room) -> None:
    room.check()
    task = room.adjust(-24)
    room.floor.run(
        stock.hold_unit, stock_hold(LPN)
    )  # the good pieces are held meanwhile: none is free to go
    with pytest.raises(Refusal, match=r"stock\.too_few"):
        room.decide(task, "approved")
    proposal = room.floor.ask(approvals.proposal, task.proposal_id)
    assert proposal.decision is None, "the answer went with the deed"
    assert room.floor.ask(queries.effects, proposal)[0].before == q(0)


def stock_hold(number: str) -> Any:
    from wms.stock.terms import HoldUnit  # noqa: PLC0415

    return HoldUnit(SITE, number, "looked at", NOW)


def test_every_step_is_kept_with_who_and_when(room: Room) -> None:
    room.check()
    room.do(service.assign, AssignTask(SITE, 1))
    room.do(service.explain, ExplainTask(SITE, 1, "behind the rack", Cause.FOUND))
    room.do(service.explain, ExplainTask(SITE, 1, "asked the night shift"))
    room.do(service.wait, WaitTask(SITE, 1, date(2026, 12, 1), "the amendment"))
    room.do(service.write_to_customs, WriteToCustoms(SITE, 1, "24 pieces found, please advise"))
    room.do(service.ask_recount, AskRecount(SITE, 1))
    assert room.did(1) == [
        *(Did.OPENED, Did.ASSIGNED, Did.CAUSE, Did.NOTE, Did.WAITING, Did.WRITTEN, Did.COUNT),
    ]
    one = room.only()
    assert (one.owner, one.cause, one.due_on) == ("clerk", "found", date(2026, 12, 1))
    assert one.state is TaskState.WAITING
    (letter,) = room.floor.ask(statements.about, DocumentRef("difference", "1"))
    assert (letter.event, letter.body["text"]) == (
        "customs.written",
        "24 pieces found, please advise",
    )
    for asked in (
        (service.explain, ExplainTask(SITE, 1, "  ")),
        (service.write_to_customs, WriteToCustoms(SITE, 1, "")),
    ):
        with pytest.raises(Refusal, match=r"audit\.text_missing"):
            room.do(*asked)


def test_a_person_takes_a_difference_up_before_any_check(room: Room) -> None:
    asked = OpenTask(SITE, BOOK, 1, MILK, Side.FLOOR)
    assert room.do(service.open_task, asked) == room.do(service.open_task, asked) == 1
    assert (room.only().owner, room.only().state) == ("clerk", TaskState.ASSIGNED)
    with pytest.raises(Refusal, match=r"audit\.line_agrees"):
        room.do(service.open_task, replace(asked, side=Side.CUSTOMS))
    for handler, command in (
        (service.assign, AssignTask(SITE, 9)),
        (service.explain, ExplainTask(SITE, 9, "x")),
    ):
        with pytest.raises(Refusal, match=r"audit\.task_unknown"):
            room.do(handler, command)


def test_a_count_that_differs_becomes_a_task_that_its_adjustment_ends(room: Room) -> None:
    room.check()
    room.decide(room.adjust(-24), "approved")
    room.check()
    room.floor.pallet("LPN-000003", 5, place="BK-A-01-1")
    number = room.do(stock.begin_count, BeginCount(SITE, "BK-A-01-1"))
    room.do(stock.count_pieces, CountPieces(SITE, number, "LPN-000003", MILK, q(3), NOW))
    room.do(stock.close_count, CloseCount(SITE, number, NOW))
    room.check()
    by_side = {one.side: one for one in room.live()}
    count = by_side[Side.COUNT]
    assert (count.gap, by_side[Side.FLOOR].gap) == (-q(2), q(5))
    asked = ProposeAdjustment(
        *(SITE, count.number, "LPN-000003", "L1", "good", -q(2), "two are not there", number)
    )
    room.do(service.propose_adjustment, asked)
    room.decide(room.floor.ask(queries.task, count.number), "approved")
    assert room.check().closed == 1
    assert [(one.side, one.gap) for one in room.live()] == [(Side.FLOOR, q(3))]
    (done,) = room.floor.ask(approvals.posted_under, asked_of(room, count))
    wrong = room.do(reversing.propose, ReversePosting(SITE, done, "they were there"))
    room.second(service.decide, Decide(SITE, wrong.proposal_id, "approved", ""))
    room.check()
    gaps = {one.side: one.gap for one in room.live()}
    assert gaps == {Side.FLOOR: q(5), Side.COUNT: -q(2)}


def asked_of(room: Room, task: Task) -> Any:
    return room.floor.ask(queries.task, task.number).proposal_id


def test_what_customs_says_itself_is_sealed_and_compared_with_its_receipts(room: Room) -> None:
    told = RecordStatement(
        *(SITE, BOOK, NOW, "person", "REF-1", "read off the screen"),
        (StatedLine(1, q(7)), StatedLine(2, q(0))),
    )
    kept = room.do(service.record_statement, told)
    assert room.floor.ask(queries.statement, kept.statement_id) == (kept, told.lines)
    (sealed,) = room.floor.ask(statements.about, DocumentRef("book", BOOK))
    assert (sealed.posting_id, sealed.body["lines"]) == (kept.statement_id, [[1, "7"], [2, "0"]])
    room.check()
    by_side = {one.side: one for one in room.live()}
    assert (by_side[Side.STATED].gap, by_side[Side.STATED].since) == (q(7), NOW)
    later = replace(told, stated_at=NOW + timedelta(seconds=1), lines=(StatedLine(1, q(0)),))
    room.do(service.record_statement, later)
    room.check()
    assert Side.STATED not in {one.side for one in room.live()}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"lines": ()}, "audit.statement_empty"),
        ({"lines": (StatedLine(1, q(1)), StatedLine(1, q(2)))}, "audit.line_twice"),
        ({"lines": (StatedLine(1, -q(1)),)}, "audit.stated_below_zero"),
        ({"book_no": "T0"}, "ledger.book_unknown"),
        ({"stated_at": NOW + timedelta(days=1)}, "audit.statement_early"),
    ],
)
def test_a_statement_that_cannot_be(room: Room, changes: dict[str, Any], code: str) -> None:
    told = RecordStatement(SITE, BOOK, NOW, "file", "", "", (StatedLine(1, q(7)),))
    with pytest.raises(Refusal) as refused:
        room.do(service.record_statement, replace(told, **changes))
    assert refused.value.code == code
    with pytest.raises(Refusal, match=r"audit\.statement_unknown"):
        room.floor.ask(queries.statement, new_id())


def test_a_signature_is_itself_a_posting(room: Room) -> None:
    signed = room.do(service.sign, SignReconciliation(SITE, "noon"))
    (sealed,) = room.floor.ask(statements.about, DocumentRef("signature", str(signed.signature_id)))
    assert sealed.posting_id == signed.statement_id
    assert (sealed.body["digest"], sealed.body["note"]) == (signed.digest, "noon")


def test_a_proposal_of_a_kind_nobody_knows_is_not_approved(room: Room) -> None:
    def ask(tx: Any, command: CheckLines) -> Any:
        return approvals.propose(tx, "house.burn", command, "all", "why not").proposal_id

    proposal_id = room.do(ask, CheckLines(SITE))
    with pytest.raises(Refusal, match=r"audit\.kind_unknown"):
        room.second(service.decide, Decide(SITE, proposal_id, "approved", ""))
