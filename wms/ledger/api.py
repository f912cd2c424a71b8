"""The ledger over HTTP: books, lines, statements, and whether the laws hold."""

from typing import Any

from wms.ledger import balances, books, proof, schemas
from wms.web.identity import actor, door, needs
from wms.web.openapi import ApiBlueprint
from wms.web.schema import StrictSchema, WholeNumber

blueprint = ApiBlueprint("ledger", __name__, url_prefix="/api", description="账册 · account books")

PAGE = 200


class AfterSchema(StrictSchema):
    """Go on after this line."""

    after = WholeNumber(load_default=0)


class BeforeSchema(StrictSchema):
    """Go on before this entry of the account."""

    before = WholeNumber(1, load_default=None, allow_none=True)


@blueprint.route("/books")
@needs("ledger.see")
@blueprint.response(200, schemas.BookSchema(many=True))
def list_books() -> Any:
    """List the account books of the site."""
    with door().read(actor()) as tx:
        return books.books(tx)


@blueprint.route("/books/<book_no>/lines")
@needs("ledger.see")
@blueprint.arguments(AfterSchema, location="query")
@blueprint.response(200, schemas.BookLinesSchema)
def list_lines(query: dict[str, int], book_no: str) -> Any:
    """List the lines of a book with their balances, 200 at a time."""
    with door().read(actor()) as tx:
        books.book(tx, book_no)
        found = books.lines(tx, book_no, query["after"], PAGE + 1)
    shown = [{**_line(line), "balance": balance} for line, balance in found[:PAGE]]
    return {"lines": shown, "next_after": shown[-1]["line_no"] if len(found) > PAGE else None}


@blueprint.route("/books/<book_no>/lines/<int:line_no>/entries")
@needs("ledger.see")
@blueprint.arguments(BeforeSchema, location="query")
@blueprint.response(200, schemas.StatementSchema)
def list_entries(query: dict[str, int | None], book_no: str, line_no: int) -> Any:
    """List the entries of a line, the newest first, each with the balance after it."""
    with door().read(actor()) as tx:
        account_id = books.line(tx, book_no, line_no).account_id
        found = balances.statement(tx, account_id, query["before"], PAGE + 1)
    shown = found[:PAGE]
    return {
        "entries": shown,
        "next_before": shown[-1].after.seq if len(found) > PAGE else None,
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


def _line(line: books.BookLine) -> dict[str, Any]:
    return {
        "book_no": line.book_no,
        "line_no": line.line_no,
        "goods_no": line.goods_no,
        "hs_code": line.hs_code,
        "name": line.name,
        "unit": line.unit,
        "origin": line.origin,
    }
