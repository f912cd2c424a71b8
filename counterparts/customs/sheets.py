"""The release-sheet desk: approves 核放单, hears of gate passes and of goods arrived."""

from decimal import Decimal
from typing import Any

from counterparts.customs import checklists
from counterparts.customs.book import steps
from counterparts.customs.desk import Desk, LetterRefused, Reply, pick
from counterparts.customs.paper import Fields, Sheaf
from counterparts.customs.script import Trouble

_HEAD = (
    "passportTypecd",
    "dclTypecd",
    "ioTypecd",
    "bindTypecd",
    "masterCuscd",
    "rltTbTypecd",
    "rltNo",
    "areainEtpsno",
    "areainEtpsNm",
    "areainEtpsSccd",
    "vehicleNo",
    "vehicleIcNo",
    "containerNo",
    "vehicleWt",
    "vehicleFrameNo",
    "vehicleFrameWt",
    "containerType",
    "containerWt",
    "totalWt",
    "totalGrossWt",
    "totalNetWt",
    "dclErConc",
    "rmk",
    "col1",
)


def take_sheet(desk: Desk, sheaf: Sheaf) -> str:
    """Judge a SAS121 and keep its SAS221; return the pre-entry number for the first answer.

    Raises LetterRefused for what the client refuses by itself, a repeated number among it.
    """
    number = sheaf.head.get("etpspreentno", "")
    if not number:
        raise LetterRefused("企业内部编号不能为空")
    held = desk.state.load("sheet", number)
    live = held is not None and held["status"] not in {"rejected", "refused"}
    if held and live and sheaf.head.get("dcltypecd") == "3":
        return _void(desk, number, held)
    if held and live and sheaf.head.get("col1") == "1":
        for checklist in held["checklists"]:
            checklists.goods_arrived(desk, checklist)
        return str(held["seq_no"])
    if held and live:
        raise LetterRefused("企业内部编号重复申报", number)
    attempt = int(held["attempt"]) + 1 if held else 1
    trouble = desk.script.trouble(attempt, number)
    fault = "退单" if "refuse" in trouble else _fault(desk, sheaf)
    taken = _fresh(desk, sheaf, attempt, "rejected" if fault else "approved")
    if "client_refuses" in trouble:
        desk.state.store("sheet", number, taken | {"status": "refused"})
        raise LetterRefused("校验失败", number)
    if not fault:
        direction = sheaf.head.get("iotypecd", "I")
        serial = desk.state.next("sheet")
        district = sheaf.head.get("mastercuscd", "0000")
        taken["passport_no"] = f"Z{district}{direction}{desk.now:%y%m%d}{serial:012d}"
        desk.state.link("passport_no", taken["passport_no"], number)
    desk.state.store("sheet", number, taken)
    desk.answer(trouble, _verdicts(desk, number, taken, fault, trouble))
    return str(taken["seq_no"])


def take_gate_pass(desk: Desk, sheaf: Sheaf) -> None:
    """Take the gate's report that a truck has passed under a sheet; answers SAS223.

    Raises LetterRefused when no such sheet was ever approved.
    """
    number = desk.state.linked("passport_no", sheaf.head.get("form_id", ""))
    held = desk.state.load("sheet", number) if number else None
    if number is None or held is None:
        raise LetterRefused("核放单不存在")
    trouble = desk.script.trouble(1, number)
    fits = (
        held["status"] == "approved"
        and held["head"]["vehicleNo"] == sheaf.head.get("ve_license_no")
        and held["head"]["ioTypecd"] == sheaf.head.get("i_e_flag")
    )
    held["reports"] += 1
    if not fits or ("not_passed" in trouble and held["reports"] == 1):
        desk.state.store("sheet", number, held)
        desk.answer(trouble, [_reply(desk, "SAS223", number, held, "2", "卡口不予放行", 1, 1)])
        return
    held["status"] = "passed"
    held["pass_time"] = sheaf.head.get("operate_time", f"{desk.now:%Y-%m-%d %H:%M:%S}")
    held["weighed"] = sheaf.head.get("gross_wt", "0")
    desk.state.store("sheet", number, held)
    desk.answer(trouble, [_reply(desk, "SAS223", number, held, "1", "", 1, 1)])
    partly = held["head"]["bindTypecd"] == "3"
    quantities = {line: int(quantity) for line, quantity in held["lines"]} if partly else None
    for checklist in held["checklists"]:
        checklists.gate_passed(desk, checklist, quantities)
    if sheaf.head.get("i_e_flag") == "I" and held["arrived"]:
        for checklist in held["checklists"]:
            checklists.goods_arrived(desk, checklist)


def _void(desk: Desk, number: str, held: dict[str, Any]) -> str:
    if held["status"] != "approved":
        raise LetterRefused("核放单状态不允许作废", number)
    held["status"] = "voided"
    desk.state.store("sheet", number, held)
    desk.answer(Trouble(), [_reply(desk, "SAS221", number, held, "1", "", 1, 1)])
    return str(held["seq_no"])


def _fresh(desk: Desk, sheaf: Sheaf, attempt: int, status: str) -> dict[str, Any]:
    named = _related(sheaf)
    found = [desk.state.linked("bond_invt_no", one) for one in named]
    return {
        "attempt": attempt,
        "status": status,
        "seq_no": f"{desk.now:%Y}{desk.state.next('seq'):014d}",
        "passport_no": "",
        "head": pick(sheaf.head, *_HEAD),
        "checklists": [one for one in found if one],
        "lines": [
            [one.get("rltgdsseqno", ""), steps(one.get("dclqty") or "0")] for one in sheaf.lines
        ],
        "reports": 0,
        "arrived": sheaf.head.get("col1") == "1",
        "pass_time": "",
        "weighed": "",
    }


def _related(sheaf: Sheaf) -> list[str]:
    """Return the numbers a sheet names, once each: rltNo joined by backslashes, and its bills."""
    joined = sheaf.head.get("rltno", "").split("\\")
    return list(dict.fromkeys(one for one in (*joined, *_bills(sheaf)) if one))


def _bills(sheaf: Sheaf) -> list[str]:
    return [bill.get("rtlbillno") or bill.get("rltno", "") for bill in sheaf.bills]


def _fault(desk: Desk, sheaf: Sheaf) -> str:
    """Return why customs rejects this sheet, or an empty text."""
    head = sheaf.head
    if head.get("passporttypecd") in {"2", "3"}:
        named = _related(sheaf)
        if not named:
            return "未关联清单"
        for one in named:
            number = desk.state.linked("bond_invt_no", one)
            found = desk.state.load("checklist", number) if number else None
            if found is None or found["status"] != "approved" or found["gate"] == "3":
                return f"关联单证{one}不可用"
    parts = ("vehiclewt", "vehicleframewt", "containerwt", "totalgrosswt")
    total = sum(Decimal(head.get(name) or "0") for name in parts)
    if Decimal(head.get("totalwt") or "0") != total:
        return f"总重应为{total}"
    return ""


def _verdicts(
    desk: Desk,
    number: str,
    taken: dict[str, Any],
    fault: str,
    trouble: Trouble,
) -> list[Reply]:
    if fault:
        return [_reply(desk, "SAS221", number, taken, "3", fault, 1, 1)]
    if "manual" in trouble:
        return [
            _reply(desk, "SAS221", number, taken, "2", "", 1, 1),
            _reply(desk, "SAS221", number, taken, "1", "", 2, 4),
        ]
    return [_reply(desk, "SAS221", number, taken, "1", "", 1, 1)]


def _reply(
    desk: Desk,
    kind: str,
    number: str,
    taken: dict[str, Any],
    result: str,
    note: str,
    step: int,
    polls: int,
) -> Reply:
    verdict = {
        "etpsPreentNo": number,
        "businessId": taken["passport_no"] or taken["seq_no"],
        "tmsCnt": "0",
        "typecd": "1",
        "manageResult": result,
        "manageDate": f"{desk.at(step * 1000):%Y-%m-%d %H:%M:%S}",
        "rmk": note,
    }
    parts: list[tuple[str, Fields]] = [("HdeApprResult", verdict)]
    if note:
        parts.append(("CheckInfo", {"note": note}))
    collected = taken["weighed"]
    stucd = {"rejected": "0", "approved": "1", "passed": "2", "voided": "6"}[taken["status"]]
    error = abs(Decimal(collected) - Decimal(taken["head"]["totalWt"])) if collected else None
    head: Fields = {
        "passportNo": taken["passport_no"],
        "chgTmsCnt": "0",
        "sasPassportPreentNo": taken["seq_no"],
        **taken["head"],
        "dclTime": f"{desk.now:%Y-%m-%d %H:%M:%S}",
        "passCollectWt": collected,
        "wtError": "" if error is None else f"{error:f}",
        "passID": "",
        "passTime": taken["pass_time"],
        "stucd": stucd,
        "emapvMarkcd": {"3": "3", "2": "2"}.get(result, "1") if kind == "SAS221" else "1",
        "ownerSystem": "1",
    }
    return Reply(kind, {"parts": [*parts, ("SasPassportBsc", head)]}, polls)
