"""Which receipt wins, what a receipt asks of us, and the shapes of customs' numbers."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from wms.customs.terms import Answer, Ladder

_P, _R, _J, _H = Answer.PROGRESS, Answer.RELEASE, Answer.REJECT, Answer.HOLD

# Rank and answer by code. A higher rank is never undone by a lower one, whatever comes later.
_CEB_RANKS: dict[str, tuple[int, Answer]] = {
    "1": (10, _P),  # 电子口岸已暂存 stored at the e-port
    "2": (20, _P),  # 电子口岸申报中 e-port declaring
    "4": (22, Answer.RETRY),  # 发送海关失败 sending to customs failed
    "3": (30, _P),  # 发送海关成功 sent to customs
    "120": (40, _P),  # 海关入库 stored by customs
    "300": (50, _P),  # 人工审核 manual review
    "400": (55, _P),  # 待运抵 awaiting arrival (seen in code lists only)
    "399": (60, _P),  # 海关审结 examined and concluded
    "500": (70, _H),  # 查验 inspection
    "501": (74, _H),  # 扣留移送通关 detained, to clearance
    "502": (74, _H),  # 扣留移送缉私 detained, to anti-smuggling
    "503": (74, _H),  # 扣留移送法规 detained, to the legal office
    "505": (74, _H),  # 移交 handed over
    "599": (74, _H),  # 其它扣留 other detention
    "600": (74, _H),  # 挂起 suspended
    "100": (80, _J),  # 海关退单 rejected by customs
    "800": (90, _R),  # 放行 released
    "899": (95, _R),  # 结关 closed
    # Goods sent back must stay back even if a release was said before or after.
    "700": (99, Answer.RETURN),  # 退运 returned
}
_RANKS: dict[Ladder, dict[str, tuple[int, Answer]]] = {
    Ladder.ORDER: _CEB_RANKS | {"100": (38, _J), "120": (40, _R), "399": (60, _R)},
    Ladder.LIST: _CEB_RANKS,
    Ladder.REQUEST: _CEB_RANKS | {"399": (90, _R)},
    Ladder.CHECKLIST: {
        "INV201/Z": (10, Answer.RETRY),
        "INV201/Y": (10, _P),
        "INV201/2": (20, _P),
        "INV201/3": (20, _J),
        "INV201/4": (30, _R),
        "INV201/1": (30, _R),
        "INV211": (40, _R),
    },
    Ladder.SHEET: {
        "SAS221/Z": (10, Answer.RETRY),
        "SAS221/Y": (10, _P),
        "SAS221/2": (20, _P),
        "SAS221/3": (20, _J),
        "SAS221/1": (30, _R),
        "SAS223/2": (40, _H),
        "SAS223/1": (50, _R),
    },
}

_ERROR_RANK = 25
_ERRORS: dict[Answer, frozenset[str]] = {
    # Their own trouble, or the way to customs: the same letter may pass later.
    Answer.RETRY: frozenset(
        [
            "-301013",
            "-401011",
            "-505015",
            "-621017",
            "-623027",
            "-625110",
            "-625116",
            "-800004",
            "-621009",
            "-623007",
            "-625203",
            "-625207",
        ],
    ),
    # It is at customs (or was there before), only their state update failed.
    Answer.WAIT: frozenset(
        [
            "-621008",
            "-623006",
            "-625202",
            "-625206",
            "-301010",
            "-401007",
            "-504012",
            "-504015",
            "-621004",
            "-623009",
            "-800003",
        ],
    ),
    Answer.DROP: frozenset(["-301014", "-401012", "-505016", "-800005"]),
}
_NEGATIVE = re.compile(r"-\d{1,9}\Z", re.ASCII)


@dataclass(frozen=True, slots=True)
class Heard:
    """One receipt as far as the order of receipts cares: its code and customs' time."""

    code: str
    time: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a document stands after all receipts so far, in whatever order they came.

    `head` is the winning receipt, None while only unknown codes came. `held_at` is the latest time
    customs asked to stop the goods; `unknown` keeps codes of no list.
    """

    head: Heard | None = None
    held_at: datetime | None = None
    unknown: frozenset[str] = frozenset()


def code_of(kind: str, result: str) -> str:
    """Return the code a receipt climbs with: returnStatus for CEB, `KIND/result` else.

    An INV211 is a posting whatever its verdict part says.
    """
    if kind.startswith("CEB"):
        return result
    return kind if kind == "INV211" else f"{kind}/{result}"


def answer_to(ladder: Ladder, code: str) -> Answer:
    """Return what a code asks of us, UNKNOWN for a code of no list."""
    known = _RANKS[ladder].get(code)
    if known:
        return known[1]
    if not _NEGATIVE.match(code):
        return Answer.UNKNOWN
    return next((answer for answer, codes in _ERRORS.items() if code in codes), Answer.TASK)


def accept(ladder: Ladder, current: Heard | None, new: Heard) -> bool:
    """Return whether `new` takes the place of `current`: by rank, then by customs' time.

    A total order, so any permutation with repetitions ends at the same receipt. One attempt is
    judged at a time: after a corrected declaration the caller starts again from None.
    """
    if answer_to(ladder, new.code) is Answer.UNKNOWN:
        return False
    return current is None or _key(ladder, new) > _key(ladder, current)


def advance(ladder: Ladder, standing: Standing, new: Heard) -> Standing:
    """Return the standing after one more receipt; the same standing when it changes nothing."""
    answer = answer_to(ladder, new.code)
    if answer is Answer.UNKNOWN:
        return replace(standing, unknown=standing.unknown | {new.code})
    if answer is Answer.HOLD and (standing.held_at is None or new.time > standing.held_at):
        standing = replace(standing, held_at=new.time)
    if accept(ladder, standing.head, new):
        standing = replace(standing, head=new)
    return standing


def standing_after(ladder: Ladder, receipts: Iterable[Heard]) -> Standing:
    """Return where a document stands after these receipts, in any order, repeated or not."""
    standing = Standing()
    for receipt in receipts:
        standing = advance(ladder, standing, receipt)
    return standing


def may_leave(standing: Standing) -> bool:
    """Return whether goods on a release list may leave: released, and not stopped afterwards.

    A hold that customs timed after its release does not undo the release (state only climbs), but
    the goods wait for a person.
    """
    head = standing.head
    if head is None or answer_to(Ladder.LIST, head.code) is not Answer.RELEASE:
        return False
    return standing.held_at is None or standing.held_at <= head.time


def _key(ladder: Ladder, heard: Heard) -> tuple[int, datetime, str]:
    rank = _RANKS[ladder].get(heard.code, (_ERROR_RANK, Answer.TASK))[0]
    return rank, heard.time, heard.code


NUMBER_SHAPES = {
    "seq_no": re.compile(r"(?:19|20)\d{16}\Z", re.ASCII),
    "checklist": re.compile(r"QD\d{6}[IE]\d{9}\Z", re.ASCII),
    "release_sheet": re.compile(r"Z\d{4}[IE]\d{6}(?:\d{12}|T\d{11})\Z", re.ASCII),
    "stock_sheet": re.compile(r"X\d{4}[IE]\d{6}\d{6}\Z", re.ASCII),
    "book": re.compile(
        r"(?:T\d{4}W\d{6}|L\d{4}[BD]\d{2}[A-Z]\d{3}|[HECD][0-9A-Z]{11})\Z", re.ASCII
    ),
    # Import lists have 9 digits at the end; export serials may have up to 11.
    "list": re.compile(r"\d{8}[IE]\d{9,11}\Z", re.ASCII),
    "declaration": re.compile(r"\d{8}[01]\d{9}\Z", re.ASCII),
    "declaration_seq": re.compile(r"[IE](?:19|20)\d{15}\Z", re.ASCII),
    "registration": re.compile(r"\d{5}[0-9A-Z]{5}\Z", re.ASCII),
}
"""Shape of each number of customs by name; sources and examples in the glossary."""


def fits(shape: str, number: str) -> bool:
    """Return whether `number` has the shape named `shape` (a key of NUMBER_SHAPES)."""
    return NUMBER_SHAPES[shape].match(number) is not None


def regular_enterprise_code(code: str) -> bool:
    """Return whether an enterprise code has one of the two regular lengths.

    10 characters are a customs registration number, 18 a social credit code (whose check digits
    are the kernel's matter). Only ebpCode and ownerCode may be anything else up to 18.
    """
    return fits("registration", code) or (len(code) == 18 and code.isascii() and code.isalnum())
