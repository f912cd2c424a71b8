"""Receipts in any order, any of them repeated: the same state of the document, the same book."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pytest
from clearance_site import CREAM, MILK, NOW, SITE, Office, office, posted, receipts, verdict
from clearance_transfers import SECOND, file, stock, with_second_book
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wms.clearance import queries
from wms.clearance.service import (
    ApplyListReceipts,
    FileChecklist,
    GoodsLine,
    apply_list_receipts,
    file_checklist,
)
from wms.clearance.terms import DocumentKind
from wms.customs.codecs import ChecklistReceipt
from wms.kernel.money import amount
from wms.kernel.quantity import Quantity
from wms.ledger.terms import Balance

CODES = ("2", "3", "4", "120", "300", "399", "500", "501", "100", "700", "800", "899", "-621009")
FEW = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
Told = list[tuple[str, int]]


@pytest.fixture
def site(demo_url: str) -> Iterator[Office]:
    with office(demo_url) as found:
        found.bring_in((MILK, 1000), (CREAM, 1000))
        yield found


@st.composite
def shuffled(draw: st.DrawFn) -> tuple[Told, Told]:
    """Return a set of receipts, and the same in another order with repetitions."""
    chosen = draw(
        st.lists(
            st.tuples(st.sampled_from(CODES), st.integers(0, 20)),
            min_size=1,
            max_size=6,
            unique=True,
        )
    )
    again = draw(st.lists(st.sampled_from(chosen), max_size=4))
    return chosen, draw(st.permutations(chosen + again))


def test_a_list_and_its_book_end_the_same(site: Office) -> None:
    numbers = iter(range(1, 100_000))

    @FEW
    @given(shuffled(), st.booleans())
    def holds(told: tuple[Told, Told], together: bool) -> None:
        ends = []
        for order in told:
            cop_no = site.declared(next(numbers), (MILK, 2), (CREAM, 1))
            if together:
                batch = receipts(cop_no, *order)
                site.run(apply_list_receipts, ApplyListReceipts(SITE, batch))
            else:
                for one in order:
                    site.told(cop_no, one)
            listed = site.ask(queries.release_list, cop_no)
            held = site.balance(MILK).pre_out, site.balance(CREAM).pre_out
            paid = site.ask(queries.documents, DocumentKind.ORDER)[0].state
            ends.append((listed.state, listed.code, listed.reserved, listed.may_leave, paid))
            before.append(held)
        assert ends[0] == ends[1]
        # What the second one holds is what the first one holds: nothing, or the same again.
        moved = [(two[0] - one[0], two[1] - one[1]) for one, two in pairwise(before)]
        assert moved[-1] == moved[-2]

    before: list[tuple[Quantity, Quantity]] = [
        (site.balance(MILK).pre_out, site.balance(CREAM).pre_out)
    ]
    holds()
    assert site.stands()


def test_a_transfer_and_both_books_end_the_same(site: Office) -> None:
    with_second_book(site, "cumulative")
    names = ("out stored", "out refused", "out approved", "out posted")
    names += ("into refused", "into approved", "into posted")
    chosen = st.lists(st.sampled_from(names), min_size=1, max_size=7, unique=True)

    def letter(half: str, what: str) -> ChecklistReceipt:
        if what == "posted":
            return posted(half, 3)
        later = NOW + timedelta(minutes=5)
        return verdict(half, {"stored": "Y", "refused": "3"}.get(what, "1"), result_time=later)

    def held() -> tuple[Quantity, ...]:
        here, there = site.balance(MILK), stock(site, SECOND).get(101, Balance())
        return here.stock, here.pre_out, there.stock, there.pre_in

    @settings(FEW, max_examples=15)
    @given(chosen.flatmap(lambda some: st.tuples(st.just(some), st.permutations(some + some))))
    def holds(told: tuple[list[str], list[str]]) -> None:
        ends = []
        for order in told:
            before, (number, out, into) = held(), file(site, (MILK, 3))
            for one in order:
                half, what = one.split()
                site.hear(letter({"out": out, "into": into}[half], what))
            moved = [after - was for was, after in zip(before, held(), strict=True)]
            ends.append((site.ask(queries.transfer, number).state, moved))
        assert ends[0] == ends[1]

    holds()
    assert site.stands()


def test_a_checklist_and_its_book_end_the_same(site: Office) -> None:
    def letters(inner_no: str) -> dict[str, ChecklistReceipt]:
        later = NOW + timedelta(minutes=5)
        return {
            "stored": verdict(inner_no, "Y"),
            "manual": verdict(inner_no, "2"),
            "refused": verdict(inner_no, "3", result_time=later),
            "approved": verdict(inner_no, "1", result_time=later),
            "posted": posted(inner_no, 7),
        }

    names = ("stored", "manual", "refused", "approved", "posted")
    chosen = st.lists(st.sampled_from(names), min_size=1, max_size=5, unique=True)

    @FEW
    @given(chosen.flatmap(lambda some: st.tuples(st.just(some), st.permutations(some + some))))
    def holds(told: tuple[list[str], list[str]]) -> None:
        ends = []
        for order in told:
            start = site.balance(MILK)
            goods = (GoodsLine(MILK, Quantity.of(9), amount(5)),)
            inner_no = site.run(
                file_checklist, FileChecklist(SITE, "0", goods, transport_mode="2")
            ).inner_no
            known = letters(inner_no)
            for name in order:
                site.hear(known[name])
            end = site.balance(MILK)
            state = site.ask(queries.checklist, inner_no).state
            ends.append((state, end.in_ - start.in_, end.pre_in - start.pre_in))
        assert ends[0] == ends[1]

    holds()
    assert site.stands()
