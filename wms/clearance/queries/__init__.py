"""What stands where: documents by state, one document with its story, verdicts for the gate."""

from wms.clearance.queries.checklists import (
    ChecklistLineView,
    ChecklistView,
    CustomsLine,
    checklist,
    checklist_by_id,
    customs_figures,
)
from wms.clearance.queries.lists import (
    ListLineView,
    ListVerdict,
    ListView,
    list_of_order,
    list_of_waybill,
    lists_of_checklists,
    lists_released,
    release_list,
)
from wms.clearance.queries.overview import (
    DocumentCount,
    DocumentLine,
    TimelineEntry,
    counts,
    documents,
    pending,
    timeline,
)
from wms.clearance.queries.papers import PaperView, paper
from wms.clearance.queries.transfers import (
    TransferLine,
    TransferView,
    Transit,
    transfer,
    transit,
    transit_account,
)

__all__ = [
    "ChecklistLineView",
    "ChecklistView",
    "CustomsLine",
    "DocumentCount",
    "DocumentLine",
    "ListLineView",
    "ListVerdict",
    "ListView",
    "PaperView",
    "TimelineEntry",
    "TransferLine",
    "TransferView",
    "Transit",
    "checklist",
    "checklist_by_id",
    "counts",
    "customs_figures",
    "documents",
    "list_of_order",
    "list_of_waybill",
    "lists_of_checklists",
    "lists_released",
    "paper",
    "pending",
    "release_list",
    "timeline",
    "transfer",
    "transit",
    "transit_account",
]
