"""Whether the ledger stands: every law asked of the whole site at once, for a page or a test.

`verifying` asks the same laws part by part, together with the seal.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import text

from wms.db.transaction import ReadTx
from wms.ledger import laws

_LAWS: Final = tuple(
    text(laws.of_site(law)) for law in (laws.BALANCES, *laws.POSTING_LAWS, *laws.SITE_LAWS)
)


@dataclass(frozen=True, slots=True)
class Breach:
    """A law that does not hold, and the account, or else the posting, where it parts."""

    law: str
    where: UUID


def standing(tx: ReadTx) -> tuple[Breach, ...]:
    """Return every breach of a law at this site; empty means that the ledger stands."""
    found = (
        Breach(row.law, row.account_id or row.posting_id)
        for law in _LAWS
        for row in tx.session.execute(law, {"site": tx.site_id})
    )
    return tuple(dict.fromkeys(found))


def posting_count(tx: ReadTx) -> int:
    """Return how many postings the site's ledger holds."""
    count: int = tx.session.execute(
        text("SELECT count(*) FROM ledger_posting WHERE site_id = :site"), {"site": tx.site_id}
    ).scalar_one()
    return count
