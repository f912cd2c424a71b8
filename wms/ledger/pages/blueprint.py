"""The one blueprint the pages of the ledger hang on, and what their templates say papers by."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from flask import Blueprint, request

from wms.access import queries as access
from wms.db.transaction import ReadTx
from wms.kernel.actor import SYSTEM_ID
from wms.kernel.clock import BEIJING
from wms.kernel.errors import Invalid
from wms.web.identity import visitor
from wms.web.layout import url_if
from wms.web.messages import catalogue, language, t

blueprint = Blueprint("ledger_pages", __name__, template_folder="../templates")


@dataclass(frozen=True, slots=True)
class _Place:
    """Where papers of a kind are shown: the view, its argument, and who may go there."""

    endpoint: str
    argument: str
    permission: str
    names_kind: bool = False


_DOCUMENT: Final = _Place(
    "clearance_pages.show_document", "number", "clearance.see", names_kind=True
)
_PLACES: Final = {
    "checklist": _DOCUMENT,
    "list": _DOCUMENT,
    "transfer": _DOCUMENT,
    "sheet": _Place("gate_pages.show_sheet", "number", "gate.see"),
    "unit": _Place("stock_pages.show_unit", "number", "stock.see"),
    "count": _Place("stock_count_pages.show_count", "count_no", "stock.see"),
    "difference": _Place("audit_task_pages.show_task", "number", "audit.see"),
    "book": _Place("ledger_pages.show_book", "book_no", "ledger.see"),
}
"""Views of rooms above by their names: a place that is not there, or closed, makes no link."""


@blueprint.app_template_global()
def paper_url(kind: str, number: str) -> str | None:
    """Return where a paper is shown to whoever asks, or None."""
    place, who = _PLACES.get(kind), visitor()
    if place is None or who is None or not who.may(place.permission):
        return None
    if kind == "difference" and not number.isdecimal():
        return None  # tasks are counted; other papers of this kind have no page
    more = {"kind": kind} if place.names_kind else {}
    return url_if(place.endpoint, **{place.argument: number}, **more)


@blueprint.app_template_global()
def spoken(prefix: str, word: str) -> str:
    """Return a word of the ledger as people say it; one without a sentence as it is."""
    key = f"{prefix}.{word}"
    return t(key) if key in catalogue() else word


def names_in(tx: ReadTx, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names of those behind these ids, in the language of the page."""
    people = access.people_of(tx, set(ids))
    names = {person_id: one.name(language()) for person_id, one in people.items()}
    return {SYSTEM_ID: t("ledger.who.system"), **names}


def moment_in(name: str) -> datetime | None:
    """Return the moment the address gives, Beijing time unless it says its offset; None if empty.

    Raises Invalid `field.moment`.
    """
    given = request.args.get(name, "").strip()
    if not given:
        return None
    return moment(given)


def moment(given: str) -> datetime:
    """Read a moment as people write it in an address or form; raise Invalid `field.moment`."""
    try:
        read = datetime.fromisoformat(given)
        found = read if read.tzinfo else read.replace(tzinfo=BEIJING)
        sensible = 2000 <= found.year < 2100
    except ValueError:
        sensible = False
    if not sensible:
        raise Invalid("field.moment", read=given[:40])
    return found


def whole(name: str) -> int:
    """Return a whole number of the address, 0 when it is not there; raise Invalid."""
    given = request.args.get(name, "").strip()
    if not given:
        return 0
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise Invalid("field.whole_number", read=given[:40])
    return int(given)
