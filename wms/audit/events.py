"""What audit tells: a proposal was decided, so that differences are looked at again."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from wms.db.outbox import Event
from wms.kernel.ids import SiteId


@dataclass(frozen=True, slots=True)
class ProposalDecided(Event):
    """A second person has answered; what was approved is done."""

    kind: ClassVar[str] = "audit.proposal_decided"
    site_id: SiteId
    proposal_id: UUID
    verdict: str
