"""The office changes the book: goods for the other book by papers, and a mistake taken back."""

from typing import Any, Final

from counterparts.day import tasks
from counterparts.day.plan import MISTAKEN
from counterparts.day.world import World

BOOK: Final = "T6409W990001"
OTHER: Final = "T6409W990003"
"""The demo site's second book; it is non-cumulative: what comes has a line of its own."""


def keep_books(world: World) -> None:
    """Transfer goods to the other book; then move some more by mistake, and take that back."""
    world.customs.add({}, non_cumulative=OTHER)
    with world.stage("books kept", 2) as done:
        line = _transfer(world)
        done(1)
        _mistake(world, line)
        done(1)


def book_lines(world: World, book_no: str) -> list[dict[str, Any]]:
    """Return every line of a book with its balance."""
    found: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        page = world.people.supervisor.get(f"/api/books/{book_no}/lines", after=after)
        found += page["lines"]
        after = page["next_after"]
    return found


def _transfer(world: World) -> dict[str, Any]:
    """Transfer goods by a pair of checklists; return the line of the transfer."""
    officer, moved = world.people.officer, world.plan.moved
    goods = [{"sku": moved.sku, "quantity": str(moved.quantity)}]
    paper = {"from_book": BOOK, "to_book": OTHER, "goods": goods, "note": "for the other account"}
    number = officer.post("/api/book-transfers", paper)["transfer_no"]

    def ask() -> dict[str, Any] | None:
        found: dict[str, Any] = officer.get(f"/api/book-transfers/{number}")
        return found if found["state"] == "done" else None

    found = world.until(f"customs posts both halves of transfer {number}", ask)
    world.checklists += found["checklists"]
    (line,) = found["lines"]
    posted = [officer.get(f"/api/checklists/{one}") for one in found["checklists"]]
    ways = " ".join(f"{one['direction']} {one['lines'][0]['quantity']}" for one in posted)
    (held,) = (
        one["balance"]["stock"]
        for one in book_lines(world, OTHER)
        if one["line_no"] == line["to_line"]
    )
    planned = f"done, E {moved.quantity} I {moved.quantity}, {moved.quantity} on a new line"
    told = f"{found['state']}, {ways}, {held} on a new line"
    world.check("goods change their book", planned, told)
    return dict(line)


def _mistake(world: World, line: dict[str, Any]) -> None:
    """Correct two lines that were right; the figures part, so the posting is reversed."""
    officer, supervisor = world.people.officer, world.people.supervisor
    wrong = {key: line[key] for key in ("from_line", "to_line")} | {"quantity": str(MISTAKEN)}
    reason = "taken for a pallet that was transferred whole"
    asked = {"from_book": BOOK, "to_book": OTHER, "lines": [wrong], "reason": reason}
    number = officer.post("/api/book-corrections", asked)["transfer_no"]
    proposal_id = officer.get(f"/api/book-transfers/{number}")["proposal_id"]
    decision = f"/api/approvals/{proposal_id}/decision"
    code = tasks.refused(lambda: officer.post(decision, {"verdict": "approved"}))
    world.check("own proposal approved", "ledger.own_proposal", code)
    verdict = tasks.approve(world, proposal_id)
    source, target = _pair(world, line)
    told = f"{verdict}, customs +{source} {target}"
    world.check("correction by mistake", f"approved, customs +{MISTAKEN} -{MISTAKEN}", told)
    entries = f"/api/books/{BOOK}/lines/{line['from_line']}/entries"
    (posting_id,) = (
        one["posting_id"]
        for one in supervisor.get(entries)["entries"]
        if one["document"]["number"] == number
    )
    compared = next(one for one in tasks.lines(world, line["sku"]) if one["book_no"] == BOOK)
    task = tasks.take_up(world, compared, "customs", "recorded_wrong", f"{number} was no mistake")
    text = f"{number} is taken back"
    proposed = supervisor.post(f"{task}/reversals", {"posting_id": posting_id, "text": text})
    verdict = tasks.approve(world, proposed["proposal_id"])
    source, target = _pair(world, line)
    told = f"{verdict}, customs {source} {target}, task {tasks.ended(world, task)}"
    world.check("posting reversed", "approved, customs 0 0, task closed", told)


def _pair(world: World, line: dict[str, Any]) -> tuple[str, str]:
    """Return by how much customs' figures differ from the book on both lines of a transfer."""
    apart = {
        (one["book_no"], one["line_no"]): str(one["difference"]["customs"])
        for one in tasks.lines(world, line["sku"])
    }
    return apart[BOOK, line["from_line"]], apart[OTHER, line["to_line"]]
