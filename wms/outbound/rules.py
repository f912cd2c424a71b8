"""Decisions of the way out: what a parcel may do next, and which lists a load may carry."""

from collections.abc import Iterable

from wms.kernel.errors import Refusal
from wms.kernel.quantity import Quantity, total
from wms.outbound import errors
from wms.outbound.terms import PALLET_KG, ParcelState

NEXT: dict[str, tuple[ParcelState, ...]] = {
    "pick": (ParcelState.ALLOCATED,),
    "label": (ParcelState.PICKED,),
    "confirm_label": (ParcelState.LABELLED,),
    "load": (ParcelState.PACKED,),
}
"""Step → the states in which a parcel may take it."""


def may(step: str, parcel_no: str, state: ParcelState, *, held: bool) -> Refusal | None:
    """Return why a parcel may not take a step, or None; what customs stops takes none."""
    if held:
        return errors.parcel_held(parcel_no)
    if state not in NEXT[step]:
        return errors.parcel_state(parcel_no, state.value, NEXT[step][0].value)
    return None


def gross_of_load(parcels_kg: Iterable[Quantity], pallets: int) -> Quantity:
    """Return what a truck carries: its parcels and the wood they stand on, in kg."""
    return total([*parcels_kg, *([PALLET_KG] * pallets)])
