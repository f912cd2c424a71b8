"""Checklists: goods come into the book when customs says so, and leave it at the gate."""

from collections.abc import Iterator
from decimal import Decimal
from uuid import UUID

import pytest
from clearance_site import BOOK, CREAM, MILK, NOW, SITE, Office, office, posted, verdict

from wms.clearance import queries
from wms.clearance.errors import ChecklistMalformed, ListGathered, ListUnknown, NotReleased
from wms.clearance.service import (
    AmendChecklist,
    AmendedLine,
    ApplyFirstAnswer,
    ConfirmArrival,
    FileChecklist,
    GoodsLine,
    GoodsPassed,
    amend_checklist,
    apply_first_answer,
    confirm_arrival,
    file_checklist,
    goods_passed,
)
from wms.clearance.terms import DocumentKind
from wms.customs import codecs
from wms.customs import queries as customs
from wms.customs.events import FirstAnswerRead
from wms.kernel.errors import Conflict, Unknown
from wms.kernel.ids import new_id
from wms.kernel.quantity import ZERO, Quantity


@pytest.fixture
def site(demo_url: str) -> Iterator[Office]:
    with office(demo_url) as found:
        yield found


def inbound(site: Office, *goods: tuple[str, int]) -> str:
    lines = tuple(GoodsLine(sku, Quantity.of(qty), Decimal("98.5")) for sku, qty in goods)
    command = FileChecklist(SITE, "0", lines, transport_mode="2", country="309")
    return site.run(file_checklist, command).inner_no


def outbound(site: Office, *cop_nos: str) -> str:
    return site.run(file_checklist, FileChecklist(SITE, "8", lists=cop_nos)).inner_no


def released(site: Office, number: int, *goods: tuple[str, int]) -> str:
    cop_no = site.declared(number, *goods)
    site.told(cop_no, "120", "800")
    return cop_no


def passed(site: Office, sheet_no: str, inner_no: str, direction: str = "E") -> GoodsPassed:
    checklist_id = site.ask(queries.checklist, inner_no).checklist_id
    return GoodsPassed(SITE, sheet_no, (checklist_id,), direction, NOW)


def test_inbound_goods_are_expected_on_approval_and_stock_on_posting(site: Office) -> None:
    inner_no = inbound(site, (MILK, 10), (CREAM, 4))
    assert site.balance(MILK).pre_in == ZERO
    site.hear(verdict(inner_no, "Y"))
    site.hear(verdict(inner_no, "1"))
    assert site.balance(MILK).pre_in == Quantity.of(10)
    assert site.balance(MILK).free == ZERO
    site.hear(posted(inner_no, 10, 4))
    site.hear(posted(inner_no, 10, 4))
    site.hear(verdict(inner_no, "1"))
    assert (site.balance(MILK).in_, site.balance(MILK).pre_in) == (Quantity.of(10), ZERO)
    found = site.ask(queries.checklist, inner_no)
    assert (found.state, found.bond_invt_no[:10]) == ("posted", "QD640926I0")
    figures = {one.line_no: one.in_ for one in site.ask(queries.customs_figures, BOOK)}
    assert figures[found.lines[0].line_no] == Quantity.of(10)
    assert len(site.events("clearance.checklist_posted")) == 1
    assert site.stands()


def test_a_posting_that_overtakes_its_approval_is_both(site: Office) -> None:
    inner_no = inbound(site, (MILK, 10))
    site.hear(posted(inner_no))
    site.hear(verdict(inner_no, "1"))
    assert (site.balance(MILK).in_, site.balance(MILK).pre_in) == (Quantity.of(10), ZERO)
    assert len(site.events("clearance.checklist_approved")) == 1


def test_customs_posting_less_leaves_the_rest_expected_and_both_figures_on_record(
    site: Office,
) -> None:
    inner_no = inbound(site, (MILK, 10))
    site.hear(verdict(inner_no))
    site.hear(posted(inner_no, 7))
    assert (site.balance(MILK).in_, site.balance(MILK).pre_in) == (Quantity.of(7), Quantity.of(3))
    assert [one.in_ for one in site.ask(queries.customs_figures, BOOK)] == [Quantity.of(7)]


def test_counted_differences_change_the_reservation_when_customs_agrees(site: Office) -> None:
    inner_no = inbound(site, (MILK, 10), (CREAM, 4))
    site.hear(verdict(inner_no))
    site.run(
        amend_checklist,
        AmendChecklist(
            SITE,
            inner_no,
            (
                AmendedLine(MILK, Quantity.of(9)),
                AmendedLine(CREAM, Quantity.of(6)),
                AmendedLine("ME1-0002", Quantity.of(1)),
            ),
            "1 short, 2 over, 1 not declared",
        ),
    )
    assert site.balance(MILK).pre_in == Quantity.of(10)
    with pytest.raises(Conflict, match=r"clearance\.wrong_state"):
        site.run(confirm_arrival, ConfirmArrival(SITE, inner_no))
    letter = site.ask(customs.letters, "out")[0]
    sent = codecs.Checklist.of(
        codecs.read(site.ask(customs.letter_out, letter.letter_id).body).documents[0]
    )
    assert (sent.dcl_typecd, sent.bond_invt_no[:2]) == ("2", "QD")
    assert [(str(line.dcl_qty), line.modf_markcd) for line in sent.lines] == [
        ("9", "1"),
        ("6", "1"),
        ("1", "3"),
    ]
    site.hear(verdict(inner_no, dcl_typecd="2"))
    site.hear(verdict(inner_no, dcl_typecd="2"))
    assert site.balance(MILK).pre_in == Quantity.of(9)
    assert site.balance(CREAM).pre_in == Quantity.of(6)
    site.run(confirm_arrival, ConfirmArrival(SITE, inner_no))
    site.run(confirm_arrival, ConfirmArrival(SITE, inner_no))
    assert len(site.events("clearance.checklist_arrived")) == 1
    site.hear(posted(inner_no, 9, 6, 1))
    assert site.balance("ME1-0002").in_ == Quantity.of(1)
    assert site.stands()


def test_a_refused_amendment_leaves_everything_as_it_was(site: Office) -> None:
    inner_no = inbound(site, (MILK, 10))
    site.hear(verdict(inner_no))
    wanted = (AmendedLine(MILK, ZERO), AmendedLine(CREAM, Quantity.of(1)))
    site.run(amend_checklist, AmendChecklist(SITE, inner_no, wanted, "counted"))
    site.hear(verdict(inner_no, "3", dcl_typecd="2"))
    found = site.ask(queries.checklist, inner_no)
    assert (found.amendment, [line.sku for line in found.lines]) == ("", [MILK])
    assert site.balance(MILK).pre_in == Quantity.of(10)


def test_the_import_client_can_refuse_before_customs_sees_it(site: Office) -> None:
    inner_no = inbound(site, (MILK, 10))
    letter = site.ask(customs.letters, "out")[0].letter_id
    answer = FirstAnswerRead(SITE, new_id(), letter, "INV101", inner_no, False, "-1", "", "重复")
    site.run(apply_first_answer, ApplyFirstAnswer(SITE, answer))
    found = site.ask(queries.checklist, inner_no)
    assert (found.state, found.reason) == ("refused", "重复")
    site.hear(verdict(inner_no))
    assert site.ask(queries.checklist, inner_no).state == "approved"


def test_gathered_lists_leave_the_book_at_the_gate_in_one_posting(site: Office) -> None:
    site.bring_in((MILK, 10), (CREAM, 10))
    lists = [released(site, 1, (MILK, 2)), released(site, 2, (MILK, 3), (CREAM, 1))]
    inner_no = outbound(site, *lists)
    found = site.ask(queries.checklist, inner_no)
    assert [(line.sku, str(line.quantity)) for line in found.lines] == [(MILK, "5"), (CREAM, "1")]
    assert found.lists == tuple(sorted(lists))
    site.hear(verdict(inner_no))
    assert site.balance(MILK).pre_out == Quantity.of(5)
    answer = site.run(goods_passed, passed(site, "Z6409E1", inner_no))
    assert (answer.checklists, answer.lists) == (1, 2)
    again = site.run(goods_passed, passed(site, "Z6409E1", inner_no))
    assert (again.checklists, again.lists) == (0, 0)
    assert (site.balance(MILK).out, site.balance(MILK).pre_out) == (Quantity.of(5), ZERO)
    site.hear(posted(inner_no, 5, 1))
    assert site.ask(queries.checklist, inner_no).state == "posted"
    assert {str(one.out) for one in site.ask(queries.customs_figures, BOOK)} == {"5", "1"}
    assert site.stands()


def test_the_gate_refuses_when_a_list_was_stopped_meanwhile(site: Office) -> None:
    site.bring_in((MILK, 10))
    lists = [released(site, 1, (MILK, 2)), released(site, 2, (MILK, 3))]
    inner_no = outbound(site, *lists)
    site.hear(verdict(inner_no))
    site.told(lists[1], ("500", 30))
    with pytest.raises(NotReleased) as refused:
        site.run(goods_passed, passed(site, "Z6409E1", inner_no))
    assert refused.value.lists == ((lists[1], "held"),)
    assert site.balance(MILK).out == ZERO
    verdicts = site.ask(
        queries.lists_of_checklists, [site.ask(queries.checklist, inner_no).checklist_id]
    )
    assert [one.may_leave for one in verdicts] == [True, False]


def test_inbound_goods_only_pass_and_the_book_waits_for_customs(site: Office) -> None:
    inner_no = inbound(site, (MILK, 10))
    with pytest.raises(Conflict, match=r"clearance\.wrong_state"):
        site.run(goods_passed, passed(site, "Z6409I1", inner_no, "I"))
    site.hear(verdict(inner_no))
    site.run(goods_passed, passed(site, "Z6409I1", inner_no, "I"))
    assert site.ask(queries.checklist, inner_no).passed_at == NOW
    assert site.balance(MILK).in_ == ZERO


def test_a_list_lies_in_one_live_checklist(site: Office) -> None:
    site.bring_in((MILK, 10))
    cop_no = released(site, 1, (MILK, 2))
    first = outbound(site, cop_no)
    with pytest.raises(ListGathered, match=r"clearance\.list_gathered"):
        outbound(site, cop_no)
    site.hear(verdict(first, "3"))
    assert site.ask(queries.checklist, first).state == "refused"
    second = outbound(site, cop_no)
    site.hear(verdict(second))
    assert site.ask(queries.release_list, cop_no).checklist_no == second


def test_only_released_lists_are_gathered(site: Office) -> None:
    site.bring_in((MILK, 10))
    waiting = site.declared(1, (MILK, 2))
    with pytest.raises(NotReleased) as refused:
        outbound(site, released(site, 2, (MILK, 1)), waiting)
    assert refused.value.lists == ((waiting, "declared"),)
    with pytest.raises(ListUnknown):
        outbound(site, "RL1")


@pytest.mark.parametrize(
    "goods",
    [
        (),
        (GoodsLine(MILK, ZERO, Decimal(1)),),
        (GoodsLine(MILK, Quantity.of(1), Decimal(0)),),
        (GoodsLine(MILK, Quantity.of(1), Decimal(1)), GoodsLine(MILK, Quantity.of(2), Decimal(1))),
    ],
    ids=["nothing", "no quantity", "no price", "one article twice"],
)
def test_a_checklist_that_cannot_be_filed(site: Office, goods: tuple[GoodsLine, ...]) -> None:
    with pytest.raises(ChecklistMalformed):
        site.run(file_checklist, FileChecklist(SITE, "0", goods, transport_mode="2"))


def test_goods_of_no_book_line_are_named(site: Office) -> None:
    with pytest.raises(Unknown, match=r"ledger\.line_unknown"):
        inbound(site, ("NOBODY", 1))


def test_a_receipt_for_a_checklist_nobody_knows_is_kept(site: Office) -> None:
    site.hear(verdict("CL261122999999"))
    story = site.ask(queries.timeline, DocumentKind.CHECKLIST, "CL261122999999")
    assert [one.what for one in story] == ["receipt_stray"]
    with pytest.raises(Unknown):
        site.run(goods_passed, GoodsPassed(SITE, "Z1", (UUID(int=1),), "E", NOW))
