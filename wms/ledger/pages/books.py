"""The pages of the books: all of them, and the lines of one."""

from typing import Final

from flask import Response, request

from wms.ledger import survey
from wms.ledger.pages.blueprint import blueprint
from wms.ledger.seal import sealing
from wms.ledger.seal.sealing import Status
from wms.ledger.survey import BookView, LineFilter
from wms.web.identity import actor, door, needs
from wms.web.layout import render
from wms.web.paging import after, page_of

PAGE: Final = 100
LONGEST: Final = 60


@blueprint.get("/books")
@needs("ledger.see")
def list_books() -> Response:
    """Show the account books of the site: how far each is closed and sealed."""
    with door().read(actor()) as tx:
        books = survey.overview(tx)
        seal = sealing.status(tx)
    seals = {one.book.book_no: seal_state(one, seal) for one in books}
    return render("ledger/books.html", books=books, seals=seals, seal=seal)


@blueprint.get("/books/<book_no>")
@needs("ledger.see")
def show_book(book_no: str) -> Response:
    """Show a book's lines with their four quantities; the address is the filter."""
    start = after(int)
    wanted = LineFilter(
        request.args.get("q", "").strip()[:LONGEST],
        stock=request.args.get("stock") == "1",
        pending=request.args.get("pending") == "1",
    )
    with door().read(actor()) as tx:
        view = survey.book_view(tx, book_no)
        found = survey.lines(tx, book_no, wanted, start[0] if start else 0, PAGE + 1)
        totals = survey.totals(tx, book_no, wanted)
        seal = sealing.status(tx)
    return render(
        "ledger/book.html",
        view=view,
        book=view.book,
        wanted=wanted,
        page=page_of(found, PAGE, lambda row: (row[0].line_no,)),
        totals=totals,
        matching=sum(total.lines for total in totals),
        seal=seal_state(view, seal),
    )


def seal_state(view: BookView, seal: Status) -> str:
    """Say of a book: `sealed` when every entry is, `waiting` when some may not be, `none`, `empty`.

    Exact without looking at entries: nothing written down before the oldest unsealed posting of the
    site is unsealed, as long as one look saw all that are.
    """
    if view.newest_entry_at is None:
        return "empty"
    if seal.checkpoint is None:
        return "none"
    seen_all = seal.unsealed < sealing.BATCH and not seal.server_changed
    if seen_all and (seal.oldest_unsealed is None or view.newest_entry_at < seal.oldest_unsealed):
        return "sealed"
    return "waiting"
