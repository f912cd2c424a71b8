"""The words of clearance: kinds and states of documents, failed rules, and dated limits."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final


class DocumentKind(StrEnum):
    """What lies in the file of a parcel or of a consignment."""

    ORDER = "order"
    PAYMENT = "payment"
    WAYBILL = "waybill"
    LIST = "list"
    CHECKLIST = "checklist"
    TRANSFER = "transfer"


class OrderState(StrEnum):
    """Where an order stands on its way to a release list."""

    WAITING = "waiting"  # for its payment or its waybill
    REFUSED = "refused"  # the three documents do not fit; reasons are kept
    SHORT = "short"  # they fit, but a book line holds less; tried again when it grows
    DECLARED = "declared"
    REJECTED = "rejected"  # customs said 100 or 700; a corrected order is declared anew


class ArrivedState(StrEnum):
    """A payment or a waybill waits until a list is declared with it."""

    WAITING = "waiting"
    MATCHED = "matched"


class ListState(StrEnum):
    """Where a release list stands, by the receipt that ranks highest."""

    DECLARED = "declared"
    STORED = "stored"  # 120
    REVIEW = "review"  # 300, 400
    CONCLUDED = "concluded"  # 399: examined, not released
    HELD = "held"  # 500 to 600, or a hold that customs timed after its release
    ATTENTION = "attention"  # a negative code that a person must read
    REJECTED = "rejected"  # 100
    RETURNED = "returned"  # 700
    RELEASED = "released"  # 800
    CLOSED = "closed"  # 899


class ChecklistState(StrEnum):
    """Where a checklist stands, by the receipt that ranks highest."""

    FILED = "filed"
    ACCEPTED = "accepted"  # by the import client
    STORED = "stored"
    MANUAL = "manual"
    APPROVED = "approved"
    POSTED = "posted"
    REFUSED = "refused"


class ListType(StrEnum):
    """Kinds of checklist (bondInvtTypecd) that this house files."""

    ORDINARY = "0"
    FLOW = "6"  # between two books of the zone
    GATHERED = "8"  # released lists of e-commerce


class Way(StrEnum):
    """How goods change their book or line."""

    PAPERS = "papers"  # a pair of checklists, out of one book and into another
    CORRECTION = "correction"  # decided by two people, no customs paper
    TO_SITE = "to_site"  # to another site, through the account of what is on the way there
    FROM_SITE = "from_site"


class TransferState(StrEnum):
    """Where a transfer stands."""

    PROPOSED = "proposed"  # waits for a second person
    FILED = "filed"  # its goods are held, its papers on their way
    SENT = "sent"  # out of the book, on the way to another site
    EXPECTED = "expected"  # announced by another site, not here yet
    DONE = "done"
    REFUSED = "refused"
    REVERSED = "reversed"  # a correction that was undone


class Outcome(StrEnum):
    """What became of one document that arrived."""

    NEW = "new"
    CHANGED = "changed"
    REPEATED = "repeated"  # the same appTime as the one held
    OLDER = "older"  # an older appTime than the one held: dropped, as customs does (-301014)
    USED = "used"  # a declared list stands on it: no change any more (-301011)
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class FailedRule:
    """One rule that does not hold: its code, both values, and where (`line 2`) if it matters."""

    code: str
    read: str
    expected: str
    where: str = ""


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of document `number` (from 1) of a batch, and of the order it belongs to.

    `state` is the order's after matching, empty while no order is there; `cop_no` names the release
    list that was declared.
    """

    number: int
    key: str
    outcome: Outcome
    state: str = ""
    reasons: tuple[FailedRule, ...] = ()
    cop_no: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """The answer to a batch: one row a document, in the order they came."""

    rows: tuple[RowResult, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of retail import in force from a day on, with the source of the figure."""

    valid_from: date
    single: Decimal
    source: str


LIMITS: Final = (
    Limit(date(2016, 4, 8), Decimal(2000), "财关税〔2016〕18号"),
    Limit(date(2019, 1, 1), Decimal(5000), "财关税〔2018〕49号"),
)
"""单次交易限值 in CNY, newest last; figures found in several texts, their numbers from memory."""

CNY: Final = "142"
CENT_TOLERANCE: Final = Decimal("0.01")
"""How far two sums may differ and still be equal: rounding of each line (our choice)."""

MOST_DOCUMENTS: Final = 100
"""Documents one message or one call may carry (202205 edition, as customs refuses more)."""
