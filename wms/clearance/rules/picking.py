"""From which lines of a book goods are taken: the oldest first, as much as each still has free."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from wms.kernel.quantity import ZERO, Quantity
from wms.ledger.books import BookLine


@dataclass(frozen=True, slots=True)
class Free:
    """A line of a book and what is free on it."""

    line: BookLine
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Picked:
    """A part of what was wanted, the line it comes from, and what stays free on each line."""

    parts: tuple[Free, ...]
    left: tuple[Free, ...]

    @property
    def quantity(self) -> Quantity:
        """Return how much was found; less than what was wanted when the lines are short."""
        return sum((part.quantity for part in self.parts), ZERO)


def pick(free: Sequence[Free], wanted: Quantity) -> Picked:
    """Take a quantity from lines, first in first out; a line that is empty is passed over.

    A line's age is its number: a non-cumulative book numbers its lines as they come in.
    """
    parts, left = [], []
    for one in sorted(free, key=lambda one: one.line.line_no):
        part = min(one.quantity, wanted)
        if part > ZERO:
            parts.append(replace(one, quantity=part))
        if one.quantity > part:
            left.append(replace(one, quantity=one.quantity - part))
        wanted -= part
    return Picked(tuple(parts), tuple(left))
