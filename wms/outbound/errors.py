"""What the way out refuses."""

from wms.kernel.errors import Conflict, Unknown


class ParcelUnknown(Unknown):
    """No parcel here has this number, waybill or list."""

    def __init__(self, read: object) -> None:
        super().__init__("outbound.parcel_unknown", read=read)


class LoadUnknown(Unknown):
    """No load here has this number, and none is open for this plate."""

    def __init__(self, read: object) -> None:
        super().__init__("outbound.load_unknown", read=read)


def parcel_state(read: str, state: str, expected: str) -> Conflict:
    """Return the refusal of a step a parcel is not ready for, or has behind it."""
    return Conflict("outbound.parcel_state", read=read, state=state, expected=expected)


def parcel_held(read: str) -> Conflict:
    """Return the refusal of any step on a parcel that customs stops."""
    return Conflict("outbound.parcel_held", read=read)


def not_released(read: str, state: str) -> Conflict:
    """Return the refusal of a parcel whose release list is not released."""
    return Conflict("outbound.not_released", read=read, state=state)


def load_state(read: str, state: str, expected: str) -> Conflict:
    """Return the refusal of a step a load is not ready for, or has behind it."""
    return Conflict("outbound.load_state", read=read, state=state, expected=expected)


def pallet_empty(read: str) -> Conflict:
    """Return the refusal to close a load with an empty pallet."""
    return Conflict("outbound.pallet_empty", read=read)
