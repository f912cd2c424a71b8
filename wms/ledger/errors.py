"""What the ledger refuses."""

from wms.kernel.errors import Conflict
from wms.ledger.terms import Shortage


class Short(Conflict):
    """Some accounts, or reservations, hold less than was asked; all of them are named.

    Code `ledger.short` (free quantity) or `ledger.exhausted` (open rest of a reservation).
    """

    def __init__(self, code: str, shortages: tuple[Shortage, ...]) -> None:
        first = shortages[0]
        super().__init__(code, read=first.wanted, expected=first.there, count=len(shortages))
        self.shortages = shortages
