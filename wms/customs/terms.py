"""The words of customs letters: kinds of answer, stages of a document, and what each code means."""

from enum import StrEnum


class Answer(StrEnum):
    """What an answer of customs asks of us."""

    PROGRESS = "progress"
    """On its way: nothing to do."""
    RELEASE = "release"
    """Customs is done with it in our favour: released, stored, approved or posted."""
    REJECT = "reject"
    """Refused: correct and declare anew."""
    RETURN = "return"
    """Goods go back where they came from."""
    HOLD = "hold"
    """Goods must stop on the floor at once."""
    RETRY = "retry"
    """Did not reach customs: send the same again."""
    WAIT = "wait"
    """Has reached customs although an error says otherwise: wait, do not resend."""
    DROP = "drop"
    """Older than what customs holds: forget this letter."""
    TASK = "task"
    """A person must look."""
    UNKNOWN = "unknown"
    """A code in no list: kept and shown."""


class Ladder(StrEnum):
    """Whose receipts are climbed: the same code can mean different things on each."""

    ORDER = "order"
    """312, 412, 512: ends at 120."""
    LIST = "list"
    """622: ends at 800."""
    REQUEST = "request"
    """624, 626, 712: ends at 399."""
    CHECKLIST = "checklist"
    """INV201, INV211: ends at the posting."""
    SHEET = "sheet"
    """SAS221, SAS223: ends at the gate."""
