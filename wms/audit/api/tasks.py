"""Differences as tasks over HTTP: opened, handled step by step; checks; customs' statements."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from wms.audit import queries, service
from wms.audit.schemas import tasks as schemas
from wms.audit.terms import (
    AskRecount,
    AssignTask,
    CheckLines,
    ExplainTask,
    OpenTask,
    ProposeAdjustment,
    ProposeReversal,
    RecordStatement,
    StatedLine,
    WaitTask,
    WriteToCustoms,
)
from wms.web.identity import actor, command, door, needs
from wms.web.openapi import ApiBlueprint
from wms.web.paging import after, cursor

blueprint = ApiBlueprint(
    "audit_tasks", __name__, url_prefix="/api", description="差异 · differences"
)

PAGE: Final = 200


@blueprint.route("/reconciliation/checks", methods=["POST"])
@needs("audit.task")
@blueprint.response(201, schemas.CheckedSchema)
def check() -> Any:
    """Compare every line now; differences become tasks, those that are gone end theirs."""
    return command(service.check, CheckLines(actor().site_id))


@blueprint.route("/reconciliation/tasks")
@needs("audit.see")
@blueprint.arguments(schemas.TaskFilterSchema, location="query")
@blueprint.response(200, schemas.TasksSchema)
def list_tasks(query: dict[str, Any]) -> Any:
    """List tasks, the newest first, 200 at a time."""
    start = after(int)
    with door().read(actor()) as tx:
        found = queries.tasks(
            tx,
            states=(query["state"],) if query["state"] else (),
            owner_id=actor().actor_id if query["mine"] else None,
            side=query["side"],
            after=start[0] if start else None,
            limit=PAGE + 1,
        )
    shown = found[:PAGE]
    more = len(found) > PAGE
    return {"tasks": shown, "next_after": cursor((shown[-1].number,)) if more else None}


@blueprint.route("/reconciliation/tasks", methods=["POST"])
@needs("audit.task")
@blueprint.arguments(schemas.OpenTaskSchema)
@blueprint.response(201, schemas.TaskWithStepsSchema)
def open_task(body: dict[str, Any]) -> Any:
    """Take up one side of one line; the task that is live already when there is one."""
    return _task(command(service.open_task, OpenTask(actor().site_id, **body)))


@blueprint.route("/reconciliation/tasks/<int:number>")
@needs("audit.see")
@blueprint.response(200, schemas.TaskWithStepsSchema)
def show_task(number: int) -> Any:
    """Show a task and what was done in it."""
    return _task(number)


@blueprint.route("/reconciliation/tasks/<int:number>/owner", methods=["PUT"])
@needs("audit.task")
@blueprint.arguments(schemas.AssignSchema)
@blueprint.response(200, schemas.TaskWithStepsSchema)
def assign(body: dict[str, UUID | None], number: int) -> Any:
    """Give a task an owner."""
    return _task(command(service.assign, AssignTask(actor().site_id, number, body["person_id"])))


@blueprint.route("/reconciliation/tasks/<int:number>/notes", methods=["POST"])
@needs("audit.task")
@blueprint.arguments(schemas.ExplainSchema)
@blueprint.response(201, schemas.TaskWithStepsSchema)
def explain(body: dict[str, Any], number: int) -> Any:
    """Say why the figures part, or leave a note."""
    asked = ExplainTask(actor().site_id, number, body["text"], body["cause"])
    return _task(command(service.explain, asked))


@blueprint.route("/reconciliation/tasks/<int:number>/waits", methods=["POST"])
@needs("audit.task")
@blueprint.arguments(schemas.WaitSchema)
@blueprint.response(201, schemas.TaskWithStepsSchema)
def wait(body: dict[str, Any], number: int) -> Any:
    """Let a task wait for a paper."""
    due: date = body["due_on"]
    return _task(command(service.wait, WaitTask(actor().site_id, number, due, body["text"])))


@blueprint.route("/reconciliation/tasks/<int:number>/letters", methods=["POST"])
@needs("audit.task")
@blueprint.arguments(schemas.LetterSchema)
@blueprint.response(201, schemas.TaskWithStepsSchema)
def write(body: dict[str, str], number: int) -> Any:
    """Keep a letter to customs about a difference."""
    asked = WriteToCustoms(actor().site_id, number, body["text"])
    return _task(command(service.write_to_customs, asked))


@blueprint.route("/reconciliation/tasks/<int:number>/counts", methods=["POST"])
@needs("audit.task")
@blueprint.arguments(schemas.RecountSchema)
@blueprint.response(201, schemas.TaskWithStepsSchema)
def recount(body: dict[str, str], number: int) -> Any:
    """Ask for the goods of a task to be counted."""
    asked = AskRecount(actor().site_id, number, body["place"])
    return _task(command(service.ask_recount, asked))


@blueprint.route("/reconciliation/tasks/<int:number>/adjustments", methods=["POST"])
@needs("ledger.propose")
@blueprint.arguments(schemas.AdjustmentSchema)
@blueprint.response(201, schemas.TaskWithStepsSchema)
def propose_adjustment(body: dict[str, Any], number: int) -> Any:
    """Propose to set the floor right; a second person must approve."""
    asked = ProposeAdjustment(actor().site_id, number, **{**body, "status": body["status"].value})
    return _task(command(service.propose_adjustment, asked))


@blueprint.route("/reconciliation/tasks/<int:number>/reversals", methods=["POST"])
@needs("ledger.propose")
@blueprint.arguments(schemas.ReversalSchema)
@blueprint.response(201, schemas.TaskWithStepsSchema)
def propose_reversal(body: dict[str, Any], number: int) -> Any:
    """Propose to take a posting back; a second person must approve."""
    asked = ProposeReversal(actor().site_id, number, **body)
    return _task(command(service.propose_reversal, asked))


@blueprint.route("/books/<book_no>/customs-statements")
@needs("audit.see")
@blueprint.response(200, schemas.StatementsSchema)
def list_statements(book_no: str) -> Any:
    """List what customs said of a book, the newest 50."""
    with door().read(actor()) as tx:
        return {"statements": queries.statements(tx, book_no=book_no)}


@blueprint.route("/books/<book_no>/customs-statements", methods=["POST"])
@needs("audit.task")
@blueprint.arguments(schemas.RecordStatementSchema)
@blueprint.response(201, schemas.StatementSchema)
def record_statement(body: dict[str, Any], book_no: str) -> Any:
    """Take down what customs said of a book; it is sealed and stands beside our figures."""
    lines = tuple(StatedLine(**line) for line in body["lines"])
    asked = RecordStatement(actor().site_id, book_no, **{**body, "lines": lines})
    return command(service.record_statement, asked)


def _task(number: int) -> dict[str, Any]:
    with door().read(actor()) as tx:
        found, steps = queries.task(tx, number), queries.steps(tx, number)
    fields = schemas.TaskSchema().fields
    return {**{name: getattr(found, name) for name in fields}, "steps": steps}
