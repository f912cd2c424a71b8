"""`python -m counterparts.printer`: a port like a label printer's, and a folder of what came.

One connection is one job: it is kept as `00000001.zpl`, `00000002.zpl` … in the order in which the
jobs ended, written whole before the connection is closed, so that a sender who saw the close can
rely on it. A job that breaks off is kept as `….broken`.
"""

import argparse
import asyncio
import contextlib
import signal
from pathlib import Path

JOB_LIMIT = 8 * 1024 * 1024


class Printer:
    """Keeps jobs in a folder, numbered on from what is there."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.last = max((int(p.name[:8]) for p in folder.glob("[0-9]*.*")), default=0)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read one job to its end, keep it, close."""
        job, ending = b"", "zpl"
        try:
            while piece := await reader.read(65536):
                job += piece
                if len(job) > JOB_LIMIT:
                    ending = "broken"
                    break
        except ConnectionError:
            ending = "broken"
        if job:
            self.keep(job, ending)
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    def keep(self, job: bytes, ending: str) -> None:
        """Write one job whole under the next number."""
        self.last += 1
        target = self.folder / f"{self.last:08d}.{ending}"
        temporary = target.with_suffix(".part")
        temporary.write_bytes(job)
        temporary.replace(target)


async def serve(host: str, port: int, folder: Path) -> None:
    """Serve until SIGTERM or SIGINT."""
    printer = Printer(folder)
    server = await asyncio.start_server(printer.take, host, port)
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with server:
        await stop.wait()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m counterparts.printer")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=9100)
    parser.add_argument("--keep", type=Path, default=Path("var/printer"))
    given = parser.parse_args()
    asyncio.run(serve(given.host, given.port, given.keep))


if __name__ == "__main__":
    main()
