"""Proposals and the second person's answer, as the API reads and writes them."""

from marshmallow import Schema, fields

from wms.ledger.approvals import Verdict as Answer
from wms.web.schema import Moment, QuantityField, StrictSchema, Text


class ProposalFilterSchema(StrictSchema):
    """Open proposals, or those that are decided; and after which page."""

    decided = fields.Boolean(load_default=False)
    after = Text(400, load_default=None, allow_none=True)


class DecisionSchema(Schema):
    """Who decided what, when, and the note to it."""

    decided_by = fields.String(required=True, attribute="decided_name")
    decided_at = Moment(required=True)
    verdict = fields.Enum(Answer, by_value=True, required=True)
    note = fields.String(required=True)


class EffectSchema(Schema):
    """One figure that an approval would change now."""

    what = fields.String(required=True)
    facts = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    before = QuantityField(required=True)
    after = QuantityField(required=True)


class ProposalSchema(Schema):
    """What somebody asks a second person to approve."""

    proposal_id = fields.UUID(required=True)
    kind = fields.String(required=True)
    subject = fields.String(required=True)
    reason = fields.String(required=True)
    proposed_by = fields.String(required=True, attribute="proposed_name")
    proposed_at = Moment(required=True)
    decision = fields.Nested(DecisionSchema, required=True, allow_none=True)


class ProposalWithEffectsSchema(ProposalSchema):
    """A proposal with what approving it now would change, or the postings its approval made."""

    effects = fields.List(fields.Nested(EffectSchema), required=True)
    postings = fields.List(fields.UUID(), required=True)


class ProposalsSchema(Schema):
    """A page of proposals, the newest first."""

    proposals = fields.List(fields.Nested(ProposalSchema), required=True)
    next_after = fields.String(required=True, allow_none=True)


class DecideSchema(StrictSchema):
    """The second person's answer; `withdrawn` is for whoever proposed."""

    verdict = fields.Enum(Answer, by_value=True, required=True)
    note = Text(500, load_default="", empty=True, lines=True)
