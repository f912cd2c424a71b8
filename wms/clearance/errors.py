"""What clearance refuses outright; what a document fails is a value and is kept with it."""

from wms.kernel.errors import Conflict, Invalid, Unknown


class ListUnknown(Unknown):
    """No release list has this number."""

    def __init__(self, read: object) -> None:
        super().__init__("clearance.list_unknown", read=read)


class ChecklistUnknown(Unknown):
    """No checklist has this number."""

    def __init__(self, read: object) -> None:
        super().__init__("clearance.checklist_unknown", read=read)


class DocumentUnknown(Unknown):
    """No order, payment or waybill has this number."""

    def __init__(self, kind: str, read: object) -> None:
        super().__init__("clearance.document_unknown", kind=kind, read=read)


class NotReleased(Conflict):
    """Some lists may not leave; every one is named with where it stands."""

    def __init__(self, lists: tuple[tuple[str, str], ...]) -> None:
        named = ", ".join(f"{cop_no} ({state})" for cop_no, state in lists)
        super().__init__("clearance.not_released", read=named, count=len(lists))
        self.lists = lists


class ListGathered(Conflict):
    """A list already lies in a live checklist of type 8."""

    def __init__(self, lists: tuple[str, ...]) -> None:
        super().__init__("clearance.list_gathered", read=", ".join(lists), count=len(lists))


class WrongState(Conflict):
    """The document stands where this cannot be done."""

    def __init__(self, number: str, state: str, expected: str) -> None:
        super().__init__("clearance.wrong_state", number=number, read=state, expected=expected)


class ChecklistMalformed(Invalid):
    """A checklist cannot be filed like this: what was read, what was expected."""

    def __init__(self, read: object, expected: str) -> None:
        super().__init__("clearance.checklist_malformed", read=read, expected=expected)


class TransferUnknown(Unknown):
    """No transfer has this number."""

    def __init__(self, read: object) -> None:
        super().__init__("clearance.transfer_unknown", read=read)


class TransferMalformed(Invalid):
    """A transfer cannot be made like this: what was read, what was expected."""

    def __init__(self, read: object, expected: str) -> None:
        super().__init__("clearance.transfer_malformed", read=read, expected=expected)


class TransferShort(Conflict):
    """The lines of a book hold too little of some articles; every one is named."""

    def __init__(self, short: tuple[str, ...]) -> None:
        super().__init__("clearance.transfer_short", read=", ".join(short), count=len(short))
        self.short = short


class MessageMalformed(Invalid):
    """A message of the trade that cannot be taken, with the first finding."""

    def __init__(self, path: str, read: object, expected: str) -> None:
        super().__init__("clearance.message_malformed", path=path, read=read, expected=expected)
