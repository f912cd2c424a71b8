"""The page of docs/reference/book-events.md, made of the table that posts; run it to print it."""

import sys
from typing import Final

from wms.clearance.rules import EDITIONS, BookEvent, Edition, Role, Rule
from wms.ledger.terms import RULE_VERSION, RULES, Step
from wms.web.messages import catalogue

COUNTERS: Final = (("in_", "实增 in"), ("pre_in", "预增 pending in"))
COUNTERS_OUT: Final = (("out", "实减 out"), ("pre_out", "预减 pending out"))
ROLES: Final = {
    Role.LINE: ("每一项", "each line"),
    Role.BEFORE: ("变更前的项", "the line before the change"),
    Role.AFTER: ("变更后的项", "the line after it"),
    Role.SOURCE: ("转出项", "the line goods leave"),
    Role.TARGET: ("转入项", "the line goods reach"),
    Role.INTO_TRANSIT: ("转入在途户", "into the account of what is on the way"),
    Role.OUT_OF_TRANSIT: ("转出在途户", "out of the account of what is on the way"),
    Role.BACK: ("退回的项", "the line goods come back to"),
}
HEAD: Final = """# Which customs event moves what in the book · 海关事件与账册

The table every posting of a document goes by (`wms/clearance/rules/book_events.py`). A posting
carries the event's name; its day says which edition was in force. Editions are added, never
changed. Goods expected are not there yet, goods held are not free. This page is printed from the
table (`PYTHONPATH=tests python tests/book_events_page.py`), and a test holds it to that.

单证每笔记账都依此表。记账带事件名，按记账日取当日有效的版本；版本只增不改。
预增不可用，预减不可再用。本页由程序从表中生成，并有测试核对。
"""
COLUMNS: Final = (
    *("event", "事件", "what happened", "cause: message, code"),
    *("account 账户", "step 步", "moves 数量"),
)


def page() -> str:
    """Return the whole page."""
    return "\n".join([HEAD, *(part for edition in EDITIONS for part in _edition(edition))])


def _edition(edition: Edition) -> list[str]:
    since = edition.valid_from.isoformat()
    rows = [_row(event, edition.rules[event]) for event in BookEvent]
    return [
        f"## {edition.version} · from {since} · {since} 起",
        "",
        f"| {' | '.join(COLUMNS)} |",
        "|---" * len(COLUMNS) + "|",
        *rows,
        "",
    ]


def _row(event: BookEvent, rule: Rule) -> str:
    said = catalogue()[f"ledger.event.{event}"]
    whom = "<br>".join(f"{zh} · {en}" for zh, en in (ROLES[role] for role in rule.steps))
    steps = "<br>".join(f"`{step}`" for step in rule.steps.values())
    moves = "<br>".join(_effect(step) for step in rule.steps.values())
    cells = (f"`{event}`", said["zh"], said["en"], rule.cause, whom or "–", steps or "–")
    return f"| {' | '.join(cells)} | {moves or '不动 · nothing'} |"


def _effect(step: Step) -> str:
    effect = RULES[RULE_VERSION][step]
    signs = {1: "+", -1: "−"}
    return ", ".join(
        f"{signs[getattr(effect, name)]}{words}"
        for name, words in (*COUNTERS, *COUNTERS_OUT)
        if getattr(effect, name)
    )


if __name__ == "__main__":
    sys.stdout.write(page())
