"""Why a day cannot begin, and why it cannot go on."""


class CannotBeginError(Exception):
    """Something a day needs is missing or does not answer; the message is one line naming it."""


class NotHappenedError(Exception):
    """Something the day waits for did not happen; the message names it."""


class RefusedError(Exception):
    """A door said no: HTTP status, stable code, and the sentence for people."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(f"{code or status}: {message}")
        self.status = status
        self.code = code
