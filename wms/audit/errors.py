"""Refusals of audit."""

from wms.kernel.errors import Conflict


class Moved(Conflict):
    """The figures have moved since they were shown: whoever signs must see what is signed."""

    def __init__(self, read: str, expected: str) -> None:
        super().__init__("audit.moved", read=read[:12], expected=expected[:12])
