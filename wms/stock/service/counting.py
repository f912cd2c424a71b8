"""Counting a place blind: asked for, begun, unit by unit, closed; it changes no quantity."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from wms.db.numbers import next_number
from wms.db.transaction import Tx
from wms.kernel.clock import BEIJING
from wms.kernel.errors import Invalid
from wms.kernel.quantity import SCALE, ZERO, Quantity, total
from wms.ledger import statements
from wms.ledger.terms import DocumentRef
from wms.masterdata import queries as masterdata
from wms.stock import errors, queries
from wms.stock.events import CountClosed
from wms.stock.models import CountLineRecord, CountRecord
from wms.stock.service.units import locked
from wms.stock.terms import (
    AskCount,
    Asked,
    BeginCount,
    CloseCount,
    Counted,
    CountPieces,
    DropCount,
)

PLACES_AT_MOST: Final = 200
"""Places one question after an article may open counts at."""

C, L = CountRecord, CountLineRecord


def ask_count(tx: Tx, command: AskCount) -> Asked:
    """Open a count of a place, or one for each place an article stands at.

    A recount is closed to whoever counted first. Raises Invalid `stock.count_scope`,
    `stock.reason`, Unknown `masterdata.place_unknown`, `masterdata.goods_unknown`.
    """
    if bool(command.place) == bool(command.sku):
        raise errors.count_scope(command.place, command.sku)
    if not command.reason.strip():
        raise Invalid("stock.reason", read=command.place or command.sku)
    if command.place:
        places = [masterdata.place(tx, command.place).code]
    else:
        masterdata.goods(tx, command.sku)
        rows = queries.by_place(tx, sku=command.sku, limit=PLACES_AT_MOST)
        places = [row.place for row in rows]
    return Asked(tuple(_open(tx, command, place).count_no for place in places))


def begin_count(tx: Tx, command: BeginCount) -> str:
    """Return the number of the open count of a place that the actor may do, else of a new one.

    Raises Unknown `masterdata.place_unknown`, Conflict `stock.count_other_person` when the only one
    is a recount of what the actor counted.
    """
    place = masterdata.place(tx, command.place).code
    rows = tx.session.execute(
        select(C.count_no, C.not_by)
        .where(C.site_id == tx.site_id, C.place == place, C.state == "open")
        .order_by(C.asked_at, C.count_no)
    ).all()
    for row in rows:
        if row.not_by != tx.actor.actor_id:
            return str(row.count_no)
    if rows:
        raise errors.count_other_person(place, tx.actor.name)
    return _open(tx, AskCount(tx.site_id, "scan", place=place), place).count_no


def count_pieces(tx: Tx, command: CountPieces) -> int:
    """Keep how many pieces are in a unit beside what is thought; return the lines so far.

    Counting the same again while the count is open replaces the figure. Raises Invalid
    `stock.quantity` for a figure below zero or not whole, Conflict `stock.count_not_here` for a
    unit that stands elsewhere, `stock.count_closed`, Unknown `stock.unit_unknown`.
    """
    found = _opened(tx, command.count_no)
    if command.quantity < ZERO or command.quantity.steps % SCALE:
        raise errors.quantity(command.quantity)
    masterdata.goods(tx, command.sku)
    number = locked(tx, command.unit, frozen=True).number
    place = queries.where_is(tx, number)
    if place != found.place:
        raise errors.count_not_here(number, place, found.place)
    here = [row for row in queries.contents(tx, number) if row.unit == number]
    expected = total([row.quantity for row in here if row.sku == command.sku])
    figures = {
        "expected": expected,
        "counted": command.quantity,
        "counted_at": command.happened_at,
        "op": command.op,
    }
    _keep(tx, [{"count_no": found.count_no, "unit": number, "sku": command.sku, **figures}])
    return len(queries.count_lines(tx, found.count_no))


def close_count(tx: Tx, command: CloseCount) -> Counted:
    """Close a count: what was not met counts as none, and the result is sealed as a statement.

    Earlier counts of the same articles in the same units are superseded.
    """
    found = _opened(tx, command.count_no)
    known = {(row.unit, row.sku) for row in queries.count_lines(tx, found.count_no)}
    missing = {
        key: pieces for key, pieces in _standing(tx, found).items() if pieces and key not in known
    }
    _keep(
        tx,
        [
            {
                "count_no": found.count_no,
                "unit": unit,
                "sku": sku,
                "expected": pieces,
                "counted": ZERO,
                "counted_at": command.happened_at,
                "op": None,
            }
            for (unit, sku), pieces in sorted(missing.items())
        ],
    )
    lines = queries.count_lines(tx, found.count_no)
    apart = sum(bool(line.gap) for line in lines)
    _supersede(tx, found.count_no, [(line.unit, line.sku) for line in lines])
    statement_id = statements.record(
        tx,
        f"count:{found.count_no}",
        "stock.counted",
        DocumentRef("count", found.count_no),
        {
            "place": found.place,
            "goods": found.sku,
            "lines": [
                [line.unit, line.sku, str(line.expected), str(line.counted)] for line in lines
            ],
        },
    )
    found.state, found.closed_at, found.statement_id = "closed", command.happened_at, statement_id
    found.counter_id, found.counted_by = tx.actor.actor_id, tx.actor.name
    tx.announce(CountClosed(tx.site_id, found.count_no, apart))
    return Counted(found.count_no, len(lines), apart)


def drop_count(tx: Tx, command: DropCount) -> str:
    """Take back a count nobody needs any more; return its number."""
    found = _opened(tx, command.count_no)
    found.state = "dropped"
    tx.note("count", found.count_no, before="open", after="dropped")
    return found.count_no


def _open(tx: Tx, command: AskCount, place: str) -> CountRecord:
    """Return the open count of a place and an article, made now if there is none."""
    scope = (C.site_id == tx.site_id, C.place == place, C.sku == command.sku, C.state == "open")
    open_one = tx.session.execute(select(C).where(*scope)).scalar_one_or_none()
    if open_one is not None:
        return open_one
    not_by = None
    if command.recount_of:
        first = tx.session.get(C, (tx.site_id, command.recount_of))
        if first is None:
            raise errors.CountUnknown(command.recount_of)
        not_by = first.counter_id
    day = tx.now.astimezone(BEIJING)
    fresh = {
        "site_id": tx.site_id,
        "count_no": f"PD{day:%y%m%d}-{next_number(tx, f'count {day:%y%m%d}'):04d}",
        "place": place,
        "sku": command.sku,
        "reason": command.reason.strip(),
        "recount_of": command.recount_of,
        "not_by": not_by,
        "state": "open",
        "asked_by": tx.actor.name,
        "asked_at": tx.now,
        "counted_by": "",
    }
    tx.session.execute(insert(C).values(fresh).on_conflict_do_nothing())  # asked twice at once
    return tx.session.execute(select(C).where(*scope)).scalar_one()


def _opened(tx: Tx, count_no: str) -> CountRecord:
    """Return a count under its lock; refuse one that is over or for somebody else."""
    found = tx.session.execute(
        select(C)
        .where(C.site_id == tx.site_id, C.count_no == count_no)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None:
        raise errors.CountUnknown(count_no)
    if found.state != "open":
        raise errors.count_closed(count_no, found.state)
    if found.not_by == tx.actor.actor_id:
        raise errors.count_other_person(count_no, tx.actor.name)
    return found


def _standing(tx: Tx, found: CountRecord) -> dict[tuple[str, str], Quantity]:
    """Return what stands at the place of a count by our books: pieces by unit and article."""
    roots = queries.standing_at(tx, found.place)
    pieces: dict[tuple[str, str], Quantity] = {}
    for row in queries.contents_of(tx, [unit.unit_id for unit in roots]):
        if found.sku in {"", row.sku}:
            key = (row.unit, row.sku)
            pieces[key] = pieces.get(key, ZERO) + row.quantity
    return pieces


def _keep(tx: Tx, lines: list[dict[str, object]]) -> None:
    if not lines:
        return
    row = insert(L).values(
        [{"site_id": tx.site_id, "adjusted": ZERO, "superseded": False, **line} for line in lines]
    )
    changed = {name: row.excluded[name] for name in ("expected", "counted", "counted_at", "op")}
    keys = ["site_id", "count_no", "unit", "sku"]
    tx.session.execute(row.on_conflict_do_update(index_elements=keys, set_=changed))


def _supersede(tx: Tx, count_no: str, keys: Iterable[tuple[str, str]]) -> None:
    tx.session.execute(
        update(L)
        .where(
            L.site_id == tx.site_id,
            L.count_no != count_no,
            ~L.superseded,
            tuple_(L.unit, L.sku).in_(list(keys)),
        )
        .values(superseded=True)
    )
