"""Letters of customs, to and from bytes: lenient reading, strict writing, one field table for both.

message = read(data)                      # Unreadable when it is no letter at all
for document in message.documents:
    receipt = ListReceipt.of(document)    # Unreadable when a needed value is missing
data = write("CEB621", [release_list.document()], Transfer(...))   # Unwritable with findings
"""

from wms.customs.codecs.findings import Finding, Unreadable, Unwritable
from wms.customs.codecs.message import Cover, Document, Envelope, Message, Transfer
from wms.customs.codecs.reading import read
from wms.customs.codecs.shapes import SHAPES
from wms.customs.codecs.views_books import (
    BookFiling,
    BookGoods,
    BookReceipt,
    BusinessForm,
    DeclarationMade,
    FormLine,
    FormReceipt,
    StockLine,
    StockReceipt,
    StockSheet,
)
from wms.customs.codecs.views_ceb import (
    ListReceipt,
    MessageRefused,
    Order,
    OrderLine,
    OrderReceipt,
    Payment,
    PaymentReceipt,
    ReleaseList,
    ReleaseListLine,
    Waybill,
    WaybillReceipt,
)
from wms.customs.codecs.views_requests import (
    CancelRequest,
    RefundLine,
    RefundRequest,
    RequestReceipt,
    StatusReceipt,
    TaxBill,
    TaxLine,
    TaxStatus,
    WaybillStatus,
)
from wms.customs.codecs.views_szone import (
    BookLine,
    Checklist,
    ChecklistLine,
    ChecklistReceipt,
    CheckNote,
    FirstAnswer,
    GatePass,
    GatheredSheet,
    RelatedDocument,
    ReleasedList,
    ReleaseSheet,
    SheetLine,
    SheetReceipt,
)
from wms.customs.codecs.writing import batches, split, write

KINDS = frozenset(SHAPES)
"""Every kind that is read into documents; other kinds are named but stay closed."""

__all__ = [
    "KINDS",
    "BookFiling",
    "BookGoods",
    "BookLine",
    "BookReceipt",
    "BusinessForm",
    "CancelRequest",
    "CheckNote",
    "Checklist",
    "ChecklistLine",
    "ChecklistReceipt",
    "Cover",
    "DeclarationMade",
    "Document",
    "Envelope",
    "Finding",
    "FirstAnswer",
    "FormLine",
    "FormReceipt",
    "GatePass",
    "GatheredSheet",
    "ListReceipt",
    "Message",
    "MessageRefused",
    "Order",
    "OrderLine",
    "OrderReceipt",
    "Payment",
    "PaymentReceipt",
    "RefundLine",
    "RefundRequest",
    "RelatedDocument",
    "ReleaseList",
    "ReleaseListLine",
    "ReleaseSheet",
    "ReleasedList",
    "RequestReceipt",
    "SheetLine",
    "SheetReceipt",
    "StatusReceipt",
    "StockLine",
    "StockReceipt",
    "StockSheet",
    "TaxBill",
    "TaxLine",
    "TaxStatus",
    "Transfer",
    "Unreadable",
    "Unwritable",
    "Waybill",
    "WaybillReceipt",
    "WaybillStatus",
    "batches",
    "read",
    "split",
    "write",
]
