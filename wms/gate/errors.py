"""What the gate refuses, by name."""

from wms.kernel.errors import Conflict, Invalid, Unknown


class LaneUnknown(Unknown):
    """No lane has this number."""

    def __init__(self, read: str) -> None:
        super().__init__("gate.lane_unknown", read=read, expected="HAKL02OU01")


class DeviceUnknown(Unknown):
    """No device has this number, or the lane lacks one of this kind."""

    def __init__(self, read: str) -> None:
        super().__init__("gate.device_unknown", read=read)


class SheetUnknown(Unknown):
    """No release sheet has this number."""

    def __init__(self, read: str) -> None:
        super().__init__("gate.sheet_unknown", read=read)


class CrossingUnknown(Unknown):
    """No crossing has this id."""

    def __init__(self, read: object) -> None:
        super().__init__("gate.crossing_unknown", read=read)


class NoPassage(Conflict):
    """A reading came without a passage, and no vehicle stands in the lane."""

    def __init__(self, lane_no: str) -> None:
        super().__init__("gate.no_passage", read=lane_no)


class SheetMalformed(Invalid):
    """A release sheet cannot be filed like this: what was read, what was expected."""

    def __init__(self, field: str, read: object, expected: str) -> None:
        super().__init__("gate.sheet_malformed", field=field, read=read, expected=expected)


class NotWaiting(Conflict):
    """A person decides only where the gate waits for one."""

    def __init__(self, state: str) -> None:
        super().__init__("gate.not_waiting", read=state, expected="waiting")


class MayNotRelease(Conflict):
    """Releasing is not for a person while this holds."""

    def __init__(self, why: str) -> None:
        super().__init__("gate.may_not_release", read=why)


class ReasonMissing(Invalid):
    """A decision of a person is kept with a reason."""

    def __init__(self, read: str) -> None:
        super().__init__("gate.reason_missing", read=read, expected="4")


class NotUnposted(Conflict):
    """The goods of this crossing are posted, or it never passed."""

    def __init__(self, state: str) -> None:
        super().__init__("gate.not_unposted", read=state, expected="unposted")
