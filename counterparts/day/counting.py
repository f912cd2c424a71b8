"""A place is counted blind; what is missing is proposed, approved, and reported to customs."""

from typing import Any

from counterparts.day import tasks
from counterparts.day.inbound import pallet_no, scan
from counterparts.day.plan import MISSING
from counterparts.day.world import World


def count(world: World) -> None:
    """Find a shortage by a count and see it to its end: floor, book and customs agree again."""
    with world.stage("shortage counted", 3) as done:
        count_no = _count(world)
        done(1)
        _take_off_the_floor(world, count_no)
        done(1)
        _report(world, count_no)
        done(1)


def _count(world: World) -> str:
    """Count the place of a pallet by scanner, one piece fewer than we think; return the count."""
    supervisor, pallet = world.people.supervisor, world.plan.lossy
    number = pallet_no(world, pallet)
    place = str(supervisor.get(f"/api/units/{number}")["place"])
    asked = supervisor.post("/api/counts", {"reason": "spot check", "place": place})
    (count_no,) = asked["counts"]
    for code in (place, f"]C100{number}", f"QTY:{pallet.came - MISSING}"):
        scan(world, "count", code)
    seen = len(supervisor.get(f"/api/counts/{count_no}")["rows"])
    scan(world, "count", place)
    rows = supervisor.get(f"/api/counts/{count_no}")["rows"]
    figures = ", ".join(f"{one['counted']} of {one['expected']}" for one in rows)
    planned = f"0 figures shown, {pallet.came - MISSING} of {pallet.came}"
    world.check("shortage found by count", planned, f"{seen} figures shown, {figures}")
    return str(count_no)


def _take_off_the_floor(world: World, count_no: str) -> None:
    """Propose that the pieces are lost; the floor follows when the deputy approves."""
    supervisor, pallet = world.people.supervisor, world.plan.lossy
    line = _apart(world, "count")
    task = tasks.take_up(world, line, "count", "lost", "looked for behind and below")
    loss = {
        "unit": pallet_no(world, pallet),
        "lot": f"L{world.plan.seed}",
        "quantity": str(-MISSING),
        "text": "not there",
        "count_no": count_no,
    }
    proposal_id = supervisor.post(f"{task}/adjustments", loss)["proposal_id"]
    decision = f"/api/approvals/{proposal_id}/decision"
    own = tasks.refused(lambda: supervisor.post(decision, {"verdict": "approved"}))
    told = f"{own}, then {tasks.approve(world, proposal_id)}, task {tasks.ended(world, task)}"
    world.check("adjusted by two people", "ledger.own_proposal, then approved, task closed", told)


def _report(world: World, count_no: str) -> None:
    """Report to customs what floor and book differ by; the book follows customs' posting."""
    officer, sku = world.people.officer, world.plan.lossy.sku
    line = _apart(world, "floor")
    apart = f"{line['verdict']} by {line['difference']['floor']}"
    world.check("floor and book differ", f"differs by {-MISSING}", apart)
    task = tasks.take_up(world, line, "floor", "lost", f"count {count_no}")
    goods = [{"sku": sku, "quantity": str(MISSING)}]
    paper = {"goods": goods, "reason": f"missing in count {count_no}"}
    number = officer.post("/api/shortages", paper)["inner_no"]
    told = f"declared by checklist {number}, duties to be paid"
    world.people.supervisor.post(f"{task}/letters", {"text": told})

    def posted() -> bool:
        return bool(officer.get(f"/api/checklists/{number}")["state"] == "posted")

    world.until(f"customs posts the shortage of checklist {number}", posted)
    world.checklists.append(number)
    state = tasks.ended(world, task)
    verdicts = {one["verdict"] for one in tasks.lines(world, sku)}
    told = f"posted, {' '.join(sorted(verdicts))}, task {state}"
    world.check("shortage reported to customs", "posted, agrees, task closed", told)


def _apart(world: World, side: str) -> dict[str, Any]:
    """Return the line of the missing goods on which a side is apart."""

    def ask() -> dict[str, Any] | None:
        lines = tasks.lines(world, world.plan.lossy.sku)
        return next((one for one in lines if one["difference"][side] != "0"), None)

    return world.until(f"the {side} of the missing goods is apart", ask)
