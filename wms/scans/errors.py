"""The refusals of scans, each with its two sentences in messages.toml."""

from wms.kernel.errors import Forbidden, Unknown


class TaskUnknown(Unknown):
    """No room does work of this name with a scanner."""

    def __init__(self, read: str) -> None:
        super().__init__("scans.task_unknown", read=read[:40])


class TaskForbidden(Forbidden):
    """This person may not do this task."""

    def __init__(self, needed: str) -> None:
        super().__init__("scans.task_forbidden", needed=needed)
