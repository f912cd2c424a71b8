"""Books over HTTP: their lines, a line's statement, how it stood at a moment, its reservations."""

from typing import Any
from uuid import UUID

from wms.db.transaction import ReadTx
from wms.ledger import balances, books, explaining, proof, reservations, schemas, survey
from wms.ledger.api.blueprint import PAGE, blueprint, line_of
from wms.ledger.balances import EntryFilter
from wms.ledger.explaining import Figure
from wms.ledger.survey import BookView, LineFilter
from wms.ledger.terms import Moment
from wms.web.identity import actor, door, needs


@blueprint.route("/books")
@needs("ledger.see")
@blueprint.response(200, schemas.BookSchema(many=True))
def list_books() -> Any:
    """List the account books of the site."""
    with door().read(actor()) as tx:
        return tuple(_book(view) for view in survey.overview(tx))


@blueprint.route("/books/<book_no>/lines")
@needs("ledger.see")
@blueprint.arguments(schemas.LinesQuerySchema, location="query")
@blueprint.response(200, schemas.BookLinesSchema)
def list_lines(query: dict[str, Any], book_no: str) -> Any:
    """List the lines of a book with their balances, 200 at a time, and the sums by unit."""
    wanted = LineFilter(query["q"].strip(), stock=query["stock"], pending=query["pending"])
    with door().read(actor()) as tx:
        books.book(tx, book_no)
        found = survey.lines(tx, book_no, wanted, query["after"], PAGE + 1)
        totals = survey.totals(tx, book_no, wanted)
    shown = [line_of(line, balance) for line, balance in found[:PAGE]]
    return {
        "lines": shown,
        "next_after": shown[-1]["line_no"] if len(found) > PAGE else None,
        "totals": totals,
    }


@blueprint.route("/books/<book_no>/lines/<int:line_no>")
@needs("ledger.see")
@blueprint.response(200, schemas.BookLineSchema)
def show_line(book_no: str, line_no: int) -> Any:
    """Show one line with its balance."""
    with door().read(actor()) as tx:
        line = books.line(tx, book_no, line_no)
        return line_of(line, balances.balance(tx, line.account_id))


@blueprint.route("/books/<book_no>/lines/<int:line_no>/entries")
@needs("ledger.see")
@blueprint.arguments(schemas.StatementQuerySchema, location="query")
@blueprint.response(200, schemas.StatementSchema)
def list_entries(query: dict[str, Any], book_no: str, line_no: int) -> Any:
    """List the entries of a line, the newest first, each with the balance after it."""
    with door().read(actor()) as tx:
        account_id = books.line(tx, book_no, line_no).account_id
        return _statement(tx, account_id, query)


@blueprint.route("/accounts/<uuid:account_id>/entries")
@needs("ledger.see")
@blueprint.arguments(schemas.StatementQuerySchema, location="query")
@blueprint.response(200, schemas.StatementSchema)
def list_account_entries(query: dict[str, Any], account_id: UUID) -> Any:
    """List the entries of any account, of the floor too, the newest first."""
    with door().read(actor(), snapshot=True) as tx:
        balances.balance(tx, account_id)
        return _statement(tx, account_id, query)


@blueprint.route("/books/<book_no>/lines/<int:line_no>/as-of")
@needs("ledger.see")
@blueprint.arguments(schemas.AsOfQuerySchema, location="query")
@blueprint.response(200, schemas.AsOfSchema)
def show_as_of(query: dict[str, Any], book_no: str, line_no: int) -> Any:
    """Tell what a line stood at at a moment, by what was recorded or by what had happened."""
    with door().read(actor(), snapshot=True) as tx:
        account_id = books.line(tx, book_no, line_no).account_id
        balance = balances.as_of(tx, account_id, query["at"], Moment(query["by"]))
        made = balances.statement(tx, account_id, balance.seq + 1, 1) if balance.seq else ()
    return {**query, "balance": balance, "entry": made[0] if made else None}


@blueprint.route("/books/<book_no>/lines/<int:line_no>/explanation")
@needs("ledger.see")
@blueprint.arguments(schemas.FigureQuerySchema, location="query")
@blueprint.response(200, schemas.ExplanationSchema)
def explain_line(query: dict[str, str], book_no: str, line_no: int) -> Any:
    """Add a figure of a line up from its last closing, by kind of paper, event and step."""
    with door().read(actor(), snapshot=True) as tx:
        account_id = books.line(tx, book_no, line_no).account_id
        told = explaining.explain(tx, account_id, Figure(query["figure"]))
    return {
        "figure": told.figure.value,
        "since": told.since,
        "groups": told.groups,
        "total": told.total,
        "today": told.today,
        "seq": told.balance.seq,
    }


@blueprint.route("/books/<book_no>/lines/<int:line_no>/reservations")
@needs("ledger.see")
@blueprint.arguments(schemas.ReservationsQuerySchema, location="query")
@blueprint.response(200, schemas.ReservationsSchema)
def list_reservations(query: dict[str, UUID | None], book_no: str, line_no: int) -> Any:
    """List what of a line is held or expected and not settled yet, the oldest first."""
    with door().read(actor(), snapshot=True) as tx:
        account_id = books.line(tx, book_no, line_no).account_id
        found = reservations.open_reservations(tx, account_id, query["after"], PAGE + 1)
    shown = found[:PAGE]
    return {
        "reservations": shown,
        "next_after": shown[-1].reserve_id if len(found) > PAGE else None,
    }


@blueprint.route("/ledger/standing")
@needs("audit.see")
@blueprint.response(200, schemas.StandingSchema)
def show_standing() -> Any:
    """Recompute every law of the ledger from its entries."""
    with door().read(actor(), snapshot=True) as tx:
        breaches = proof.standing(tx)
        return {
            "stands": not breaches,
            "postings": proof.posting_count(tx),
            "breaches": breaches,
        }


def _book(view: BookView) -> dict[str, Any]:
    return {
        "book_no": view.book.book_no,
        "kind": view.book.kind,
        "mode": view.book.mode,
        "opened_at": view.book.opened_at,
        "lines": view.book.lines,
        "closed_through": view.closed_through,
        "newest_entry_at": view.newest_entry_at,
    }


def _statement(tx: ReadTx, account_id: UUID, query: dict[str, Any]) -> dict[str, Any]:
    wanted = EntryFilter(query["kind"], query["event"], query["step"], query["since"])
    found = balances.statement(tx, account_id, query["before"], PAGE + 1, wanted)
    shown = found[:PAGE]
    return {
        "entries": shown,
        "next_before": shown[-1].after.seq if len(found) > PAGE else None,
    }
