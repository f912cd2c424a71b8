"""Work with a scanner on the floor: carrying units, counting places."""

from typing import Final

from wms.scans.tasks import ScanTask
from wms.stock.scan import carrying, counting

TASKS: Final[tuple[ScanTask, ...]] = (*carrying.TASKS, *counting.TASKS)
