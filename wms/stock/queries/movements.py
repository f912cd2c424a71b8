"""What moved of articles on the whole floor, whichever units it went through."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from uuid import UUID

from sqlalchemy import select, true

from wms.db.transaction import ReadTx
from wms.kernel.quantity import ZERO, Quantity
from wms.ledger import changes
from wms.ledger.changes import Change
from wms.stock.models import FloorAccount


def changes_of_goods(
    tx: ReadTx, skus: Collection[str], reach: int
) -> Mapping[str, tuple[Change, ...]]:
    """Return what changed the pieces of each article on the whole floor, the newest first.

    What only went from unit to unit, or from status to status, changed nothing. Of each account
    the newest `reach` entries are read; beyond the oldest of a cut one nothing is said.
    """
    change = changes.newest(FloorAccount.site_id, FloorAccount.account_id, reach)
    rows = tx.session.execute(
        select(FloorAccount.sku, FloorAccount.account_id, change)
        .join(change, true())
        .where(FloorAccount.site_id == tx.site_id, FloorAccount.sku.in_(tuple(skus)))
    )
    read: dict[str, dict[UUID, list[Change]]] = {}
    for sku, account_id, *told in rows:
        read.setdefault(sku, {}).setdefault(account_id, []).append(changes.change_of(told))
    return {sku: _outside(accounts.values(), reach) for sku, accounts in read.items()}


def _outside(accounts: Collection[list[Change]], reach: int) -> tuple[Change, ...]:
    """Net what one posting did to several accounts; drop what a cut account hides a part of."""
    horizon = max((each[-1].recorded_at for each in accounts if len(each) == reach), default=None)
    net: dict[UUID, Quantity] = {}
    told: dict[UUID, Change] = {}
    for each in accounts:
        for change in each:
            net[change.posting_id] = net.get(change.posting_id, ZERO) + change.quantity
            told[change.posting_id] = change
    found = [
        replace(change, quantity=net[posting_id])
        for posting_id, change in told.items()
        if net[posting_id] and (horizon is None or change.recorded_at > horizon)
    ]
    found.sort(key=lambda one: (one.recorded_at, one.posting_id), reverse=True)
    return tuple(found)
