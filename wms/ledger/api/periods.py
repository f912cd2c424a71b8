"""Periods over HTTP: what is closed, what a closing kept, closing one."""

from typing import Any

from wms.ledger import books, periods, schemas, survey
from wms.ledger.api.blueprint import PAGE, blueprint
from wms.ledger.periods import ClosePeriod
from wms.web.identity import actor, command, door, needs


@blueprint.route("/books/<book_no>/periods")
@needs("ledger.see")
@blueprint.response(200, schemas.PeriodsSchema)
def list_periods(book_no: str) -> Any:
    """List the closed periods of a book, the newest first."""
    with door().read(actor()) as tx:
        books.book(tx, book_no)
        return {"periods": periods.periods(tx, book_no)}


@blueprint.route("/books/<book_no>/periods", methods=["POST"])
@needs("ledger.close")
@blueprint.arguments(schemas.ClosePeriodSchema)
@blueprint.response(201, schemas.PeriodSchema)
def close_period(body: dict[str, Any], book_no: str) -> Any:
    """Close a book up to and with a moment; it is never taken back."""
    asked = ClosePeriod(actor().site_id, book_no, body["through"], body["reason"])
    return command(periods.close, asked)


@blueprint.route("/books/<book_no>/closing")
@needs("ledger.see")
@blueprint.arguments(schemas.ClosingQuerySchema, location="query")
@blueprint.response(200, schemas.ClosingSchema)
def show_closing(query: dict[str, Any], book_no: str) -> Any:
    """Show what the closing of exactly this moment kept of each line, 200 at a time."""
    with door().read(actor()) as tx:
        books.book(tx, book_no)
        period = periods.period(tx, book_no, query["through"])
        found = periods.closing_balances(tx, book_no, period.through, query["after"], PAGE + 1)
        totals = survey.closing_totals(tx, book_no, period.through)
    shown = [
        {"line_no": line_no, "goods_no": goods_no, "unit": unit, "balance": balance}
        for line_no, goods_no, unit, balance in found[:PAGE]
    ]
    return {
        "period": period,
        "totals": totals,
        "lines": shown,
        "next_after": shown[-1]["line_no"] if len(found) > PAGE else None,
    }
