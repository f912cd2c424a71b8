"""Whether a truck may be unloaded now: every state of arrival and seal."""

import pytest

from wms.inbound.rules import unloading
from wms.inbound.terms import ArrivalState
from wms.seals.terms import SealState

TABLE = {
    (ArrivalState.PLANNED, None): "inbound.not_arrived",
    (ArrivalState.CLOSED, None): "inbound.closed",
    (ArrivalState.ARRIVED, None): "",
    (ArrivalState.PLANNED, SealState.UNSEALED): "inbound.not_arrived",
    (ArrivalState.CLOSED, SealState.SEALED): "inbound.closed",
    (ArrivalState.ARRIVED, SealState.IDLE): "",
    (ArrivalState.ARRIVED, SealState.UNSEALED): "",
    (ArrivalState.ARRIVED, SealState.SEALED): "inbound.seal_on",
    (ArrivalState.ARRIVED, SealState.IN_TRANSIT): "inbound.seal_on",
    (ArrivalState.ARRIVED, SealState.ALARM): "inbound.seal_alarm",
}


@pytest.mark.parametrize(("state", "seal"), TABLE)
def test_a_truck_is_unloaded_when_it_is_in_and_its_seal_is_off(
    state: ArrivalState, seal: SealState | None
) -> None:
    refusal = unloading("AR1", state, "琼A9Q001", "CN99DM000001", seal)
    assert (refusal.code if refusal else "") == TABLE[state, seal]
