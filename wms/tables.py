"""Every table of every room, for migrations and tests."""

from wms.db import models as db_models
from wms.db.base import Base
from wms.ledger import models as ledger_models
from wms.masterdata import models as masterdata_models
from wms.printing import models as printing_models

__all__ = ["METADATA", "ROOMS"]

ROOMS = (
    db_models,
    ledger_models,
    masterdata_models,
    printing_models,
)
METADATA = Base.metadata
