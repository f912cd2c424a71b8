"""An MQTT broker of our own: Mosquitto where the machine has it, else amqtt; loopback, one account."""

import secrets
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from argon2 import PasswordHasher

from counterparts.stack import StackError
from counterparts.stack.binaries import find_mosquitto
from counterparts.stack.ports import answers, keep_port
from counterparts.stack.unprivileged import Identity, folder_for, server_identity

ACCOUNT = "bondhouse"
_MOSQUITTO = """\
listener {port} 127.0.0.1
allow_anonymous false
password_file {folder}/accounts
persistence true
persistence_location {folder}/
autosave_interval 5
set_tcp_nodelay true
max_packet_size 1048576
log_dest stderr
log_type error
log_type warning
"""


@dataclass(frozen=True, slots=True)
class Broker:
    """The folder of a broker: its password, port, `log` of the last run and what it keeps for its clients."""

    folder: Path
    program: Path | None
    identity: Identity

    @classmethod
    def at(cls, wanted: Path, program: Path | None = None) -> "Broker":
        """Open the broker in `wanted`, making its account first where there is none; it is not started."""
        program = program or find_mosquitto()
        identity = server_identity()
        folder = folder_for(identity, wanted)
        password = folder / "password"
        if not password.exists():
            password.touch(0o600)
            password.write_text(secrets.token_urlsafe(24))
        return cls(folder, program, identity)

    @property
    def url(self) -> str:
        """The address clients use, with the account in it; stands from the first start."""
        password, port = ((self.folder / name).read_text() for name in ("password", "port"))
        return f"mqtt://{ACCOUNT}:{password}@127.0.0.1:{port}"

    def start(self) -> "subprocess.Popen[bytes]":
        """Start the broker and return it when it takes connections; StackError with its last line if not."""
        port = keep_port(self.folder / "port")
        command = self._mosquitto(port) if self.program else self._amqtt(port)
        with (self.folder / "log").open("wb") as log:
            broker = self.identity.popen(
                command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                process_group=0,
            )
        deadline = time.monotonic() + 20
        while not answers(port):
            if broker.poll() is not None or time.monotonic() > deadline:
                broker.kill()
                broker.wait()
                said = (self.folder / "log").read_text(errors="replace").strip() or "it said nothing"
                raise StackError(f"the MQTT broker did not start: {said.splitlines()[-1]}")
            time.sleep(0.05)
        return broker

    def _mosquitto(self, port: int) -> list[str]:
        kept = self.folder / "kept"
        kept.mkdir(0o700, exist_ok=True)
        accounts = kept / "accounts"
        accounts.touch(0o600)
        password = (self.folder / "password").read_text()
        accounts.write_text(f"{ACCOUNT}:{password}\n")
        tool = Path(str(self.program)).with_name("mosquitto_passwd")
        subprocess.run([_beside(tool), "-U", accounts], check=True, capture_output=True)
        (kept / "mosquitto.conf").write_text(_MOSQUITTO.format(port=port, folder=kept))
        for thing in (kept, *kept.iterdir()):
            self.identity.give(thing)
        return [str(self.program), "-c", str(kept / "mosquitto.conf")]

    def _amqtt(self, port: int) -> list[str]:
        accounts = self.folder / "accounts"
        accounts.touch(0o600)
        hashed = PasswordHasher().hash((self.folder / "password").read_text())
        accounts.write_text(f"{ACCOUNT}:{hashed}\n")
        self.identity.give(accounts)
        module = "counterparts.stack.embedded_broker"
        return [sys.executable, "-m", module, str(port), str(accounts)]
