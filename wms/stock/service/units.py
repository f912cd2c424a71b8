"""Units: found and locked, opened, moved whole, frozen by a seal; each move is kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import and_, bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from wms.db.transaction import Tx
from wms.kernel.ids import new_id
from wms.masterdata import queries as masterdata
from wms.stock import errors, models, queries
from wms.stock.errors import PlaceOdd
from wms.stock.terms import RANK, Freeze, Moved, MoveUnit, OpenUnit

OUTSIDE = ""
"""Where a unit comes from when it is new, and goes to when it leaves."""

_STATE: Final = ("left_at", "frozen")
_READ: Final = ("unit_id", "number", "kind", "rank", "place", "parent_id", *_STATE)

# Every scan that moves something passes here: built once, because that costs more than sending.
_T: Final = models.UnitRecord.metadata.tables["handling_unit"]
_ABOVE: Final = _T.alias("above")
_LOCK: Final = (
    select(*(_T.c[x] for x in _READ))
    .where(_T.c.site_id == bindparam("site"), _T.c.number == bindparam("number"))
    .with_for_update()
)
_AROUND: Final = (
    select(*(t.c[name] for t in (_T, _ABOVE) for name in ("number", *_STATE)))
    .outerjoin_from(
        _T, _ABOVE, and_(_ABOVE.c.site_id == _T.c.site_id, _ABOVE.c.unit_id == _T.c.parent_id)
    )
    .where(_T.c.site_id == bindparam("site"), _T.c.unit_id == bindparam("parent"))
)
_UPDATE: Final = update(_T).where(
    _T.c.site_id == bindparam("of_site"), _T.c.unit_id == bindparam("of_unit")
)
_PUT: Final = _UPDATE.values(
    {name: bindparam(f"to_{name}") for name in ("place", "parent_id", "parent_rank", "since")}
)
_LET_GO: Final = _UPDATE.values(
    place=None, parent_id=None, parent_rank=None, left_at=bindparam("to"), since=bindparam("to")
)
_FREEZE: Final = _UPDATE.values(frozen=bindparam("to"))
_KEEP_MOVE: Final = insert(models.MoveRecord.metadata.tables["unit_move"])


@dataclass(frozen=True, slots=True)
class LockedUnit:
    """A unit under its row lock; `standing` is the place or the unit it stands in itself."""

    unit_id: UUID
    number: str
    kind: str
    rank: int
    place: str | None
    parent_id: UUID | None
    frozen: bool
    standing: str


def open_unit(tx: Tx, command: OpenUnit) -> Moved:
    """Put an empty unit at a place or into a higher unit.

    Raises Conflict `stock.unit_known` when the number is taken, Invalid `stock.target`.
    """
    if command.to_place is not None:
        masterdata.place(tx, command.to_place)
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
    if command.to_place is not None:
        refusal = queries.hindrance(tx, unit.number, command.to_place)
        if refusal is not None and not (command.confirmed and isinstance(refusal, PlaceOdd)):
            raise refusal
    place, parent_id, parent_rank, target = _spot(tx, unit.rank, command)
    if (unit.place, unit.parent_id) != (place, parent_id):
        since = command.happened_at or tx.now
        tx.session.execute(
            _PUT,
            {
                **_of(tx, unit),
                "to_place": place,
                "to_parent_id": parent_id,
                "to_parent_rank": parent_rank,
                "to_since": since,
            },
        )
        _keep_move(tx, unit.unit_id, (unit.standing, target), since, command.op)
    return Moved(unit.number, unit.standing, target)


def freeze(tx: Tx, command: Freeze) -> bool:
    """Set or take off the seal's freeze; return whether that changed anything."""
    unit = locked(tx, command.number, frozen=True)
    changed = unit.frozen != command.frozen
    if changed:
        tx.note("unit.frozen", command.number, before=unit.frozen, after=command.frozen)
        tx.session.execute(_FREEZE, {**_of(tx, unit), "to": command.frozen})
    return changed


def locked(tx: Tx, number: str, *, frozen: bool = False) -> LockedUnit:
    """Return a unit under a row lock, refusing one that left, or (unless `frozen`) is sealed in.

    What it stands in is read once the lock is held. Raises Unknown `stock.unit_unknown`.
    """
    row = tx.session.execute(_LOCK, {"site": tx.site_id, "number": number}).first()
    if row is None:
        raise errors.UnitUnknown(number)
    chain: list[Any] = [(row.number, row.left_at, row.frozen)]
    if row.parent_id is not None:
        around = tx.session.execute(_AROUND, {"site": tx.site_id, "parent": row.parent_id}).one()
        chain += [around[:3], around[3:]] if around[3] is not None else [around[:3]]
    for name, left_at, is_frozen in chain:
        if left_at is not None:
            raise errors.unit_left(number)
        if is_frozen and not frozen:
            raise errors.unit_frozen(number, name)
    return LockedUnit(
        row.unit_id,
        row.number,
        row.kind,
        row.rank,
        row.place,
        row.parent_id,
        row.frozen,
        row.place or chain[1][0],
    )


def leave(tx: Tx, unit: LockedUnit, happened_at: datetime) -> None:
    """Write down that a unit (and all that stands in it) has left the site."""
    tx.session.execute(_LET_GO, {**_of(tx, unit), "to": happened_at})
    _keep_move(tx, unit.unit_id, (unit.standing, OUTSIDE), happened_at, None)


def _spot(
    tx: Tx, rank: int, command: OpenUnit | MoveUnit
) -> tuple[str | None, UUID | None, int | None, str]:
    """Return where a unit of this rank is to stand: place, or parent with its rank; and its name.

    The unit above is locked, so that its seal cannot close while something goes in.
    """
    if (command.to_place is None) == (command.to_unit is None):
        raise errors.target(command.number)
    if command.to_place is not None:
        return command.to_place, None, None, command.to_place
    assert command.to_unit is not None
    into = locked(tx, command.to_unit)
    if into.rank <= rank:
        raise errors.rank(command.number, into.kind)
    return None, into.unit_id, into.rank, into.number


def _of(tx: Tx, unit: LockedUnit) -> dict[str, object]:
    return {"of_site": tx.site_id, "of_unit": unit.unit_id}


def _keep_move(
    tx: Tx,
    unit_id: UUID,
    route: tuple[str, str],
    happened_at: datetime,
    op: UUID | None,
) -> None:
    tx.session.execute(
        _KEEP_MOVE,
        {
            "site_id": tx.site_id,
            "move_id": new_id(),
            "unit_id": unit_id,
            "source": route[0],
            "target": route[1],
            "actor_id": tx.actor.actor_id,
            "actor_name": tx.actor.name,
            "op": op,
            "happened_at": happened_at,
            "recorded_at": tx.now,
        },
    )
