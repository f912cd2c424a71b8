"""What each answer of customs asks of us, and the shapes of its numbers."""

from datetime import timedelta

import customs_letters as letters
import pytest

from wms.customs.rules import (
    NUMBER_SHAPES,
    Heard,
    accept,
    answer_to,
    code_of,
    fits,
    regular_enterprise_code,
    standing_after,
)
from wms.customs.terms import Answer, Ladder


@pytest.mark.parametrize(
    ("ladder", "code", "answer"),
    [
        (Ladder.LIST, "3", Answer.PROGRESS),
        (Ladder.LIST, "4", Answer.RETRY),
        (Ladder.LIST, "120", Answer.PROGRESS),
        (Ladder.ORDER, "120", Answer.RELEASE),
        (Ladder.LIST, "399", Answer.PROGRESS),
        (Ladder.REQUEST, "399", Answer.RELEASE),
        (Ladder.LIST, "899", Answer.RELEASE),
        (Ladder.LIST, "100", Answer.REJECT),
        (Ladder.LIST, "600", Answer.HOLD),
        (Ladder.LIST, "700", Answer.RETURN),
        (Ladder.LIST, "-621008", Answer.WAIT),
        (Ladder.LIST, "-621004", Answer.WAIT),
        (Ladder.LIST, "-621009", Answer.RETRY),
        (Ladder.LIST, "-621017", Answer.RETRY),
        (Ladder.ORDER, "-301014", Answer.DROP),
        (Ladder.LIST, "-621018", Answer.TASK),
        (Ladder.LIST, "-999999999", Answer.TASK),
        (Ladder.LIST, "18", Answer.UNKNOWN),
        (Ladder.LIST, "-", Answer.UNKNOWN),
        (Ladder.LIST, "-٣", Answer.UNKNOWN),
        (Ladder.CHECKLIST, "INV201/4", Answer.RELEASE),
        (Ladder.CHECKLIST, "INV201/9", Answer.UNKNOWN),
        (Ladder.SHEET, "SAS223/2", Answer.HOLD),
    ],
)
def test_what_an_answer_asks(ladder, code, answer):
    assert answer_to(ladder, code) is answer


@pytest.mark.parametrize(
    ("ladder", "lower", "higher"),
    [
        (Ladder.LIST, "1", "2"),
        (Ladder.LIST, "4", "3"),
        (Ladder.LIST, "-621008", "120"),
        (Ladder.LIST, "120", "399"),
        (Ladder.LIST, "399", "500"),
        (Ladder.LIST, "500", "800"),
        (Ladder.LIST, "500", "501"),
        (Ladder.LIST, "501", "100"),
        (Ladder.LIST, "800", "899"),
        (Ladder.LIST, "899", "700"),
        (Ladder.ORDER, "100", "120"),
        (Ladder.CHECKLIST, "INV201/Y", "INV201/2"),
        (Ladder.CHECKLIST, "INV201/3", "INV201/1"),
        (Ladder.CHECKLIST, "INV201/1", "INV211"),
        (Ladder.SHEET, "SAS221/1", "SAS223/2"),
        (Ladder.SHEET, "SAS223/2", "SAS223/1"),
    ],
)
def test_the_higher_wins_even_when_it_is_older(ladder, lower, higher):
    late, early = letters.NOW + timedelta(days=1), letters.NOW
    assert accept(ladder, Heard(lower, late), Heard(higher, early))
    assert not accept(ladder, Heard(higher, early), Heard(lower, late))


def test_a_repeated_receipt_changes_nothing_and_a_later_one_of_its_rank_does():
    first, later = Heard("500", letters.NOW), Heard("500", letters.NOW + timedelta(seconds=1))
    assert not accept(Ladder.LIST, first, first)
    assert accept(Ladder.LIST, first, later)


def test_only_unknown_codes_leave_a_document_where_it_was():
    standing = standing_after(Ladder.LIST, [Heard("18", letters.NOW), Heard("23", letters.NOW)])
    assert standing.head is None
    assert standing.unknown == {"18", "23"}


def test_codes_of_receipts():
    assert code_of("CEB622", "800") == "800"
    assert code_of("INV201", "1") == "INV201/1"
    assert code_of("INV211", "") == "INV211"
    assert code_of("SAS223", "2") == "SAS223/2"


@pytest.mark.parametrize(
    ("shape", "number"),
    [
        ("seq_no", "202600000000000007"),
        ("checklist", "QD640926I000000007"),
        ("release_sheet", "Z6409I261122000000000007"),
        ("release_sheet", "Z6409E261122T00000000007"),
        ("stock_sheet", "X6409I261122000007"),
        ("book", "T6409W990001"),
        ("book", "L6409B26A008"),
        ("list", "64092026I000000001"),
        ("list", "64092026E00000000001"),
        ("declaration", "640920261000000001"),
        ("declaration_seq", "I20260000000000007"),
        ("registration", "460166DM01"),
    ],
)
def test_number_shapes(shape, number):
    assert fits(shape, number)
    assert not fits(shape, number[:-3])
    assert not fits(shape, number + "\n")
    assert not fits(shape, number.replace("0", "０"))
    assert set(NUMBER_SHAPES) >= {shape}


@pytest.mark.parametrize(
    ("code", "regular"),
    [
        ("460166DM01", True),
        ("91460105DEM000014L", True),
        ("46016", False),
        ("无", False),
        ("91460105DEM00001４L", False),
    ],
)
def test_enterprise_codes(code, regular):
    assert regular_enterprise_code(code) is regular
