"""The doorway: the only place that commits, retries, remembers answers and writes the trail."""

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from hashlib import sha256
from typing import Any, Final, Generic, Protocol, TypeVar, get_type_hints
from uuid import UUID

from psycopg import errors as pg
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from wms.db import outbox
from wms.db.directory import Database, Directory
from wms.db.outbox import Event
from wms.db.payload import from_builtins, to_builtins, to_json
from wms.db.wire import Call, Row, Taken, Value, Wire
from wms.kernel.actor import Actor
from wms.kernel.clock import SYSTEM_CLOCK, Clock
from wms.kernel.errors import KINDS, Conflict, Refusal
from wms.kernel.ids import SiteId, new_id

_TRIES: Final = 6
_PASSING: Final = (pg.SerializationFailure, pg.DeadlockDetected)
_ONE_MOMENT: Final = "one_moment"

_CLAIM: Final = """
INSERT INTO kept_answer (site_id, key, request_hash, outcome, trail_id, first_seen)
VALUES ($1, $2, $3, 'done', $4, $5)
"""
"""The answer itself is in the trail, in the same transaction: a row is written once and stays."""

_KEEP_REFUSAL: Final = """
INSERT INTO kept_answer (site_id, key, request_hash, outcome, body, first_seen)
VALUES ($1, $2, $3, 'refused', $4, $5) ON CONFLICT DO NOTHING RETURNING true
"""
_KEPT: Final = """
SELECT k.request_hash, k.outcome, coalesce(k.body, t.answer)
  FROM kept_answer k LEFT JOIN trail t ON t.site_id = k.site_id AND t.trail_id = k.trail_id
 WHERE k.site_id = $1 AND k.key = $2
"""
_WRITE_TRAIL: Final = """
INSERT INTO trail (site_id, trail_id, recorded_at, actor_id, actor_name, actor_kind, command, body,
                   changes, answer)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
"""


class Command(Protocol):
    """A frozen dataclass that says everything one use case needs, the site first."""

    @property
    def site_id(self) -> SiteId: ...


C = TypeVar("C", bound=Command)
R = TypeVar("R")
H = TypeVar("H", bound=Callable[..., Any])


def one_moment(handler: H) -> H:
    """Mark a command that must see the whole site at one moment: REPEATABLE READ, tried again."""
    setattr(handler, _ONE_MOMENT, True)
    return handler


@dataclass(frozen=True)
class ReadTx:
    """A consistent reading: queries take it, commands cannot be called from it."""

    site_id: SiteId
    connection: Connection
    now: datetime
    actor: Actor

    @cached_property
    def session(self) -> Session:
        """The same transaction through the models."""
        return Session(self.connection)

    def close(self) -> None:
        """Let go of what the models hold; the connection stays with whoever opened it."""
        if "session" in self.__dict__:
            self.session.close()


@dataclass(frozen=True)
class Tx(ReadTx):
    """A change under way: services take it and never commit."""

    events: list[Event] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)

    @cached_property
    def wire(self) -> Wire:
        """The transaction's connection, for statements that bypass the models."""
        return Wire(self.connection)

    @cached_property
    def session(self) -> Session:
        """The same transaction through the models."""
        self.wire.send()  # they do not know of what is held
        return Session(self.connection)

    def call(self, statement: str, *values: Value | Sequence[Value]) -> list[Row]:
        """Send one statement the short way (see `wire.Call`), after what the models still hold."""
        self.flush()
        return self.wire.send(Call(statement, values))[0]

    def flush(self) -> None:
        """Send what the models still hold."""
        if "session" in self.__dict__:
            self.session.flush()

    def announce(self, event: Event) -> None:
        """Tell those above and outside, once and only if this transaction commits."""
        self.events.append(event)

    def note(self, what: str, key: object, before: object = None, after: object = None) -> None:
        """Put a change of one thing into the trail, before and after."""
        self.changes.append(
            {
                "what": what,
                "key": str(key),
                "before": to_builtins(before),
                "after": to_builtins(after),
            }
        )


class Instead(Exception):  # noqa: N818 - it is no error
    """Raised by a handler: undo all it did, and answer with what `handler` does in its place.

    For a command that answers although a part of it was refused. A savepoint before each such part
    would cost two round trips every time, this costs some the few times it happens.
    """

    def __init__(self, handler: Callable[[Tx, Any], Any]) -> None:
        super().__init__(handler)
        self.handler = handler


def make_engine(url: str, *, pool_size: int = 8) -> Engine:
    """Return an engine for one database; READ COMMITTED, JIT off (short statements only).

    A connection is not asked for a sign of life before each use: that is a round trip a scan. The
    first to find it dead empties the pool, and the doorway tries again where that is safe.
    """
    return create_engine(
        url,
        pool_size=pool_size,
        max_overflow=32,
        connect_args={
            "options": "-c timezone=UTC -c jit=off",
            "application_name": "bondhouse",
            "connect_timeout": 5,  # a machine that is gone must not hold up whoever asks
            # A kept plan is made for tables as they were, of a new site empty, and stays until
            # the next ANALYZE (measured: 250 ms a query where a fresh plan takes 0.1).
            "prepare_threshold": None,
        },
    )


class Doorway:
    """The way every change and every reading enters the database."""

    def __init__(
        self,
        engine: Engine,
        clock: Clock = SYSTEM_CLOCK,
        elsewhere: Mapping[SiteId, Engine] | None = None,
    ) -> None:
        """Hold all sites in one database, except those that are `elsewhere`."""
        self._directory = Directory(engine, elsewhere or {})
        self.clock = clock

    def engine_for(self, site_id: SiteId) -> Engine:
        """Return the engine of the database that holds this site."""
        return self._directory.engine_for(site_id)

    @property
    def databases(self) -> tuple[Database, ...]:
        """Every database of the directory, for who looks after all sites; the one at home first."""
        return self._directory.databases

    @contextmanager
    def read(self, actor: Actor, *, snapshot: bool = False) -> Iterator[ReadTx]:
        """Give a read-only transaction at the actor's site; `snapshot` holds one moment for all."""
        level = "REPEATABLE READ" if snapshot else "READ COMMITTED"
        options = {"isolation_level": level, "postgresql_readonly": True}
        with self.engine_for(actor.site_id).connect() as connection:
            connection.execution_options(**options)  # of the engine they cost an engine each
            tx = ReadTx(actor.site_id, connection, self.clock.now(), actor)
            try:
                yield tx
            finally:
                tx.close()

    def run(
        self,
        handler: Callable[[Tx, C], R],
        command: C,
        actor: Actor,
        *,
        key: str | None = None,
    ) -> R:
        """Run one command in one transaction and return its answer.

        With a key, the first answer is given for ever: the same body again gets the same answer
        (a refusal too), another body raises Conflict `doorway.key_reused`. Serialization failures
        and deadlocks are tried again, up to six times; a lost connection once, and only under a
        key, because nobody knows then whether it was committed. The trail and the events are in
        the same transaction as the change.
        """
        for attempt in range(_TRIES):
            try:
                return self._once(handler, command, actor, key)
            except DBAPIError as error:
                lost = error.connection_invalidated and key is not None and attempt == 0
                passing = isinstance(error.orig, _PASSING) and attempt + 1 < _TRIES
                if not lost and not passing:
                    raise
                time.sleep(random.uniform(0, 0.01 * 2**attempt))  # noqa: S311 - jitter
        raise AssertionError("unreachable")

    def _once(self, handler: Callable[[Tx, C], R], command: C, actor: Actor, key: str | None) -> R:
        deed: Callable[[Tx, C], R] = handler
        while True:
            with self.engine_for(command.site_id).connect() as connection:
                tx = Tx(command.site_id, connection, self.clock.now(), actor)
                try:
                    return _do(tx, _Asked(handler, to_json(command), key), deed, command)
                except Instead as undone:
                    deed = undone.handler
                finally:
                    tx.close()  # what is not committed by now is undone with the connection


@dataclass(frozen=True, slots=True)
class _Asked(Generic[R]):
    """What the trail and the key remember of a command."""

    handler: Callable[..., R]
    body: bytes
    key: str | None
    trail_id: UUID = field(default_factory=new_id)


def _do(tx: Tx, asked: _Asked[R], deed: Callable[[Tx, C], R], command: C) -> R:
    claim = (_claim(tx, asked),) if asked.key else ()
    tx.wire.begin(*claim, one_moment=getattr(asked.handler, _ONE_MOMENT, False))
    try:
        return _answer(tx, asked, deed, command)
    except Taken:
        tx.wire.rollback()
        return _replay(tx, asked)


def _answer(tx: Tx, asked: _Asked[R], deed: Callable[[Tx, C], R], command: C) -> R:
    try:
        answer = deed(tx, command)
    except Refusal as refusal:
        tx.wire.send()  # it may be refused before anything was sent, and have been answered before
        if asked.key and refusal.remember:
            tx.close()
            if tx.wire.rollback(_kept_refusal(tx, asked, refusal)) == [[]]:
                return _replay(tx, asked)  # another was quicker: its answer was the first
        raise
    tx.flush()
    tx.wire.commit(*outbox.told(tx.site_id, tx.events, tx.now), _trail(tx, asked, answer))
    return answer


def _claim(tx: Tx, asked: _Asked[R]) -> Call:
    """Take the key; it is taken where it was answered, after waiting for who is answering it."""
    request_hash = sha256(asked.body).digest()
    return Call(_CLAIM, (tx.site_id, asked.key, request_hash, asked.trail_id, tx.now))


def _replay(tx: Tx, asked: _Asked[R]) -> R:
    ((request_hash, outcome, body),) = tx.call(_KEPT, tx.site_id, asked.key)
    if request_hash != sha256(asked.body).digest():
        raise Conflict("doorway.key_reused", read=asked.key)
    if outcome == "refused":
        raise KINDS[body["kind"]](body["code"], **body["facts"])
    answer: R = from_builtins(body, get_type_hints(asked.handler)["return"])
    return answer


def _kept_refusal(tx: Tx, asked: _Asked[R], refusal: Refusal) -> Call:
    body = {"kind": refusal.kind, "code": refusal.code, "facts": refusal.facts}
    request_hash = sha256(asked.body).digest()
    values = (tx.site_id, asked.key, request_hash, to_json(body).decode(), tx.now)
    return Call(_KEEP_REFUSAL, values)


def _trail(tx: Tx, asked: _Asked[R], answer: object) -> Call:
    """Write who did what, and the answer where a key was claimed for it."""
    handler = asked.handler
    room = handler.__module__.removeprefix("wms.").removesuffix(".service")
    values = (
        tx.site_id,
        asked.trail_id,
        tx.now,
        tx.actor.actor_id,
        tx.actor.name,
        tx.actor.kind,
        f"{room}.{handler.__name__}",
        asked.body.decode(),
        to_json(tx.changes).decode(),
        to_json(answer).decode() if asked.key else None,
    )
    return Call(_WRITE_TRAIL, values)
