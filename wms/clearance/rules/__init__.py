"""Decisions of clearance: what fits, where a document stands, what moves the book, which line."""

from wms.clearance.rules.book_events import (
    EDITIONS,
    BookEvent,
    Edition,
    Role,
    Rule,
    edition_on,
)
from wms.clearance.rules.documents import (
    ListedLine,
    checklist_state,
    holds_book,
    limit_on,
    list_state,
    match,
    net_weight,
)
from wms.clearance.rules.picking import Free, Picked, pick

__all__ = [
    "EDITIONS",
    "BookEvent",
    "Edition",
    "Free",
    "ListedLine",
    "Picked",
    "Role",
    "Rule",
    "checklist_state",
    "edition_on",
    "holds_book",
    "limit_on",
    "list_state",
    "match",
    "net_weight",
    "pick",
]
