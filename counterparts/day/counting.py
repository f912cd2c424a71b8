"""The end of the day: a pallet counted short, set right by two, found again; the signature."""

from collections import Counter
from typing import Any

from counterparts.day.errors import NotHappenedError, RefusedError
from counterparts.day.inbound import pallet_no
from counterparts.day.world import World

GONE = 1
"""Pieces the count does not find."""


def count_and_sign(world: World) -> None:
    """Count a place, let two people set it right, take that back the same way, and sign.

    The piece turns up behind the rack: what was posted under an approval is reversed under another,
    so that book, floor and customs agree when the supervisor signs.
    """
    with world.stage("counting and signing", 4) as done:
        unit = _lonely_pallet(world)
        gap, adjusted = _count_short(world, unit)
        world.check("shortage found by count", -GONE, gap)
        done(1)
        world.check("adjusted by two people", "own_proposal approved", adjusted)
        done(1)
        world.check("posting reversed", "approved", _found_again(world, unit))
        done(1)
        signed = world.people.supervisor.post("/api/reconciliation/signatures", {"note": "wms day"})
        world.check("reconciliation signed", "agrees", "agrees" if signed["agrees"] else "differs")
        done(1)


def _lonely_pallet(world: World) -> Any:
    """Return a pallet of today that stands alone at its place and is promised to nobody."""
    units: Counter[str] = Counter()
    after: str | None = ""
    while after is not None:
        page = world.people.supervisor.get(
            "/api/stock/places", **({"after": after} if after else {})
        )
        units.update({row["place"]: row["units"] for row in page["places"]})
        after = page["next_after"]
    for truck in world.plan.trucks_in:
        for pallet in truck.pallets:
            unit = world.people.supervisor.get(f"/api/units/{pallet_no(world, pallet)}")
            held = unit["contents"]
            alone = units[unit["place"]] == 1 and len(held) == 1
            if alone and (held[0]["promised"], held[0]["status"]) == ("0", "good"):
                return unit
    raise NotHappenedError("a pallet of the day stands alone at its place")


def _count_short(world: World, unit: Any) -> tuple[str, str]:
    """Count all but one piece; return what the task is apart by, and how the adjustment went."""
    clerk, supervisor = world.people.clerk, world.people.supervisor
    (held,) = unit["contents"]
    counted = int(held["quantity"]) - GONE
    for code in (unit["place"], f"]C100{unit['number']}", f"QTY:{counted}", unit["place"]):
        clerk.scan("count", code)
    task = world.until("the count becomes a task", lambda: _task(world, "count", held["sku"]))
    count = supervisor.get("/api/counts", place=unit["place"])["counts"][0]
    proposed = supervisor.post(
        f"/api/reconciliation/tasks/{task['number']}/adjustments",
        {
            "unit": unit["number"],
            "lot": held["lot"],
            "quantity": task["gap"],
            "text": "counted twice",
            "count_no": count["count_no"],
        },
    )
    return task["gap"], _approve(world, proposed["proposal_id"], by_proposer_first=True)


def _found_again(world: World, unit: Any) -> str:
    """Reverse what the adjustment posted; return the verdict once the difference is gone."""
    supervisor = world.people.supervisor
    sku = unit["contents"][0]["sku"]
    task = world.until("the loss becomes a task", lambda: _task(world, "floor", sku))
    adjusted = supervisor.get("/api/approvals", decided="true")["proposals"][0]["proposal_id"]
    (posting_id,) = supervisor.get(f"/api/approvals/{adjusted}")["postings"]
    here = f"/api/reconciliation/tasks/{task['number']}"
    asked = {"posting_id": posting_id, "text": "found behind the rack"}
    proposed = supervisor.post(f"{here}/reversals", asked)
    verdict = _approve(world, proposed["proposal_id"])
    world.until("the difference ends", lambda: supervisor.get(here)["state"] == "closed" or None)
    return verdict


def _task(world: World, side: str, sku: str) -> Any:
    """Return the live task of an article on a side, once a check has opened it."""
    found = world.people.supervisor.get("/api/reconciliation/tasks", side=side)["tasks"]
    live = (one for one in found if one["goods_no"] == sku and one["state"] != "closed")
    return next(live, None)


def _approve(world: World, proposal_id: str, *, by_proposer_first: bool = False) -> str:
    """Let the deputy approve; first the proposer tries, who must not."""
    decision = f"/api/approvals/{proposal_id}/decision"
    said = []
    if by_proposer_first:
        try:
            world.people.supervisor.post(decision, {"verdict": "approved"})
        except RefusedError as refused:
            said.append(refused.code.removeprefix("ledger."))
    answer = world.people.deputy.post(decision, {"verdict": "approved", "note": "seen"})
    return " ".join([*said, answer["decision"]["verdict"]])
