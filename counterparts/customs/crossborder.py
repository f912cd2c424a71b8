"""The cross-border desk: answers orders, payments and waybills, and judges declaration lists."""

from typing import Any

from counterparts.customs.book import steps
from counterparts.customs.desk import Desk, Reply
from counterparts.customs.paper import Fields, Sheaf, guid, stamp
from counterparts.customs.script import Trouble

ELEMENTS = {
    "CEB312": "OrderReturn",
    "CEB412": "PaymentReturn",
    "CEB512": "LogisticsReturn",
    "CEB622": "InventoryReturn",
}
"""Business element of each receipt."""

_KEYS = {
    "CEB311": ("CEB312", ("ebpCode", "ebcCode", "orderNo")),
    "CEB411": ("CEB412", ("payCode", "payTransactionId")),
    "CEB511": ("CEB512", ("logisticsCode", "logisticsNo")),
}
_WORDS = {
    "2": "电子口岸申报中",
    "3": "发送海关成功",
    "18": "测试状态",
    "100": "退单",
    "120": "逻辑校验通过",
    "399": "审结",
    "500": "查验",
    "501": "扣留移送通关",
    "700": "退运",
    "800": "放行",
}
_SENT_ALL_THE_SAME = "-621008"


def take_document(desk: Desk, kind: str, sheaf: Sheaf) -> None:
    """Answer an order, a payment or a waybill."""
    receipt, keys = _KEYS[kind]
    numbers = [sheaf.head.get(name.lower(), "") for name in reversed(keys)]
    trouble = desk.script.trouble(1, *numbers)
    key = {name: sheaf.head.get(name.lower(), "") for name in keys}
    status = "100" if "reject" in trouble else "120"
    desk.answer(trouble, [_reply(desk, receipt, key, status, 1, 1)])


def take_list(desk: Desk, sheaf: Sheaf) -> None:
    """Judge a CEB621 list and keep its receipts for the polls they are due."""
    head = sheaf.head
    cop_no = head.get("copno", "")
    held = desk.state.load("list", cop_no)
    # A corrected list may come under a number of its own: attempts are counted by order.
    order = f"{head.get('ebpcode', '')}/{head.get('orderno', '')}"
    before = desk.state.load("order", order) or {"attempts": 0, "cop_no": cop_no}
    other = desk.state.load("list", before["cop_no"]) if before["cop_no"] != cop_no else None
    refusal = _refusal(head.get("apptype", "1"), held)
    if other and other["verdict"] in {"held", "released"}:
        refusal = "-621004"
    if refusal:
        _say(desk, head, held or {}, [(refusal, 1)], Trouble())
        return
    attempt = before["attempts"] + 1
    desk.state.store("order", order, {"attempts": attempt, "cop_no": cop_no})
    trouble = desk.script.trouble(
        attempt, head.get("orderno", ""), cop_no, head.get("logisticsno", "")
    )
    taken: dict[str, Any] = {
        "pre_no": held["pre_no"] if held else f"B{desk.now:%Y%m%d}{desk.state.next('pre'):09d}",
        "invt_no": held["invt_no"] if held else _invt_no(desk, head),
        "book": head.get("emsno", ""),
        "lines": [
            [one.get("itemrecordno", "0"), steps(one.get("qty", "0"))] for one in sheaf.lines
        ],
        "verdict": "",
    }
    path = _path(desk, taken, trouble)
    last = path[-1][0]
    taken["verdict"] = {"100": "rejected", "800": "released", "700": "returned"}.get(last, "held")
    if "lost" in trouble or last.startswith("-"):
        taken["verdict"] = "unheard"
    if taken["verdict"] in {"released", "held"}:
        for line, quantity in taken["lines"]:
            desk.book.add(taken["book"], int(line), prev_redc=quantity)
    if taken["verdict"] == "released":
        desk.state.link("invt_no", taken["invt_no"], cop_no)
    desk.state.store("list", cop_no, taken)
    _say(desk, head, taken, path, trouble)


def _refusal(app_type: str, held: dict[str, Any] | None) -> str:
    """Return the error number for a list that may not be declared now, or an empty text."""
    open_again = held is None or held["verdict"] in {"rejected", "unheard"}
    if app_type == "1":
        return "" if open_again else "-621004"
    if held is None:
        return "-621011"
    return "" if open_again and app_type == "2" else "-621012"


def _path(desk: Desk, taken: dict[str, Any], trouble: Trouble) -> list[tuple[str, int]]:
    """Return the statuses this list goes through, each with its poll."""
    if trouble.error and trouble.error != _SENT_ALL_THE_SAME:
        return [(trouble.error, 1)]
    path = [("2", 1), ("3", 1)]
    if trouble.error:
        path.append((trouble.error, 1))
    if "reject" in trouble or _short(desk, taken):
        return [*path, ("100", 1)]
    path.append(("120", 1))
    if "unknown" in trouble:
        path.append(("18", 1))
    if "examine" in trouble:
        path.append(("399", 2))
    endings = {"detain": ["501"], "hold": ["500"], "return": ["700"], "inspect": ["500", "800"]}
    ending = next((codes for word, codes in endings.items() if word in trouble), ["800"])
    return [*path, *zip(ending, (2, 6), strict=False)]


def _short(desk: Desk, taken: dict[str, Any]) -> bool:
    if not desk.guarded(taken["book"]):
        return False
    wanted: dict[int, int] = {}
    for line, quantity in taken["lines"]:
        wanted[int(line)] = wanted.get(int(line), 0) + quantity
    return any(desk.book.left(taken["book"], line) < sum_ for line, sum_ in wanted.items())


def _invt_no(desk: Desk, head: Fields) -> str:
    district = head.get("customscode", "0000")
    return f"{district}{desk.now:%Y}I{desk.state.next('list'):09d}"


def _say(
    desk: Desk,
    head: Fields,
    taken: dict[str, Any],
    path: list[tuple[str, int]],
    trouble: Trouble,
) -> None:
    key = {
        name: head.get(name.lower(), "")
        for name in ("customsCode", "ebpCode", "ebcCode", "agentCode", "copNo")
    }
    key |= {"preNo": taken.get("pre_no", ""), "invtNo": taken.get("invt_no", "")}
    replies = [
        _reply(desk, "CEB622", key, status, step, polls)
        for step, (status, polls) in enumerate(path, 1)
    ]
    desk.answer(trouble, replies)


def _reply(desk: Desk, kind: str, key: Fields, status: str, step: int, polls: int) -> Reply:
    known = {name: text for name, text in key.items() if text}
    # The e-port has no customs number to give before customs has stored the list.
    if status in {"2", "3"} or status.startswith("-"):
        known.pop("invtNo", None)
    words = _WORDS.get(status, "处理异常")
    body = {
        "guid": guid(desk.script.seed, kind, *known.values(), status, desk.state.next("receipt"))
    }
    body |= known
    body["returnStatus"] = status
    body["returnTime"] = stamp(desk.at(step))
    body["returnInfo"] = f"[Code:{1800 if not status.startswith('-') else status};Desc:{words}]"
    return Reply(kind, body, polls)
