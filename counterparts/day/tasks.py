"""A difference in the supervisor's room: taken up, explained, proposed, approved, and ended."""

from collections.abc import Callable
from typing import Any, Final

from counterparts.day.errors import NotHappenedError, RefusedError
from counterparts.day.world import World

TASKS: Final = "/api/reconciliation/tasks"


def lines(world: World, *skus: str) -> list[dict[str, Any]]:
    """Return the lines of these articles as the reconciliation compares them now."""
    found = world.people.supervisor.get("/api/reconciliation")["lines"]
    return [one for one in found if one["goods_no"] in skus]


def take_up(world: World, line: dict[str, Any], side: str, cause: str, text: str) -> str:
    """Take up one side of a line that is apart, say why, and return the address of the task."""
    supervisor = world.people.supervisor
    key = {name: line[name] for name in ("book_no", "line_no", "goods_no")}
    address = f"{TASKS}/{supervisor.post(TASKS, {**key, 'side': side})['number']}"
    supervisor.put(f"{address}/owner", {})
    supervisor.post(f"{address}/notes", {"cause": cause, "text": text})
    return address


def approve(world: World, proposal_id: str) -> str:
    """Let the deputy approve what somebody else proposed; return the verdict."""
    path = f"/api/approvals/{proposal_id}/decision"
    decided = world.people.deputy.post(path, {"verdict": "approved", "note": "seen by two"})
    return str(decided["decision"]["verdict"])


def refused(deed: Callable[[], object]) -> str:
    """Return the code with which a deed is refused; raise NotHappenedError when it is not."""
    try:
        deed()
    except RefusedError as no:
        return no.code
    raise NotHappenedError("what must be refused is refused")


def ended(world: World, address: str) -> str:
    """Compare every line once more and return the state of a task after it."""
    world.people.supervisor.post("/api/reconciliation/checks")
    return str(world.people.supervisor.get(address)["state"])
