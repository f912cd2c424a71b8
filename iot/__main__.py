"""`python -m iot`: run the device process until SIGTERM or SIGINT."""

import logging
import signal
import sys

from iot.process import DeviceProcess
from wms.settings import Settings, SettingsError
from wms.wiring import wire


def main() -> int:
    """Return 0 after a stop that was asked for, 1 when a part died, 2 when a setting is missing."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    try:
        process = DeviceProcess(wire(Settings.from_env(), pool_size=4))
    except (SettingsError, ValueError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: process.stop.set())
    process.run()
    return 1 if process.failed else 0


if __name__ == "__main__":
    sys.exit(main())
