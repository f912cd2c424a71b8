"""Which customs event moves what in a book: one dated table, which everything that posts reads.

Counters: 实增 actlIncQty, 预增 prevdIncQty, 实减 actlRedcQty, 预减 prevdRedcQty of a book line
(BWS101). An edition is never edited: a change of customs' rules is a further edition with its first
day, and a posting of an earlier day still reads as it was meant.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from wms.ledger.terms import Step


class BookEvent(StrEnum):
    """What can happen to a document that may move a book; postings carry this word."""

    LIST_DECLARED = "list.declared"
    LIST_REJECTED = "list.rejected"
    LIST_RETURNED = "list.returned"
    LIST_RESTORED = "list.restored"
    LIST_PASSED = "list.passed"
    INBOUND_APPROVED = "inbound.approved"
    INBOUND_AMENDED = "inbound.amended"
    INBOUND_POSTED = "inbound.posted"
    GATHERED_APPROVED = "gathered.approved"
    GATHERED_POSTED = "gathered.posted"
    SHORTAGE_FILED = "shortage.filed"
    SHORTAGE_REFUSED = "shortage.refused"
    SHORTAGE_RESTORED = "shortage.restored"
    SHORTAGE_POSTED = "shortage.posted"
    FLOW_FILED = "flow.filed"
    FLOW_REFUSED = "flow.refused"
    FLOW_RESTORED = "flow.restored"
    FLOW_EXPECTED = "flow.expected"
    FLOW_POSTED = "flow.posted"
    LINES_CORRECTED = "lines.corrected"
    SITE_HELD = "site.held"
    SITE_WITHDRAWN = "site.withdrawn"
    SITE_SENT = "site.sent"
    SITE_ANSWERED = "site.answered"
    SITE_RETURNED = "site.returned"
    SITE_RESTORED = "site.restored"
    SITE_EXPECTED = "site.expected"
    SITE_TAKEN = "site.taken"


class Role(StrEnum):
    """Which account of a document's line a step moves."""

    LINE = "line"
    BEFORE = "before"  # the reservation of a line as it was before a change
    AFTER = "after"  # the line as it is after it
    SOURCE = "source"
    TARGET = "target"
    INTO_TRANSIT = "into_transit"
    OUT_OF_TRANSIT = "out_of_transit"
    BACK = "back"  # the line that goods come back to


@dataclass(frozen=True, slots=True)
class Rule:
    """What one event does to each line: a step by role; none when the book does not move.

    `cause` names the message and the receipt code.
    """

    steps: Mapping[Role, Step]
    cause: str


@dataclass(frozen=True, slots=True)
class Edition:
    """The table as it is in force from a day on."""

    version: int
    valid_from: date
    rules: Mapping[BookEvent, Rule]


def _moves(cause: str, /, **steps: Step) -> Rule:
    return Rule(MappingProxyType({Role(role): step for role, step in steps.items()}), cause)


_FIRST: Final[dict[BookEvent, Rule]] = {
    BookEvent.LIST_DECLARED: _moves("CEB621 appStatus 2", line=Step.RESERVE_OUT),
    BookEvent.LIST_REJECTED: _moves("CEB622 returnStatus 100", line=Step.VOID_OUT),
    BookEvent.LIST_RETURNED: _moves("CEB622 returnStatus 700", line=Step.VOID_OUT),
    BookEvent.LIST_RESTORED: _moves(
        "CEB622 returnStatus 800, 899 > 100, 700", line=Step.RESERVE_OUT
    ),
    BookEvent.LIST_PASSED: _moves(
        "SAS121 passport, lane passage; SAS223 manageResult 1", line=Step.POST_OUT
    ),
    BookEvent.INBOUND_APPROVED: _moves(
        "INV101 type 0 I; INV201 manageResult 1, 4; vrfdedMarkcd 1", line=Step.RESERVE_IN
    ),
    BookEvent.INBOUND_AMENDED: _moves(
        "INV101 dclTypecd 2; INV201 manageResult 1, 4", before=Step.VOID_IN, after=Step.RESERVE_IN
    ),
    BookEvent.INBOUND_POSTED: _moves("INV211 vrfdedMarkcd 2", line=Step.POST_IN),
    BookEvent.GATHERED_APPROVED: _moves("INV101 type 8 E; INV201 manageResult 1, 4"),
    BookEvent.GATHERED_POSTED: _moves("INV211 vrfdedMarkcd 2"),
    BookEvent.SHORTAGE_FILED: _moves("INV101 type 0 E, 9700", source=Step.RESERVE_OUT),
    BookEvent.SHORTAGE_REFUSED: _moves(
        "INV201 manageResult 3, Z; dealFlag < 0", source=Step.VOID_OUT
    ),
    BookEvent.SHORTAGE_RESTORED: _moves("INV201 manageResult 1, 4 > 3", source=Step.RESERVE_OUT),
    BookEvent.SHORTAGE_POSTED: _moves("INV211 vrfdedMarkcd 2", source=Step.POST_OUT),
    BookEvent.FLOW_FILED: _moves("INV101 type 6 E", source=Step.RESERVE_OUT),
    BookEvent.FLOW_REFUSED: _moves("INV201 manageResult 3, Z; dealFlag < 0", source=Step.VOID_OUT),
    BookEvent.FLOW_RESTORED: _moves("INV201 manageResult 1, 4 > 3", source=Step.RESERVE_OUT),
    BookEvent.FLOW_EXPECTED: _moves(
        "INV101 type 6 I; INV201 manageResult 1, 4", target=Step.RESERVE_IN
    ),
    BookEvent.FLOW_POSTED: _moves(
        "INV211 E + INV211 I; vrfdedMarkcd 2", source=Step.POST_OUT, target=Step.POST_IN
    ),
    BookEvent.LINES_CORRECTED: _moves(
        "clearance.transfer, ledger_decision approved",
        source=Step.DIRECT_OUT,
        target=Step.DIRECT_IN,
    ),
    BookEvent.SITE_HELD: _moves(
        "POST /api/site-transfers", source=Step.RESERVE_OUT, into_transit=Step.RESERVE_IN
    ),
    BookEvent.SITE_WITHDRAWN: _moves(
        "POST /api/site-transfers/…/withdrawal", source=Step.VOID_OUT, into_transit=Step.VOID_IN
    ),
    BookEvent.SITE_SENT: _moves(
        "clearance.goods_sent_to_site",
        source=Step.POST_OUT,
        into_transit=Step.POST_IN,
        out_of_transit=Step.RESERVE_OUT,
    ),
    BookEvent.SITE_ANSWERED: _moves("clearance.site_answered taken", out_of_transit=Step.POST_OUT),
    BookEvent.SITE_RETURNED: _moves(
        "clearance.site_answered refused", out_of_transit=Step.POST_OUT, back=Step.RESERVE_IN
    ),
    BookEvent.SITE_RESTORED: _moves("clearance.site_answered refused", back=Step.POST_IN),
    BookEvent.SITE_EXPECTED: _moves("clearance.goods_sent_to_site", target=Step.RESERVE_IN),
    BookEvent.SITE_TAKEN: _moves("POST /api/site-transfers/…/arrival", target=Step.POST_IN),
}

EDITIONS: Final = (Edition(1, date(2016, 4, 8), MappingProxyType(_FIRST)),)
"""Newest last. Edition 1: how 预扣 and 核扣 of checklists and lists move the four counters, read
off the messages' fields and agreeing with every sample seen; the first day is that of retail import
itself."""


def edition_on(on: date) -> Edition:
    """Return the edition in force on a day."""
    return [edition for edition in EDITIONS if edition.valid_from <= on][-1]
