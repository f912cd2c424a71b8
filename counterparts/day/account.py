"""The account of a day: what the doors say happened, counted, beside what the plan says should."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from counterparts.day.bookkeeping import BOOK, OTHER, book_lines
from counterparts.day.errors import NotHappenedError, RefusedError
from counterparts.day.plan import MISSING, Plan, Trouble
from counterparts.day.world import Check, World

Counts = dict[str, int]
KINDS = ("order", "payment", "waybill", "list", "checklist")


@dataclass(frozen=True)
class Standing:
    """How much there is of everything at one moment; the day is the difference of two."""

    documents: Counts
    parcels: Counts
    book: Counts
    floor: Counts
    postings: int
    other_lines: int
    """How many lines the non-cumulative book has: it grows by every transfer."""


@dataclass
class Account:
    """What a day comes to; the same for the same orders, trucks and seed."""

    day: Counts
    trouble: list[Check]
    documents: Counts = field(default_factory=dict)
    goods: Counts = field(default_factory=dict)
    parcels: Counts = field(default_factory=dict)
    labels: Counts = field(default_factory=dict)
    verdicts: Counts = field(default_factory=dict)
    reasons: Counts = field(default_factory=dict)
    postings: int = 0
    reconciled: Counts = field(default_factory=dict)
    differences: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """What was not as it should be, a sentence each."""
    proof: Counts = field(default_factory=dict)
    """What the signature and `wms ledger verify` find wrong: nothing, of each kind."""

    @property
    def agrees(self) -> bool:
        return not self.faults and not self.differences

    def told(self) -> dict[str, Any]:
        """Return the account in plain values, for machines."""
        trouble = [
            {"what": x.what, "expected": x.expected, "happened": x.happened} for x in self.trouble
        ]
        return {
            "day": self.day,
            "agrees": self.agrees,
            "documents": self.documents,
            "goods": self.goods,
            "parcels": self.parcels,
            "labels": self.labels,
            "gate": {"verdicts": self.verdicts, "reasons": self.reasons},
            "postings": self.postings,
            "trouble": trouble,
            "reconciliation": {"lines": self.reconciled, "differences": self.differences},
            "proof": self.proof,
            "faults": self.faults,
        }


def standing(world: World) -> Standing:
    """Ask the doors how much there is of everything now."""
    officer, supervisor = world.people.officer, world.people.supervisor
    counted = officer.get("/api/document-counts")
    floor = supervisor.get("/api/stock/goods")["goods"]
    balances = [line["balance"] for line in book_lines(world, BOOK)]
    others = [line["balance"] for line in book_lines(world, OTHER)]
    names = ("in", "pre_in", "out", "pre_out")
    return Standing(
        {f"{one['kind']} {one['state']}": one["count"] for one in counted},
        dict(world.people.clerk.get("/api/parcels/counts")["states"]),
        {f"book {name}": _sum(one[name] for one in balances) for name in names}
        | {f"other book {name}": _sum(one[name] for one in others) for name in names},
        {name: _sum(one[name] for one in floor) for name in ("good", "damaged", "held")},
        supervisor.get("/api/ledger/standing")["postings"],
        len(others),
    )


def close(world: World, before: Standing, failure: str = "") -> Account:
    """Return the account of the day since `before`; `failure` is what stopped it early."""
    account = Account(_day(world.plan), world.checks)
    now = standing(world)
    account.documents = _more(before.documents, now.documents)
    account.parcels = _more(before.parcels, now.parcels)
    book, floor = _more(before.book, now.book), _more(before.floor, now.floor)
    account.goods = dict(book)
    account.goods |= {f"floor {name}": count for name, count in floor.items()}
    account.postings = now.postings - before.postings
    _reconcile(world, account, before.other_lines)
    signed = _sign(world)  # the seal follows within seconds, while labels are read
    _count_gate(world, account)
    _read_labels(world, account)
    _prove(world, account, signed)
    if failure:
        account.faults.append(f"it did not happen that {failure}")
    account.faults += [
        f"{check.what}: expected {check.expected}, happened {check.happened}"
        for check in world.checks
        if not check.ok
    ]
    _compare(account, world.plan)
    return account


def _compare(account: Account, plan: Plan) -> None:
    """Add a fault for every count that is not the planned one."""
    for title, planned, counted in (
        ("documents", planned_documents(plan), account.documents),
        ("goods", planned_goods(plan), account.goods),
        ("parcels", {"left": len(plan.leaving)}, account.parcels),
        ("gate", planned_verdicts(plan), account.verdicts),
    ):
        for name in sorted(planned.keys() | counted.keys()):
            expected, happened = planned.get(name, 0), counted.get(name, 0)
            if expected != happened:
                account.faults.append(f"{title}, {name}: expected {expected}, happened {happened}")


def planned_documents(plan: Plan) -> Counts:
    """Return how many documents of each kind the day leaves in each state."""
    declared, refused = len(plan.declared), len(plan.orders) - len(plan.declared)
    trucks = len(plan.trucks_in) + len(plan.trucks_out)
    return {
        "order declared": declared,
        "order refused": refused,
        "payment matched": declared,
        "payment waiting": refused,
        "waybill matched": declared,
        "waybill waiting": refused,
        "list released": len(plan.leaving),
        "list held": len(plan.having(Trouble.HELD)),
        "list rejected": len(plan.having(Trouble.REJECTED)),
        "checklist posted": trucks + 3,  # a transfer has two, a shortage one
        "transfer done": 1,
        "transfer reversed": 1,
    }


def planned_goods(plan: Plan) -> Counts:
    """Return how many pieces the day moves in the book, and leaves on the floor."""
    came = sum(one.came for one in plan.pallets_in)
    damaged = sum(one.damaged for one in plan.pallets_in)
    gone = sum(plan.taken.values()) + MISSING
    held = sum(one.pieces for one in plan.having(Trouble.HELD))
    planned = {
        "book in": came,
        "book out": gone + plan.moved.quantity,
        "other book in": plan.moved.quantity,
        "book pre_out": held,
        "floor good": came - damaged - gone,
        "floor damaged": damaged,
    }
    return {name: count for name, count in planned.items() if count}


def planned_verdicts(plan: Plan) -> Counts:
    """Return how often the gate says what."""
    tampered = sum(one.tampered for one in plan.trucks_in)
    again = sum(one.wrong_plate for one in plan.trucks_in)
    again += sum(one.overweight for one in plan.trucks_out)
    trucks = len(plan.trucks_in) + len(plan.trucks_out)
    return {"Y": trucks - tampered, "M": again + tampered, "N": 1}


def planned_labels(world: World) -> Counter[tuple[str, ...]]:
    """Return what a scanner must read off each label, by what the API says was to be printed."""
    planned: Counter[tuple[str, ...]] = Counter()
    for order in world.plan.leaving:
        parcel = _parcel(world, world.lists.get(order.number, ""))
        if parcel is not None:
            planned[_sorted(f"]C0{parcel['waybill_no']}", f"]Q1{parcel['parcel_no']}")] += 1
    for load_no in world.loads:
        load = world.people.dispatcher.get(f"/api/loads/{load_no}")
        for pallet in load["pallets"]:
            number = pallet["sscc"]
            link = f"]Q1https://id.gs1.org/00/{number}"
            planned[_sorted(f"]C100{number}", link, f"]C0{load_no}")] += 1
    return planned


def _parcel(world: World, cop_no: str) -> dict[str, Any] | None:
    """Return the parcel of a list; None when the day stopped before there was one."""
    try:
        found: dict[str, Any] = world.people.clerk.get(f"/api/parcels/P{cop_no}")
    except RefusedError:
        return None
    return found


def _read_labels(world: World, account: Account) -> None:
    planned = planned_labels(world)
    kept = world.tray.again()
    printed = Counter(kept.values())
    right = planned & printed
    account.labels = {
        "release": sum(count for symbols, count in right.items() if len(symbols) == 2),
        "batch transfer": sum(count for symbols, count in right.items() if len(symbols) == 3),
        "kept by the printer": len(kept),
    }
    for symbols in planned - printed:
        account.faults.append(f"no label was printed that reads {' '.join(symbols)}")
    for name, symbols in kept.items():
        if symbols in printed - planned:
            account.faults.append(f"label {name} reads {' '.join(symbols)}, which nobody asked for")


def _count_gate(world: World, account: Account) -> None:
    wanted = set(world.passages)
    crossings = [
        one
        for one in world.people.supervisor.get("/api/crossings")["crossings"]
        if one["passage"] in wanted
    ]
    account.verdicts = dict(sorted(Counter(str(one["verdict"]) for one in crossings).items()))
    codes = Counter(reason["code"] for one in crossings for reason in one["reasons"])
    account.reasons = dict(sorted(codes.items()))


def _reconcile(world: World, account: Account, before: int) -> None:
    """Count lines by verdict, without those that earlier days left in the other book."""
    found = world.people.supervisor.get("/api/reconciliation")
    counted = [x for x in found["lines"] if x["book_no"] != OTHER or x["line_no"] > before]
    account.reconciled = dict(sorted(Counter(one["verdict"] for one in counted).items()))
    account.differences = [
        f"{one['book_no']} line {one['line_no']} {one['goods_no']}: book {one['book']},"
        f" floor {one['floor']}, customs {one['customs']}"
        for one in found["lines"]
        if one["verdict"] != "agrees"
    ]
    if not found["agrees"] and not account.differences:
        account.differences.append("the reconciliation does not agree")


def _prove(world: World, account: Account, signed: Mapping[str, Any]) -> None:
    """Wait until the seal covers all, the signature too, and let the ledger be verified."""
    with world.stage("ledger verified", 1) as done:
        try:
            world.until("the seal covers every posting", partial(_sealed, world))
        except NotHappenedError as late:
            account.faults.append(f"it did not happen that {late}")
        code, report = world.verifier.verify()
        done(1)
    laws: Counts = report.get("counts", {"no report": 1})
    account.proof = {
        "signed findings": len(signed["findings"]),
        "signed breaches": signed["breaches"],
        "parting places": sum(laws.values()),
        "unsealed postings": report.get("unsealed", 0),
    }
    for name, count in account.proof.items():
        if count:
            account.faults.append(f"proof, {name}: expected 0, happened {count}")
    if code:
        told = ", ".join(f"{law} {count}" for law, count in laws.items())
        account.faults.append(f"wms ledger verify ends with {code}: {told}")


def _sign(world: World) -> dict[str, Any]:
    """Let the supervisor sign the very figures that are shown, and return the signature."""
    supervisor = world.people.supervisor
    shown = supervisor.get("/api/reconciliation")["digest"]
    note = {"note": "end of the day", "digest": shown}
    signed: dict[str, Any] = supervisor.post("/api/reconciliation/signatures", note)
    return signed


def _sealed(world: World) -> bool:
    return bool(world.people.supervisor.get("/api/checkpoints")["unsealed"] == 0)


def _more(before: Mapping[str, int], now: Mapping[str, int]) -> Counts:
    """Return what there is more (or less) now, without what did not change."""
    names = sorted(before.keys() | now.keys())
    changes = {name: now.get(name, 0) - before.get(name, 0) for name in names}
    return {name: change for name, change in changes.items() if change}


def _sum(quantities: Iterable[str]) -> int:
    """Return a sum of whole pieces."""
    return int(sum((Decimal(one) for one in quantities), Decimal(0)))


def _sorted(*symbols: str) -> tuple[str, ...]:
    return tuple(sorted(symbols))


def _day(plan: Plan) -> Counts:
    trucks = len(plan.trucks_in) + len(plan.trucks_out)
    return {"orders": len(plan.orders), "trucks": trucks, "seed": plan.seed}
