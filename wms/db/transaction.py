"""The doorway: the only place that commits, retries, remembers answers and writes the trail."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Protocol, TypeVar, get_type_hints

from psycopg import errors as pg
from sqlalchemy import Engine, bindparam, create_engine, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from wms.db import outbox
from wms.db.models import KeptAnswer, TrailRow
from wms.db.outbox import Event
from wms.db.payload import digest, from_builtins, to_builtins
from wms.kernel.actor import Actor
from wms.kernel.clock import SYSTEM_CLOCK, Clock
from wms.kernel.errors import KINDS, Conflict, Refusal
from wms.kernel.ids import SiteId, new_id

_TRIES: Final = 6
_PASSING: Final = (pg.SerializationFailure, pg.DeadlockDetected)
_ONE_MOMENT: Final = "one_moment"

# Every command passes here: statements are built once, because that costs more than sending them.
_KEPT: Final = KeptAnswer.metadata.tables["kept_answer"]
_TRAIL: Final = TrailRow.metadata.tables["trail"]
_CLAIM: Final = upsert(_KEPT).on_conflict_do_nothing().returning(_KEPT.c.key)
_WRITE_TRAIL: Final = insert(_TRAIL)
_WRITE_TRAIL_AND_ANSWER: Final = (
    update(_KEPT)
    .where(_KEPT.c.site_id == bindparam("kept_site"), _KEPT.c.key == bindparam("kept_key"))
    .values(outcome="done", body=bindparam("kept_body", type_=_KEPT.c.body.type))
    .add_cte(
        insert(_TRAIL)
        .values({column.name: bindparam(f"trail_{column.name}") for column in _TRAIL.c})
        .cte("trail_written")
    )
)
"""Two rows of one site (ADR 0002) in one round trip."""


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
    session: Session
    now: datetime
    actor: Actor


@dataclass(frozen=True)
class Tx(ReadTx):
    """A change under way: services take it and never commit."""

    events: list[Event] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)

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
            # A kept plan is made for tables as they were, of a new site empty, and stays until
            # the next ANALYZE (measured: 250 ms a query where a fresh plan takes 0.1).
            "prepare_threshold": None,
        },
    )


class Doorway:
    """The way every change and every reading enters the database."""

    def __init__(self, engine: Engine, clock: Clock = SYSTEM_CLOCK) -> None:
        self._engine = engine
        self.clock = clock

    def engine_for(self, site_id: SiteId) -> Engine:  # noqa: ARG002 - the directory of sites comes here
        """Return the engine that holds this site: one database today."""
        return self._engine

    def ping(self) -> None:
        """Ask the database for an answer; raise SQLAlchemy's error when it gives none."""
        with self._engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    @contextmanager
    def read(self, actor: Actor, *, snapshot: bool = False) -> Iterator[ReadTx]:
        """Give a read-only transaction at the actor's site; `snapshot` holds one moment for all."""
        level = "REPEATABLE READ" if snapshot else "READ COMMITTED"
        with Session(self.engine_for(actor.site_id), autoflush=False) as session:
            options = {"isolation_level": level, "postgresql_readonly": True}
            session.connection(execution_options=options)  # of the engine they cost an engine each
            yield ReadTx(actor.site_id, session, self.clock.now(), actor)

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

    def _once(
        self,
        handler: Callable[[Tx, C], R],
        command: C,
        actor: Actor,
        key: str | None,
        instead: Callable[[Tx, C], R] | None = None,
    ) -> R:
        site_id, now = command.site_id, self.clock.now()
        request_hash = digest(command) if key else b""
        engine = self.engine_for(site_id)
        if getattr(handler, _ONE_MOMENT, False):
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with Session(engine, autoflush=True) as session:
            if key and not _claim(session, site_id, key, request_hash, now):
                return _replay(session, site_id, key, request_hash, handler)
            tx = Tx(site_id, session, now, actor)
            try:
                answer = (instead or handler)(tx, command)
            except Instead as undone:
                session.rollback()
                replaced: R = self._once(handler, command, actor, key, undone.handler)
                return replaced
            except Refusal as refusal:
                session.rollback()
                if key and refusal.remember:
                    _keep_refusal(session, site_id, key, request_hash, refusal, now)
                raise
            session.flush()
            outbox.write(session, site_id, tx.events, now)
            _finish(session, key, answer, _trail(tx, handler, command))
            session.commit()
            return answer


def _claim(session: Session, site_id: SiteId, key: str, request_hash: bytes, now: datetime) -> bool:
    claimed = session.execute(
        _CLAIM,
        {
            "site_id": site_id,
            "key": key,
            "request_hash": request_hash,
            "outcome": "pending",
            "first_seen": now,
        },
    )
    return claimed.first() is not None


def _replay(
    session: Session,
    site_id: SiteId,
    key: str,
    request_hash: bytes,
    handler: Callable[[Tx, C], R],
) -> R:
    kept = session.execute(
        select(KeptAnswer.request_hash, KeptAnswer.outcome, KeptAnswer.body).where(
            KeptAnswer.site_id == site_id, KeptAnswer.key == key
        )
    ).one()
    if kept.request_hash != request_hash:
        raise Conflict("doorway.key_reused", read=key)
    if kept.outcome == "refused":
        raise KINDS[kept.body["kind"]](kept.body["code"], **kept.body["facts"])
    answer: R = from_builtins(kept.body, get_type_hints(handler)["return"])
    return answer


def _keep_refusal(
    session: Session,
    site_id: SiteId,
    key: str,
    request_hash: bytes,
    refusal: Refusal,
    now: datetime,
) -> None:
    session.execute(
        upsert(KeptAnswer)
        .values(
            site_id=site_id,
            key=key,
            request_hash=request_hash,
            outcome="refused",
            body={"kind": refusal.kind, "code": refusal.code, "facts": refusal.facts},
            first_seen=now,
        )
        .on_conflict_do_nothing()
    )
    session.commit()


def _finish(session: Session, key: str | None, answer: object, trail: dict[str, Any]) -> None:
    """Write the trail, and the answer where a key was claimed for it."""
    if key is None:
        session.execute(_WRITE_TRAIL, trail)
        return
    values = {f"trail_{name}": value for name, value in trail.items()}
    kept = {"kept_site": trail["site_id"], "kept_key": key, "kept_body": to_builtins(answer)}
    session.execute(_WRITE_TRAIL_AND_ANSWER, values | kept)


def _trail(tx: Tx, handler: Callable[[Tx, C], Any], command: C) -> dict[str, Any]:
    return {
        "site_id": tx.site_id,
        "trail_id": new_id(),
        "recorded_at": tx.now,
        "actor_id": tx.actor.actor_id,
        "actor_name": tx.actor.name,
        "actor_kind": tx.actor.kind,
        "command": f"{handler.__module__.removeprefix('wms.').removesuffix('.service')}"
        f".{handler.__name__}",
        "body": to_builtins(command),
        "changes": tx.changes,
    }
