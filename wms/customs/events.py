"""What customs tells the rooms above: letters to write, receipts read, documents that came."""

from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from wms.customs.codecs import ChecklistReceipt, ListReceipt, SheetReceipt
from wms.db.outbox import Event
from wms.kernel.ids import SiteId

LETTERS: Final = "letters"
"""The outbox channel of letters: a slow folder must not hold up what happens inside."""


@dataclass(frozen=True, slots=True)
class LetterReady(Event):
    """A letter is in the database and must go to OutBox."""

    kind: ClassVar[str] = "customs.letter_ready"
    channel: ClassVar[str] = LETTERS
    site_id: SiteId
    letter_id: UUID


@dataclass(frozen=True, slots=True)
class ToldOfList:
    """One receipt of a release list and the letter it came in."""

    letter_id: UUID
    receipt: ListReceipt


@dataclass(frozen=True, slots=True)
class ListReceiptsRead(Event):
    """Receipts of release lists (CEB622), as many as were read together, in the order they came."""

    kind: ClassVar[str] = "customs.list_receipts"
    site_id: SiteId
    receipts: tuple[ToldOfList, ...]


@dataclass(frozen=True, slots=True)
class ChecklistReceiptRead(Event):
    """A receipt of a checklist (INV201, INV211)."""

    kind: ClassVar[str] = "customs.checklist_receipt"
    site_id: SiteId
    letter_id: UUID
    receipt: ChecklistReceipt


@dataclass(frozen=True, slots=True)
class SheetReceiptRead(Event):
    """A receipt of a release sheet (SAS221, SAS223)."""

    kind: ClassVar[str] = "customs.sheet_receipt"
    site_id: SiteId
    letter_id: UUID
    receipt: SheetReceipt


@dataclass(frozen=True, slots=True)
class FirstAnswerRead(Event):
    """The import client took a letter of ours or refused it, before customs has seen it.

    `letter_kind`, `business_no` and `letter_out` are those of our letter; `seq_no` is the unified
    pre-entry number the single window gave it.
    """

    kind: ClassVar[str] = "customs.first_answer"
    site_id: SiteId
    letter_id: UUID
    letter_out: UUID
    letter_kind: str
    business_no: str
    taken: bool
    deal_flag: str
    seq_no: str
    info: str


@dataclass(frozen=True, slots=True)
class DocumentsRead(Event):
    """A letter with orders, payments or waybills (`document_kind` CEB311, 411 or 511) came."""

    kind: ClassVar[str] = "customs.documents"
    site_id: SiteId
    letter_id: UUID
    document_kind: str
