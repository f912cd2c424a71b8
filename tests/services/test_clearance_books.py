"""Both modes of a book: one line a goods number, or one for each consignment, the oldest first."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from clearance_site import BOOK, CREAM, MILK, NOW, SITE, Office, office, posted, verdict
from sqlalchemy import text

from wms.clearance import queries
from wms.clearance.service import (
    AmendChecklist,
    AmendedLine,
    FileChecklist,
    GoodsLine,
    GoodsPassed,
    RetryShort,
    amend_checklist,
    file_checklist,
    goods_passed,
    retry_short,
)
from wms.clearance.terms import DocumentKind
from wms.customs import codecs
from wms.customs import queries as customs
from wms.customs.codecs import ChecklistLine
from wms.db.transaction import Tx
from wms.kernel.errors import Unknown
from wms.kernel.quantity import ZERO, Quantity
from wms.ledger import books
from wms.ledger.books import OpenBook

SECOND = "T6409W990002"
Q = Quantity.of


@pytest.fixture
def site(demo_url: str) -> Iterator[Office]:
    """The demo site, whose orders are declared from a non-cumulative book."""
    with office(demo_url) as found:
        found.run(books.open_book, OpenBook(SITE, SECOND, "Z", "non_cumulative", NOW))
        found.run(use_book, OpenBook(SITE, SECOND, "Z", "non_cumulative", NOW))
        yield found


def use_book(tx: Tx, command: OpenBook) -> str:
    tx.session.execute(
        text("UPDATE site SET book_no = :book WHERE site_id = :site"),
        {"book": command.book_no, "site": tx.site_id},
    )
    return command.book_no


def file(site: Office, *goods: tuple[str, int], book_no: str = "") -> str:
    lines = tuple(GoodsLine(sku, Q(qty), Decimal("98.5")) for sku, qty in goods)
    command = FileChecklist(SITE, "0", lines, transport_mode="2", country="309", book_no=book_no)
    return site.run(file_checklist, command).inner_no


def lines(site: Office, book_no: str = SECOND) -> list[tuple[int, str, Quantity, Quantity]]:
    """Return every line of a book: its number, goods, stock and free quantity."""
    found = site.ask(books.lines, book_no)
    return [(line.line_no, line.goods_no, had.stock, had.free) for line, had in found]


def release(site: Office, number: int, *goods: tuple[str, int]) -> str:
    cop_no = site.declared(number, *goods)
    site.told(cop_no, "120", "800")
    return cop_no


def pass_gate(site: Office, sheet_no: str, *cop_nos: str) -> str:
    number = site.run(file_checklist, FileChecklist(SITE, "8", lists=cop_nos)).inner_no
    site.hear(verdict(number))
    checklist_id = site.ask(queries.checklist, number).checklist_id
    site.run(goods_passed, GoodsPassed(SITE, sheet_no, (checklist_id,), "E", NOW))
    site.hear(posted(number))
    return number


def test_each_consignment_gets_its_own_line_when_customs_approves_it(site: Office) -> None:
    first = file(site, (MILK, 10), (CREAM, 4))
    filed = site.ask(queries.checklist, first)
    assert [(line.line_no, line.account_id) for line in filed.lines] == [(0, None), (0, None)]
    assert lines(site) == []
    site.hear(verdict(first))
    site.hear(verdict(first))
    second = file(site, (MILK, 5))
    site.hear(posted(second, 5))  # overtakes its approval
    site.hear(verdict(second))
    assert lines(site) == [(1, MILK, ZERO, ZERO), (2, CREAM, ZERO, ZERO), (3, MILK, Q(5), Q(5))]
    site.hear(posted(first, 10, 4))
    assert lines(site) == [(1, MILK, Q(10), Q(10)), (2, CREAM, Q(4), Q(4)), (3, MILK, Q(5), Q(5))]
    assert [line.line_no for line in site.ask(queries.checklist, first).lines] == [1, 2]
    figures = site.ask(queries.customs_figures, SECOND)
    assert [(one.line_no, one.in_) for one in figures] == [(1, Q(10)), (2, Q(4)), (3, Q(5))]
    assert site.stands()


def test_customs_own_number_of_a_line_is_taken(site: Office) -> None:
    numbered = file(site, (MILK, 10))
    said = (ChecklistLine(gds_seqno=1, putrec_seqno=7, dcl_qty=Decimal(10)),)
    site.hear(replace(verdict(numbered), lines=said))
    again = file(site, (MILK, 3))
    site.hear(replace(verdict(again), lines=said))  # taken already: the next one is ours to give
    assert [line_no for line_no, *_ in lines(site)] == [7, 8]


def test_lists_take_the_oldest_lines_first_and_are_split_over_them(site: Office) -> None:
    for quantity in (3, 4, 5):
        site.bring_in((MILK, quantity))
    cop_no = site.declared(1, (MILK, 8))
    listed = site.ask(queries.release_list, cop_no)
    taken = [(line.gnum, line.line_no, line.quantity) for line in listed.lines]
    assert taken == [(1, 1, Q(3)), (2, 2, Q(4)), (3, 3, Q(1))]
    price = site.goods(MILK).price
    assert sum(line.total_price for line in listed.lines) == price * 8
    assert [free for *_, free in lines(site)] == [ZERO, ZERO, Q(4)]
    story = site.ask(queries.timeline, DocumentKind.LIST, cop_no)
    assert story[0].letter_id is not None
    letter = codecs.read(site.ask(customs.letter_out, story[0].letter_id).body)
    sent = codecs.ReleaseList.of(letter.documents[0])
    assert [line.item_record_no for line in sent.lines] == ["1", "2", "3"]


def test_a_list_leaves_the_lines_it_named(site: Office) -> None:
    site.bring_in((MILK, 3), (CREAM, 2))
    site.bring_in((MILK, 4))
    one, other = release(site, 1, (MILK, 2), (CREAM, 1)), release(site, 2, (MILK, 4))
    number = pass_gate(site, "Z6409E1", one, other)
    gathered = site.ask(queries.checklist, number).lines
    assert [(line.line_no, line.quantity) for line in gathered] == [(1, Q(3)), (2, Q(1)), (3, Q(3))]
    assert [stock for _, _, stock, _ in lines(site)] == [ZERO, Q(1), Q(1)]
    figures = site.ask(queries.customs_figures, SECOND)
    assert [one.in_ - one.out for one in figures] == [ZERO, Q(1), Q(1)]
    assert site.stands()


def test_an_order_that_all_lines_together_are_short_for_waits_for_the_next(site: Office) -> None:
    site.bring_in((MILK, 3))
    row = site.deliver(*site.papers(1, (MILK, 2), (CREAM, 1)))
    assert row.state == "short"
    assert [(one.where, one.read, one.expected) for one in row.reasons] == [(CREAM, "1", "0")]
    assert [free for *_, free in lines(site)] == [Q(3)]
    site.bring_in((CREAM, 1))
    assert site.run(retry_short, RetryShort(SITE, SECOND)).declared == 1
    assert [free for *_, free in lines(site)] == [Q(1), ZERO]


def test_a_rejection_frees_the_very_lines_and_the_next_order_takes_them(site: Office) -> None:
    site.bring_in((MILK, 3))
    site.bring_in((MILK, 3))
    cop_no = site.declared(1, (MILK, 4))
    site.told(cop_no, "120", ("100", 5))
    assert [free for *_, free in lines(site)] == [Q(3), Q(3)]
    listed = site.ask(queries.release_list, site.declared(2, (MILK, 3)))
    assert [line.line_no for line in listed.lines] == [1]
    assert site.stands()


def test_goods_that_an_amendment_adds_get_their_line_when_it_is_approved(site: Office) -> None:
    number = file(site, (MILK, 10))
    site.hear(verdict(number))
    counted = (AmendedLine(MILK, Q(9)), AmendedLine(CREAM, Q(2), Decimal(20)))
    site.run(amend_checklist, AmendChecklist(SITE, number, counted, "counted"))
    later = NOW + timedelta(minutes=5)
    site.hear(verdict(number, dcl_typecd="2", result_time=later))
    site.hear(posted(number, 9, 2))
    assert lines(site) == [(1, MILK, Q(9), Q(9)), (2, CREAM, Q(2), Q(2))]
    assert site.stands()


def test_a_cumulative_book_beside_it_adds_to_one_line_and_takes_only_filed_goods(
    site: Office,
) -> None:
    for quantity in (3, 4):
        number = file(site, (MILK, quantity), book_no=BOOK)
        site.hear(verdict(number))
        site.hear(posted(number))
    assert [row for row in lines(site, BOOK) if row[2]] == [(1, MILK, Q(7), Q(7))]
    assert lines(site) == []
    with pytest.raises(Unknown, match=r"ledger\.line_unknown"):
        file(site, ("NOBODY", 1), book_no=BOOK)
    with pytest.raises(Unknown, match=r"ledger\.book_unknown"):
        file(site, (MILK, 1), book_no="T0000W000000")
