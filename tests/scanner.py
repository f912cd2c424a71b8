"""A scanner in the hand of a clerk: each code is taken as the scan room takes it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from floor import NOW, SITE, Floor

from wms.kernel.ids import new_id
from wms.scans.service import Scans
from wms.scans.tasks import ScanTask
from wms.scans.terms import ScanRead, ScanStep


@dataclass
class Scanner:
    """Reads codes in one task, a second after the other."""

    floor: Floor
    tasks: tuple[ScanTask, ...]
    task: str
    at: datetime = field(default=NOW)

    def __call__(self, code: str, after: float = 1) -> ScanStep:
        self.at += timedelta(seconds=after)
        read = ScanRead(SITE, new_id(), self.task, code, self.at)
        return self.floor.run(Scans(self.tasks).take, read)

    def says(self, code: str, after: float = 1) -> tuple[str, str]:
        """Return the outcome and the key of the sentence that tells what the code is."""
        step = self(code, after)
        return step.outcome.value, (step.meaning or step.say).key
