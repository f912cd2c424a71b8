"""What a room hands in so that its work can be done with a scanner."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wms.db.transaction import Tx
from wms.scans.terms import Prompt, ScanRead, ScanStep

State = dict[str, Any]
"""Where one person stands in one task: plain JSON, empty at the start."""

Step = Callable[[Tx, ScanRead, State], tuple[ScanStep, State]]
"""From a scan and the state before it to the answer and the state after it."""


@dataclass(frozen=True, slots=True)
class ScanTask:
    """One kind of work on the PDA.

    `name` stands in the address, `title` is a key of the catalogue, `prompt` is what is asked of
    a person who has no state yet.
    """

    name: str
    permission: str
    title: str
    step: Step
    prompt: Prompt
    icon: str = "scan"
