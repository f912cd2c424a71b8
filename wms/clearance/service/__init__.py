"""What changes documents and, with them, the books; one file a matter."""

from wms.clearance.service.amendments import (
    AmendChecklist,
    AmendedLine,
    ConfirmArrival,
    amend_checklist,
    confirm_arrival,
)
from wms.clearance.service.checklists import FileChecklist, Filed, GoodsLine, file_checklist
from wms.clearance.service.intake import (
    ReceiveLetter,
    ReceiveMessage,
    ReceiveOrders,
    ReceivePayments,
    ReceiveWaybills,
    receive_letter,
    receive_message,
    receive_orders,
    receive_payments,
    receive_waybills,
)
from wms.clearance.service.matching import Retried, RetryShort, retry_short
from wms.clearance.service.passage import GoodsPassed, Passed, goods_passed
from wms.clearance.service.receipts import Applied, ApplyListReceipts, apply_list_receipts
from wms.clearance.service.verdicts import (
    ApplyChecklistReceipt,
    ApplyFirstAnswer,
    apply_checklist_receipt,
    apply_first_answer,
)

__all__ = [
    "AmendChecklist",
    "AmendedLine",
    "Applied",
    "ApplyChecklistReceipt",
    "ApplyFirstAnswer",
    "ApplyListReceipts",
    "ConfirmArrival",
    "FileChecklist",
    "Filed",
    "GoodsLine",
    "GoodsPassed",
    "Passed",
    "ReceiveLetter",
    "ReceiveMessage",
    "ReceiveOrders",
    "ReceivePayments",
    "ReceiveWaybills",
    "Retried",
    "RetryShort",
    "amend_checklist",
    "apply_checklist_receipt",
    "apply_first_answer",
    "apply_list_receipts",
    "confirm_arrival",
    "file_checklist",
    "goods_passed",
    "receive_letter",
    "receive_message",
    "receive_orders",
    "receive_payments",
    "receive_waybills",
    "retry_short",
]
