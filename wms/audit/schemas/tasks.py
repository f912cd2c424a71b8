"""Tasks, checks and customs' statements, as the API reads and writes them."""

from marshmallow import Schema, fields, validate

from wms.audit.terms import SOURCES, Cause, Did, Side, TaskState
from wms.stock.terms import Status
from wms.web.schema import Moment, QuantityField, StrictSchema, Text, WholeNumber


class TaskFilterSchema(StrictSchema):
    """Which tasks: of a state, of a side, mine only; and after which page."""

    state = fields.Enum(TaskState, by_value=True, load_default=None, allow_none=True)
    side = fields.Enum(Side, by_value=True, load_default=None, allow_none=True)
    mine = fields.Boolean(load_default=False)
    after = Text(400, load_default=None, allow_none=True)


class TaskSchema(Schema):
    """A difference somebody is to see to the end; `gap` is the one of the last look."""

    number = fields.Integer(required=True)
    book_no = fields.String(required=True)
    line_no = fields.Integer(required=True)
    goods_no = fields.String(required=True)
    side = fields.Enum(Side, by_value=True, required=True)
    state = fields.Enum(TaskState, by_value=True, required=True)
    gap = QuantityField(required=True)
    since = Moment(required=True, allow_none=True)
    opened_at = Moment(required=True)
    changed_at = Moment(required=True)
    owner = fields.String(required=True)
    cause = fields.String(required=True)
    proposal_id = fields.UUID(required=True, allow_none=True)
    due_on = fields.Date(required=True, allow_none=True)
    closed_at = Moment(required=True, allow_none=True)


class TasksSchema(Schema):
    """A page of tasks, the newest first."""

    tasks = fields.List(fields.Nested(TaskSchema), required=True)
    next_after = fields.String(required=True, allow_none=True)


class TaskStepSchema(Schema):
    """One step in the life of a task; `gap` is how far apart the figures were then."""

    what = fields.Enum(Did, by_value=True, required=True)
    text = fields.String(required=True)
    facts = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    gap = QuantityField(required=True)
    actor_name = fields.String(required=True)
    at = Moment(required=True)


class TaskWithStepsSchema(TaskSchema):
    """A task with its history, the oldest step first."""

    steps = fields.List(fields.Nested(TaskStepSchema), required=True)


class OpenTaskSchema(StrictSchema):
    """Which side of which line; goods no book knows have an empty `book_no` and line 0."""

    book_no = Text(12, load_default="", empty=True)
    line_no = WholeNumber(load_default=0)
    goods_no = Text(32, required=True)
    side = fields.Enum(Side, by_value=True, required=True)


class AssignSchema(StrictSchema):
    """Who shall see to it; whoever asks when nobody is named."""

    person_id = fields.UUID(load_default=None, allow_none=True)


class ExplainSchema(StrictSchema):
    """Why the figures part, from the closed list, with a text; without a cause it is a note."""

    cause = fields.Enum(Cause, by_value=True, load_default=None, allow_none=True)
    text = Text(1000, load_default="", empty=True, lines=True)


class WaitSchema(StrictSchema):
    """What is waited for, and the day to ask again."""

    due_on = fields.Date(required=True)
    text = Text(1000, required=True, lines=True)


class LetterSchema(StrictSchema):
    """What customs is told; kept and sealed word for word."""

    text = Text(1000, required=True, lines=True)


class RecountSchema(StrictSchema):
    """Where to count again; wherever the goods stand when left out."""

    place = Text(20, load_default="", empty=True)


class AdjustmentSchema(StrictSchema):
    """By how many pieces (+ or −) one lot in one unit is to be set right, and why."""

    unit = Text(40, required=True)
    lot = Text(20, load_default="", empty=True)
    status = fields.Enum(Status, by_value=True, load_default=Status.GOOD)
    quantity = QuantityField(required=True)
    text = Text(500, required=True, lines=True)
    count_no = Text(20, load_default="", empty=True)


class ReversalSchema(StrictSchema):
    """Which posting is to be taken back whole, and why."""

    posting_id = fields.UUID(required=True)
    text = Text(500, required=True, lines=True)


class CheckedSchema(Schema):
    """What a check found: lines, sides that are apart, tasks it opened and closed."""

    check_id = fields.UUID(required=True)
    at = Moment(required=True)
    lines = fields.Integer(required=True)
    apart = fields.Integer(required=True)
    opened = fields.Integer(required=True)
    closed = fields.Integer(required=True)


class StatedLineSchema(StrictSchema):
    """Customs' figure of one book line, in the line's unit."""

    line_no = WholeNumber(1, required=True)
    quantity = QuantityField(required=True)


class RecordStatementSchema(StrictSchema):
    """What customs said of a book: when, how we know, and its figure of each line it spoke of."""

    stated_at = Moment(required=True)
    source = fields.String(load_default="file", validate=validate.OneOf(SOURCES))
    document_no = Text(64, load_default="", empty=True)
    note = Text(500, load_default="", empty=True, lines=True)
    lines = fields.List(
        fields.Nested(StatedLineSchema), required=True, validate=validate.Length(1, 20_000)
    )


class StatementSchema(Schema):
    """What customs said of a book, when, and who took it down; its id is that of its posting."""

    statement_id = fields.UUID(required=True)
    book_no = fields.String(required=True)
    source = fields.String(required=True)
    document_no = fields.String(required=True)
    stated_at = Moment(required=True)
    recorded_at = Moment(required=True)
    recorded_by = fields.String(required=True)
    note = fields.String(required=True)
    lines = fields.Integer(required=True)


class StatementsSchema(Schema):
    """The newest statements of a book, the newest first."""

    statements = fields.List(fields.Nested(StatementSchema), required=True)
