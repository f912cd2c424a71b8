"""The one page that says: when this has happened, do that."""

from collections.abc import Callable
from typing import Any, Final

from wms.audit import service as audit
from wms.audit.events import ProposalDecided
from wms.audit.sending import Nights
from wms.audit.terms import CheckLines
from wms.clearance import service as clearance
from wms.clearance.events import (
    SITES,
    ChecklistApproved,
    ChecklistArrived,
    ChecklistPosted,
    GoodsSentToSite,
    ListHeld,
    ListRejected,
    ListReleased,
    ShortOrdersLeft,
    SiteAnswered,
)
from wms.customs import exchange
from wms.customs.events import (
    LETTERS,
    ChecklistReceiptRead,
    DocumentsRead,
    FirstAnswerRead,
    LetterReady,
    ListReceiptsRead,
    SheetReceiptRead,
)
from wms.db.outbox import WORKER, Event
from wms.gate import service as gate
from wms.gate.events import TruckPassed
from wms.inbound import service as inbound
from wms.inbound.terms import Settle, TruckIn
from wms.ledger import partitions
from wms.ledger.seal.rounds import Sealer
from wms.outbound import service as outbound
from wms.printing import sending
from wms.printing.events import PRINTERS, LabelWaiting
from wms.stock.events import CountClosed
from wms.wiring import Wiring

Reaction = Callable[[Any], tuple[Callable[..., Any], Any]]
"""From an event to the handler and the command to run, in a transaction of its own."""

Job = Callable[[Wiring, Any], None]
"""A deed outside the database; must bear being done twice for one event."""

Round = Callable[[Wiring], int]
"""A look at something that sends no events (a folder, a deadline); returns how much it did."""


def _parcel_of(e: ListReleased) -> tuple[Any, Any]:
    lines = tuple(outbound.ParcelGoods(x.gnum, x.sku, x.quantity) for x in e.lines)
    return outbound.open_parcel, outbound.OpenParcel(
        e.site_id, e.list_id, e.cop_no, e.invt_no, e.order_no, e.logistics_no, lines
    )


def _goods_for(e: GoodsSentToSite) -> tuple[Any, Any]:
    return clearance.expect_from_site, clearance.ExpectFromSite(
        e.to_site,
        e.site_id,
        e.transfer_id,
        e.transfer_no,
        e.from_book,
        e.to_book,
        e.goods,
        e.sent_at,
    )


COMMANDS: Final[dict[type[Event], tuple[Reaction, ...]]] = {
    DocumentsRead: (
        lambda e: (clearance.receive_letter, clearance.ReceiveLetter(e.site_id, e.letter_id)),
    ),
    ListReceiptsRead: (
        lambda e: (
            clearance.apply_list_receipts,
            clearance.ApplyListReceipts(e.site_id, e.receipts),
        ),
    ),
    ChecklistReceiptRead: (
        lambda e: (
            clearance.apply_checklist_receipt,
            clearance.ApplyChecklistReceipt(e.site_id, e.letter_id, e.receipt),
        ),
    ),
    FirstAnswerRead: (
        lambda e: (clearance.apply_first_answer, clearance.ApplyFirstAnswer(e.site_id, e)),
        lambda e: (
            gate.apply_first_answer,
            gate.ApplyFirstAnswer(e.site_id, e.letter_kind, e.business_no, e.taken, e.info),
        ),
    ),
    SheetReceiptRead: (
        lambda e: (gate.apply_sheet_receipt, gate.ApplySheetReceipt(e.site_id, e.receipt)),
    ),
    ListReleased: (_parcel_of,),
    ListHeld: (lambda e: (outbound.hold_parcel, outbound.HoldParcel(e.site_id, e.cop_no, e.code)),),
    ListRejected: (
        lambda e: (outbound.drop_parcel, outbound.DropParcel(e.site_id, e.cop_no, e.code)),
    ),
    ChecklistApproved: (
        lambda e: (
            outbound.file_load_sheet,
            outbound.FileLoadSheet(e.site_id, e.inner_no, e.bond_invt_no),
        ),
        lambda e: (inbound.settle, Settle(e.site_id, e.inner_no)),
    ),
    ChecklistArrived: (lambda e: (gate.tell_arrival, gate.TellArrival(e.site_id, e.bond_invt_no)),),
    ChecklistPosted: (
        lambda e: (clearance.retry_short, clearance.RetryShort(e.site_id, e.book_no)),
        lambda e: (outbound.retry_short, outbound.RetryShort(e.site_id)),
    ),
    ShortOrdersLeft: (
        lambda e: (clearance.retry_short, clearance.RetryShort(e.site_id, e.book_no, e.after)),
    ),
    GoodsSentToSite: (_goods_for,),
    SiteAnswered: (
        lambda e: (
            clearance.settle_with_site,
            clearance.SettleWithSite(e.to_site, e.site_id, e.transfer_id, e.taken, e.reason),
        ),
    ),
    TruckPassed: (
        lambda e: (outbound.load_left, outbound.LoadLeft(e.site_id, e.document)),
        lambda e: (
            inbound.truck_in,
            TruckIn(
                e.site_id, e.direction, e.document, e.sheet_no, e.plate, e.seal_no, e.passed_at
            ),
        ),
    ),
    CountClosed: (lambda e: (audit.check, CheckLines(e.site_id)),),
    ProposalDecided: (lambda e: (audit.check, CheckLines(e.site_id)),),
}

JOBS: Final[dict[type[Event], Job]] = {
    LetterReady: exchange.write_letter,
    LabelWaiting: lambda wiring, event: sending.send_label(wiring.doorway, event),
}

ROUNDS: Final[dict[str, Round]] = {
    "customs": exchange.poll_once,
    "seal": Sealer(),
    "audit": Nights(),
    "partitions": partitions.Ahead(),
}

CHANNELS: Final = (WORKER, LETTERS, PRINTERS, SITES)
"""The worker's channels of the outbox, each drained by a thread of its own."""


def events() -> dict[str, type[Event]]:
    """Return every event that somebody reacts to, by its kind in the outbox."""
    return {event.kind: event for event in (*COMMANDS, *JOBS)}
