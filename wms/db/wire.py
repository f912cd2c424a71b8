"""The short way to the database: statements prepared once a connection, straight through libpq.

What a command costs is mostly round trips: each is some 60 µs of CPU on both sides, whatever it
carries. So several statements go in one (libpq's pipeline mode), the server parses and plans each
once a connection, and no cursor stands between.
"""

import select
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import psycopg
from psycopg.abc import Transformer as Adapter
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.pq.abc import PGconn, PGresult
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError

Row = tuple[Any, ...]
Value = str | int | bytes | UUID | datetime | None
"""What can be bound, and sequences of it, which become arrays."""


@dataclass(frozen=True, slots=True)
class Call:
    """A statement with `$1 …` for its values, which are sent as text without a type.

    Cast those to which the statement gives none (a column or an argument does). The plan may be
    kept: only for statements whose best plan is the same whatever the tables hold (a function, new
    rows, one row by its key).
    """

    statement: str
    values: Sequence[Value | Sequence[Value]] = ()


_BEGIN: Final = Call("BEGIN")
_BEGIN_ONE_MOMENT: Final = Call("BEGIN ISOLATION LEVEL REPEATABLE READ")
_COMMIT: Final = Call("COMMIT")
_ROLLBACK: Final = Call("ROLLBACK")


class Taken(Exception):  # noqa: N818 - it is no error
    """What a transaction was to begin with has been there before."""


@dataclass(frozen=True, slots=True)
class _Line:
    """What lasts as long as the connection to the server does."""

    libpq: PGconn
    adapter: Adapter
    readable: "select.poll"
    writable: "select.poll"
    prepared: dict[str, bytes] = field(default_factory=dict)


class Wire:
    """Sends over one connection of the pool, in whatever transaction it has open."""

    def __init__(self, connection: Connection) -> None:
        line: _Line | None = connection.info.get("line")
        if line is None:
            driver = connection.connection.driver_connection
            assert isinstance(driver, psycopg.Connection)
            readable, writable = select.poll(), select.poll()
            readable.register(driver.fileno(), select.POLLIN)
            writable.register(driver.fileno(), select.POLLIN | select.POLLOUT)
            line = _Line(driver.pgconn, Transformer(driver), readable, writable)
            connection.info["line"] = line
        self._connection = connection
        self._line = line
        self._held: tuple[Call, ...] = ()

    def begin(self, *claims: Call, one_moment: bool = False) -> None:
        """Begin a transaction (REPEATABLE READ for one moment) with whatever is sent first.

        Where one of the `claims` is a row that is there already, Taken is raised then, and nothing
        else has been done.
        """
        self._held = (_BEGIN_ONE_MOMENT if one_moment else _BEGIN, *claims)

    def commit(self, *calls: Call) -> None:
        """Do these and make all that was done true, in one round trip."""
        self.send(*calls, _COMMIT)

    def rollback(self, *calls: Call) -> list[list[Row]]:
        """Undo what was done, and then do these in a transaction of their own."""
        return self.send(_ROLLBACK, *calls)[1:]

    def send(self, *calls: Call) -> list[list[Row]]:
        """Send statements in one round trip, what is held first, and return the rows of each.

        What follows one that fails is not done. Raises what SQLAlchemy would raise for it.
        """
        held, self._held = self._held, ()
        if not held and not calls:
            return []
        results = self._exchange(held + calls)
        try:
            for call, result in zip(held, results, strict=False):
                self._rows(call.statement, result)
        except IntegrityError as error:
            raise Taken from error
        sent = zip(calls, results[len(held) :], strict=True)
        return [self._rows(call.statement, result) for call, result in sent]

    def _exchange(self, calls: Sequence[Call]) -> list[PGresult]:
        libpq, prepared, adapter = self._line.libpq, self._line.prepared, self._line.adapter
        bound: list[tuple[bytes, Any]] = [
            (
                prepared.get(call.statement) or self._prepare(call.statement),
                adapter.dump_sequence(call.values, [PyFormat.TEXT] * len(call.values)),
            )
            for call in calls
        ]
        try:
            libpq.enter_pipeline_mode()
            for name, values in bound:
                libpq.send_query_prepared(name, values)
            libpq.pipeline_sync()
            results = self._results()
            libpq.exit_pipeline_mode()
        except psycopg.OperationalError:
            self._find_dead()
            raise
        return results

    def _prepare(self, statement: str) -> bytes:
        name = b"wire_%d" % len(self._line.prepared)
        self._rows(statement, self._line.libpq.prepare(name, statement.encode()))
        self._line.prepared[statement] = name
        return name

    def _results(self) -> list[PGresult]:
        """Read one result a statement, letting other threads run while the server works."""
        libpq, found = self._line.libpq, list[PGresult]()
        while libpq.flush():
            self._line.writable.poll()
            libpq.consume_input()
        while True:
            while libpq.is_busy():
                self._line.readable.poll()
                libpq.consume_input()
            result = libpq.get_result()
            if result is None:
                if libpq.status == ConnStatus.BAD:
                    raise psycopg.OperationalError("the connection is lost")
                continue
            if result.status == ExecStatus.PIPELINE_SYNC:
                return found
            found.append(result)

    def _rows(self, statement: str, result: PGresult) -> list[Row]:
        if result.status == ExecStatus.TUPLES_OK:
            adapter = self._line.adapter
            adapter.set_pgresult(result)
            return adapter.load_rows(0, result.ntuples, tuple)
        if result.status != ExecStatus.COMMAND_OK:
            if self._line.libpq.status == ConnStatus.BAD:
                self._find_dead()
            error = error_from_result(result)
            raise DBAPIError.instance(statement, None, error, psycopg.Error) from error
        return []

    def _find_dead(self) -> None:
        """Let SQLAlchemy find the connection dead: it raises, and empties the pool."""
        self._connection.exec_driver_sql("SELECT 1")
