"""Pages of customs' own statements: what it said of a book, and taking down what it says now."""

from datetime import datetime
from typing import Final
from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from wms.audit import queries, service
from wms.audit.terms import RecordStatement, StatedLine
from wms.kernel.clock import BEIJING
from wms.kernel.errors import Invalid, Refusal
from wms.kernel.quantity import Quantity
from wms.ledger import books
from wms.web.errors import answer_to
from wms.web.identity import actor, command, door, needs
from wms.web.layout import render
from wms.web.paging import after, page_of

blueprint = Blueprint("audit_statement_pages", __name__, template_folder="../templates")

PAGE: Final = 50
MOST_LINES: Final = 20_000
MOST_BYTES: Final = 500_000
_BETWEEN: Final = ",;\t，；"


@blueprint.get("/reconcile/statements")
@needs("audit.see")
def list_statements() -> Response:
    """Show what customs said, the newest first, and the form that takes down more."""
    return _list(None)


@blueprint.get("/reconcile/statements/<uuid:statement_id>")
@needs("audit.see")
def show_statement(statement_id: UUID) -> Response:
    """Show one statement, line by line."""
    with door().read(actor()) as tx:
        found, lines = queries.statement(tx, statement_id)
    return render("audit/statement.html", statement=found, lines=lines)


@blueprint.post("/reconcile/statements")
@needs("audit.task")
def record() -> AnyResponse:
    """Take down what customs said: lines of `number, quantity`, typed in or from a file."""
    try:
        command(service.record_statement, _read())
    except Refusal as refusal:
        return _list(refusal)
    return redirect(url_for(".list_statements"), 303)


def _read() -> RecordStatement:
    file = request.files.get("file")
    source, told = "person", request.form.get("lines", "")
    if file is not None and file.filename:
        held = file.read(MOST_BYTES + 1)
        if len(held) > MOST_BYTES:  # cut, its last line would be another figure
            raise Invalid("field.length", read=f"> {MOST_BYTES}", min=1, max=MOST_BYTES)
        source, told = "file", held.decode("utf-8-sig", "replace")
    given = request.form.get("stated_at", "")
    try:
        stated_at = datetime.fromisoformat(given).replace(tzinfo=BEIJING)
    except ValueError:
        raise Invalid("field.moment", read=given[:40]) from None
    return RecordStatement(
        actor().site_id,
        request.form.get("book_no", "")[:12],
        stated_at,
        source,
        request.form.get("document_no", "").strip()[:64],
        request.form.get("note", "").strip()[:500],
        _lines(told),
    )


def _lines(told: str) -> tuple[StatedLine, ...]:
    """Read `7, 456` line by line; blank lines and a first line of headings are passed over."""
    found: list[StatedLine] = []
    for place, row in enumerate(told.splitlines()):
        parts = row.translate(dict.fromkeys(map(ord, _BETWEEN), " ")).split()
        if not parts or (place == 0 and not parts[0].isdecimal()):
            continue
        if len(parts) != 2 or not parts[0].isdecimal() or len(parts[0]) > 9:
            raise Invalid("audit.statement_line", read=row[:40], place=place + 1)
        found.append(StatedLine(int(parts[0]), Quantity.of(parts[1])))
        if len(found) > MOST_LINES:
            raise Invalid("field.length", read=len(found), min=1, max=MOST_LINES)
    return tuple(found)


def _list(refusal: Refusal | None) -> Response:
    with door().read(actor()) as tx:
        found = queries.statements(tx, after=after(datetime, UUID), limit=PAGE + 1)
        numbers = [one.book_no for one in books.books(tx)]
    page = render(
        "audit/statements.html",
        page=page_of(found, PAGE, lambda one: (one.recorded_at.isoformat(), str(one.statement_id))),
        books=numbers,
        refused=answer_to(refusal) if refusal else None,
    )
    page.status_code = answer_to(refusal).status if refusal else 200
    return page
