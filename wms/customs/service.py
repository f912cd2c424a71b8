"""Letters kept for good: one is queued with the change it tells, one is taken in and told on."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol
from uuid import UUID

from sqlalchemy import insert, select, update

from wms.customs import codecs
from wms.customs.codecs import (
    ChecklistReceipt,
    Cover,
    Document,
    Envelope,
    Finding,
    FirstAnswer,
    ListReceipt,
    Message,
    Order,
    Payment,
    SheetReceipt,
    Transfer,
    Unreadable,
    Waybill,
)
from wms.customs.codecs.checks import document_findings
from wms.customs.codecs.shapes import SHAPES
from wms.customs.events import (
    ChecklistReceiptRead,
    DocumentsRead,
    FirstAnswerRead,
    LetterReady,
    ListReceiptsRead,
    SheetReceiptRead,
    ToldOfList,
)
from wms.customs.folders import first_answer_name, letter_file
from wms.customs.models import LetterIn, LetterOut
from wms.db.payload import to_builtins
from wms.db.transaction import Tx
from wms.kernel.blob import Blob
from wms.kernel.ids import SiteId, new_id
from wms.masterdata import queries as masterdata

THREE_DOCUMENTS: Final = frozenset({"CEB311", "CEB411", "CEB511"})
KEPT_OF_REJECTED: Final = 64 * 1024
"""How much of a file that is no letter is kept with it, in bytes."""


class Understands(Protocol):
    """A typed view, as far as it is asked whether it can be read."""

    def of(self, document: Document) -> object: ...


@dataclass(frozen=True, slots=True)
class SendLetter:
    """Send documents of one kind; `business_no` is what a person would look for."""

    site_id: SiteId
    kind: str
    business_no: str
    documents: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class LetterWritten:
    """A letter lies in OutBox."""

    site_id: SiteId
    letter_id: UUID


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """A file as it came; `size` is the whole file's, of which `body` may be the start."""

    name: str
    body: Blob
    size: int
    unreadable: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class TakeIn:
    """Take in some files together, in the order they came."""

    site_id: SiteId
    files: tuple[IncomingFile, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of one file: `message` is None when it is no letter, or came before."""

    letter_id: UUID
    state: str
    again: bool = False
    message: Message | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class TakenIn:
    """The states of the files, in their order: `taken`, `rejected` or `again`."""

    states: tuple[str, ...]


def send(tx: Tx, command: SendLetter) -> tuple[UUID, ...]:
    """Queue documents as letters in the name of the site's operator; the files follow the commit.

    Returns the letter's id of each document, in their order; as many letters are made as the limits
    of a message ask for. Raises Unwritable when a document breaks the field table.
    """
    ids: list[UUID] = []
    for batch in codecs.batches(command.kind, command.documents):
        letter_id = new_id()
        file_name = letter_file(command.kind, str(letter_id))
        body = codecs.write(command.kind, batch, _cover(tx, command.kind, letter_id, file_name))
        tx.session.execute(
            insert(LetterOut).values(
                site_id=tx.site_id,
                letter_id=letter_id,
                kind=command.kind,
                business_no=command.business_no,
                file_name=file_name,
                body=body,
                documents=len(batch),
                state="queued",
                queued_at=tx.now,
            )
        )
        tx.announce(LetterReady(tx.site_id, letter_id))
        ids += [letter_id] * len(batch)
    return tuple(ids)


def writing_findings(document: Document) -> tuple[Finding, ...]:
    """Return what the field table has against sending this document; empty means it may go."""
    shape = SHAPES[document.kind]
    return tuple(document_findings(shape, document, shape.element))


def letter_written(tx: Tx, command: LetterWritten) -> None:
    """Note that a letter lies in OutBox; saying so again changes nothing."""
    tx.session.execute(
        update(LetterOut)
        .where(
            LetterOut.site_id == tx.site_id,
            LetterOut.letter_id == command.letter_id,
            LetterOut.state == "queued",
        )
        .values(state="written", written_at=tx.now)
    )


def keep(tx: Tx, files: Sequence[IncomingFile]) -> tuple[Kept, ...]:
    """Store files as they came and read them; what each one says is up to the caller.

    The same bytes again are counted and not read; the import client says the same of many letters,
    so its first answers are the same only for one letter. A file that is no letter, or holds a
    document unfit for use, is kept as `rejected` with every finding.
    """
    digests = [_fingerprint(file) for file in files]
    held = _held(tx, digests)
    kept: list[Kept] = []
    rows: list[dict[str, Any]] = []
    for file, digest in zip(files, digests, strict=True):
        if digest in held:
            again = held[digest]
            kept.append(Kept(again, "again", again=True))
            continue
        one = _read(file)
        held[digest] = one.letter_id
        kept.append(one)
        rows.append(
            {
                "site_id": tx.site_id,
                "letter_id": one.letter_id,
                "kind": (one.message.kind if one.message else "")[:40],
                "file_name": file.name[:200],
                "sha256": digest,
                "size": file.size,
                "body": bytes(file.body if one.state == "taken" else file.body[:KEPT_OF_REJECTED]),
                "documents": len(one.message.documents) if one.message else 0,
                "findings": [to_builtins(finding) for finding in one.findings[:100]],
                "state": one.state,
                "copies": 1,
                "received_at": tx.now,
            }
        )
    if rows:
        tx.session.execute(insert(LetterIn), rows)
    _count_again(tx, [one.letter_id for one in kept if one.again])
    return tuple(kept)


def usable(message: Message) -> tuple[Document, ...]:
    """Return the documents of a message that can be worked with; the findings say why not."""
    return tuple(one for one in message.documents if one.usable and not _unfit(one))


def take_in(tx: Tx, command: TakeIn) -> TakenIn:
    """Take in files of customs and the platforms: keep each, tell what they say to those above."""
    kept = keep(tx, command.files)
    receipts: list[ToldOfList] = []
    for file, one in zip(command.files, kept, strict=True):
        if one.message is None or one.state != "taken":
            continue
        if one.message.kind in THREE_DOCUMENTS:
            tx.announce(DocumentsRead(tx.site_id, one.letter_id, one.message.kind))
            continue
        for document in usable(one.message):
            _tell(tx, one.letter_id, file.name, document, receipts)
    if receipts:
        tx.announce(ListReceiptsRead(tx.site_id, tuple(receipts)))
    return TakenIn(tuple(one.state for one in kept))


def _tell(
    tx: Tx, letter_id: UUID, file_name: str, document: Document, receipts: list[ToldOfList]
) -> None:
    match document.kind:
        case "CEB622":
            receipts.append(ToldOfList(letter_id, ListReceipt.of(document)))
        case "INV201" | "INV211":
            receipt = ChecklistReceipt.of(document)
            tx.announce(ChecklistReceiptRead(tx.site_id, letter_id, receipt))
        case "SAS221" | "SAS223":
            tx.announce(SheetReceiptRead(tx.site_id, letter_id, SheetReceipt.of(document)))
        case "FirstAnswer":
            _tell_first_answer(tx, letter_id, file_name, FirstAnswer.of(document))


def _tell_first_answer(tx: Tx, letter_id: UUID, file_name: str, answer: FirstAnswer) -> None:
    """Tell what the import client said to a letter of ours, found by the name of the answer."""
    named = first_answer_name(file_name)
    if named is None:
        return
    letter = tx.session.execute(
        select(LetterOut.letter_id, LetterOut.kind, LetterOut.business_no).where(
            LetterOut.site_id == tx.site_id, LetterOut.file_name == named.letter_file
        )
    ).one_or_none()
    if letter is None:
        return
    taken = named.taken and answer.taken
    tx.session.execute(
        update(LetterOut)
        .where(LetterOut.site_id == tx.site_id, LetterOut.letter_id == letter.letter_id)
        .values(state="sent" if taken else "failed")
    )
    tx.announce(
        FirstAnswerRead(
            tx.site_id,
            letter_id,
            letter.letter_id,
            letter.kind,
            letter.business_no,
            taken,
            answer.deal_flag,
            answer.seq_no,
            answer.check_info[:500],
        )
    )


def _cover(tx: Tx, kind: str, letter_id: UUID, file_name: str) -> Cover:
    if not kind.startswith(("CEB", "INV", "SAS")):
        return None
    operator = masterdata.enterprise(tx, masterdata.site(tx).operator_key)
    if kind.startswith("CEB"):
        return Transfer(operator.customs_no, operator.name_zh, operator.dxp_id)
    return Envelope(
        message_id=str(letter_id).upper(),
        file_name=file_name,
        sender_id=operator.dxp_id,
        send_time=tx.now,
        oper_cus_reg_code=operator.customs_no,
    )


def _read(file: IncomingFile) -> Kept:
    letter_id = new_id()
    if file.unreadable:
        return Kept(letter_id, "rejected", findings=file.unreadable)
    try:
        message = codecs.read(file.body)
    except Unreadable as refusal:
        return Kept(letter_id, "rejected", findings=refusal.findings)
    findings = [*message.findings]
    closed = {document.kind for document in message.documents} - _VIEWS.keys()
    findings += (Finding(k, "customs.kind_unknown", k, grave=False) for k in sorted(closed))
    for document in message.documents:
        if document.usable:
            findings += _unfit(document)
    state = "taken" if _worth_taking(message) else "rejected"
    return Kept(letter_id, state, message=message, findings=tuple(findings))


def _worth_taking(message: Message) -> bool:
    """Return whether a message has something to say: no fault of the whole, one usable document.

    A message of a kind that stays closed has none and is kept for a person to read.
    """
    of_documents = {id(finding) for one in message.documents for finding in one.findings}
    if any(finding.grave and id(finding) not in of_documents for finding in message.findings):
        return False
    return not message.documents or bool(usable(message))


def _unfit(document: Document) -> tuple[Finding, ...]:
    """Return what keeps a document from being understood: a value it cannot do without."""
    view = _VIEWS.get(document.kind)
    if view is None:
        return ()
    try:
        view.of(document)
    except Unreadable as refusal:
        return refusal.findings
    return ()


_VIEWS: Final[dict[str, Understands]] = {
    "CEB311": Order,
    "CEB411": Payment,
    "CEB511": Waybill,
    "CEB622": ListReceipt,
    "INV201": ChecklistReceipt,
    "INV211": ChecklistReceipt,
    "SAS221": SheetReceipt,
    "SAS223": SheetReceipt,
    "FirstAnswer": FirstAnswer,
}


def _fingerprint(file: IncomingFile) -> bytes:
    """Return what makes a file the same as another: its bytes, and the letter it answers."""
    answer = first_answer_name(file.name)
    if answer is None:
        return file.body.sha256
    return Blob(f"{answer.letter_file}\0".encode() + file.body).sha256


def _held(tx: Tx, digests: Sequence[bytes]) -> dict[bytes, UUID]:
    rows = tx.session.execute(
        select(LetterIn.sha256, LetterIn.letter_id).where(
            LetterIn.site_id == tx.site_id, LetterIn.sha256.in_(set(digests))
        )
    )
    return {row.sha256: row.letter_id for row in rows}


def _count_again(tx: Tx, letter_ids: Sequence[UUID]) -> None:
    copies: dict[UUID, int] = defaultdict(int)
    for letter_id in letter_ids:
        copies[letter_id] += 1
    for letter_id, count in copies.items():
        tx.session.execute(
            update(LetterIn)
            .where(LetterIn.site_id == tx.site_id, LetterIn.letter_id == letter_id)
            .values(copies=LetterIn.copies + count)
        )
