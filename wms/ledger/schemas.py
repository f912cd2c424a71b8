"""What the ledger's API writes: books, lines with their four quantities, entries."""

from marshmallow import Schema, fields

from wms.web.schema import Moment, QuantityField


class BookSchema(Schema):
    """An account book 电子账册."""

    book_no = fields.String(required=True, metadata={"example": "T6409W990001"})
    kind = fields.String(required=True)
    mode = fields.String(required=True)
    opened_at = Moment(required=True)
    lines = fields.Integer(required=True)


class BalanceSchema(Schema):
    """实增 in, 预增 pre_in, 实减 out, 预减 pre_out; stock = in − out; free = stock − pre_out."""

    in_ = QuantityField(data_key="in", required=True)
    pre_in = QuantityField(required=True)
    out = QuantityField(required=True)
    pre_out = QuantityField(required=True)
    stock = QuantityField(required=True)
    free = QuantityField(required=True)
    seq = fields.Integer(required=True)


class BookLineSchema(Schema):
    """A line of a book (gdsSeqno) with its balance."""

    book_no = fields.String(required=True)
    line_no = fields.Integer(required=True)
    goods_no = fields.String(required=True)
    hs_code = fields.String(required=True)
    name = fields.String(required=True)
    unit = fields.String(required=True)
    origin = fields.String(required=True)
    balance = fields.Nested(BalanceSchema, required=True)


class BookLinesSchema(Schema):
    """One page of lines; `next_after` is the line number to go on from, null at the end."""

    lines = fields.List(fields.Nested(BookLineSchema), required=True)
    next_after = fields.Integer(allow_none=True, required=True)


class DocumentSchema(Schema):
    """The paper an entry stands on."""

    kind = fields.String(required=True)
    number = fields.String(required=True)
    line = fields.Integer(allow_none=True)


class EntrySchema(Schema):
    """One entry of a statement and the balance right after it."""

    posting_id = fields.UUID(required=True)
    step = fields.String(required=True)
    counter = fields.String(required=True)
    d_in = QuantityField(required=True)
    d_pre_in = QuantityField(required=True)
    d_out = QuantityField(required=True)
    d_pre_out = QuantityField(required=True)
    after = fields.Nested(BalanceSchema, required=True)
    document = fields.Nested(DocumentSchema, required=True)
    reason = fields.String(required=True)
    effective_at = Moment(required=True)
    recorded_at = Moment(required=True)


class StatementSchema(Schema):
    """One page of entries, the newest first; `next_before` goes on, null at the end."""

    entries = fields.List(fields.Nested(EntrySchema), required=True)
    next_before = fields.Integer(allow_none=True, required=True)


class BreachSchema(Schema):
    """A law that does not hold, and where."""

    law = fields.String(required=True)
    where = fields.UUID(required=True)


class StandingSchema(Schema):
    """Whether every law holds, recomputed from all entries now."""

    stands = fields.Boolean(required=True)
    postings = fields.Integer(required=True)
    breaches = fields.List(fields.Nested(BreachSchema), required=True)
