"""The short way to the database: statements prepared once a connection, straight through libpq.

A statement costs psycopg's cursor some 50 µs of CPU and SQLAlchemy some 100, this 20; the server
saves parsing and planning. It is for what every command sends, and for what moves a quantity.
"""

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
from sqlalchemy.exc import DBAPIError

Row = tuple[Any, ...]
Value = str | int | bytes | UUID | datetime | None
"""What can be bound, and sequences of it, which become arrays."""

_DONE: Final = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)


@dataclass(frozen=True, slots=True)
class _Line:
    """What lasts as long as the connection to the server does."""

    libpq: PGconn
    adapter: Adapter
    prepared: dict[str, bytes] = field(default_factory=dict)


class Wire:
    """Sends over one connection of the pool, in whatever transaction it has open."""

    def __init__(self, connection: Connection) -> None:
        line: _Line | None = connection.info.get("line")
        if line is None:
            driver = connection.connection.driver_connection
            assert isinstance(driver, psycopg.Connection)
            line = connection.info["line"] = _Line(driver.pgconn, Transformer(driver))
        self._connection = connection
        self._line = line

    def begin(self, *, one_moment: bool = False) -> None:
        """Begin a transaction, at REPEATABLE READ where all it reads is to be of one moment."""
        self._send(b"BEGIN ISOLATION LEVEL REPEATABLE READ" if one_moment else b"BEGIN")

    def commit(self) -> None:
        """Make what was done true."""
        self._send(b"COMMIT")

    def rollback(self) -> None:
        """Undo what was done."""
        self._send(b"ROLLBACK")

    def call(self, statement: str, *values: Value | Sequence[Value]) -> list[Row]:
        """Send a statement with `$1 …` for its values and return its rows.

        Values go as text without a type: cast those to which the statement gives none (a column or
        an argument does). The plan may be kept: only for statements whose best plan is the same
        whatever the tables hold (a function, new rows, one row by its key). Raises what SQLAlchemy
        would raise.
        """
        line = self._line
        name = line.prepared.get(statement) or self._prepare(statement)
        bound: Sequence[Any] = line.adapter.dump_sequence(values, [PyFormat.TEXT] * len(values))
        result = self._checked(line.libpq.exec_prepared(name, bound), statement)
        if not result.ntuples:
            return []
        line.adapter.set_pgresult(result)
        return line.adapter.load_rows(0, result.ntuples, tuple)

    def _send(self, command: bytes) -> None:
        self._checked(self._line.libpq.exec_(command), command.decode())

    def _prepare(self, statement: str) -> bytes:
        prepared = self._line.prepared
        name = b"wire_%d" % len(prepared)
        self._checked(self._line.libpq.prepare(name, statement.encode()), statement)
        prepared[statement] = name
        return name

    def _checked(self, result: PGresult, statement: str) -> PGresult:
        if result.status in _DONE:
            return result
        if self._line.libpq.status == ConnStatus.BAD:
            self._connection.exec_driver_sql(statement)  # finds it dead, and empties the pool
        error = error_from_result(result)
        raise DBAPIError.instance(statement, None, error, psycopg.Error) from error
