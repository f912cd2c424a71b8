"""Whether a pallet may be received now: a pure decision over the arrival and its seal."""

from wms.inbound import errors
from wms.inbound.terms import ArrivalState, Difference
from wms.kernel.errors import Refusal
from wms.kernel.quantity import Quantity
from wms.seals.terms import LOCKED, SealState


def unloading(
    arrival_no: str, state: ArrivalState, plate: str, seal_no: str, seal: SealState | None
) -> Refusal | None:
    """Return why goods may not be taken off this truck now, or nothing.

    `seal` is the state of its seal; None when it bears none that is registered here.
    """
    if state is ArrivalState.CLOSED:
        return errors.closed(arrival_no)
    if state is ArrivalState.PLANNED:
        return errors.not_arrived(arrival_no, plate)
    if seal is SealState.ALARM:
        return errors.seal_alarm(arrival_no, seal_no)
    if seal in LOCKED:
        return errors.seal_on(arrival_no, seal_no)
    return None


def received_with(expected: Quantity, difference: Difference, pieces: Quantity) -> Quantity:
    """Return how many pieces came when the pallet is short or over by so many."""
    return expected - pieces if difference is Difference.SHORT else expected + pieces
