"""Transfers within a site: by a pair of checklists, or by two people; never more, never less."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from clearance_site import BOOK, CREAM, MILK, NOW, SITE, Office, office, posted, verdict
from clearance_transfers import (
    SECOND,
    Q,
    approve,
    file,
    person,
    stock,
    total,
    with_second_book,
)

from wms.audit.service import decide
from wms.audit.terms import Decide
from wms.clearance import queries
from wms.clearance.errors import TransferMalformed, TransferShort, WrongState
from wms.clearance.queries.unsettled import unsettled
from wms.clearance.service import (
    ApplyFirstAnswer,
    CorrectedLine,
    FileTransfer,
    GoodsPassed,
    ProposeCorrection,
    TransferGoods,
    apply_first_answer,
    file_transfer,
    goods_passed,
    propose_correction,
)
from wms.clearance.terms import DocumentKind
from wms.customs import codecs
from wms.customs import queries as customs
from wms.customs.events import FirstAnswerRead
from wms.kernel.actor import Actor
from wms.kernel.errors import Conflict, Forbidden
from wms.kernel.ids import new_id
from wms.kernel.quantity import ZERO
from wms.ledger import approvals, balances, reversing
from wms.ledger.errors import Short
from wms.ledger.reversing import ReversePosting
from wms.ledger.terms import DocumentRef

LATER = NOW + timedelta(minutes=5)
FIRST = person("first")
SECOND_PERSON = replace(person("second"), permissions=frozenset({"ledger.approve"}))


@pytest.fixture
def site(demo_url: str) -> Iterator[Office]:
    with office(demo_url) as found:
        with_second_book(found)
        found.bring_in((MILK, 10), (CREAM, 5))
        yield found


def test_goods_move_in_one_posting_when_customs_has_posted_both_halves(site: Office) -> None:
    number, out, into = file(site, (MILK, 4), (CREAM, 1))
    assert site.balance(MILK).free == Q(6)
    site.hear(verdict(into))
    site.hear(verdict(out))
    assert {line: one.pre_in for line, one in stock(site, SECOND).items()} == {1: Q(4), 2: Q(1)}
    site.hear(posted(out, 4, 1))
    assert site.balance(MILK).stock == Q(10)
    site.hear(posted(into, 4, 1))
    assert {line: one.stock for line, one in stock(site, SECOND).items()} == {1: Q(4), 2: Q(1)}
    assert (site.balance(MILK).stock, site.balance(CREAM).stock) == (Q(6), Q(4))
    moved = site.ask(balances.entries_of, DocumentRef("transfer", number))
    assert len({entry.posting_id for entry in moved}) == 1
    assert [entry.step for entry in moved] == ["post_out", "post_in"] * 2
    shown = site.ask(queries.transfer, number)
    assert (shown.state, [(line.from_line, line.to_line) for line in shown.lines]) == (
        "done",
        [(1, 1), (25, 2)],
    )
    told = [(one["book_no"], one["direction"]) for one in site.events("clearance.checklist_posted")]
    assert told[-2:] == [(BOOK, "E"), (SECOND, "I")]
    assert total(site) == Q(15)
    assert site.stands()


def test_the_letters_name_each_other_and_the_other_book(site: Office) -> None:
    _, out, into = file(site, (MILK, 4))
    sent = {}
    for letter in site.ask(customs.letters, "out")[:2]:
        body = site.ask(customs.letter_out, letter.letter_id).body
        paper = codecs.Checklist.of(codecs.read(body).documents[0])
        sent[paper.impexp_markcd] = paper
    assert [sent[way].list_type for way in "EI"] == ["6", "6"]
    assert (sent["E"].putrec_no, sent["E"].rlt_putrec_no) == (BOOK, SECOND)
    assert (sent["I"].putrec_no, sent["I"].rlt_putrec_no) == (SECOND, BOOK)
    assert (sent["E"].rlt_invt_no, sent["I"].rlt_invt_no) == (into, out)
    assert (sent["E"].lines[0].putrec_seqno, sent["I"].lines[0].putrec_seqno) == (1, None)


def test_until_both_are_posted_the_paper_explains_customs_figure(site: Office) -> None:
    _, out, into = file(site, (MILK, 4))
    for half in (out, into):
        site.hear(verdict(half))
    site.hear(posted(into, 4))

    def ways() -> list[tuple[str, str, str]]:
        return [
            (one.inner_no, one.direction, str(one.figure))
            for one in site.ask(unsettled)
            if one.paired
        ]

    assert ways() == [(into, "I", "4")]
    site.hear(posted(out, 4))
    assert ways() == []
    assert [one.in_ - one.out for one in site.ask(queries.customs_figures, SECOND)] == [Q(4)]


def test_a_refused_half_frees_what_was_held_and_the_transfer_says_why(site: Office) -> None:
    number, out, into = file(site, (MILK, 4))
    site.hear(replace(verdict(out, "3"), result_note="账册暂停"))
    assert site.balance(MILK).free == Q(10)
    shown = site.ask(queries.transfer, number)
    assert (shown.state, shown.refusal) == ("refused", "账册暂停")
    assert number in {one.number for one in site.ask(queries.documents, DocumentKind.TRANSFER)}
    site.hear(verdict(out, result_time=LATER))  # the refusal was meant for an earlier try
    assert site.balance(MILK).free == Q(6)
    assert site.ask(queries.transfer, number).state == "filed"
    for receipt in (verdict(into), posted(into, 4), posted(out, 4)):
        site.hear(receipt)
    assert total(site) == Q(15)
    assert stock(site, SECOND)[1].stock == Q(4)
    assert site.stands()


def test_what_the_import_client_refuses_is_free_again(site: Office) -> None:
    _, out, _ = file(site, (MILK, 4))
    letter = site.ask(customs.letters, "out")[1].letter_id
    answer = FirstAnswerRead(SITE, new_id(), letter, "INV101", out, False, "-1", "", "重复")
    site.run(apply_first_answer, ApplyFirstAnswer(SITE, answer))
    assert site.balance(MILK).free == Q(10)


def test_goods_gone_before_a_late_approval_leave_the_transfer_open(site: Office) -> None:
    number, out, into = file(site, (MILK, 8))
    site.hear(verdict(out, "3"))
    site.declared(1, (MILK, 5))
    for receipt in (
        verdict(out, result_time=LATER),
        verdict(into),
        posted(out, 8),
        posted(into, 8),
    ):
        site.hear(receipt)
    assert site.balance(MILK).free == Q(5)
    assert site.ask(queries.transfer, number).state == "filed"
    effects = [one.effect for one in site.ask(queries.timeline, DocumentKind.CHECKLIST, out)]
    assert "short" in effects
    assert site.stands()


def test_as_much_moves_as_customs_posted_of_both_halves(site: Office) -> None:
    _, out, into = file(site, (MILK, 4))
    for receipt in (verdict(out), verdict(into), posted(out, 4), posted(into, 3)):
        site.hear(receipt)
    assert (site.balance(MILK).stock, stock(site, SECOND)[1].stock) == (Q(7), Q(3))
    assert (site.balance(MILK).pre_out, stock(site, SECOND)[1].pre_in) == (Q(1), Q(1))


def test_out_of_a_non_cumulative_book_the_oldest_lines_go_first(site: Office) -> None:
    for quantity in (2, 3):
        _, out, into = file(site, (MILK, quantity))
        for receipt in (verdict(out), verdict(into), posted(out), posted(into)):
            site.hear(receipt)
    _, out, into = file(site, (MILK, 4), back=True)
    lines = site.ask(queries.checklist, out).lines
    assert [(line.line_no, line.quantity) for line in lines] == [(1, Q(2)), (2, Q(2))]
    for receipt in (verdict(into), posted(into), verdict(out), posted(out)):
        site.hear(receipt)
    assert site.balance(MILK).stock == Q(9)
    assert total(site) == Q(15)
    with pytest.raises(TransferShort) as refused:
        file(site, (MILK, 4), (CREAM, 1), back=True)
    assert refused.value.short == (f"{MILK} 1 < 4", f"{CREAM} 0 < 1")


def test_a_transfer_that_cannot_be_made_leaves_no_trace(site: Office) -> None:
    with pytest.raises(Short) as short:
        file(site, (MILK, 11), (CREAM, 6))
    assert len(short.value.obstacles) == 2
    with pytest.raises(TransferMalformed):
        site.run(file_transfer, FileTransfer(SITE, BOOK, BOOK, (TransferGoods(MILK, Q(1)),)))
    with pytest.raises(TransferMalformed):
        file(site, (MILK, 1), (MILK, 1))
    with pytest.raises(TransferMalformed):
        file(site, (MILK, 0))
    assert site.ask(queries.documents, DocumentKind.TRANSFER) == ()
    assert site.balance(MILK).free == Q(10)


def test_the_goods_of_a_transfer_pass_no_gate(site: Office) -> None:
    _, out, _ = file(site, (MILK, 4))
    site.hear(verdict(out))
    checklist_id = site.ask(queries.checklist, out).checklist_id
    with pytest.raises(WrongState):
        site.run(goods_passed, GoodsPassed(SITE, "Z1", (checklist_id,), "E", NOW))


def test_a_correction_needs_a_second_person(site: Office) -> None:
    first, second = person("first"), person("second")
    wrong = ProposeCorrection(SITE, BOOK, BOOK, (CorrectedLine(1, 2, Q(3)),), "wrong line")
    number = replace(site, actor=first).run(propose_correction, wrong).transfer_no
    shown = site.ask(queries.transfer, number)
    assert shown.proposal is not None
    assert (shown.state, shown.proposal.kind) == ("proposed", "clearance.transfer")
    assert number in {one.number for one in site.ask(queries.pending)}
    with pytest.raises(Forbidden, match=r"ledger\.own_proposal"):
        approve(site, shown.proposal.proposal_id, first)
    assert site.balance(MILK).stock == Q(10)
    approve(site, shown.proposal.proposal_id, second)
    assert {line: str(one.stock) for line, one in stock(site, BOOK).items()} == {
        1: "7",
        2: "3",
        25: "5",
    }
    shown = site.ask(queries.transfer, number)
    assert shown.proposal is not None
    assert shown.proposal.decision is not None
    assert (shown.state, shown.proposal.decision.decided_name) == ("done", "second")
    with pytest.raises(Conflict, match=r"ledger\.decided"):
        approve(site, shown.proposal.proposal_id, second)
    assert total(site) == Q(15)
    assert site.stands()


@pytest.mark.parametrize(("verdict", "who"), [("refused", SECOND_PERSON), ("withdrawn", FIRST)])
def test_a_correction_nobody_approves_waits_no_more(site: Office, verdict: str, who: Actor) -> None:
    asked = ProposeCorrection(SITE, BOOK, BOOK, (CorrectedLine(1, 2, Q(3)),), "wrong line")
    number = replace(site, actor=FIRST).run(propose_correction, asked).transfer_no
    proposal = site.ask(queries.transfer, number).proposal
    assert proposal is not None
    replace(site, actor=who).run(
        decide, Decide(SITE, proposal.proposal_id, verdict, "line 2 is right")
    )
    shown = site.ask(queries.transfer, number)
    assert (shown.state, shown.refusal) == ("refused", "line 2 is right")
    assert number not in {one.number for one in site.ask(queries.pending)}
    assert site.balance(MILK).stock == Q(10)


def test_a_correction_that_was_reversed_says_so(site: Office) -> None:
    asked = ProposeCorrection(SITE, BOOK, BOOK, (CorrectedLine(1, 2, Q(3)),), "wrong line")
    number = replace(site, actor=FIRST).run(propose_correction, asked).transfer_no
    proposal = site.ask(queries.transfer, number).proposal
    assert proposal is not None
    second = replace(site, actor=SECOND_PERSON)
    second.run(decide, Decide(SITE, proposal.proposal_id, "approved", ""))
    (made,) = site.ask(approvals.posted_under, proposal.proposal_id)
    undo = ReversePosting(SITE, made, "line 1 was right")
    undone = replace(site, actor=FIRST).run(reversing.propose, undo)
    second.run(decide, Decide(SITE, undone.proposal_id, "approved", ""))
    shown = site.ask(queries.transfer, number)
    assert (shown.state, shown.refusal) == ("reversed", "line 1 was right")
    assert site.balance(MILK).stock == Q(10)
    assert site.stands()


def test_a_correction_of_too_much_or_of_another_unit_is_refused(site: Office) -> None:
    asked = ProposeCorrection(SITE, BOOK, BOOK, (CorrectedLine(1, 2, Q(30)),), "wrong line")
    number = replace(site, actor=person("first")).run(propose_correction, asked).transfer_no
    shown = site.ask(queries.transfer, number)
    assert shown.proposal is not None
    with pytest.raises(Short):
        approve(site, shown.proposal.proposal_id, person("second"))
    assert site.ask(queries.transfer, number).state == "proposed"
    for line in (CorrectedLine(1, 1, Q(1)), CorrectedLine(1, 2, ZERO)):
        with pytest.raises(TransferMalformed):
            site.run(propose_correction, ProposeCorrection(SITE, BOOK, BOOK, (line,), "x"))
