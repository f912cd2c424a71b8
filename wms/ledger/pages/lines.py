"""The pages of one account: its line in a book or a floor account, how a figure came about."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from wms.db.transaction import ReadTx
from wms.kernel.clock import BEIJING
from wms.kernel.errors import Invalid, Unknown
from wms.ledger import balances, books, explaining, reservations, reversing, survey
from wms.ledger.balances import Entry, EntryFilter
from wms.ledger.books import BookLine
from wms.ledger.explaining import Figure
from wms.ledger.pages.blueprint import blueprint, moment_in, names_in, whole
from wms.ledger.terms import Balance, Moment, Step
from wms.web.identity import actor, door, needs
from wms.web.layout import render
from wms.web.paging import after, page_of

PAGE: Final = 50
RESERVED: Final = 5
"""Open reservations beside a statement; the rest has a page."""

NO_EVENT: Final = "none"
"""How an address names entries of postings without an event."""


@dataclass(frozen=True, slots=True)
class AsOf:
    """What an account stood at: the moment, the time it is meant by, the entry that made it so."""

    at: datetime
    by: Moment
    balance: Balance
    entry: Entry | None

    @property
    def field(self) -> str:
        """The moment as a field of a form holds it: local, to the second."""
        return f"{self.at.astimezone(BEIJING):%Y-%m-%dT%H:%M:%S}"


@blueprint.get("/books/<book_no>/lines/<int:line_no>")
@needs("ledger.see")
def show_line(book_no: str, line_no: int) -> Response:
    """Show a line: its figures, how it stood at a moment, what is held, and its statement."""
    with door().read(actor(), snapshot=True) as tx:
        line = books.line(tx, book_no, line_no)
        return _account(tx, line.account_id, line)


@blueprint.get("/accounts/<uuid:account_id>")
@needs("ledger.see")
def show_account(account_id: UUID) -> AnyResponse:
    """Show an account of the floor the same way; that of a book line at its line."""
    with door().read(actor(), snapshot=True) as tx:
        line = survey.lines_of(tx, (account_id,)).get(account_id)
        if line is None:
            return _account(tx, account_id, None)
    return redirect(url_for(".show_line", book_no=line.book_no, line_no=line.line_no), 303)


@blueprint.get("/books/<book_no>/lines/<int:line_no>/explain")
@needs("ledger.see")
def explain_line(book_no: str, line_no: int) -> Response:
    """Add up a figure of a line from the last closing, by paper and event."""
    with door().read(actor(), snapshot=True) as tx:
        line = books.line(tx, book_no, line_no)
        return _explained(tx, line.account_id, line)


@blueprint.get("/accounts/<uuid:account_id>/explain")
@needs("ledger.see")
def explain_account(account_id: UUID) -> Response:
    """Add up a figure of an account of the floor."""
    with door().read(actor(), snapshot=True) as tx:
        line = survey.lines_of(tx, (account_id,)).get(account_id)
        return _explained(tx, account_id, line)


@blueprint.get("/books/<book_no>/lines/<int:line_no>/reservations")
@needs("ledger.see")
def list_reservations(book_no: str, line_no: int) -> Response:
    """Show what of a line is held or expected, the oldest first."""
    start = after(UUID)
    with door().read(actor(), snapshot=True) as tx:
        line = books.line(tx, book_no, line_no)
        found = reservations.open_reservations(
            tx, line.account_id, start[0] if start else None, PAGE + 1
        )
        sums = reservations.open_sums(tx, line.account_id)
        names = names_in(tx, [one.opening.actor_id for one in found if one.opening])
    page = page_of(found, PAGE, lambda row: (str(row.reserve_id),))
    return render("ledger/reservations.html", line=line, page=page, sums=sums, names=names)


def _account(tx: ReadTx, account_id: UUID, line: BookLine | None) -> Response:
    start, wanted = after(int), _filter()
    balance = balances.balance(tx, account_id)
    found = balances.statement(tx, account_id, start[0] if start else None, PAGE + 1, wanted)
    as_of = _as_of(tx, account_id)
    held = reservations.open_reservations(tx, account_id, limit=RESERVED)
    entries = (*found, *((as_of.entry,) if as_of and as_of.entry else ()))
    return render(
        "ledger/line.html",
        account_id=account_id,
        line=line,
        here=here(account_id, line),
        balance=balance,
        page=page_of(found, PAGE, lambda entry: (entry.after.seq,)),
        wanted=wanted,
        steps=tuple(Step),
        as_of=as_of,
        by=_by(),
        reservations=held,
        sums=reservations.open_sums(tx, account_id),
        names=names_in(tx, [entry.actor_id for entry in entries]),
        undone=reversing.undone(tx, {entry.posting_id for entry in found}),
        no_event=NO_EVENT,
    )


def _explained(tx: ReadTx, account_id: UUID, line: BookLine | None) -> Response:
    named = request.args.get("figure", Figure.FREE.value)
    if named not in {figure.value for figure in Figure}:
        raise Unknown("ledger.figure_unknown", read=named[:40], expected=", ".join(Figure))
    return render(
        "ledger/explain.html",
        account_id=account_id,
        line=line,
        here=here(account_id, line),
        figures=tuple(Figure),
        told=explaining.explain(tx, account_id, Figure(named)),
        no_event=NO_EVENT,
    )


def here(account_id: UUID, line: BookLine | None) -> dict[str, dict[str, Any]]:
    """Return how an account's own pages are addressed: for url_for, by what is wanted of it."""
    if line is None:
        key: dict[str, Any] = {"account_id": account_id}
        return {
            "show": {"endpoint": "ledger_pages.show_account", **key},
            "explain": {"endpoint": "ledger_pages.explain_account", **key},
        }
    key = {"book_no": line.book_no, "line_no": line.line_no}
    return {
        "show": {"endpoint": "ledger_pages.show_line", **key},
        "explain": {"endpoint": "ledger_pages.explain_line", **key},
    }


def _filter() -> EntryFilter:
    event = request.args.get("event", "").strip()[:40]
    return EntryFilter(
        request.args.get("kind", "").strip()[:30],
        None if not event else "" if event == NO_EVENT else event,
        request.args.get("step", "").strip()[:12],
        whole("since"),
    )


def _by() -> Moment:
    named = request.args.get("by") or Moment.RECORDED.value
    try:
        return Moment(named)
    except ValueError:
        raise Invalid("field.choice", expected=", ".join(Moment)) from None


def _as_of(tx: ReadTx, account_id: UUID) -> AsOf | None:
    at, by = moment_in("at"), _by()
    if at is None:
        return None
    balance = balances.as_of(tx, account_id, at, by)
    made = balances.statement(tx, account_id, balance.seq + 1, 1) if balance.seq else ()
    return AsOf(at, by, balance, made[0] if made else None)
