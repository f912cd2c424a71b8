"""The account as people read it: aligned, short, Chinese and English side by side."""

from collections.abc import Iterator
from unicodedata import east_asian_width

from counterparts.day.account import Account, Counts
from counterparts.day.world import Check

WIDE = frozenset("WF")
COLUMN = 38
TITLES = {
    "documents": "单证 documents",
    "goods": "货物 goods, pieces",
    "parcels": "包裹 parcels",
    "labels": "标签 labels, each read back",
    "verdicts": "卡口 gate, Y release · M person · N refuse",
    "reasons": "卡口原因 gate, by reason",
    "reconciled": "账 · 货 · 海关 reconciliation, lines",
    "proof": "签字与验账 signed, sealed and verified",
}
NAMES = {
    "book in": "实增 book in",
    "book out": "实减 book out",
    "book pre_in": "预增 book pending in",
    "book pre_out": "预减 book pending out",
    "other book in": "另一账册实增 other book in",
    "other book out": "另一账册实减 other book out",
    "other book pre_in": "另一账册预增 other book pending in",
    "other book pre_out": "另一账册预减 other book pending out",
    "floor good": "在库良品 floor, good",
    "floor damaged": "在库残损 floor, damaged",
    "floor held": "在库扣留 floor, held",
    "agrees": "三方一致 agree",
    "differs": "不一致 differ",
    "on_the_way": "在途 on the way",
    "left": "已离区 left",
    "release": "放行标签 release",
    "batch transfer": "批量转关标签 batch transfer",
    "kept by the printer": "打印机留存 kept by the printer",
    "signed findings": "签字时不符 findings signed",
    "signed breaches": "签字时违则 laws broken when signed",
    "parting places": "验账不符 places that part",
    "unsealed postings": "未封存 postings not sealed",
    "truck without a sheet": "无核放单 truck without a sheet",
    "wrong plate": "车牌不符 wrong plate",
    "weight over tolerance": "重量超差 weight over tolerance",
    "tampered seal": "关锁报警 tampered seal",
    "release under alarm": "报警未消即放行 release under alarm",
    "alarm cleared with a note": "说明后消警 alarm cleared",
    "pallet short": "短少 pallet short",
    "pallet over": "溢多 pallet over",
    "pallet damage": "残损 pallet damaged",
    "checklists amended": "改核注清单 checklists amended",
    "order over 5,000 CNY": "超单次限值 order over 5,000 CNY",
    "bad identity number": "身份证号有误 bad identity number",
    "payment is not the order's": "支付额不符 payment differs",
    "payment corrected": "支付单更正 payment corrected",
    "book line is short": "账册余量不足 book line is short",
    "order brought down to the book": "改单后申报 order brought down",
    "customs rejects (100)": "退单 customs rejects (100)",
    "declared anew": "重新申报 declared anew",
    "inspection (500)": "查验后放行 inspection (500, 800)",
    "inspection without end (500)": "查验未放 inspection, no end (500)",
    "receipts twice": "回执重复 receipts twice",
    "receipts out of order": "回执乱序 receipts out of order",
    "unknown barcode": "未知条码 unknown barcode",
    "parcel that is not released": "未放行上车 parcel not released",
    "the same scan sent twice": "同一扫描重发 same scan sent twice",
    "parcel scanned twice": "包裹重扫 parcel scanned twice",
    "goods change their book": "账册间调拨 goods change their book",
    "own proposal approved": "自批被拒 own proposal approved",
    "correction by mistake": "误批更正 correction by mistake",
    "shortage found by count": "盲盘短少 shortage found by count",
    "adjusted by two people": "两人批准盘亏 adjusted by two people",
    "floor and book differ": "账货不符 floor and book differ",
    "shortage reported to customs": "短少报海关 reported to customs",
    "posting reversed": "冲销一笔 posting reversed",
}
KINDS = {
    "order": "订单",
    "payment": "支付单",
    "waybill": "运单",
    "list": "清单",
    "checklist": "核注清单",
    "transfer": "调拨",
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
        yield from (f"  {_padded(_named(key))} {n:>8}" for key, n in counts.items())
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
        return f"  ✓ {_padded(_named(check.what))} {check.happened}"
    return f"  ✗ {_padded(_named(check.what))} {check.happened} ≠ {check.expected}"


def _named(key: str) -> str:
    kind = KINDS.get(key.partition(" ")[0])
    return NAMES.get(key) or (f"{kind} {key}" if kind else key)


def _padded(text: str) -> str:
    width = sum(2 if east_asian_width(one) in WIDE else 1 for one in text)
    return text + " " * max(0, COLUMN - width)
