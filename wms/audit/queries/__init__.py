"""Every reading of audit: the reconciliation, its signatures, today's board, numbers found."""

from wms.audit.queries.board import board
from wms.audit.queries.find import find
from wms.audit.queries.reconciling import reconcile
from wms.audit.queries.signing import signatures

__all__ = ["board", "find", "reconcile", "signatures"]
