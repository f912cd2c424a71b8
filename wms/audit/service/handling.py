"""What a person does with a task: take it, say why, wait, write to customs, propose, recount."""

from wms.access import queries as access
from wms.audit.errors import proposed
from wms.audit.models import TaskRow
from wms.audit.service.history import keep, live, move, told
from wms.audit.terms import (
    AskRecount,
    AssignTask,
    Did,
    ExplainTask,
    ProposeAdjustment,
    ProposeReversal,
    TaskState,
    WaitTask,
    WriteToCustoms,
)
from wms.db.transaction import Tx
from wms.kernel.ids import new_id
from wms.ledger import reversing, statements
from wms.ledger.reversing import ReversePosting
from wms.ledger.terms import DocumentRef
from wms.stock import queries as stock_queries
from wms.stock import service as stock
from wms.stock.terms import Adjust, AskCount, Content, Status


def assign(tx: Tx, command: AssignTask) -> int:
    """Give a task an owner, the actor if nobody is named; return its number.

    Raises Unknown `access.person_unknown`.
    """
    row = live(tx, command.number)
    row.owner_id, row.owner = tx.actor.actor_id, tx.actor.name
    if command.person_id is not None:
        person = access.person(tx, command.person_id)
        row.owner_id, row.owner = person.person_id, person.name_zh
    if row.state == TaskState.OPEN:
        move(tx, row, TaskState.ASSIGNED)
    keep(tx, row, Did.ASSIGNED, owner=row.owner)
    return row.number


def explain(tx: Tx, command: ExplainTask) -> int:
    """Keep a cause with what there is to say about it, or a note; return the task's number."""
    row = live(tx, command.number)
    if command.cause is None:
        keep(tx, row, Did.NOTE, told(row.number, command.text))
        return row.number
    row.cause, row.changed_at = command.cause.value, tx.now
    keep(tx, row, Did.CAUSE, command.text.strip(), cause=command.cause.value)
    return row.number


def wait(tx: Tx, command: WaitTask) -> int:
    """Let a task wait for a paper until a day; return its number."""
    row = _undecided(tx, command.number)
    text = told(row.number, command.text)
    row.due_on = command.due_on
    move(tx, row, TaskState.WAITING)
    keep(tx, row, Did.WAITING, text, due=command.due_on)
    return row.number


def write_to_customs(tx: Tx, command: WriteToCustoms) -> int:
    """Keep a letter to customs, sealed in the ledger; the task waits for the answer."""
    row = _undecided(tx, command.number)
    text = told(row.number, command.text)
    letter_id = statements.record(
        tx,
        f"letter:{new_id()}",
        "customs.written",
        DocumentRef("difference", str(row.number)),
        {
            "book": row.book_no,
            "line": row.line_no,
            "goods": row.goods_no,
            "side": row.side,
            "gap": str(row.gap),
            "text": text,
        },
    )
    move(tx, row, TaskState.WAITING)
    keep(tx, row, Did.WRITTEN, text, posting=letter_id)
    return row.number


def ask_recount(tx: Tx, command: AskRecount) -> int:
    """Ask for the goods of a task to be counted, at one place or wherever they stand.

    Who counted last does not count again. Returns the task's number.
    """
    row = live(tx, command.number)
    last = stock_queries.counted_apart(tx, row.goods_no)
    asked = stock.ask_count(
        tx,
        AskCount(
            tx.site_id,
            f"difference {row.number}",
            command.place,
            "" if command.place else row.goods_no,
            last[-1].count_no if last else "",
        ),
    )
    keep(tx, row, Did.COUNT, counts=" ".join(asked.counts))
    return row.number


def propose_adjustment(tx: Tx, command: ProposeAdjustment) -> int:
    """Propose to set the floor right; a second person must approve. Returns the task's number."""
    row = _undecided(tx, command.number)
    text = told(row.number, command.text)
    expiry = next(
        (
            held.expiry
            for held in stock_queries.contents(tx, command.unit)
            if (held.sku, held.lot) == (row.goods_no, command.lot)
        ),
        None,
    )
    content = Content(row.goods_no, command.lot, expiry, command.quantity, Status(command.status))
    paper = (
        DocumentRef("count", command.count_no)
        if command.count_no
        else DocumentRef("difference", str(row.number))
    )
    adjust = Adjust(tx.site_id, command.unit, content, paper, text, tx.now)
    row.proposal_id = stock.propose_adjustment(tx, adjust)
    _propose(tx, row, text)
    return row.number


def propose_reversal(tx: Tx, command: ProposeReversal) -> int:
    """Propose to take a posting back whole; a second person must approve."""
    row = _undecided(tx, command.number)
    text = told(row.number, command.text)
    row.proposal_id = reversing.propose(
        tx, ReversePosting(tx.site_id, command.posting_id, text)
    ).proposal_id
    _propose(tx, row, text)
    return row.number


def _propose(tx: Tx, row: TaskRow, text: str) -> None:
    move(tx, row, TaskState.PROPOSED)
    keep(tx, row, Did.PROPOSED, text, proposal=row.proposal_id)


def _undecided(tx: Tx, number: int) -> TaskRow:
    """Return a live task of which no proposal waits for its answer."""
    row = live(tx, number)
    if row.state == TaskState.PROPOSED:
        raise proposed(number)
    return row
