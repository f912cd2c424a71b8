"""Pages of the ledger: books, a book's lines, a line's statement."""

from typing import Final

from flask import Blueprint, Response

from wms.ledger import balances, books
from wms.web.identity import actor, door, needs
from wms.web.layout import render
from wms.web.paging import after, page_of

blueprint = Blueprint("ledger_pages", __name__, template_folder="templates")

PAGE: Final = 100


@blueprint.get("/books")
@needs("ledger.see")
def list_books() -> Response:
    """Show the account books of the site."""
    with door().read(actor()) as tx:
        return render("ledger/books.html", books=books.books(tx))


@blueprint.get("/books/<book_no>")
@needs("ledger.see")
def show_book(book_no: str) -> Response:
    """Show a book's lines with their four quantities."""
    start = after(int)
    with door().read(actor()) as tx:
        book = books.book(tx, book_no)
        found = books.lines(tx, book_no, start[0] if start else 0, PAGE + 1)
    page = page_of(found, PAGE, lambda row: (row[0].line_no,))
    return render("ledger/book.html", book=book, page=page)


@blueprint.get("/books/<book_no>/lines/<int:line_no>")
@needs("ledger.see")
def show_line(book_no: str, line_no: int) -> Response:
    """Show a line's balance as a sum, and its statement, the newest entry first."""
    start = after(int)
    with door().read(actor()) as tx:
        line = books.line(tx, book_no, line_no)
        balance = balances.balance(tx, line.account_id)
        found = balances.statement(tx, line.account_id, start[0] if start else None, PAGE + 1)
    page = page_of(found, PAGE, lambda entry: (entry.after.seq,))
    return render("ledger/line.html", line=line, balance=balance, page=page)
