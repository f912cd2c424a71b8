"""One unit: where it stands, what it and the units in it hold, how it came there."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import and_, bindparam, select, true
from sqlalchemy.orm import aliased

from wms.db.transaction import ReadTx
from wms.kernel.quantity import ZERO
from wms.ledger.balances import STANDING, Entry, statement
from wms.stock import errors, models
from wms.stock.terms import Status, UnitKind
from wms.stock.views import Held, Move, Unit

U, F, M = models.UnitRecord, models.FloorAccount, models.MoveRecord
_CHAIN = ("number", "frozen", "place", "left_at")

# Every scan asks for a unit: built once, and for the table, because that costs more than sending.
_T = U.metadata.tables["handling_unit"]
_AROUND, _OUTERMOST = _T.alias("around"), _T.alias("outermost")
_UNIT = (
    select(
        *(_T.c.unit_id, _T.c.number, _T.c.kind, _T.c.since),
        *(t.c[name] for t in (_T, _AROUND, _OUTERMOST) for name in _CHAIN),
    )
    .select_from(
        _T.outerjoin(
            _AROUND, and_(_AROUND.c.site_id == _T.c.site_id, _AROUND.c.unit_id == _T.c.parent_id)
        ).outerjoin(
            _OUTERMOST,
            and_(
                _OUTERMOST.c.site_id == _AROUND.c.site_id,
                _OUTERMOST.c.unit_id == _AROUND.c.parent_id,
            ),
        )
    )
    .where(_T.c.site_id == bindparam("site"), _T.c.number == bindparam("number"))
)
"""A unit and those around it: three ranks, so two at most."""
_KNOWN = select(_T.c.unit_id).where(
    _T.c.site_id == bindparam("site"), _T.c.number == bindparam("number")
)


def unit(tx: ReadTx, number: str) -> Unit:
    """Return one unit; raise Unknown `stock.unit_unknown`."""
    found = find_unit(tx, number)
    if found is None:
        raise errors.UnitUnknown(number)
    return found


def find_unit(tx: ReadTx, number: str) -> Unit | None:
    """Return the unit of this number, in one statement, or None."""
    row = tx.session.execute(_UNIT, {"site": tx.site_id, "number": number}).first()
    if row is None:
        return None
    chain = [row[start : start + 4] for start in (4, 8, 12) if row[start] is not None]
    _, _, place, left_at = chain[-1]
    return Unit(
        row.unit_id,
        row.number,
        UnitKind(row.kind),
        place or "",
        tuple(around[0] for around in chain[1:]),
        next((around[0] for around in chain if around[1]), ""),
        left_at,
        row.since,
    )


def known(tx: ReadTx, number: str) -> bool:
    """Return whether a unit of this number is or ever was here."""
    found = tx.session.execute(_KNOWN, {"site": tx.site_id, "number": number})
    return found.first() is not None


def where_is(tx: ReadTx, number: str) -> str:
    """Return the place a unit stands at, however deep it is packed; empty once it has left."""
    return unit(tx, number).place


def inside(tx: ReadTx, number: str) -> tuple[str, ...]:
    """Return the numbers of the units that stand directly in a unit."""
    inner = aliased(U)
    rows = tx.session.execute(
        select(inner.number)
        .join(U, and_(U.site_id == inner.site_id, U.unit_id == inner.parent_id))
        .where(inner.site_id == tx.site_id, U.number == number)
        .order_by(inner.number)
    ).scalars()
    return tuple(rows)


def contents(tx: ReadTx, number: str) -> tuple[Held, ...]:
    """Return what a unit and the units in it hold, without empty accounts."""
    return contents_of(tx, [unit(tx, number).unit_id])


def contents_of(tx: ReadTx, unit_ids: Iterable[UUID]) -> tuple[Held, ...]:
    """Return what these units and all units in them hold, in one statement."""
    tree = (
        select(U.unit_id, U.number)
        .where(U.site_id == tx.site_id, U.unit_id.in_(tuple(unit_ids)))
        .cte("tree", recursive=True)
    )
    inner = aliased(U)
    tree = tree.union(
        select(inner.unit_id, inner.number).where(
            inner.site_id == tx.site_id, inner.parent_id == tree.c.unit_id
        )
    )
    held = (
        select(
            *(F.account_id, F.sku, F.lot, F.expiry, F.status),
            *(STANDING.c.stock, STANDING.c.held),
        )
        .join(STANDING, (STANDING.c.site_id == F.site_id) & (STANDING.c.account_id == F.account_id))
        .where(F.site_id == tx.site_id, F.unit_id == tree.c.unit_id, STANDING.c.stock > ZERO)
        .offset(0)  # unit by unit: a recursion's length is not foreseen, and all accounts were read
        .lateral("row")
    )
    rows = tx.session.execute(
        select(tree.c.number, held)
        .select_from(tree.join(held, true()))
        .order_by(tree.c.number, held.c.sku, held.c.lot, held.c.status)
    )
    return tuple(
        Held(account_id, number, sku, lot, expiry, Status(status), stock, promised)
        for number, account_id, sku, lot, expiry, status, stock, promised in rows
    )


def held_of(tx: ReadTx, sku: str, limit: int = 200) -> tuple[Held, ...]:
    """Return where pieces of an article are, unit by unit, the fullest first."""
    rows = tx.session.execute(
        select(
            *(U.number, F.account_id, F.sku, F.lot, F.expiry, F.status),
            *(STANDING.c.stock, STANDING.c.held),
        )
        .join(U, and_(U.site_id == F.site_id, U.unit_id == F.unit_id))
        .join(STANDING, (STANDING.c.site_id == F.site_id) & (STANDING.c.account_id == F.account_id))
        .where(F.site_id == tx.site_id, F.sku == sku, STANDING.c.stock > ZERO)
        .order_by(STANDING.c.stock.desc(), U.number, F.lot)
        .limit(limit)
    )
    return tuple(
        Held(account_id, number, found, lot, expiry, Status(status), stock, promised)
        for number, account_id, found, lot, expiry, status, stock, promised in rows
    )


def history(tx: ReadTx, number: str, limit: int = 100) -> tuple[Move, ...]:
    """Return the moves of a unit, newest first."""
    rows = tx.session.execute(
        select(M.source, M.target, M.actor_name, M.op, M.happened_at, M.recorded_at)
        .where(M.site_id == tx.site_id, M.unit_id == unit(tx, number).unit_id)
        .order_by(M.recorded_at.desc(), M.move_id.desc())
        .limit(limit)
    )
    return tuple(Move(*row) for row in rows)


def entries(tx: ReadTx, number: str, limit: int = 100) -> tuple[tuple[str, Status, Entry], ...]:
    """Return the ledger's entries on a unit, newest first, each with its article and status."""
    rows = tx.session.execute(
        select(F.account_id, F.sku, F.status).where(
            F.site_id == tx.site_id, F.unit_id == unit(tx, number).unit_id
        )
    )
    found = [
        (sku, Status(status), entry)
        for account_id, sku, status in rows
        for entry in statement(tx, account_id, limit=limit)
    ]
    found.sort(key=lambda row: (row[2].recorded_at, row[2].posting_id, row[2].leg), reverse=True)
    return tuple(found[:limit])
