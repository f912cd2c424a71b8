"""The words of a comparison: the figures of a line, what explains differences, a signature."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from wms.kernel.ids import SiteId
from wms.kernel.quantity import ZERO, Quantity, total


class Side(StrEnum):
    """Which two figures part.

    Floor against book, customs' receipts against book, customs' own statement against its receipts,
    a physical count against what the floor says.
    """

    FLOOR = "floor"
    CUSTOMS = "customs"
    STATED = "stated"
    COUNT = "count"


class Verdict(StrEnum):
    """What the three figures of a line say; `on_the_way` is a difference that papers explain."""

    AGREES = "agrees"
    ON_THE_WAY = "on_the_way"
    DIFFERS = "differs"


class Reason(StrEnum):
    """Why a figure may run before or behind the book's for a while."""

    RECEIVED_NOT_POSTED = "received_not_posted"
    POSTED_NOT_RECEIVED = "posted_not_received"
    PASSED_NOT_POSTED = "passed_not_posted"
    POSTED_NOT_PASSED = "posted_not_passed"
    PAIR_NOT_POSTED = "pair_not_posted"

    @property
    def side(self) -> Side:
        """Return the figure that this moves away from the book's."""
        inbound = self in {Reason.RECEIVED_NOT_POSTED, Reason.POSTED_NOT_RECEIVED}
        return Side.FLOOR if inbound else Side.CUSTOMS


@dataclass(frozen=True, slots=True)
class Movement:
    """One checklist's goods on one book line, as clearance and inbound know them.

    `declared` is what the book took or will take, `figure` what customs posted (0 before it did),
    `received` what was scanned in, `awaited` whether a truck of it is still open, `paired` whether
    the book waits for the other half of a transfer.
    """

    document: str
    direction: str
    declared: Quantity
    figure: Quantity = ZERO
    received: Quantity = ZERO
    posted: bool = False
    passed: bool = False
    awaited: bool = False
    paired: bool = False


@dataclass(frozen=True, slots=True)
class UnderWay:
    """By how much one checklist makes floor or customs run before (+) or behind (−) the book."""

    reason: Reason
    document: str
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Stated:
    """What customs said of a line at a moment, and what its receipts had added up to by then.

    `later` are the receipts of the hours after, in the order in which we heard of them: customs may
    have counted the first of them already.
    """

    statement_id: UUID
    stated_at: datetime
    quantity: Quantity
    receipts: Quantity
    later: tuple[Quantity, ...] = ()


@dataclass(frozen=True, slots=True)
class Counted:
    """By how much counts that nothing has settled yet differ from the floor, and since when."""

    quantity: Quantity
    since: datetime
    counts: tuple[str, ...]


LineKey = tuple[str, int, str]
"""Book, line and goods number: what a line is found by, also one without a book."""


@dataclass(frozen=True, slots=True)
class Figures:
    """One line of a book with the floor's and customs' figure; all in the line's unit.

    Goods on the floor that no book knows are a line without book: `book_no` empty, `line_no` 0.
    """

    book_no: str
    line_no: int
    goods_no: str
    name: str
    unit: str
    book: Quantity
    pending_in: Quantity
    pending_out: Quantity
    floor: Quantity
    customs: Quantity
    in_transit: tuple[UnderWay, ...] = ()
    stated: Stated | None = None
    counted: Counted | None = None
    account_id: UUID | None = None

    @property
    def key(self) -> LineKey:
        """What this line is found by."""
        return self.book_no, self.line_no, self.goods_no

    @property
    def transit(self) -> Quantity:
        """What is in transit: all that papers explain of either figure, together."""
        return total([way.quantity for way in self.in_transit])

    @property
    def free(self) -> Quantity:
        """可用: what the book holds and nobody has promised."""
        return self.book - self.pending_out


@dataclass(frozen=True, slots=True)
class Move:
    """Something that changed the book's, the floor's or customs' figure at a recorded moment."""

    at: datetime
    quantity: Quantity
    document_kind: str
    document_no: str
    posting_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Parting:
    """Where two figures part: the moment from which they differ, and what moved then.

    `agreed_at` is the last moment before at which they were equal, None before the first entry.
    """

    side: Side
    agreed_at: datetime | None
    parted_at: datetime
    book: tuple[Move, ...]
    other: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """What nothing explains of a line; 0 where all is explained.

    Floor and customs are that figure minus the book's, `stated` is customs' statement minus its
    receipts, `count` what was counted minus what the floor says.
    """

    floor: Quantity = ZERO
    customs: Quantity = ZERO
    stated: Quantity = ZERO
    count: Quantity = ZERO

    @property
    def sides(self) -> dict[Side, Quantity]:
        """The sides that are apart, and by how much."""
        found = {side: getattr(self, side.value) for side in Side}
        return {side: quantity for side, quantity in found.items() if quantity}


@dataclass(frozen=True, slots=True)
class Compared:
    """A line with its verdict, and where its figures part if no paper explains it."""

    figures: Figures
    verdict: Verdict
    gap: Gap
    partings: tuple[Parting, ...] = ()

    @property
    def since(self) -> dict[Side, datetime]:
        """Since when each side is apart, as far as that is known."""
        found = {part.side: part.parted_at for part in self.partings}
        if self.figures.stated is not None:
            found[Side.STATED] = self.figures.stated.stated_at
        if self.figures.counted is not None:
            found[Side.COUNT] = self.figures.counted.since
        return {side: at for side, at in found.items() if side in self.gap.sides}

    @property
    def apart_since(self) -> datetime | None:
        """When the first of its sides parted; None when that is not known of any."""
        return min(self.since.values(), default=None)


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Book, floor and customs of every line at one moment.

    `digest` is SHA-256 over the canonical JSON of the lines: what is signed. A posting that changes
    no figure (a statement, a signature) does not change it.
    """

    as_of: datetime
    postings: int
    digest: str
    lines: tuple[Compared, ...]

    @property
    def agrees(self) -> bool:
        """Whether all three figures are equal on every line."""
        return all(line.verdict is Verdict.AGREES for line in self.lines)

    @property
    def explained(self) -> bool:
        """Whether papers explain every difference."""
        return all(line.verdict is not Verdict.DIFFERS for line in self.lines)

    @property
    def counts(self) -> dict[Verdict, int]:
        """Return how many lines stand under each verdict."""
        found = Counter(line.verdict for line in self.lines)
        return {verdict: found[verdict] for verdict in Verdict}


@dataclass(frozen=True, slots=True)
class SignReconciliation:
    """A supervisor signs what the books say now; with `digest`, only if it is what was shown."""

    site_id: SiteId
    note: str
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A line that did not agree when it was signed."""

    book_no: str
    line_no: int
    goods_no: str
    verdict: Verdict
    book: Quantity
    floor: Quantity
    customs: Quantity


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How far the ledger was sealed: so many postings, under this root (SHA-256 in hex)."""

    tree_size: int
    root: str


@dataclass(frozen=True, slots=True)
class Signature:
    """Who vouched for what, and when; `breaches` counts laws of the ledger that did not hold.

    `checkpoint` is the newest there was; the signature is itself a posting of the ledger, by whose
    id it is found there.
    """

    signature_id: UUID
    signed_by: str
    signed_at: datetime
    postings: int
    lines: int
    digest: str
    agrees: bool
    breaches: int
    findings: tuple[Finding, ...]
    note: str
    statement_id: UUID | None = None
    checkpoint: Checkpoint | None = None
