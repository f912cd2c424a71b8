"""The documents: orders, payments, waybills, lists, checklists, transfers, and their story."""

from wms.clearance.models.checklists import (
    ChecklistLineRow,
    ChecklistMember,
    ChecklistRow,
    CustomsFigure,
)
from wms.clearance.models.story import (
    DocumentEvent,
)
from wms.clearance.models.trade import (
    CustomsOrder,
    Dossier,
    PaymentPaper,
    ReleaseListLineRow,
    ReleaseListRow,
    WaybillPaper,
)
from wms.clearance.models.transfers import (
    TransferLineRow,
    TransferRow,
)

__all__ = [
    "ChecklistLineRow",
    "ChecklistMember",
    "ChecklistRow",
    "CustomsFigure",
    "CustomsOrder",
    "DocumentEvent",
    "Dossier",
    "PaymentPaper",
    "ReleaseListLineRow",
    "ReleaseListRow",
    "TransferLineRow",
    "TransferRow",
    "WaybillPaper",
]
