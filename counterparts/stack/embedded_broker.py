"""The amqtt broker as a process: `python -m counterparts.stack.embedded_broker PORT ACCOUNTS`.

amqtt speaks MQTT 3.1.1 only and takes a CONNECT of version 5 for one that has not ended yet, so
we look at the version first and answer 5 as the standard wants it answered.
"""

import asyncio
import contextlib
import logging
import signal
import sys

from amqtt.adapters import StreamReaderAdapter, StreamWriterAdapter
from amqtt.broker import Broker

_NAME_AND_LEVEL = 7  # two bytes of length, "MQTT", the version
_UNSUPPORTED_VERSION = b"\x20\x03\x00\x84\x00"  # MQTT 5.0, 3.2.2.2: CONNACK with reason 0x84


class _Again(StreamReaderAdapter):  # type: ignore[misc]  # amqtt has no types we could check
    """Gives back what was read ahead, then the rest."""

    def __init__(self, ahead: bytes, reader: asyncio.StreamReader) -> None:
        super().__init__(reader)
        self._ahead = ahead

    async def read(self, n: int = -1) -> bytes:
        piece, self._ahead = self._ahead[:n], self._ahead[n:]
        if len(piece) < n:
            piece += await super().read(n - len(piece))
        return piece


async def _first_bytes(reader: asyncio.StreamReader) -> bytes:
    """Read the first packet as far as the version it speaks."""
    ahead = await reader.readexactly(2)
    while ahead[-1] & 0x80 and len(ahead) < 5:
        ahead += await reader.readexactly(1)
    return ahead + await reader.readexactly(_NAME_AND_LEVEL)


async def serve(port: int, accounts: str) -> None:
    """Serve MQTT 3.1.1 on loopback to the accounts in the file until SIGTERM or SIGINT."""
    password_file = {"amqtt.plugins.authentication.FileAuthPlugin": {"password_file": accounts}}
    broker = Broker({"listeners": {"default": {"type": "external"}}, "plugins": password_file})

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, OSError):
            ahead = await _first_bytes(reader)
            if ahead[-1] == 5:
                writer.write(_UNSUPPORTED_VERSION)
                await writer.drain()
            else:
                again = _Again(ahead, reader)
                await broker.external_connected(again, StreamWriterAdapter(writer), "default")
        writer.close()

    told = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, told.set)
    await broker.start()
    await asyncio.start_server(take, "127.0.0.1", port)
    await told.wait()
    await broker.shutdown()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2]))
