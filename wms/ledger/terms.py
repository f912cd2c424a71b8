"""The ledger's words: four counters, the steps that move them, postings and what they answer."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from wms.kernel.quantity import ZERO, Quantity


class Family(StrEnum):
    """Who may move an account: documents move book accounts, stock moves floor accounts."""

    BOOK = "book"
    FLOOR = "floor"


class Step(StrEnum):
    """What one leg does to its account."""

    RESERVE_IN = "reserve_in"
    POST_IN = "post_in"
    VOID_IN = "void_in"
    DIRECT_IN = "direct_in"
    RESERVE_OUT = "reserve_out"
    POST_OUT = "post_out"
    VOID_OUT = "void_out"
    DIRECT_OUT = "direct_out"


@dataclass(frozen=True, slots=True)
class Effect:
    """By how many times the quantity each counter moves: 实增, 预增, 实减, 预减."""

    in_: int = 0
    pre_in: int = 0
    out: int = 0
    pre_out: int = 0


RULE_VERSION: Final = 1
RULES: Final[dict[int, dict[Step, Effect]]] = {
    1: {
        Step.RESERVE_IN: Effect(pre_in=1),
        Step.POST_IN: Effect(in_=1, pre_in=-1),
        Step.VOID_IN: Effect(pre_in=-1),
        Step.DIRECT_IN: Effect(in_=1),
        Step.RESERVE_OUT: Effect(pre_out=1),
        Step.POST_OUT: Effect(out=1, pre_out=-1),
        Step.VOID_OUT: Effect(pre_out=-1),
        Step.DIRECT_OUT: Effect(out=1),
    }
}
"""Version → step → effect. A version is never edited: a posting names the one it was made under."""

UNHAPPENED: Final = re.compile("^(found|lost|destroyed|sampled|opening):")
"""Counters of the floor that no paper stands for: such direct legs need an approval."""


class Moment(StrEnum):
    """Which of the two times "as of" asks for: when it was written down, or when it happened."""

    RECORDED = "recorded"
    VALUE = "value"


@dataclass(frozen=True, slots=True)
class Leg:
    """One step on one account.

    `quantity` None means the whole open rest of the reservation (only for voids). `counter` is a
    word for the other side, such as `customs` or `arrival:QD…`; where that is an account of ours,
    `counter_account` names it, and what goes between the two cancels out within the posting.
    """

    step: Step
    account_id: UUID | None
    quantity: Quantity | None
    counter: str
    reserve_id: UUID | None = None
    counter_account: UUID | None = None


@dataclass(frozen=True, slots=True)
class DocumentRef:
    """The paper a posting stands on: its kind, its number and, if one line is meant, the line."""

    kind: str
    number: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Posting:
    """One immutable change: 1 to 5,000 legs that happen together or not at all.

    `key` makes it once and for ever: the same key with the same content gives the first answer.
    `event` names what happened to the document (`list.declared`). `approval_id` is the proposal
    that a second person approved in this very transaction; direct steps on a book need one.
    """

    key: str
    document: DocumentRef
    legs: tuple[Leg, ...]
    effective_at: datetime
    reason: str = ""
    event: str = ""
    approval_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Balance:
    """The four counters of an account after its entry number `seq`."""

    in_: Quantity = field(default=ZERO)
    pre_in: Quantity = field(default=ZERO)
    out: Quantity = field(default=ZERO)
    pre_out: Quantity = field(default=ZERO)
    seq: int = 0

    @property
    def stock(self) -> Quantity:
        """结存: 实增 − 实减."""
        return self.in_ - self.out

    @property
    def free(self) -> Quantity:
        """可用: 结存 − 预减; what is only expected never counts."""
        return self.stock - self.pre_out


class PostedLeg(NamedTuple):
    """What one leg became: its account, its reservation if any, and its account right after it.

    Counters are in steps of 1/100,000: a document has thousands of these, and few are looked at.
    """

    account_id: UUID
    reserve_id: UUID | None
    in_: int
    pre_in: int
    out: int
    pre_out: int
    seq: int

    @property
    def after(self) -> Balance:
        """Return the balance right after this leg."""
        return Balance(
            Quantity(self.in_),
            Quantity(self.pre_in),
            Quantity(self.out),
            Quantity(self.pre_out),
            self.seq,
        )


@dataclass(frozen=True, slots=True)
class Posted:
    """The answer to a posting, the same for ever."""

    posting_id: UUID
    legs: tuple[PostedLeg, ...]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """What stands in a leg's way: `status` is the last word of the refusal's code.

    For `short`, an account's free quantity (`there`) and what all legs want of it; for `exhausted`
    and `reversal_used`, what is open of a reservation and what was wanted.
    """

    status: str
    leg: int
    account_id: UUID
    reserve_id: UUID | None
    there: Quantity
    wanted: Quantity
