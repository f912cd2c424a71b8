"""Loopback ports: the one of the last run while it is free, else any free one."""

import socket
from pathlib import Path


def keep_port(kept: Path) -> int:
    """Return the port in the file `kept` if it is free now, else a free one, written there."""
    wanted = int(kept.read_text()) if kept.exists() else 0
    port = wanted if wanted and is_free(wanted) else free_port()
    kept.write_text(str(port))
    return port


def is_free(port: int, host: str = "127.0.0.1") -> bool:
    """Say whether a server could listen on `port` now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """Return a loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int, host: str = "127.0.0.1") -> bool:
    """Say whether somebody takes connections on `port`."""
    try:
        socket.create_connection((host, port), timeout=1).close()
    except OSError:
        return False
    return True
