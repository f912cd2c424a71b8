"""What one checklist explains at each point of its way."""

import pytest

from wms.audit.rules import under_way
from wms.audit.terms import Movement, Reason, Side, UnderWay
from wms.kernel.quantity import Quantity

TEN, SIX, FOUR = Quantity.of(10), Quantity.of(6), Quantity.of(4)


def inbound(**facts):
    return Movement("QD1", "I", TEN, **facts)


def outbound(**facts):
    return Movement("QD8", "E", TEN, **facts)


@pytest.mark.parametrize(
    ("move", "reason", "quantity"),
    [
        (inbound(received=SIX, awaited=True), Reason.RECEIVED_NOT_POSTED, SIX),
        (inbound(received=TEN), Reason.RECEIVED_NOT_POSTED, TEN),
        (
            inbound(posted=True, figure=TEN, received=SIX, awaited=True),
            Reason.POSTED_NOT_RECEIVED,
            -FOUR,
        ),
        (outbound(passed=True), Reason.PASSED_NOT_POSTED, TEN),
        (outbound(posted=True, figure=TEN), Reason.POSTED_NOT_PASSED, -TEN),
        (outbound(paired=True, posted=True, figure=TEN), Reason.PAIR_NOT_POSTED, -TEN),
        (inbound(paired=True, posted=True, figure=TEN), Reason.PAIR_NOT_POSTED, TEN),
    ],
)
def test_it_explains(move, reason, quantity):
    assert under_way(move) == UnderWay(reason, move.document, quantity)


@pytest.mark.parametrize(
    "move",
    [
        inbound(),
        inbound(posted=True, figure=TEN, received=TEN, awaited=True),
        # Every truck is in and closed: what did not come by now is missing, not on the way.
        inbound(posted=True, figure=TEN, received=SIX),
        # More came than customs posted: no paper says so.
        inbound(posted=True, figure=SIX, received=TEN, awaited=True),
        outbound(),
        inbound(paired=True),
        inbound(paired=True, posted=True, passed=True, figure=TEN),
        outbound(passed=True, posted=True, figure=TEN),
        # Through the gate and posted at another quantity: a difference.
        outbound(passed=True, posted=True, figure=SIX),
    ],
)
def test_it_explains_nothing(move):
    assert under_way(move) is None


def test_inbound_moves_the_floor_outbound_customs():
    assert {reason: reason.side for reason in Reason} == {
        Reason.RECEIVED_NOT_POSTED: Side.FLOOR,
        Reason.POSTED_NOT_RECEIVED: Side.FLOOR,
        Reason.PASSED_NOT_POSTED: Side.CUSTOMS,
        Reason.POSTED_NOT_PASSED: Side.CUSTOMS,
        Reason.PAIR_NOT_POSTED: Side.CUSTOMS,
    }
