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


LADDER_OF = {
    "CEB312": Ladder.ORDER,
    "CEB412": Ladder.ORDER,
    "CEB512": Ladder.ORDER,
    "CEB622": Ladder.LIST,
    "INV201": Ladder.CHECKLIST,
    "INV211": Ladder.CHECKLIST,
    "SAS221": Ladder.SHEET,
    "SAS223": Ladder.SHEET,
}
"""Ladder by kind of receipt."""

STATUS_NAMES = {
    "1": ("电子口岸已暂存", "stored at the e-port"),
    "2": ("电子口岸申报中", "e-port declaring"),
    "3": ("发送海关成功", "sent to customs"),
    "4": ("发送海关失败", "sending to customs failed"),
    "100": ("海关退单", "rejected by customs"),
    "120": ("海关入库", "stored by customs"),
    "300": ("人工审核", "manual review"),
    "399": ("海关审结", "examined and concluded"),
    "400": ("待运抵", "awaiting arrival"),
    "500": ("查验", "inspection"),
    "501": ("扣留移送通关", "detained, to clearance"),
    "502": ("扣留移送缉私", "detained, to anti-smuggling"),
    "503": ("扣留移送法规", "detained, to the legal office"),
    "505": ("移交", "handed over"),
    "599": ("其它扣留", "other detention"),
    "600": ("挂起", "suspended"),
    "700": ("退运", "returned"),
    "800": ("放行", "released"),
    "899": ("结关", "closed"),
}
"""Chinese and English name of each returnStatus (400 was seen in code lists only)."""
