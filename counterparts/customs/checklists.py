"""The checklist desk: approves 核注清单, keeps them against the lists they name, and posts them."""

from typing import Any

from counterparts.customs.book import plain, steps
from counterparts.customs.desk import Desk, LetterRefused, Reply, pick
from counterparts.customs.paper import Fields, Sheaf
from counterparts.customs.script import Trouble

_HEAD = (
    "putrecNo",
    "etpsInnerInvtNo",
    "bizopEtpsSccd",
    "bizopEtpsno",
    "bizopEtpsNm",
    "rvsngdEtpsSccd",
    "rcvgdEtpsno",
    "rcvgdEtpsNm",
    "dclEtpsSccd",
    "dclEtpsno",
    "dclEtpsNm",
    "rltInvtNo",
    "rltPutrecNo",
    "impexpPortcd",
    "dclPlcCuscd",
    "impexpMarkcd",
    "mtpckEndprdMarkcd",
    "supvModecd",
    "trspModecd",
    "stshipTrsarvNatcd",
    "dclcusFlag",
    "dclcusTypecd",
    "rmk",
)
_LINE = (
    "gdsSeqno",
    "putrecSeqno",
    "gdsMtno",
    "gdecd",
    "gdsNm",
    "gdsSpcfModelDesc",
    "dclUnitcd",
    "lawfUnitcd",
    "secdLawfUnitcd",
    "natcd",
    "dclUprcAmt",
    "dclTotalAmt",
    "dclCurrcd",
    "lawfQty",
    "secdLawfQty",
    "dclQty",
    "grossWt",
    "netWt",
    "lvyrlfModecd",
    "modfMarkcd",
)
_LINE_DELETED = "2"
_FLOW = "6"
_MISSING = "9700"
"""后续补税: pieces that are lost pay duties and pass no gate."""


def take_checklist(desk: Desk, sheaf: Sheaf) -> str:
    """Judge an INV101 and keep its INV201; return the pre-entry number for the first answer.

    Raises LetterRefused when the client itself would refuse.
    """
    number = sheaf.head.get("etpsinnerinvtno", "")
    if not number:
        raise LetterRefused("企业内部清单编号不能为空")
    held = desk.state.load("checklist", number)
    kind = sheaf.head.get("dcltypecd", "1") or "1"
    attempt = int(held["attempt"]) + 1 if held else 1
    trouble = desk.script.trouble(attempt, number)
    if "client_refuses" in trouble:
        desk.state.store("checklist", number, _fresh(desk, sheaf, attempt, "refused"))
        raise LetterRefused("校验失败", number)
    if kind in {"2", "3"}:
        return _change(desk, sheaf, number, held, delete=kind == "3", trouble=trouble)
    if held and held["status"] not in {"rejected", "refused"}:
        raise LetterRefused("企业内部清单编号重复申报", number)
    fault = "退单" if "refuse" in trouble else _fault(desk, sheaf)
    taken = _fresh(desk, sheaf, attempt, "rejected" if fault else "approved")
    if not fault:
        taken["bond_invt_no"] = _bond_invt_no(desk, sheaf.head)
        desk.state.link("bond_invt_no", taken["bond_invt_no"], number)
        _hold(desk, taken, 1)
        for bill in taken["bills"]:
            desk.state.link("carried", bill, number)
        if sheaf.head.get("dclcusflag") == "1":
            desk.state.later(desk.poll + 3, "@entry", {"number": number})
        if taken["type"] == _FLOW:
            desk.state.later(desk.poll + 2, "@flow", {"number": number})
    desk.state.store("checklist", number, taken)
    desk.answer(trouble, _verdicts(desk, taken, fault, trouble))
    return str(taken["seq_no"])


def entry_released(desk: Desk, number: str) -> None:
    """Release the customs declaration of a checklist, as happens by itself some polls later."""
    taken = desk.state.load("checklist", number)
    if taken and taken["status"] == "approved":
        taken["entry"] = "1"
        _post_if_due(desk, number, taken)


def flow_settled(desk: Desk, number: str) -> None:
    """Post both halves of a transfer between books once both are approved: no gate, no goods."""
    taken = desk.state.load("checklist", number)
    if taken is None or taken["status"] != "approved":
        return
    other = desk.state.load("checklist", taken["head"]["rltInvtNo"])
    if other is None or other["status"] != "approved":
        return
    for half, half_no in ((taken, number), (other, taken["head"]["rltInvtNo"])):
        half["gate"], half["arrived"] = "3", True
        _post_if_due(desk, half_no, half)


def gate_passed(desk: Desk, number: str, quantities: dict[str, int] | None) -> None:
    """Count goods through the gate: all of a checklist, or steps by its line (gdsSeqno)."""
    taken = desk.state.load("checklist", number)
    if taken is None or taken["status"] != "approved":
        return
    for line in taken["lines"]:
        wanted = steps(line["dclQty"])
        more = wanted if quantities is None else quantities.get(line["gdsSeqno"], 0)
        line["passed"] = min(wanted, line["passed"] + more)
    done = all(line["passed"] >= steps(line["dclQty"]) for line in taken["lines"])
    taken["gate"] = "3" if done else "2"
    _post_if_due(desk, number, taken)


def goods_arrived(desk: Desk, number: str) -> None:
    """Take the confirmation that the goods of an inbound checklist are in the warehouse."""
    taken = desk.state.load("checklist", number)
    if taken and taken["status"] == "approved":
        taken["arrived"] = True
        _post_if_due(desk, number, taken)


def _post_if_due(desk: Desk, number: str, taken: dict[str, Any]) -> None:
    inbound = taken["head"]["impexpMarkcd"] == "I"
    ready = taken["gate"] == "3" and (taken["arrived"] or not inbound)
    if ready and (taken["head"]["dclcusFlag"] != "1" or taken["entry"] == "1"):
        _hold(desk, taken, -1)
        for line in taken["lines"]:
            _move(desk, taken, line, inbound=inbound)
        taken["status"] = "posted"
        trouble = desk.script.trouble(1, number)
        desk.answer(trouble, [Reply("INV211", {"parts": _posting(desk, taken)})])
    desk.state.store("checklist", number, taken)


def _move(desk: Desk, taken: dict[str, Any], line: dict[str, Any], *, inbound: bool) -> None:
    quantity = steps(line["dclQty"])
    book, number = taken["head"]["putrecNo"], int(line["line"])
    if inbound:
        desk.book.add(book, number, line["gdsMtno"], inc=quantity)
    elif taken["type"] == "8":
        # The released lists have held this quantity since they were declared.
        desk.book.add(book, number, line["gdsMtno"], redc=quantity, prev_redc=-quantity)
    else:
        desk.book.add(book, number, line["gdsMtno"], redc=quantity)


def _hold(desk: Desk, taken: dict[str, Any], sign: int) -> None:
    """Add to 预增 or 预减, or with sign -1 take it back. Type 8 holds nothing: its lists do."""
    figure = "prev_inc" if taken["head"]["impexpMarkcd"] == "I" else "prev_redc"
    if figure == "prev_redc" and taken["type"] == "8":
        return
    for line in taken["lines"]:
        quantity = sign * steps(line["dclQty"])
        book = taken["head"]["putrecNo"]
        desk.book.add(book, int(line["line"]), line["gdsMtno"], **{figure: quantity})


def _change(
    desk: Desk,
    sheaf: Sheaf,
    number: str,
    held: dict[str, Any] | None,
    *,
    delete: bool,
    trouble: Trouble,
) -> str:
    if held is None or held["status"] != "approved":
        raise LetterRefused("清单不存在或状态不允许变更", number)
    desk.state.unlink("carried", number)
    _hold(desk, held, -1)
    fault = "退单" if "refuse" in trouble else "" if delete else _fault(desk, sheaf)
    held["attempt"] += 1
    if not fault:
        held["changes"] += 1
        if delete:
            held["status"], held["bills"] = "deleted", []
        else:
            held["lines"] = _lines(desk, sheaf, passed=held["gate"] == "3")
            held["bills"] = _named_lists(sheaf)
    if held["status"] != "deleted":
        _hold(desk, held, 1)
    for bill in held["bills"]:
        desk.state.link("carried", bill, number)
    desk.state.store("checklist", number, held)
    desk.answer(trouble, _verdicts(desk, held, fault, trouble))
    return str(held["seq_no"])


def _fresh(desk: Desk, sheaf: Sheaf, attempt: int, status: str) -> dict[str, Any]:
    head = sheaf.head
    return {
        "attempt": attempt,
        "status": status,
        "seq_no": f"{desk.now:%Y}{desk.state.next('seq'):014d}",
        "bond_invt_no": "",
        "type": head.get("invttype") or head.get("bondinvttypecd") or "0",
        "head": pick(head, *_HEAD),
        "lines": _lines(desk, sheaf, passed=False) if status == "approved" else [],
        "bills": _named_lists(sheaf),
        "gate": "3" if head.get("supvmodecd") == _MISSING else "1",
        "entry": "0",
        "arrived": False,
        "changes": 0,
    }


def _lines(desk: Desk, sheaf: Sheaf, *, passed: bool) -> list[dict[str, Any]]:
    book = sheaf.head.get("putrecno", "")
    lines = []
    for one in sheaf.lines:
        if one.get("modfmarkcd") == _LINE_DELETED:
            continue
        line: dict[str, Any] = dict(pick(one, *_LINE))
        line["line"] = desk.book.line_for(
            book, line["putrecSeqno"], line["gdsMtno"], own=book in desk.script.non_cumulative
        )
        line["passed"] = steps(line["dclQty"]) if passed else 0
        lines.append(line)
    return lines


def _named_lists(sheaf: Sheaf) -> list[str]:
    return [bill["cbecbillno"] for bill in sheaf.bills if bill.get("cbecbillno")]


def _fault(desk: Desk, sheaf: Sheaf) -> str:
    """Return why customs rejects this checklist, or an empty text."""
    if not sheaf.lines:
        return "表体为空"
    kind = sheaf.head.get("invttype") or sheaf.head.get("bondinvttypecd")
    if kind == "8":
        return _type8_fault(desk, sheaf)
    book = sheaf.head.get("putrecno", "")
    if sheaf.head.get("impexpmarkcd") == "E" and desk.guarded(book):
        for line, wanted in _by_line(sheaf.lines, "putrecseqno", "dclqty").items():
            if desk.book.left(book, line) < wanted:
                return f"账册第{line}项余量不足"
    return ""


def _type8_fault(desk: Desk, sheaf: Sheaf) -> str:
    """Each list released and on no other live checklist; the sums by book line the same."""
    bills = _named_lists(sheaf)
    if not bills or len(set(bills)) != len(bills):
        return "电商清单为空或重复"
    listed: dict[int, int] = {}
    for bill in bills:
        cop_no = desk.state.linked("invt_no", bill)
        found = desk.state.load("list", cop_no) if cop_no else None
        if found is None:
            return f"清单{bill}未放行"
        if desk.state.linked("carried", bill):
            return f"清单{bill}已被其他核注清单使用"
        for line, quantity in found["lines"]:
            listed[int(line)] = listed.get(int(line), 0) + quantity
    if listed != _by_line(sheaf.lines, "putrecseqno", "dclqty"):
        return "表体数量与电商清单不符"
    return ""


def _by_line(lines: list[Fields], line: str, quantity: str) -> dict[int, int]:
    sums: dict[int, int] = {}
    for one in lines:
        number = int(one.get(line) or 0)
        sums[number] = sums.get(number, 0) + steps(one.get(quantity) or "0")
    return sums


def _bond_invt_no(desk: Desk, head: Fields) -> str:
    district, direction = head.get("dclplccuscd", "0000"), head.get("impexpmarkcd", "I")
    return f"QD{district}{desk.now:%y}{direction}{desk.state.next('checklist'):09d}"


def _verdicts(desk: Desk, taken: dict[str, Any], fault: str, trouble: Trouble) -> list[Reply]:
    steps_ = [("3", 1)] if fault else [("1", 1)]
    if "manual" in trouble and not fault:
        steps_ = [("2", 1), ("1", 4)]
    return [
        Reply("INV201", {"parts": _receipt(desk, taken, result, fault, step)}, polls)
        for step, (result, polls) in enumerate(steps_, 1)
    ]


def _receipt(
    desk: Desk,
    taken: dict[str, Any],
    result: str,
    note: str,
    step: int,
) -> list[tuple[str, Fields]]:
    at = f"{desk.at(step * 1000):%Y-%m-%d %H:%M:%S}"
    verdict = {
        "etpsPreentNo": taken["seq_no"],
        "businessId": taken["bond_invt_no"] or taken["seq_no"],
        "tmsCnt": str(taken["changes"]),
        "typecd": "2" if taken["changes"] else "1",
        "manageResult": result,
        "manageDate": at,
        "rmk": note,
    }
    parts: list[tuple[str, Fields]] = [("HdeApprResult", verdict)]
    if note:
        parts.append(("CheckInfo", {"note": note}))
    return [*parts, *_body(desk, taken, at if taken["bond_invt_no"] else "", "")]


def _posting(desk: Desk, taken: dict[str, Any]) -> list[tuple[str, Fields]]:
    at = f"{desk.at(1000):%Y-%m-%d %H:%M:%S}"
    parts = _body(desk, taken, at, at)
    for line in sorted({int(line["line"]) for line in taken["lines"]}):
        now = desk.book.figures(taken["head"]["putrecNo"], line)
        sku = next(one["gdsMtno"] for one in taken["lines"] if int(one["line"]) == line)
        parts.append(
            (
                "BwsDt",
                {
                    "bwsNo": taken["head"]["putrecNo"],
                    "gdsSeqno": str(line),
                    "gdsMtno": sku,
                    "actlIncQty": plain(now["inc"]),
                    "actlRedcQty": plain(now["redc"]),
                    "prevdIncQty": plain(now["prev_inc"]),
                    "prevdRedcQty": plain(now["prev_redc"]),
                    "modfMarkcd": "1",
                },
            ),
        )
    return parts


def _body(
    desk: Desk,
    taken: dict[str, Any],
    held_at: str,
    posted_at: str,
) -> list[tuple[str, Fields]]:
    state = {"rejected": "2", "deleted": "3"}.get(taken["status"], "0")
    head: Fields = {
        "bondInvtNo": taken["bond_invt_no"],
        "chgTmsCnt": str(taken["changes"]),
        "invtPreentNo": taken["seq_no"],
        **taken["head"],
        "invtDclTime": f"{desk.now:%Y-%m-%d %H:%M:%S}",
        "prevdTime": held_at,
        "formalVrfdedTime": posted_at,
        "invtIochkptStucd": taken["gate"],
        "vrfdedMarkcd": "2" if posted_at else "1" if held_at else "0",
        "invtStucd": state,
        "bondInvtTypecd": taken["type"],
        "entryStucd": taken["entry"],
        "dclTypecd": "3" if state == "3" else "2" if taken["changes"] else "1",
    }
    lines: list[tuple[str, Fields]] = []
    for one in taken["lines"]:
        line = {name: one[name] for name in _LINE} | {"actlPassQty": plain(one["passed"])}
        line["putrecSeqno"] = str(one["line"])
        lines.append(("BondInvtDt", line))
    return [("BondInvtBsc", head), *lines]
