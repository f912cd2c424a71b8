"""What the ledger's API reads and writes: books, lines, statements, postings, periods, the seal."""

from marshmallow import Schema, fields, validate

from wms.ledger.explaining import Figure
from wms.ledger.terms import Moment as By
from wms.ledger.terms import Step
from wms.web.schema import Moment, QuantityField, StrictSchema, Text, WholeNumber


class BookSchema(Schema):
    """An account book 电子账册, up to when it is closed, and its newest entry."""

    book_no = fields.String(required=True, metadata={"example": "T6409W990001"})
    kind = fields.String(required=True)
    mode = fields.String(required=True)
    opened_at = Moment(required=True)
    lines = fields.Integer(required=True)
    closed_through = Moment(required=True, allow_none=True)
    newest_entry_at = Moment(required=True, allow_none=True)


class CountersSchema(Schema):
    """实增 in, 预增 pre_in, 实减 out, 预减 pre_out; stock = in − out; free = stock − pre_out."""

    in_ = QuantityField(data_key="in", required=True)
    pre_in = QuantityField(required=True)
    out = QuantityField(required=True)
    pre_out = QuantityField(required=True)
    stock = QuantityField(required=True)
    free = QuantityField(required=True)


class BalanceSchema(CountersSchema):
    """The same after the account's entry number `seq`."""

    seq = fields.Integer(required=True)


class BookLineSchema(Schema):
    """A line of a book (gdsSeqno) with its account and its balance."""

    book_no = fields.String(required=True)
    line_no = fields.Integer(required=True)
    account_id = fields.UUID(required=True)
    goods_no = fields.String(required=True)
    hs_code = fields.String(required=True)
    name = fields.String(required=True)
    unit = fields.String(required=True)
    origin = fields.String(required=True)
    balance = fields.Nested(BalanceSchema, required=True)


class UnitTotalSchema(Schema):
    """The counters of all lines of one unit; different units are never added."""

    unit = fields.String(required=True)
    lines = fields.Integer(required=True)
    balance = fields.Nested(CountersSchema, required=True)


class LinesQuerySchema(StrictSchema):
    """Which lines: after a number; words in number, goods, HS code or name; stock; pending."""

    after = WholeNumber(load_default=0)
    q = Text(60, load_default="")
    stock = fields.Boolean(load_default=False)
    pending = fields.Boolean(load_default=False)


class BookLinesSchema(Schema):
    """A page of lines; `next_after` goes on, null at the end; `totals` are of the whole filter."""

    lines = fields.List(fields.Nested(BookLineSchema), required=True)
    next_after = fields.Integer(allow_none=True, required=True)
    totals = fields.List(fields.Nested(UnitTotalSchema), required=True)


class DocumentSchema(Schema):
    """The paper an entry stands on."""

    kind = fields.String(required=True)
    number = fields.String(required=True)
    line = fields.Integer(allow_none=True)


class EntrySchema(Schema):
    """One entry: what moved and the balance right after; `late`: reported after something later."""

    posting_id = fields.UUID(required=True)
    leg = fields.Integer(required=True)
    account_id = fields.UUID(required=True)
    step = fields.String(required=True)
    counter = fields.String(required=True)
    reserve_id = fields.UUID(required=True, allow_none=True)
    d_in = QuantityField(required=True)
    d_pre_in = QuantityField(required=True)
    d_out = QuantityField(required=True)
    d_pre_out = QuantityField(required=True)
    after = fields.Nested(BalanceSchema, required=True)
    document = fields.Nested(DocumentSchema, required=True)
    event = fields.String(required=True)
    reason = fields.String(required=True)
    actor_id = fields.UUID(required=True)
    effective_at = Moment(required=True)
    recorded_at = Moment(required=True)
    late = fields.Boolean(required=True)


class StatementQuerySchema(StrictSchema):
    """Which entries: before one, after one (`since`), of a kind of paper, an event, a step.

    An empty `event` wants entries of postings without one.
    """

    before = WholeNumber(1, load_default=None, allow_none=True)
    since = WholeNumber(load_default=0)
    kind = Text(30, load_default="")
    event = Text(40, empty=True, load_default=None, allow_none=True)
    step = fields.String(
        load_default="", validate=validate.OneOf(["", *(step.value for step in Step)])
    )


class StatementSchema(Schema):
    """One page of entries, the newest first; `next_before` goes on, null at the end."""

    entries = fields.List(fields.Nested(EntrySchema), required=True)
    next_before = fields.Integer(allow_none=True, required=True)


class AsOfQuerySchema(StrictSchema):
    """A moment, and by which of the two times it is meant."""

    at = Moment(required=True)
    by = fields.String(
        load_default=By.RECORDED.value, validate=validate.OneOf([by.value for by in By])
    )


class AsOfSchema(Schema):
    """What an account stood at, and the entry that made it so (null before the first)."""

    at = Moment(required=True)
    by = fields.String(required=True)
    balance = fields.Nested(BalanceSchema, required=True)
    entry = fields.Nested(EntrySchema, required=True, allow_none=True)


class FigureQuerySchema(StrictSchema):
    """Which figure is to be explained."""

    figure = fields.String(
        load_default=Figure.FREE.value, validate=validate.OneOf([one.value for one in Figure])
    )


class SinceSchema(Schema):
    """The closing an explanation begins with, and the figure it kept."""

    through = Moment(required=True)
    posting_id = fields.UUID(required=True)
    seq = fields.Integer(required=True)
    amount = QuantityField(required=True)


class GroupSchema(Schema):
    """What one event of one kind of paper did to the figure by one step, and how often."""

    kind = fields.String(required=True)
    event = fields.String(required=True)
    step = fields.String(required=True)
    entries = fields.Integer(required=True)
    amount = QuantityField(required=True)
    first_at = Moment(required=True)
    last_at = Moment(required=True)


class ExplanationSchema(Schema):
    """A figure as a sum: `since` (null: from nothing) and the groups make `total`.

    The total is what the account holds `today` after its entry `seq`, or the laws are broken.
    """

    figure = fields.String(required=True)
    since = fields.Nested(SinceSchema, required=True, allow_none=True)
    groups = fields.List(fields.Nested(GroupSchema), required=True)
    total = QuantityField(required=True)
    today = QuantityField(required=True)
    seq = fields.Integer(required=True)


class ReservationsQuerySchema(StrictSchema):
    """Go on after this reservation."""

    after = fields.UUID(load_default=None, allow_none=True)


class OpeningSchema(Schema):
    """The posting that made a reservation."""

    posting_id = fields.UUID(required=True)
    document = fields.Nested(DocumentSchema, required=True)
    event = fields.String(required=True)
    actor_id = fields.UUID(required=True)
    effective_at = Moment(required=True)
    recorded_at = Moment(required=True)


class ReservationSchema(Schema):
    """An open reservation: side in (预增) or out (预减), and what is left of it."""

    reserve_id = fields.UUID(required=True)
    side = fields.String(required=True)
    quantity = QuantityField(required=True)
    open_ = QuantityField(data_key="open", required=True)
    opening = fields.Nested(OpeningSchema, required=True, allow_none=True)


class ReservationsSchema(Schema):
    """One page of open reservations, the oldest first; `next_after` goes on, null at the end."""

    reservations = fields.List(fields.Nested(ReservationSchema), required=True)
    next_after = fields.UUID(allow_none=True, required=True)


class DecisionSchema(Schema):
    """Who decided, when, what, and the note to it."""

    decided_by = fields.UUID(required=True)
    decided_name = fields.String(required=True)
    decided_at = Moment(required=True)
    verdict = fields.String(required=True)
    note = fields.String(required=True)


class ProposalSchema(Schema):
    """What one person asks another to approve, and the answer (null while it is open)."""

    proposal_id = fields.UUID(required=True)
    kind = fields.String(required=True)
    subject = fields.String(required=True)
    reason = fields.String(required=True)
    proposed_by = fields.UUID(required=True)
    proposed_name = fields.String(required=True)
    proposed_at = Moment(required=True)
    decision = fields.Nested(DecisionSchema, required=True, allow_none=True)


class PostingQuerySchema(StrictSchema):
    """Go on after this leg."""

    after = WholeNumber(load_default=0)


class PostingSchema(Schema):
    """A posting: its head, a page of its entries, its words, and where it stands in the log.

    `words` are those of a statement or closing as canonical JSON, "" for what moves quantities;
    `leaf_index` is null while it is not sealed.
    """

    posting_id = fields.UUID(required=True)
    key = fields.String(required=True)
    kind = fields.String(required=True)
    event = fields.String(required=True)
    rule_version = fields.Integer(required=True)
    document = fields.Nested(DocumentSchema, required=True)
    effective_at = Moment(required=True)
    recorded_at = Moment(required=True)
    actor_id = fields.UUID(required=True)
    reason = fields.String(required=True)
    reverses_id = fields.UUID(required=True, allow_none=True)
    reversed_by = fields.UUID(required=True, allow_none=True)
    approval = fields.Nested(ProposalSchema, required=True, allow_none=True)
    words = fields.String(required=True)
    entries = fields.List(fields.Nested(EntrySchema), required=True)
    next_after = fields.Integer(allow_none=True, required=True)
    leaf_index = fields.Integer(allow_none=True, required=True)
    checkpoint = fields.Integer(allow_none=True, required=True)


class ReversalSchema(StrictSchema):
    """Ask for a posting to be undone, and say why."""

    reason = Text(500, lines=True, required=True)


class ClosePeriodSchema(StrictSchema):
    """Close a book up to and with a moment that lies behind us."""

    through = Moment(required=True)
    reason = Text(500, lines=True, empty=True, load_default="")


class PeriodSchema(Schema):
    """A closed period; `posting_id` is the closing itself, sealed with the rest."""

    book_no = fields.String(required=True)
    through = Moment(required=True)
    posting_id = fields.UUID(required=True)
    closed_by_name = fields.String(required=True)
    closed_at = Moment(required=True)
    lines = fields.Integer(required=True)


class PeriodsSchema(Schema):
    """The closed periods of a book, the newest first."""

    periods = fields.List(fields.Nested(PeriodSchema), required=True)


class ClosingQuerySchema(StrictSchema):
    """Which closing, and after which line."""

    through = Moment(required=True)
    after = WholeNumber(load_default=0)


class ClosingLineSchema(Schema):
    """What a line stood at when its period was closed."""

    line_no = fields.Integer(required=True)
    goods_no = fields.String(required=True)
    unit = fields.String(required=True)
    balance = fields.Nested(BalanceSchema, required=True)


class ClosingSchema(Schema):
    """A page of closing balances; `totals` are of the whole book."""

    period = fields.Nested(PeriodSchema, required=True)
    totals = fields.List(fields.Nested(UnitTotalSchema), required=True)
    lines = fields.List(fields.Nested(ClosingLineSchema), required=True)
    next_after = fields.Integer(allow_none=True, required=True)


class CheckpointSchema(Schema):
    """What the log committed to: the size of its tree and its root, signed in `note` (C2SP)."""

    tree_size = fields.Integer(required=True)
    root = fields.String(required=True, metadata={"description": "SHA-256, hexadecimal"})
    era = fields.Integer(required=True)
    signed_at = Moment(required=True)
    note = fields.String(required=True)


class CheckpointsQuerySchema(StrictSchema):
    """Go on before the checkpoint of this size."""

    before = WholeNumber(1, load_default=None, allow_none=True)


class SealSchema(Schema):
    """How the seal of the site stands, and a page of its checkpoints, the largest first.

    `unsealed` counts postings in no checkpoint yet, up to one batch.
    """

    era = fields.Integer(required=True)
    server_changed = fields.Boolean(required=True)
    unsealed = fields.Integer(required=True)
    oldest_unsealed = Moment(required=True, allow_none=True)
    witnesses = fields.List(fields.String(), required=True)
    checkpoints = fields.List(fields.Nested(CheckpointSchema), required=True)
    next_before = fields.Integer(allow_none=True, required=True)


class ProofSchema(Schema):
    """A posting's proof of inclusion: the very file `wms ledger check-proof` reads, as a text."""

    posting_id = fields.UUID(required=True)
    proof = fields.String(required=True)


class BreachSchema(Schema):
    """A law that does not hold, and where."""

    law = fields.String(required=True)
    where = fields.UUID(required=True)


class StandingSchema(Schema):
    """Whether every law holds, recomputed from all entries now."""

    stands = fields.Boolean(required=True)
    postings = fields.Integer(required=True)
    breaches = fields.List(fields.Nested(BreachSchema), required=True)
