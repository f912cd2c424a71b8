"""What customs says of a checklist: approved, refused, posted; and how the book follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from wms.clearance import rules
from wms.clearance.events import ChecklistApproved
from wms.clearance.models import ChecklistLineRow, ChecklistMember, ChecklistRow, CustomsFigure
from wms.clearance.service import checklists, following, timeline
from wms.clearance.terms import ChecklistState, DocumentKind
from wms.customs.codecs import ChecklistReceipt
from wms.customs.events import FirstAnswerRead
from wms.customs.rules import Heard, Standing, advance, answer_to, code_of
from wms.customs.terms import Answer, Ladder
from wms.db.transaction import Tx
from wms.kernel.ids import SiteId
from wms.kernel.quantity import ZERO, Quantity

IN_FORCE = (ChecklistState.APPROVED, ChecklistState.POSTED)
CHANGE = "2"
"""dclTypecd of an amendment, in letters and in the receipts that answer them."""


@dataclass(frozen=True, slots=True)
class ApplyChecklistReceipt:
    """Apply a receipt of a checklist (INV201, INV211)."""

    site_id: SiteId
    letter_id: UUID
    receipt: ChecklistReceipt


@dataclass(frozen=True, slots=True)
class ApplyFirstAnswer:
    """Apply what the import client said to a checklist of ours."""

    site_id: SiteId
    answer: FirstAnswerRead


def apply_first_answer(tx: Tx, command: ApplyFirstAnswer) -> None:
    """Note the pre-entry number, or that the client refused; answers to other letters pass by."""
    answer = command.answer
    if answer.letter_kind != "INV101":
        return
    row, effect = checklists.find(tx, answer.business_no), ""
    if answer.letter_out == row.amendment_letter:
        what = "amendment_accepted" if answer.taken else "amendment_refused"
        if not answer.taken:
            _drop_amendment(tx, row)
    else:
        what = "accepted" if answer.taken else "client_refused"
        row.first_answer = "0" if answer.taken else (answer.deal_flag or "-1")
        row.seq_no = row.seq_no or answer.seq_no[:18]
        row.reason = row.reason if answer.taken else answer.info
        row.state = rules.checklist_state(_standing(row), row.first_answer)
        if row.state == ChecklistState.REFUSED:
            effect = _refused(tx, row, checklists.lines_of(tx, row.checklist_id))
    timeline.record(
        tx,
        DocumentKind.CHECKLIST,
        row.inner_no,
        what,
        code=answer.deal_flag,
        info=answer.info,
        effect=effect,
        letter_id=answer.letter_id,
    )


def apply_checklist_receipt(tx: Tx, command: ApplyChecklistReceipt) -> None:
    """Keep a receipt; move the checklist only upward, and the book with it.

    What each step does to the book says the table of book events. A posting that overtakes its
    approval is applied as both.
    """
    receipt = command.receipt
    row = _find(tx, receipt)
    code = code_of(receipt.kind, receipt.result)
    if row is None:
        number = receipt.etps_inner_invt_no or receipt.bond_invt_no or receipt.seq_no
        _keep(tx, number or "?", command, code, "receipt_stray")
        return
    if receipt.dcl_typecd == CHANGE and receipt.kind == "INV201":
        _amendment_verdict(tx, row, command, code)
        return
    time = receipt.result_time or receipt.formal_vrfded_time or receipt.prevd_time or tx.now
    before = _standing(row)
    after = advance(Ladder.CHECKLIST, before, Heard(code, time))
    if after.head is None or after.head == before.head:
        _keep(tx, row.inner_no, command, code, "receipt_again")
        return
    row.head_code, row.head_time = after.head.code, after.head.time
    row.seq_no = row.seq_no or receipt.seq_no[:18]
    row.bond_invt_no = row.bond_invt_no or receipt.bond_invt_no
    was, row.state = row.state, rules.checklist_state(after, row.first_answer)
    if answer_to(Ladder.CHECKLIST, code) is Answer.REJECT:
        row.reason = receipt.result_note or "; ".join(one.note for one in receipt.notes)
    effect = _follow(tx, row, ChecklistState(was), command)
    _keep(tx, row.inner_no, command, code, "receipt", effect)


def _follow(tx: Tx, row: ChecklistRow, was: ChecklistState, command: ApplyChecklistReceipt) -> str:
    """Make book, figures and those above follow a new state; return the effect on the book."""
    lines = checklists.lines_of(tx, row.checklist_id)
    if row.state == ChecklistState.REFUSED:
        return _refused(tx, row, lines)
    if row.state not in IN_FORCE:
        return ""
    effect = ""
    if was not in IN_FORCE:
        _revive_members(tx, row)
        effect = following.approved(tx, row, lines, command.receipt)
        tx.announce(_approved(row, amended=False))
    if row.state == ChecklistState.POSTED:
        row.posted_at = tx.now
        _record_figures(tx, row, lines, command)
        effect = following.posted(tx, row, lines)
    return effect


def _refused(tx: Tx, row: ChecklistRow, lines: Sequence[ChecklistLineRow]) -> str:
    """Let the lists of a refused checklist be gathered again, and what it held be free again."""
    _set_members(tx, row, live=False)
    return following.refused(tx, row, lines)


def _approved(row: ChecklistRow, *, amended: bool) -> ChecklistApproved:
    return ChecklistApproved(
        row.site_id,
        row.checklist_id,
        row.inner_no,
        row.bond_invt_no,
        row.list_type,
        row.direction,
        amended,
    )


def _amendment_verdict(
    tx: Tx, row: ChecklistRow, command: ApplyChecklistReceipt, code: str
) -> None:
    answer = answer_to(Ladder.CHECKLIST, code)
    if not row.amendment:
        _keep(tx, row.inner_no, command, code, "receipt_again")
    elif answer is Answer.RELEASE:
        following.amended(tx, row, command.receipt)
        _keep(tx, row.inner_no, command, code, "amendment_approved", "amend_in")
        tx.announce(_approved(row, amended=True))
    elif answer in {Answer.REJECT, Answer.RETRY}:
        _drop_amendment(tx, row)
        _keep(tx, row.inner_no, command, code, "amendment_refused")
    else:
        _keep(tx, row.inner_no, command, code, "receipt")


def _drop_amendment(tx: Tx, row: ChecklistRow) -> None:
    """Forget an amendment that was refused; lines it had added are taken off again."""
    row.amendment = ""
    for line in checklists.lines_of(tx, row.checklist_id):
        line.amended = None
        if not line.quantity and line.reserve_id is None:
            tx.session.delete(line)


def _record_figures(
    tx: Tx,
    row: ChecklistRow,
    lines: Sequence[ChecklistLineRow],
    command: ApplyChecklistReceipt,
) -> None:
    theirs = {
        line.gds_seqno: Quantity.of(line.dcl_qty)
        for line in command.receipt.lines
        if line.dcl_qty is not None
    }
    tx.session.execute(
        insert(CustomsFigure)
        .values(
            [
                {
                    "site_id": tx.site_id,
                    "checklist_id": row.checklist_id,
                    "gds_seqno": line.gds_seqno,
                    "book_no": row.book_no,
                    "line_no": line.line_no,
                    "direction": row.direction,
                    "quantity": theirs.get(line.gds_seqno, ZERO if theirs else line.quantity),
                    "letter_id": command.letter_id,
                    "recorded_at": tx.now,
                }
                for line in lines
            ]
        )
        .on_conflict_do_nothing()
    )


def _revive_members(tx: Tx, row: ChecklistRow) -> None:
    """Gather the lists again when an approval overrules a refusal that came out of order.

    A list that another checklist has gathered meanwhile stays there.
    """
    other = aliased(ChecklistMember)
    _set_members(
        tx,
        row,
        ~exists().where(
            other.site_id == tx.site_id,
            other.list_id == ChecklistMember.list_id,
            other.live,
        ),
        live=True,
    )


def _set_members(tx: Tx, row: ChecklistRow, *further: ColumnElement[bool], live: bool) -> None:
    tx.session.execute(
        update(ChecklistMember)
        .where(
            ChecklistMember.site_id == tx.site_id,
            ChecklistMember.checklist_id == row.checklist_id,
            ChecklistMember.live.is_(not live),
            *further,
        )
        .values(live=live)
    )


def _standing(row: ChecklistRow) -> Standing:
    if row.head_code is None or row.head_time is None:
        return Standing()
    return Standing(Heard(row.head_code, row.head_time))


def _find(tx: Tx, receipt: ChecklistReceipt) -> ChecklistRow | None:
    """Return the checklist a receipt means, by our number, customs' number or the pre-entry one."""
    names = [
        column == number
        for column, number in (
            (ChecklistRow.inner_no, receipt.etps_inner_invt_no),
            (ChecklistRow.bond_invt_no, receipt.bond_invt_no),
            (ChecklistRow.seq_no, receipt.seq_no or receipt.result_preent_no),
        )
        if number
    ]
    if not names:
        return None
    return tx.session.scalars(
        select(ChecklistRow)
        .where(ChecklistRow.site_id == tx.site_id, or_(*names))
        .order_by(ChecklistRow.checklist_id)
        .limit(1)
        .with_for_update()
    ).first()


def _keep(
    tx: Tx,
    number: str,
    command: ApplyChecklistReceipt,
    code: str,
    what: str,
    effect: str = "",
) -> None:
    receipt = command.receipt
    info = receipt.result_note or "; ".join(one.note for one in receipt.notes)
    timeline.record(
        tx,
        DocumentKind.CHECKLIST,
        number,
        what,
        code=code,
        info=info,
        effect=effect,
        letter_id=command.letter_id,
        happened_at=receipt.result_time or receipt.formal_vrfded_time,
    )
