"""The scan tasks of the way out: pick, pack, load."""

from typing import Final

from wms.outbound.scan.loading import LOAD
from wms.outbound.scan.packing import PACK
from wms.outbound.scan.picking import PICK
from wms.scans.tasks import ScanTask

TASKS: Final[tuple[ScanTask, ...]] = (PICK, PACK, LOAD)
"""What app.py hangs on the scan pages."""

__all__ = ["TASKS"]
