"""Units: found and locked, opened, moved whole, frozen by a seal; each move is kept."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from wms.db.transaction import Tx
from wms.kernel.ids import new_id
from wms.masterdata import queries as masterdata
from wms.stock import errors, models, queries
from wms.stock.errors import PlaceOdd
from wms.stock.terms import RANK, Freeze, Moved, MoveUnit, OpenUnit

OUTSIDE = ""
"""Where a unit comes from when it is new, and goes to when it leaves."""


def open_unit(tx: Tx, command: OpenUnit) -> Moved:
    """Put an empty unit at a place or into a higher unit.

    Raises Conflict `stock.unit_known` when the number is taken, Invalid `stock.target`.
    """
    place, parent_id, parent_rank, target = _spot(tx, RANK[command.kind], command)
    unit_id = tx.session.execute(
        upsert(models.UnitRecord)
        .values(
            site_id=tx.site_id,
            unit_id=new_id(),
            number=command.number,
            kind=command.kind,
            rank=RANK[command.kind],
            place=place,
            parent_id=parent_id,
            parent_rank=parent_rank,
            frozen=False,
            since=command.happened_at,
        )
        .on_conflict_do_nothing(index_elements=["site_id", "number"])
        .returning(models.UnitRecord.unit_id)
    ).scalar_one_or_none()
    if unit_id is None:
        raise errors.unit_known(command.number)
    _keep_move(tx, unit_id, (OUTSIDE, target), command.happened_at, command.op)
    return Moved(command.number, OUTSIDE, target)


def move_unit(tx: Tx, command: MoveUnit) -> Moved:
    """Move a unit whole; what it holds goes with it and no quantity moves.

    Raises PlaceWrong for goods that may not stand there, PlaceOdd for a full or unfit place unless
    `confirmed`, Conflict `stock.unit_frozen`, `stock.unit_left`, `stock.rank`.
    """
    unit = locked(tx, command.number)
    source = _standing(tx, unit)
    if command.to_place is not None:
        refusal = queries.hindrance(tx, unit.number, command.to_place)
        if refusal is not None and not (command.confirmed and isinstance(refusal, PlaceOdd)):
            raise refusal
    unit.place, unit.parent_id, unit.parent_rank, target = _spot(tx, unit.rank, command)
    if source != target:
        unit.since = command.happened_at or tx.now
        _keep_move(tx, unit.unit_id, (source, target), unit.since, command.op)
    return Moved(unit.number, source, target)


def freeze(tx: Tx, command: Freeze) -> bool:
    """Set or take off the seal's freeze; return whether that changed anything."""
    unit = locked(tx, command.number, frozen=True)
    changed = unit.frozen != command.frozen
    if changed:
        tx.note("unit.frozen", command.number, before=unit.frozen, after=command.frozen)
    unit.frozen = command.frozen
    return changed


def locked(tx: Tx, number: str, *, frozen: bool = False) -> models.UnitRecord:
    """Return a unit under a row lock, refusing one that left, or (unless `frozen`) is sealed in.

    Raises Unknown `stock.unit_unknown`.
    """
    record = models.UnitRecord
    unit = tx.session.execute(
        select(record)
        .where(record.site_id == tx.site_id, record.number == number)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if unit is None:
        raise errors.UnitUnknown(number)
    above: models.UnitRecord | None = unit
    while above is not None:
        if above.left_at is not None:
            raise errors.unit_left(number)
        if above.frozen and not frozen:
            raise errors.unit_frozen(number, above.number)
        above = _parent(tx, above)
    return unit


def leave(tx: Tx, unit: models.UnitRecord, happened_at: datetime) -> None:
    """Write down that a unit (and all that stands in it) has left the site."""
    source = _standing(tx, unit)
    unit.place = unit.parent_id = unit.parent_rank = None
    unit.left_at = unit.since = happened_at
    _keep_move(tx, unit.unit_id, (source, OUTSIDE), happened_at, None)


def _spot(
    tx: Tx, rank: int, command: OpenUnit | MoveUnit
) -> tuple[str | None, UUID | None, int | None, str]:
    """Return where a unit of this rank is to stand: place, or parent with its rank; and its name.

    The unit above is locked, so that its seal cannot close while something goes in.
    """
    if (command.to_place is None) == (command.to_unit is None):
        raise errors.target(command.number)
    if command.to_place is not None:
        place = masterdata.place(tx, command.to_place).code
        return place, None, None, place
    assert command.to_unit is not None
    into = locked(tx, command.to_unit)
    if into.rank <= rank:
        raise errors.rank(command.number, into.kind)
    return None, into.unit_id, into.rank, into.number


def _standing(tx: Tx, unit: models.UnitRecord) -> str:
    parent = _parent(tx, unit)
    return unit.place or (parent.number if parent is not None else OUTSIDE)


def _parent(tx: Tx, unit: models.UnitRecord) -> models.UnitRecord | None:
    if unit.parent_id is None:
        return None
    return tx.session.get(models.UnitRecord, (tx.site_id, unit.parent_id), populate_existing=True)


def _keep_move(
    tx: Tx,
    unit_id: UUID,
    route: tuple[str, str],
    happened_at: datetime,
    op: UUID | None,
) -> None:
    tx.session.execute(
        insert(models.MoveRecord).values(
            site_id=tx.site_id,
            move_id=new_id(),
            unit_id=unit_id,
            source=route[0],
            target=route[1],
            actor_id=tx.actor.actor_id,
            actor_name=tx.actor.name,
            op=op,
            happened_at=happened_at,
            recorded_at=tx.now,
        )
    )
