"""What receiving refuses, each with what was read and what would do."""

from collections.abc import Sequence
from datetime import datetime

from wms.inbound.terms import Gap
from wms.kernel.errors import Conflict, Invalid, Unknown
from wms.kernel.quantity import Quantity


class ArrivalUnknown(Unknown):
    """No arrival has this number."""

    def __init__(self, read: str) -> None:
        super().__init__("inbound.arrival_unknown", read=read)


class PalletUnknown(Unknown):
    """No arrival announces this SSCC."""

    def __init__(self, read: str) -> None:
        super().__init__("inbound.pallet_unknown", read=read)


class AlreadyReceived(Conflict):
    """Somebody has received this pallet before."""

    def __init__(self, sscc: str, by: str, at: datetime) -> None:
        super().__init__("inbound.already_received", read=sscc, by=by, at=at.isoformat())


def arrival_known(read: str) -> Conflict:
    """Return the refusal of an arrival number that is taken."""
    return Conflict("inbound.arrival_known", read=read)


def pallet_expected(sscc: str, arrival_no: str) -> Conflict:
    """Return the refusal of an SSCC that is announced (again)."""
    return Conflict("inbound.pallet_expected", read=sscc, arrival=arrival_no)


def sscc_malformed(read: str) -> Invalid:
    """Return the refusal of a number that is no SSCC."""
    return Invalid("inbound.sscc_malformed", read=read, expected="069409990000000017")


def no_pallets(count: int, most: int) -> Invalid:
    """Return the refusal of a plan with no pallet or too many."""
    return Invalid("inbound.no_pallets", read=count, expected=f"1 – {most}")


def not_whole(sscc: str, read: Quantity) -> Invalid:
    """Return the refusal of a quantity that is not a whole number of pieces above zero."""
    return Invalid("inbound.not_whole", sscc=sscc, read=read)


def not_a_dock(read: str) -> Invalid:
    """Return the refusal of a place where no truck is unloaded."""
    return Invalid("inbound.not_a_dock", read=read, expected="DK-01")


def not_arrived(arrival_no: str, plate: str) -> Conflict:
    """Return the refusal to receive from a truck that has not passed the gate."""
    return Conflict("inbound.not_arrived", read=arrival_no, plate=plate)


def seal_on(arrival_no: str, seal_no: str) -> Conflict:
    """Return the refusal to receive while the truck's seal is shut."""
    return Conflict("inbound.seal_on", read=arrival_no, seal=seal_no)


def seal_alarm(arrival_no: str, seal_no: str) -> Conflict:
    """Return the refusal to receive while the truck's seal is in alarm."""
    return Conflict("inbound.seal_alarm", read=arrival_no, seal=seal_no)


def closed(arrival_no: str) -> Conflict:
    """Return the refusal of anything on a closed arrival."""
    return Conflict("inbound.closed", read=arrival_no)


def not_received(sscc: str) -> Conflict:
    """Return the refusal to correct a pallet before it is received."""
    return Conflict("inbound.not_received", read=sscc)


def too_many(sscc: str, read: Quantity, most: Quantity) -> Invalid:
    """Return the refusal of a difference larger than the pallet."""
    return Invalid("inbound.too_many", sscc=sscc, read=read, expected=most)


def differs(arrival_no: str, gaps: Sequence[Gap]) -> Conflict:
    """Return the refusal to close over differences that nobody has accepted."""
    first = gaps[0]
    return Conflict(
        "inbound.differs",
        arrival=arrival_no,
        sku=first.sku,
        read=first.received,
        expected=first.expected,
        count=len(gaps),
    )


def not_on_checklist(sku: str, checklist_no: str) -> Conflict:
    """Return the refusal of goods that the checklist does not declare."""
    return Conflict("inbound.not_on_checklist", read=sku, checklist=checklist_no)
