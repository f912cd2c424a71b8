"""The pages of a book's periods: what is closed, what a closing kept, and closing one."""

from datetime import date, datetime, time, timedelta
from typing import Final

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from wms.db.transaction import ReadTx
from wms.kernel.clock import BEIJING
from wms.kernel.errors import Conflict, Invalid, Refusal
from wms.ledger import balances, periods, survey
from wms.ledger.pages.blueprint import blueprint, moment
from wms.ledger.pages.postings import words_of
from wms.ledger.periods import ClosePeriod, Period
from wms.web.errors import answer_to
from wms.web.identity import actor, command, door, needs
from wms.web.layout import render
from wms.web.paging import after, page_of

PAGE: Final = 100
LONGEST_REASON: Final = 500
DAY: Final = len("2026-10-31")
_LAST: Final = time(23, 59, 59, 999999, BEIJING)
"""The last moment of a day: a closing goes through it, inclusively."""


@blueprint.get("/books/<book_no>/periods")
@needs("ledger.see")
def list_periods(book_no: str) -> Response:
    """Show the closed periods of a book, the newest first, and where the next one would end."""
    with door().read(actor()) as tx:
        view = survey.book_view(tx, book_no)
        found = periods.periods(tx, book_no)
        suggested = next_end(tx.now, found)
    return render("ledger/periods.html", book=view.book, periods=found, suggested=suggested)


@blueprint.get("/books/<book_no>/periods/new")
@needs("ledger.close")
def confirm_period(book_no: str) -> Response:
    """Show what closing a book through a day means, before anything is done."""
    return _confirm(book_no, None)


@blueprint.post("/books/<book_no>/periods")
@needs("ledger.close")
def close_period(book_no: str) -> AnyResponse:
    """Close a book's period; what is refused is shown where it was asked."""
    try:
        through = end_of(request.form.get("through", ""))
        reason = request.form.get("reason", "").strip()
        if len(reason) > LONGEST_REASON:
            raise Invalid("field.length", read=len(reason), min=0, max=LONGEST_REASON)
        closed = command(periods.close, ClosePeriod(actor().site_id, book_no, through, reason))
    except Refusal as refusal:
        return _confirm(book_no, refusal)
    return redirect(
        url_for(".show_period", book_no=book_no, through=period_name(closed.through)), 303
    )


@blueprint.get("/books/<book_no>/periods/<through>")
@needs("ledger.see")
def show_period(book_no: str, through: str) -> Response:
    """Show what a closing kept of each line, its sums, and the digest that is sealed."""
    start, named = after(int), end_of(through) if len(through) == DAY else moment(through)
    with door().read(actor()) as tx:
        view = survey.book_view(tx, book_no)
        period = periods.period(tx, book_no, named)
        found = periods.closing_balances(tx, book_no, named, start[0] if start else 0, PAGE + 1)
        totals = survey.closing_totals(tx, book_no, named)
        words = words_of(balances.posting(tx, period.posting_id))
    return render(
        "ledger/period.html",
        book=view.book,
        period=period,
        page=page_of(found, PAGE, lambda row: (row[0],)),
        totals=totals,
        digest=words.get("balances_sha256", ""),
    )


@blueprint.app_template_global()
def period_name(through: datetime) -> str:
    """Return how an address names a period: its last day, or its last moment where it ends in one.

    Every closing by the pages is of whole days; the API may close through any moment.
    """
    local = through.astimezone(BEIJING)
    return f"{local:%Y-%m-%d}" if local.timetz() == _LAST else local.isoformat()


def next_end(now: datetime, closed: tuple[Period, ...]) -> date:
    """Suggest the day the next period ends: last month's last, or yesterday if that is closed."""
    today = now.astimezone(BEIJING).date()
    month_end = today.replace(day=1) - timedelta(days=1)
    if closed and closed[0].through.astimezone(BEIJING).date() >= month_end:
        return today - timedelta(days=1)
    return month_end


def end_of(day: str) -> datetime:
    """Return the last moment of a day in Beijing; raise Invalid `field.date`."""
    try:
        return datetime.combine(date.fromisoformat(day.strip()), _LAST)
    except ValueError:
        raise Invalid("field.date", read=day[:40]) from None


def _confirm(book_no: str, refusal: Refusal | None) -> Response:
    """Show the second step; a day that cannot be closed is said before anybody presses."""
    given = request.values.get("through", "")
    with door().read(actor()) as tx:
        view = survey.book_view(tx, book_no)
        closed = periods.periods(tx, book_no)
        through = None
        try:
            through = end_of(given) if given else end_of(next_end(tx.now, closed).isoformat())
            refusal = refusal or _in_the_way(tx, closed, through)
        except Invalid as wrong:
            refusal = wrong
        totals = survey.totals_at(tx, book_no, through) if through and not refusal else ()
    page = render(
        "ledger/close.html",
        book=view.book,
        through=through,
        given=given,
        totals=totals,
        last=closed[0] if closed else None,
        refused=answer_to(refusal) if refusal else None,
    )
    page.status_code = answer_to(refusal).status if refusal else 200
    return page


def _in_the_way(tx: ReadTx, closed: tuple[Period, ...], through: datetime) -> Refusal | None:
    """Return what the ledger would refuse this closing with, if anything."""
    if closed and through <= closed[0].through:
        return Conflict("ledger.period_order", read=_day(through), expected=_day(closed[0].through))
    if through > tx.now:
        return Conflict("ledger.period_future", read=_day(through), expected=_day(tx.now))
    return None


def _day(at: datetime) -> str:
    return f"{at.astimezone(BEIJING):%Y-%m-%d %H:%M}"
