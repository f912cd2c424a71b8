"""Every table of every room, for migrations and tests."""

from wms.db import models as db_models
from wms.db.base import Base

__all__ = ["METADATA", "ROOMS"]

ROOMS = (db_models,)
METADATA = Base.metadata
