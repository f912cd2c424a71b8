"""Taking down what customs says of a book, sealed in the ledger before it is compared."""

from collections import Counter
from typing import Any, Final

from sqlalchemy import insert

from wms.audit.models import StatementLineRow, StatementRow
from wms.audit.terms import RecordStatement, Statement
from wms.db.payload import to_builtins
from wms.db.transaction import Tx
from wms.kernel.errors import Conflict, Invalid
from wms.kernel.ids import new_id
from wms.kernel.quantity import ZERO
from wms.ledger import books, statements
from wms.ledger.terms import DocumentRef

_FIRST_YEAR: Final = 2000
"""No book is older; a moment before the year 1 could be stored for ever and never be read."""


def record_statement(tx: Tx, command: RecordStatement) -> Statement:
    """Keep customs' figures of a book at a moment; they stand beside ours from now on.

    Raises Unknown `ledger.book_unknown`, Invalid `audit.statement_empty`, `audit.line_twice`,
    `audit.stated_below_zero`, `field.moment` for one before the year 2000, Conflict
    `audit.statement_early` for a moment that is still to come.
    """
    books.book(tx, command.book_no)
    if not command.lines:
        raise Invalid("audit.statement_empty", read=command.book_no)
    twice = [no for no, times in Counter(one.line_no for one in command.lines).items() if times > 1]
    if twice:
        raise Invalid("audit.line_twice", read=twice[0])
    below = next((one for one in command.lines if one.quantity < ZERO), None)
    if below is not None:
        raise Invalid("audit.stated_below_zero", read=below.quantity, line=below.line_no)
    if command.stated_at.year < _FIRST_YEAR:
        raise Invalid("field.moment", read=command.stated_at.isoformat())
    if command.stated_at > tx.now:
        raise Conflict("audit.statement_early", read=command.stated_at.isoformat())
    statement_id = statements.record(
        tx,
        f"customs-book:{new_id()}",
        "customs.book_stated",
        DocumentRef("book", command.book_no),
        {
            "book": command.book_no,
            "stated_at": command.stated_at.isoformat(),
            "source": command.source,
            "document": command.document_no,
            "note": command.note,
            "lines": [[one.line_no, str(one.quantity)] for one in command.lines],
        },
    )
    return _kept(tx, command, statement_id)


def _kept(tx: Tx, command: RecordStatement, statement_id: object) -> Statement:
    head: dict[str, Any] = {
        "site_id": tx.site_id,
        "statement_id": statement_id,
        "book_no": command.book_no,
        "source": command.source,
        "document_no": command.document_no,
        "stated_at": command.stated_at,
        "recorded_at": tx.now,
        "recorded_by": tx.actor.name,
        "note": command.note,
        "lines": len(command.lines),
    }
    tx.session.execute(insert(StatementRow).values(**head, actor_id=tx.actor.actor_id))
    tx.session.execute(
        insert(StatementLineRow),
        [
            {
                "site_id": tx.site_id,
                "statement_id": statement_id,
                "line_no": one.line_no,
                "book_no": command.book_no,
                "quantity": one.quantity,
                "stated_at": command.stated_at,
            }
            for one in command.lines
        ],
    )
    told = {name: value for name, value in head.items() if name != "site_id"}
    tx.note("customs_statement", statement_id, after=to_builtins(command.lines)[:20])
    return Statement(**told)
