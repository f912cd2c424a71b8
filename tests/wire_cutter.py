"""A wire to PostgreSQL that can be cut at any byte: a proxy which counts what the client says."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final

from sqlalchemy import make_url

_A_MOMENT: Final = 0.01
"""Seconds the server has to do what it was still told before the fault comes."""


@dataclass
class Cut:
    """Let so many whole messages and so many bytes of the next one through, then do the fault.

    The server hears all of that and may act on it; the client hears no answer to it.
    """

    messages: int
    rest: int
    fault: Callable[[], object]


class Cutter:
    """Listens in front of a server; every connection goes through until a cut is due."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._links: list[tuple[socket.socket, socket.socket]] = []
        self._mute: set[socket.socket] = set()
        self._cut: Cut | None = None
        self.heard = ""
        """The types of the messages since the last `arm`, one letter each (B bind, S sync …)."""
        self.fired = threading.Event()
        self.closed = False
        """While it is, whoever connects is turned away."""
        threading.Thread(target=self._accept, daemon=True).start()

    def through(self, url: str) -> str:
        """Return the same address by way of this wire, which reads only what is not encrypted."""
        there = make_url(url).set(port=self._listener.getsockname()[1])
        plain = there.update_query_dict({"sslmode": "disable", "gssencmode": "disable"})
        return plain.render_as_string(hide_password=False)

    def arm(
        self, messages: int, fault: Callable[[], object] = bool, rest: int = 0, *, stay: bool = True
    ) -> None:
        """Count from here; when the cut is due, do the fault, sever, and `stay` closed if told."""

        def then() -> None:
            self.closed = stay
            fault()

        self.heard = ""
        self.fired.clear()
        self._cut = Cut(messages, rest, then)

    def heal(self) -> None:
        """Let everything through again."""
        self._cut, self.closed = None, False

    def end(self) -> None:
        self.closed = True
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for link in self._links:
            _sever(link)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                try:
                    if self.closed:
                        raise ConnectionRefusedError
                    server = socket.create_connection(("127.0.0.1", self._target))
                except OSError:
                    client.close()
                    continue
                for end in client, server:
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                link = client, server
                self._links.append(link)
                for work in self._ask, self._answer:
                    threading.Thread(target=work, args=link, daemon=True).start()

    def _ask(self, client: socket.socket, server: socket.socket) -> None:
        said, typed = b"", 0
        with suppress(OSError):
            while data := client.recv(1 << 16):
                said += data
                while (size := _length(said, typed)) <= len(said):
                    message, said = said[:size], said[size:]
                    if self._passes(message, typed, client, server):
                        return
                    typed = 1  # only the first message comes without its type
        _sever((client, server))

    def _passes(
        self, message: bytes, typed: int, client: socket.socket, server: socket.socket
    ) -> bool:
        """Send a message on; return whether the wire was cut at it."""
        cut = self._cut if typed else None
        if cut is None:
            server.sendall(message)
            return False
        self.heard += chr(message[0])
        if due := cut.messages == 0 or (cut.messages == 1 and not cut.rest):
            self._cut = None
            self._mute.add(server)
        server.sendall(message if cut.messages else message[: cut.rest])
        cut.messages -= 1
        if due:
            time.sleep(_A_MOMENT)
            cut.fault()
            _sever((client, server))
            self.fired.set()
        return due

    def _answer(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(1 << 16):
                if server not in self._mute:
                    client.sendall(data)
        if server not in self._mute:
            _sever((client, server))


def _length(said: bytes, typed: int) -> int:
    """Return how long the first message is; more than there is while that is not known."""
    head = said[typed : typed + 4]
    return typed + int.from_bytes(head, "big") if len(head) == 4 else len(said) + 1


def _sever(link: tuple[socket.socket, socket.socket]) -> None:
    for end in link:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


@contextmanager
def cutter(url: str) -> Iterator[Cutter]:
    """Give a wire to the server of an address."""
    wire = Cutter(int(make_url(url).port or 0))
    try:
        yield wire
    finally:
        wire.end()
