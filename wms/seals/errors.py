"""What this room refuses, by name."""

from wms.kernel.errors import Conflict, Invalid, Unknown


class SealUnknown(Unknown):
    """No seal of this number is registered at this site."""

    def __init__(self, read: str) -> None:
        super().__init__("seals.unknown", read=read, expected="CN99DM000001")


class SealOutOfUse(Conflict):
    """The seal is registered but taken out of use."""

    def __init__(self, read: str) -> None:
        super().__init__("seals.out_of_use", read=read)


class SealBusy(Conflict):
    """The seal is locked on something else."""

    def __init__(self, read: str, state: str, carrier: str) -> None:
        super().__init__("seals.busy", read=read, state=state, carrier=carrier)


class SealNotLocked(Conflict):
    """There is nothing to take off: the seal is not locked."""

    def __init__(self, read: str, state: str) -> None:
        super().__init__("seals.not_locked", read=read, state=state)


class SealInAlarm(Conflict):
    """The seal has an open alarm; an officer clears it first."""

    def __init__(self, read: str, cause: str) -> None:
        super().__init__("seals.in_alarm", read=read, cause=cause)


class NoAlarm(Conflict):
    """There is no open alarm to clear."""

    def __init__(self, read: str, state: str) -> None:
        super().__init__("seals.no_alarm", read=read, state=state)


class NoteMissing(Invalid):
    """An alarm is cleared with a note of some length, not by a click."""

    def __init__(self, read: str) -> None:
        super().__init__("seals.note_missing", read=read, expected="4")
