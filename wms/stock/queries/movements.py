"""What moved of an article on the whole floor, whichever units it went through."""

from sqlalchemy import select

from wms.db.transaction import ReadTx
from wms.ledger import balances
from wms.ledger.balances import Entry
from wms.stock.models import FloorAccount


def moves_of_goods(tx: ReadTx, sku: str, limit: int) -> tuple[Entry, ...]:
    """Return the newest entries of every floor account of an article, the newest first."""
    accounts = select(FloorAccount.account_id).where(
        FloorAccount.site_id == tx.site_id, FloorAccount.sku == sku
    )
    return balances.newest(tx, accounts, limit)
