"""Refusals of audit."""

from wms.kernel.errors import Conflict, Invalid, Unknown


class Moved(Conflict):
    """The figures have moved since they were shown: whoever signs must see what is signed."""

    def __init__(self, read: str, expected: str) -> None:
        super().__init__("audit.moved", read=read[:12], expected=expected[:12])


class TaskUnknown(Unknown):
    """No task has this number."""

    def __init__(self, read: object) -> None:
        super().__init__("audit.task_unknown", read=read)


def closed(number: int) -> Conflict:
    """Return the refusal of a step on a task that is over."""
    return Conflict("audit.task_closed", read=number)


def proposed(number: int) -> Conflict:
    """Return the refusal of a second proposal while the first waits for its answer."""
    return Conflict("audit.task_proposed", read=number)


def agrees(read: str, side: str) -> Conflict:
    """Return the refusal of a task on figures that do not differ."""
    return Conflict("audit.line_agrees", read=read, side=side)


def no_text(number: object) -> Invalid:
    """Return the refusal of a step that says nothing where a reason is needed."""
    return Invalid("audit.text_missing", read=number)


def kind(read: str) -> Conflict:
    """Return the refusal of a proposal nobody here knows how to carry out."""
    return Conflict("audit.kind_unknown", read=read[:40])
