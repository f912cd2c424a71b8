"""Goods pass the gate: what the book held for them becomes 实减, in the gate's own transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select

from wms.clearance.errors import ChecklistUnknown, NotReleased, WrongState
from wms.clearance.models import (
    ChecklistMember,
    ChecklistRow,
    ReleaseListLineRow,
    ReleaseListRow,
)
from wms.clearance.rules import BookEvent, Role
from wms.clearance.service import booking, checklists, timeline
from wms.clearance.service.booking import Move, Why
from wms.clearance.service.verdicts import IN_FORCE
from wms.clearance.terms import ChecklistState, DocumentKind, ListType
from wms.db.transaction import Tx
from wms.kernel.ids import SiteId
from wms.ledger.terms import DocumentRef

_MISSING: Final = ("E", ListType.ORDINARY)
"""The checklist of a shortage: there is nothing that could pass a gate."""


@dataclass(frozen=True, slots=True)
class GoodsPassed:
    """A truck has passed a lane with the goods of these checklists under one release sheet."""

    site_id: SiteId
    sheet_no: str
    checklist_ids: tuple[UUID, ...]
    direction: str
    passed_at: datetime


@dataclass(frozen=True, slots=True)
class Passed:
    """How many checklists and lists passed just now; both 0 when this was said before."""

    checklists: int
    lists: int


def goods_passed(tx: Tx, command: GoodsPassed) -> Passed:
    """Let the goods of checklists pass: outbound their lists leave the book in one posting.

    Inbound only notes the passage; the book grows when customs posts. Saying it again for the same
    checklists changes nothing. Raises ChecklistUnknown, WrongState (direction, not approved, or
    goods that stay where they are or are missing) and NotReleased naming every list that may not
    leave; then nothing has passed.
    """
    rows = _checklists(tx, command)
    fresh = [row for row in rows if row.passed_at is None]
    if not fresh:
        return Passed(0, 0)
    lists = _let_lists_go(tx, command, fresh) if command.direction == "E" else []
    for row in fresh:
        row.passed_at = command.passed_at
        timeline.record(
            tx,
            DocumentKind.CHECKLIST,
            row.inner_no,
            "passed",
            info=command.sheet_no,
            happened_at=command.passed_at,
        )
    return Passed(len(fresh), len(lists))


def _checklists(tx: Tx, command: GoodsPassed) -> list[ChecklistRow]:
    rows = list(
        tx.session.scalars(
            select(ChecklistRow)
            .where(
                ChecklistRow.site_id == tx.site_id,
                ChecklistRow.checklist_id.in_(command.checklist_ids),
            )
            .order_by(ChecklistRow.checklist_id)
            .with_for_update()
        )
    )
    missing = set(command.checklist_ids) - {row.checklist_id for row in rows}
    if missing:
        raise ChecklistUnknown(", ".join(map(str, sorted(missing))))
    for row in rows:
        stays = row.list_type == ListType.FLOW or (row.direction, row.list_type) == _MISSING
        if row.direction != command.direction or stays:
            read = f"{row.direction}/{row.list_type}"
            raise WrongState(row.inner_no, read, command.direction)
        if row.state not in IN_FORCE:
            raise WrongState(row.inner_no, row.state, ChecklistState.APPROVED)
    return rows


def _let_lists_go(
    tx: Tx, command: GoodsPassed, rows: Sequence[ChecklistRow]
) -> list[ReleaseListRow]:
    lists = list(
        tx.session.scalars(
            select(ReleaseListRow)
            .join(
                ChecklistMember,
                (ChecklistMember.site_id == ReleaseListRow.site_id)
                & (ChecklistMember.list_id == ReleaseListRow.list_id),
            )
            .where(
                ReleaseListRow.site_id == tx.site_id,
                ChecklistMember.site_id == tx.site_id,
                ChecklistMember.checklist_id.in_([row.checklist_id for row in rows]),
                ChecklistMember.live,
            )
            .order_by(ReleaseListRow.list_id)
            .with_for_update(of=ReleaseListRow)
        )
    )
    stopped = tuple((one.cop_no, one.state) for one in lists if not checklists.may_go(one))
    if stopped:
        raise NotReleased(stopped)
    _post_out(tx, command, lists)
    for one in lists:
        one.passed_at, one.reserved = command.passed_at, False
        timeline.record(
            tx,
            DocumentKind.LIST,
            one.cop_no,
            "passed",
            info=command.sheet_no,
            effect="post_out",
            happened_at=command.passed_at,
        )
    return lists


def _post_out(tx: Tx, command: GoodsPassed, lists: Sequence[ReleaseListRow]) -> None:
    held = tx.session.execute(
        select(ReleaseListLineRow.reserve_id, ReleaseListLineRow.quantity)
        .where(
            ReleaseListLineRow.site_id == tx.site_id,
            ReleaseListLineRow.list_id.in_([one.list_id for one in lists]),
            ReleaseListLineRow.reserve_id.is_not(None),
        )
        .order_by(ReleaseListLineRow.list_id, ReleaseListLineRow.gnum)
    ).all()
    moves = [Move(Role.LINE, row.quantity, reserve_id=row.reserve_id) for row in held]
    number = command.sheet_no
    why = Why(f"sheet:{number}:out", DocumentRef("sheet", number), command.passed_at)
    booking.book(tx, BookEvent.LIST_PASSED, moves, why)
