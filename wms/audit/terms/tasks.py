"""The words of a difference that somebody sees to the end: its task, its steps, its proposals."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from wms.audit.terms.figures import LineKey, Side
from wms.kernel.ids import SiteId
from wms.kernel.quantity import Quantity


class TaskState(StrEnum):
    """Where a difference stands: whose turn it is, and whether it is gone."""

    OPEN = "open"
    ASSIGNED = "assigned"
    PROPOSED = "proposed"
    WAITING = "waiting"
    CLOSED = "closed"


class Cause(StrEnum):
    """Why figures part: the closed list a task names one of."""

    COUNTED_WRONG = "counted_wrong"
    LOST = "lost"
    FOUND = "found"
    DAMAGED = "damaged"
    MISPLACED = "misplaced"
    WRONG_GOODS = "wrong_goods"
    RECORDED_WRONG = "recorded_wrong"
    DECLARED_WRONG = "declared_wrong"
    RECEIPT_MISSING = "receipt_missing"
    CUSTOMS_WRONG = "customs_wrong"
    OTHER = "other"


class Did(StrEnum):
    """What a step of a task was."""

    OPENED = "opened"
    MOVED = "moved"
    ASSIGNED = "assigned"
    CAUSE = "cause"
    NOTE = "note"
    COUNT = "count"
    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    WRITTEN = "written"
    WAITING = "waiting"
    AGREED = "agreed"


@dataclass(frozen=True, slots=True)
class CheckLines:
    """Every line is to be compared; `night` names the night it is done for, None by hand."""

    site_id: SiteId
    night: date | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found: lines, sides that are apart, tasks it opened and closed."""

    check_id: UUID
    at: datetime
    lines: int
    apart: int
    opened: int
    closed: int


@dataclass(frozen=True, slots=True)
class OpenTask:
    """Somebody takes up a difference of a line."""

    site_id: SiteId
    book_no: str
    line_no: int
    goods_no: str
    side: Side


@dataclass(frozen=True, slots=True)
class AssignTask:
    """A task gets an owner; without one the person who says so."""

    site_id: SiteId
    number: int
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ExplainTask:
    """Why the figures part, as far as somebody knows; without a cause it is a note."""

    site_id: SiteId
    number: int
    text: str
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class WaitTask:
    """Nothing can be done before a paper comes; `due_on` is when to ask again."""

    site_id: SiteId
    number: int
    due_on: date
    text: str


@dataclass(frozen=True, slots=True)
class WriteToCustoms:
    """Customs is told in writing; the letter is kept, and sealed as a statement."""

    site_id: SiteId
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class AskRecount:
    """The places where the goods of a task stand are to be counted, by somebody else if again."""

    site_id: SiteId
    number: int
    place: str = ""


@dataclass(frozen=True, slots=True)
class ProposeAdjustment:
    """The floor is to be set right by so many pieces (+ or −) of one lot in one unit."""

    site_id: SiteId
    number: int
    unit: str
    lot: str
    status: str
    quantity: Quantity
    text: str
    count_no: str = ""


@dataclass(frozen=True, slots=True)
class ProposeReversal:
    """A posting is to be taken back whole."""

    site_id: SiteId
    number: int
    posting_id: UUID
    text: str


@dataclass(frozen=True, slots=True)
class Decide:
    """A proposal is approved, refused, or withdrawn by whoever made it."""

    site_id: SiteId
    proposal_id: UUID
    verdict: str
    note: str


@dataclass(frozen=True, slots=True)
class Task:
    """A difference somebody is to see to the end; `gap` is the one of the last look."""

    number: int
    book_no: str
    line_no: int
    goods_no: str
    side: Side
    state: TaskState
    gap: Quantity
    since: datetime | None
    opened_at: datetime
    changed_at: datetime
    owner_id: UUID | None
    owner: str
    cause: str
    proposal_id: UUID | None
    due_on: date | None
    closed_at: datetime | None

    @property
    def key(self) -> LineKey:
        """What its line is found by."""
        return self.book_no, self.line_no, self.goods_no


@dataclass(frozen=True, slots=True)
class TaskStep:
    """One step in the life of a task; `gap` is how far apart the figures were then."""

    what: Did
    text: str
    facts: dict[str, Any]
    gap: Quantity
    actor_name: str
    at: datetime
