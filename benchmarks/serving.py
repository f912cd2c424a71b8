"""One gunicorn worker under load: requests a second, and its own CPU time per request."""

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from counterparts.stack.ports import free_port

CLIENTS = 4
SECONDS = 6.0
TICK = os.sysconf("SC_CLK_TCK")

Request = tuple[str, bytes]
"""Path and JSON body of one POST."""

Client = tuple[dict[str, str], Callable[[], Request]]
"""The headers of one client, and what it asks next."""


@dataclass(frozen=True)
class Load:
    """What a load showed: requests answered 200, the wall time, the CPU seconds of the server."""

    requests: int
    seconds: float
    cpu: float

    def figures(self) -> dict[str, float]:
        """Return the figures as they stand in the report."""
        return {
            "requests_per_second": round(self.requests / self.seconds, 1),
            "server_cpu_us_per_request": round(self.cpu / self.requests * 1e6, 1),
        }


@contextmanager
def served(application: str, env: dict[str, str]) -> Iterator[tuple[int, int]]:
    """Serve a WSGI application with one worker of eight threads; give (port, worker's pid)."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--threads", "8", "--no-control-socket", application]
    with subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL) as server:
        try:
            _await(port)
            children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text()
            yield port, int(children.split()[0])
        finally:
            server.send_signal(signal.SIGTERM)


def load(port: int, pid: int, clients: list[Client], seconds: float) -> Load:
    """Send each client's requests over a kept connection for some seconds."""
    counts = [0] * len(clients)
    until = time.monotonic() + seconds

    def work(number: int) -> None:
        headers, turn = clients[number]
        connection = http.client.HTTPConnection("127.0.0.1", port)
        while time.monotonic() < until:
            path, body = turn()
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            content = answer.read()
            if answer.status != 200:
                raise RuntimeError(f"{answer.status}: {content[:300]!r}")
            counts[number] += 1
        connection.close()

    threads = [threading.Thread(target=work, args=(n,)) for n in range(len(clients))]
    before, began = _cpu(pid), time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Load(sum(counts), time.monotonic() - began, _cpu(pid) - before)


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def _await(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
            connection.request("GET", "/health")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not come up")
