"""An MQTT broker of our own on loopback, with one account: Mosquitto, else amqtt."""

import hashlib
import secrets
import subprocess
import sys
import time
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from argon2 import PasswordHasher

from counterparts.stack import StackError
from counterparts.stack.ports import answers, keep_port
from counterparts.stack.unprivileged import Identity, folder_for, ourselves, server_identity

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
    """The folder of a broker: its password, port, `log` of the last run and what it keeps."""

    folder: Path
    program: Path | None
    identity: Identity

    @classmethod
    def at(cls, wanted: Path, program: Path | None) -> "Broker":
        """Open the broker in `wanted`, with an account made where there is none; it is not started.

        `program` is a Mosquitto; without one it is amqtt, a process of ours like the others.
        """
        identity = server_identity() if program else ourselves()
        folder = folder_for(identity, wanted)
        password = folder / "password"
        if not password.exists():
            _write_private(password, secrets.token_urlsafe(24))
        return cls(folder, program, identity)

    @property
    def url(self) -> str:
        """The address clients use, with the account in it; stands from the first start."""
        port = (self.folder / "port").read_text()
        return f"mqtt://{ACCOUNT}:{self._password}@127.0.0.1:{port}"

    @property
    def _password(self) -> str:
        return (self.folder / "password").read_text()

    def start(self) -> "subprocess.Popen[bytes]":
        """Start the broker and return it when it takes connections; raise StackError if not."""
        port = keep_port(self.folder / "port")
        command = self._mosquitto(port) if self.program else self._amqtt(port)
        with (self.folder / "log").open("wb") as log:
            broker = self.identity.popen(
                command,
                cwd=self.folder if self.program else None,
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
                said = (self.folder / "log").read_text(
                    errors="replace"
                ).strip() or "it said nothing"
                raise StackError(f"the MQTT broker did not start: {said.splitlines()[-1]}")
            time.sleep(0.05)
        return broker

    def _mosquitto(self, port: int) -> list[str]:
        kept = self.folder / "kept"
        kept.mkdir(0o700, exist_ok=True)
        _write_private(kept / "accounts", f"{ACCOUNT}:{_mosquitto_hash(self._password)}\n")
        (kept / "mosquitto.conf").write_text(_MOSQUITTO.format(port=port, folder=kept))
        for thing in (kept, *kept.iterdir()):
            self.identity.give(thing)
        return [str(self.program), "-c", str(kept / "mosquitto.conf")]

    def _amqtt(self, port: int) -> list[str]:
        accounts = self.folder / "accounts"
        _write_private(accounts, f"{ACCOUNT}:{PasswordHasher().hash(self._password)}\n")
        module = "counterparts.stack.embedded_broker"
        return [sys.executable, "-m", module, str(port), str(accounts)]


def _write_private(file: Path, text: str) -> None:
    file.touch(0o600)
    file.write_text(text)


def _mosquitto_hash(password: str) -> str:
    """Hash as mosquitto_passwd does: PBKDF2-SHA512, its rounds and salt beside it."""
    salt = secrets.token_bytes(12)
    hashed = hashlib.pbkdf2_hmac("sha512", password.encode(), salt, 101)
    return f"$7$101${b64encode(salt).decode()}${b64encode(hashed).decode()}"
