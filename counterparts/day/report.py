"""The account as people read it: aligned, short, Chinese and English side by side."""

from collections.abc import Iterator
from unicodedata import east_asian_width

from counterparts.day.account import Account, Counts
from counterparts.day.world import Check

WIDE = frozenset("WF")
COLUMN = 34
TITLES = {
    "documents": "单证 documents",
    "goods": "货物 goods, pieces",
    "parcels": "包裹 parcels",
    "labels": "标签 labels, each read back",
    "verdicts": "卡口 gate, Y release · M person · N refuse",
    "reasons": "卡口原因 gate, by reason",
    "reconciled": "账 · 货 · 海关 reconciliation, lines",
}
NAMES = {
    "book in": "实增 book in",
    "book out": "实减 book out",
    "book pre_in": "预增 book pending in",
    "book pre_out": "预减 book pending out",
    "floor good": "在库良品 floor, good",
    "floor damaged": "在库残损 floor, damaged",
    "floor held": "在库扣留 floor, held",
    "agrees": "三方一致 agree",
    "differs": "不一致 differ",
    "on_the_way": "在途 on the way",
}


def written(account: Account) -> str:
    """Return the account as text."""
    return "\n".join(_lines(account))


def _lines(account: Account) -> Iterator[str]:
    day = account.day
    yield f"一日账 the day · {day['orders']} 单 · {day['trucks']} 车 · seed {day['seed']}"
    for name, title in TITLES.items():
        yield ""
        yield title
        counts: Counts = getattr(account, name)
        yield from (f"  {_padded(NAMES.get(key, key))} {n:>8}" for key, n in counts.items())
    yield ""
    yield f"{_padded('记账笔数 postings')}   {account.postings:>8}"
    yield ""
    yield "有意的麻烦 trouble on purpose: planned = happened"
    yield from (_trouble(check) for check in account.trouble)
    yield ""
    wrong = account.differences + account.faults
    yield from (f"✗ {one}" for one in wrong)
    yield (
        "✓ 全部如期，账货相符 all as planned, everything agrees"
        if not wrong
        else (f"✗ {len(wrong)} 处不符 do not agree")
    )


def _trouble(check: Check) -> str:
    if check.ok:
        return f"  ✓ {_padded(check.what)} {check.happened}"
    return f"  ✗ {_padded(check.what)} {check.happened} ≠ {check.expected}"


def _padded(text: str) -> str:
    width = sum(2 if east_asian_width(one) in WIDE else 1 for one in text)
    return text + " " * max(0, COLUMN - width)
