"""Orders, payments and waybills are sent in; what does not fit is corrected; customs answers."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from counterparts.day.papers import (
    beijing,
    orders_message,
    paid_wrongly,
    payments_message,
    rest,
    waybills_message,
)
from counterparts.day.plan import SCRIPT, Line, Order, Trouble
from counterparts.day.world import World

MOST: Final = 100
XML: Final = "application/xml"
REFUSALS: Final = {
    Trouble.OVER_LIMIT: ("order over 5,000 CNY", "refused clearance.single_limit"),
    Trouble.IDENTITY: ("bad identity number", "refused identifier.person_check"),
    Trouble.PAYMENT: ("payment is not the order's", "refused clearance.payment_amount"),
    Trouble.SHORT: ("book line is short", "short clearance.book_short"),
}
Row = dict[str, Any]


def take_orders(world: World) -> None:
    """Send in the orders of the day and see each to its release, refusal or hold."""
    plan = world.plan
    world.customs.add(
        {world.numbers.order(order): list(SCRIPT[order.trouble]) for order in plan.having(*SCRIPT)}
    )
    before = parcels(world)
    _send_all(world)
    _correct(world)
    _declare_again(world)
    start = sum(before.values())
    world.fill("lists released", len(plan.leaving), lambda: sum(parcels(world).values()) - start)
    _look_at_receipts(world)


def parcels(world: World) -> dict[str, int]:
    """Return how many parcels stand in each state."""
    counts: dict[str, int] = world.people.clerk.get("/api/parcels/counts")["states"]
    return counts


def _send_all(world: World) -> None:
    plan = world.plan
    half = len(plan.orders) // 2
    with world.stage("three documents", len(plan.orders)) as done:
        for through, orders in ((_as_xml, plan.orders[:half]), (_as_rest, plan.orders[half:])):
            for batch in _batches(orders):
                _keep(world, batch, through(world, batch))
                done(len(batch))


def _batches(orders: Sequence[Order]) -> Iterable[Sequence[Order]]:
    return (orders[start : start + MOST] for start in range(0, len(orders), MOST))


def _keep(world: World, batch: Sequence[Order], rows: Sequence[Row]) -> None:
    """Compare what became of each order with the plan, by the answer to its last document."""
    fine = 0
    for order, row in zip(batch, rows, strict=True):
        if row["cop_no"]:
            world.lists[order.number] = row["cop_no"]
        told = " ".join([row["state"], *(reason["code"] for reason in row["reasons"])])
        if order.trouble in REFUSALS:
            world.check(*REFUSALS[order.trouble], told)
        else:
            fine += told == "declared"
    planned = sum(order.trouble not in REFUSALS for order in batch)
    if fine != planned:
        world.check("orders declared at once", planned, fine)


def _as_xml(world: World, batch: Sequence[Order]) -> list[Row]:
    papers, at = world.papers, beijing()
    post = world.people.platform.post
    heads = [papers.order(order, order.lines, at) for order in batch]
    post("/api/customs-messages", orders_message(heads), XML)
    paid = [papers.payment(order, paid_wrongly(order), at) for order in batch]
    post("/api/customs-messages", payments_message(paid), XML)
    carried = [papers.waybill(order, order.lines, at) for order in batch]
    return list(post("/api/customs-messages", waybills_message(carried), XML)["rows"])


def _as_rest(world: World, batch: Sequence[Order]) -> list[Row]:
    at = beijing()
    _post_payments(world, batch, at)
    _post_waybills(world, ((order, order.lines) for order in batch), at)
    return _post_orders(world, ((order, order.lines) for order in batch), at)


def _post_orders(
    world: World, orders: Iterable[tuple[Order, Sequence[Line]]], at: str
) -> list[Row]:
    rows = []
    for order, lines in orders:
        head, listed = world.papers.order(order, lines, at)
        rows.append({**rest(head), "lines": [rest(line) for line in listed]})
    return list(world.people.platform.post("/api/orders", {"orders": rows})["rows"])


def _post_payments(world: World, orders: Sequence[Order], at: str) -> None:
    rows = [rest(world.papers.payment(order, paid_wrongly(order), at)) for order in orders]
    world.people.platform.post("/api/payments", {"payments": rows})


def _post_waybills(
    world: World, orders: Iterable[tuple[Order, Sequence[Line]]], at: str
) -> list[Row]:
    rows = [rest(world.papers.waybill(order, lines, at)) for order, lines in orders]
    return list(world.people.platform.post("/api/waybills", {"waybills": rows})["rows"])


def _correct(world: World) -> None:
    """Let the platform correct a payment, and bring an order down to what the book holds."""
    at = beijing(2)
    for order in world.plan.having(Trouble.PAYMENT):
        paid = rest(world.papers.payment(order, order.paid, at))
        row = world.people.platform.post("/api/payments", {"payments": [paid]})["rows"][0]
        world.lists[order.number] = row["cop_no"]
        world.check("payment corrected", "declared", row["state"])
    for order in world.plan.having(Trouble.SHORT):
        lines = world.plan.final_lines(order)
        less = Order(order.number, order.merchant, order.buyer, lines, order.freight)
        paid = rest(world.papers.payment(less, less.paid, at))
        world.people.platform.post("/api/payments", {"payments": [paid]})
        row = _post_orders(world, [(less, lines)], at)[0]
        world.lists[order.number] = row["cop_no"]
        world.check("order brought down to the book", "declared", row["state"])


def _declare_again(world: World) -> None:
    """Send the order customs rejected once more; it is declared under a new number."""
    for order in world.plan.having(Trouble.REJECTED):
        first = world.lists[order.number]
        found = await_list(world, first, "rejected")
        world.check("customs rejects (100)", "rejected 100", f"{found['state']} {found['code']}")
        row = _post_orders(world, [(order, order.lines)], beijing(4))[0]
        world.lists[order.number] = row["cop_no"]
        world.check("declared anew", True, row["state"] == "declared" and row["cop_no"] != first)


def await_list(world: World, cop_no: str, state: str) -> Any:
    """Wait until a release list is in a state and return it."""

    def ask() -> Any:
        found = release_list(world, cop_no)
        return found if found["state"] == state else None

    return world.until(f"list {cop_no} is {state}", ask)


def release_list(world: World, cop_no: str) -> Any:
    """Return a release list with its timeline."""
    return world.people.officer.get(f"/api/release-lists/{cop_no}")


def _look_at_receipts(world: World) -> None:
    """Compare what the timelines of lists in trouble tell with what customs was scripted to do."""
    for order in world.plan.having(Trouble.INSPECTED):
        found = release_list(world, world.lists[order.number])
        told = f"{' '.join(_codes(found))} {found['state']}"
        world.check("inspection (500)", "2 3 120 500 800 released", told)
    for order in world.plan.having(Trouble.HELD):
        found = await_list(world, world.lists[order.number], "held")
        world.check("inspection without end (500)", "held 500", f"{found['state']} {found['code']}")
    for order in world.plan.having(Trouble.TWICE):
        found = release_list(world, world.lists[order.number])
        # The first copy of each receipt moves the list, the second is only counted.
        told = f"{len(_moves(found))} of {len(_codes(found))}, {found['state']}"
        world.check("receipts twice", "4 of 8, released", told)
    for order in world.plan.having(Trouble.DISORDER):
        found = release_list(world, world.lists[order.number])
        told = f"800 before 120: {_codes(found)[0] == '800'}, {found['state']}"
        world.check("receipts out of order", "800 before 120: True, released", told)


def _codes(found: Any) -> list[str]:
    return [one["code"] for one in found["timeline"] if one["what"].startswith("receipt")]


def _moves(found: Any) -> list[str]:
    return [one["code"] for one in found["timeline"] if one["what"] == "receipt"]
