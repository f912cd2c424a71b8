"""A PostgreSQL of our own: one cluster in one folder, on loopback, with a generated password."""

import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from counterparts.stack import StackError
from counterparts.stack.binaries import PostgresBinaries, find_postgres
from counterparts.stack.ports import keep_port
from counterparts.stack.unprivileged import Identity, folder_for, server_identity

ADMIN = "postgres"
APP = "bondhouse"
MIGRATOR = "bondhouse_migrator"
OWNER = "bondhouse_owner"
ROLES = Path(__file__).resolve().parents[2] / "docs" / "operating" / "examples" / "roles.sql"
"""What a database administrator runs in production; we run the same."""
DURABLE = {"shared_buffers": "256MB", "random_page_cost": "1.1", "max_connections": "120"}
THROWAWAY = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "max_wal_size": "64MB",
    "min_wal_size": "32MB",
}


@dataclass(frozen=True, slots=True)
class Cluster:
    """The folder of a cluster: `data`, `password`, `port` and the `log` of its last run."""

    folder: Path
    binaries: PostgresBinaries
    identity: Identity
    options: Mapping[str, str]

    @classmethod
    def at(cls, wanted: Path, options: Mapping[str, str]) -> "Cluster":
        """Open the cluster in `wanted`, making it first where there is none; it is not started.

        Raises StackError where no server of the right version is found or it cannot be made.
        """
        identity = server_identity()
        folder = folder_for(identity, wanted)
        data = folder / "data"
        if data.exists() and data.stat().st_uid != identity.uid:
            raise StackError(f"{data} belongs to another user: start as that user")
        major = int((data / "PG_VERSION").read_text()) if data.exists() else None
        cluster = cls(folder, find_postgres(major), identity, options)
        if major is None:
            cluster._initialise()
        return cluster

    @property
    def port(self) -> int:
        """The loopback port this cluster listens on."""
        return int((self.folder / "port").read_text())

    def url(self, database: str, user: str = APP) -> str:
        """Return the SQLAlchemy address of `database` for the application or for another `user`.

        Migrations are the MIGRATOR's; the ADMIN is a superuser.
        """
        password = (self.folder / "password").read_text()
        return f"postgresql+psycopg://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def admin(self, database: str = "postgres") -> "psycopg.Connection[tuple[object, ...]]":
        """Connect to `database` as the superuser, outside any transaction."""
        address = self.url(database, ADMIN).replace("+psycopg", "")
        return psycopg.connect(address, autocommit=True, connect_timeout=5)

    def start(self) -> "subprocess.Popen[bytes]":
        """Start the server and return it when it answers; raise StackError if it does not."""
        self._end_leftover()
        keep_port(self.folder / "port")
        command = [str(self.binaries.folder / "postgres"), "-D", str(self.folder / "data")]
        command += ["-c", f"port={self.port}", "-c", "listen_addresses=127.0.0.1"]
        command += ["-c", "unix_socket_directories="]
        for name, value in self.options.items():
            command += ["-c", f"{name}={value}"]
        with (self.folder / "log").open("wb") as log:
            server = self.identity.popen(
                command,
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                process_group=0,
            )
        self._await(server)
        return server

    def ensure_database(self, name: str) -> None:
        """Make the database where it is missing, and the roles in it as they should be.

        A database of an older start, where the application owned its tables, is taken over.
        """
        named = sql.Identifier(name)
        with self.admin() as admin:
            if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                admin.execute(sql.SQL("CREATE DATABASE {}").format(named))
        with self.admin(name) as admin, admin.transaction():
            admin.execute(ROLES.read_bytes())
            password = sql.Literal((self.folder / "password").read_text())
            unset = "SELECT rolname FROM pg_authid WHERE rolpassword IS NULL AND rolname = ANY(%s)"
            for (role,) in admin.execute(unset, [[APP, MIGRATOR]]).fetchall():
                said = sql.SQL("ALTER ROLE {} PASSWORD {}").format(
                    sql.Identifier(str(role)), password
                )
                admin.execute(said)

    def copy_database(self, name: str, template: str) -> None:
        """Make `name` a copy of `template`, with the privileges that no copy takes along."""
        # Copying files beats logging their pages tenfold where nothing is synced.
        made = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY FILE_COPY")
        closed = sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC")
        opened = sql.SQL("GRANT CONNECT ON DATABASE {} TO {}, {}")
        new, old, owner, app, migrator = map(sql.Identifier, (name, template, OWNER, APP, MIGRATOR))
        with self.admin() as admin:
            admin.execute(made.format(new, old, owner))
            admin.execute(closed.format(new))
            admin.execute(opened.format(new, app, migrator))

    def _initialise(self) -> None:
        making = self.folder / "making"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(0o700)
        self.identity.give(making)
        password = self.folder / "password"
        password.touch(0o600)
        password.write_text(secrets.token_urlsafe(24))
        command = [str(self.binaries.folder / "initdb"), "-D", str(making), "-U", ADMIN]
        command += ["-A", "scram-sha-256", "--pwfile=/dev/stdin"]
        command += ["-E", "UTF8", "--locale=C.UTF-8", "--data-checksums"]
        if self.options.get("fsync") == "off":
            command.append("--no-sync")
        status, said = self._run_initdb(command, password.read_bytes())
        if status != 0:
            raise StackError(f"initdb failed: {_last_line(said)}")
        making.rename(self.folder / "data")

    def _run_initdb(self, command: list[str], password: bytes) -> tuple[int, bytes]:
        read, write = os.pipe()
        with os.fdopen(read, "rb") as stdin, os.fdopen(write, "wb") as pipe:
            self.identity.give(read)  # initdb opens it a second time, by name
            pipe.write(password)
            pipe.close()
            try:
                made = self.identity.popen(
                    command,
                    cwd=self.folder,
                    stdin=stdin,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.STDOUT,
                )
            except PermissionError as error:
                raise StackError(
                    "PostgreSQL does not run as root and here cannot run as `nobody` either:"
                    " start as an ordinary user, or set WMS_DATABASE_URL"
                ) from error
            said, _ = made.communicate()
        return made.returncode, said

    def _await(self, server: "subprocess.Popen[bytes]") -> None:
        deadline = time.monotonic() + 60
        while server.poll() is None and time.monotonic() < deadline:
            try:
                self.admin().close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        stop(server)
        raise StackError(
            f"PostgreSQL did not start: {_last_line((self.folder / 'log').read_bytes())}"
        )

    def _end_leftover(self) -> None:
        """Stop a server that outlived a killed stack; forget a pid file naming somebody else."""
        pid_file = self.folder / "data" / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = int(pid_file.read_text().split("\n", 1)[0])
        said = Path(f"/proc/{pid}/cmdline")
        if said.exists() and str(self.folder / "data").encode() in said.read_bytes():
            os.kill(pid, signal.SIGINT)
            deadline = time.monotonic() + 20
            while said.exists() and time.monotonic() < deadline:
                time.sleep(0.1)
        elif Path("/proc/self").exists():
            pid_file.unlink()


def stop(server: "subprocess.Popen[bytes]", grace: float = 20) -> None:
    """Shut a server down fast: open sessions are ended, everything committed is kept."""
    if server.poll() is None:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(grace)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _last_line(said: bytes) -> str:
    lines = said.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"
