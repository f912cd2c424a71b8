"""Today's board: what stands where now, as far as whoever looks may see it."""

from dataclasses import dataclass
from datetime import datetime

from wms.audit.queries.signing import signatures
from wms.audit.queries.todo import Todo, todos
from wms.audit.terms import Signature
from wms.clearance.queries.overview import Unfinished, unfinished
from wms.db.transaction import ReadTx
from wms.gate import queries as gate
from wms.gate.queries import LaneView
from wms.gate.queries.traffic import Passage, passages_since
from wms.inbound import queries as inbound
from wms.inbound.queries import Arrival
from wms.inbound.terms import ArrivalState
from wms.kernel.clock import BEIJING
from wms.outbound import queries as outbound
from wms.outbound.terms import Load, LoadState, ParcelState

UNDER_WAY = tuple(state for state in LoadState if state is not LoadState.LEFT)


@dataclass(frozen=True, slots=True)
class Outbound:
    """Parcels by state (those under way), stopped by customs, gone today; trucks being loaded."""

    parcels: dict[ParcelState, int]
    held: int
    left: int
    loads: tuple[Load, ...]

    @property
    def open(self) -> int:
        """How many parcels are still in the house."""
        return sum(self.parcels.values())


@dataclass(frozen=True, slots=True)
class Board:
    """The board; a part that the person may not see is None."""

    lanes: tuple[LaneView, ...] | None
    passages: tuple[Passage, ...] | None
    documents: tuple[Unfinished, ...] | None
    arrivals: tuple[Arrival, ...] | None
    outbound: Outbound | None
    signature: Signature | None
    todos: tuple[Todo, ...]


def midnight(now: datetime) -> datetime:
    """Return when the day of a moment began in Beijing."""
    return now.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)


def board(tx: ReadTx) -> Board:
    """Return today's board for the actor of this reading."""
    may, day = tx.actor.may, midnight(tx.now)
    signed = signatures(tx, 1) if may("audit.see") else ()
    return Board(
        lanes=gate.lanes(tx) if may("gate.see") else None,
        passages=passages_since(tx, day) if may("gate.see") else None,
        documents=unfinished(tx) if may("clearance.see") else None,
        arrivals=_arrivals(tx, day) if may("inbound.see") else None,
        outbound=_outbound(tx, day) if may("outbound.see") else None,
        signature=signed[0] if signed else None,
        todos=todos(tx),
    )


def _arrivals(tx: ReadTx, day: datetime) -> tuple[Arrival, ...]:
    """Return the trucks of today: still open ones first, then those closed since midnight."""
    found = inbound.arrivals(tx, limit=50)
    still = [one for one in found if one.state is not ArrivalState.CLOSED]
    done = [one for one in found if one.closed_at is not None and one.closed_at >= day]
    return (*still, *done)


def _outbound(tx: ReadTx, day: datetime) -> Outbound:
    counts = outbound.counts(tx)
    gone = (ParcelState.LEFT, ParcelState.CANCELLED)
    return Outbound(
        {state: counts[state] for state in ParcelState if state in counts and state not in gone},
        outbound.held_count(tx),
        outbound.left_since(tx, day),
        outbound.loads(tx, states=UNDER_WAY, limit=10),
    )
