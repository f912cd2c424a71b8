"""Pieces that are missing leave the book by a paper, when customs has posted it and not before."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from clearance_site import BOOK, CREAM, MILK, NOW, SITE, Office, office, posted, verdict
from clearance_transfers import Q

from wms.clearance import queries
from wms.clearance.errors import TransferMalformed, WrongState
from wms.clearance.queries.unsettled import unsettled
from wms.clearance.service import (
    GoodsPassed,
    ReportShortage,
    TransferGoods,
    goods_passed,
    report_shortage,
)
from wms.customs import codecs
from wms.customs import queries as customs
from wms.kernel.quantity import ZERO
from wms.ledger import balances
from wms.ledger.errors import Short
from wms.ledger.terms import DocumentRef

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def site(demo_url: str) -> Iterator[Office]:
    with office(demo_url) as found:
        found.bring_in((MILK, 10), (CREAM, 5))
        yield found


def report(site: Office, *goods: tuple[str, int]) -> str:
    missing = tuple(TransferGoods(sku, Q(quantity)) for sku, quantity in goods)
    return site.run(report_shortage, ReportShortage(SITE, missing, "盘点短少")).inner_no


def test_missing_pieces_leave_the_book_when_customs_has_posted_them(site: Office) -> None:
    number = report(site, (MILK, 1), (CREAM, 2))
    assert (site.balance(MILK).stock, site.balance(MILK).free) == (Q(10), Q(9))
    site.hear(verdict(number))
    assert site.balance(MILK).stock == Q(10)
    site.hear(posted(number, 1, 2))
    assert (site.balance(MILK).stock, site.balance(CREAM).stock) == (Q(9), Q(3))
    assert site.balance(MILK).pre_out == ZERO
    figures = {one.line_no: one.out for one in site.ask(queries.customs_figures, BOOK)}
    assert figures == {1: Q(1), 25: Q(2)}
    moved = site.ask(balances.entries_of, DocumentRef("checklist", number))
    assert [entry.step for entry in moved] == ["reserve_out", "reserve_out", "post_out", "post_out"]
    assert site.ask(unsettled) == ()
    assert site.stands()


def test_the_letter_says_that_duties_follow(site: Office) -> None:
    number = report(site, (MILK, 1))
    letter = site.ask(customs.letters, "out")[0]
    paper = codecs.Checklist.of(
        codecs.read(site.ask(customs.letter_out, letter.letter_id).body).documents[0]
    )
    assert (paper.etps_inner_invt_no, paper.impexp_markcd, paper.list_type) == (number, "E", "0")
    assert (paper.supv_modecd, paper.dclcus_flag, paper.rmk) == ("9700", "1", "盘点短少")
    (line,) = paper.lines
    assert (line.putrec_seqno, line.dcl_qty, line.lvyrlf_modecd) == (1, 1, "1")


def test_a_refusal_frees_them_and_a_late_approval_holds_them_again(site: Office) -> None:
    number = report(site, (MILK, 4))
    site.hear(verdict(number, "3"))
    assert site.balance(MILK).free == Q(10)
    site.hear(verdict(number, result_time=LATER))
    assert site.balance(MILK).free == Q(6)
    site.hear(replace(posted(number, 4), result_time=LATER + timedelta(minutes=1)))
    site.hear(replace(posted(number, 4), result_time=LATER + timedelta(minutes=1)))
    assert site.balance(MILK).stock == Q(6)
    assert site.stands()


def test_a_posting_that_overtakes_its_approval_is_both(site: Office) -> None:
    number = report(site, (MILK, 1))
    site.hear(posted(number, 1))
    site.hear(verdict(number))
    assert site.balance(MILK).stock == Q(9)
    assert site.stands()


def test_what_the_book_does_not_hold_cannot_be_missing(site: Office) -> None:
    with pytest.raises(Short):
        report(site, (MILK, 11))
    with pytest.raises(TransferMalformed):
        report(site, (MILK, 0))
    assert site.balance(MILK).free == Q(10)


def test_what_is_missing_passes_no_gate(site: Office) -> None:
    number = report(site, (MILK, 1))
    site.hear(verdict(number))
    checklist_id = site.ask(queries.checklist, number).checklist_id
    with pytest.raises(WrongState):
        site.run(goods_passed, GoodsPassed(SITE, "Z1", (checklist_id,), "E", NOW))
