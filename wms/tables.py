"""Every table of every room, for migrations and tests."""

import re
from typing import Final

from wms.access import models as access_models
from wms.audit import models as audit_models
from wms.clearance import models as clearance_models
from wms.customs import models as customs_models
from wms.db import inbox_models
from wms.db import models as db_models
from wms.db.base import Base
from wms.gate import models as gate_models
from wms.inbound import models as inbound_models
from wms.ledger import models as ledger_models
from wms.ledger.seal import models as seal_models
from wms.masterdata import models as masterdata_models
from wms.outbound import models as outbound_models
from wms.printing import models as printing_models
from wms.scans import models as scans_models
from wms.seals import models as seals_models
from wms.stock import models as stock_models

__all__ = ["METADATA", "ROOMS", "is_mapped"]

ROOMS = (
    access_models,
    audit_models,
    clearance_models,
    customs_models,
    db_models,
    gate_models,
    inbox_models,
    inbound_models,
    ledger_models,
    masterdata_models,
    scans_models,
    seal_models,
    seals_models,
    printing_models,
    outbound_models,
    stock_models,
)
METADATA = Base.metadata
_PARTITION: Final = re.compile(r"ledger_(posting|entry)_(rest|\d{4}q\d)")


def is_mapped(name: str | None, kind: str, _: object) -> bool:
    """Tell Alembic what to compare with the models: all but partitions, made as time goes."""
    return not (kind == "table" and name is not None and _PARTITION.fullmatch(name))
