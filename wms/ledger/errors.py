"""What the ledger refuses."""

from wms.kernel.errors import Conflict
from wms.ledger.terms import Obstacle


class NotPosted(Conflict):
    """A posting that changes nothing, with everything that stands in its way.

    Code `ledger.` and the status of the first obstacle: `unapproved`, `period_closed`, `reversed`,
    `reversal_of_reversal`, `reversal_used`, or what Short is raised with.
    """

    def __init__(self, obstacles: tuple[Obstacle, ...]) -> None:
        first = obstacles[0]
        super().__init__(
            f"ledger.{first.status}",
            read=first.wanted,
            expected=first.there,
            count=len(obstacles),
        )
        self.obstacles = obstacles


class Short(NotPosted):
    """Nothing but quantity is missing: accounts or reservations hold less than was asked.

    Code `ledger.short` (free quantity) or `ledger.exhausted` (open rest of a reservation).
    """
