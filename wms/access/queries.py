"""Who somebody is and what they may do; the sessions, tokens and people that can be shown."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Row, Select, Table, bindparam, func, select

from wms.access import proofs, rules
from wms.access.errors import PersonUnknown
from wms.access.models import ApiToken, FailedAttempts, Person, RoleGrant, SessionRow
from wms.access.terms import SESSION_IDLE, TOUCH_EVERY
from wms.db.base import Base
from wms.db.transaction import ReadTx
from wms.kernel.actor import Actor
from wms.kernel.secret import Secret


@dataclass(frozen=True, slots=True)
class Known:
    """Whoever a credential belongs to; `stale` when its last sign of life should be renewed."""

    actor: Actor
    credential_id: UUID
    stale: bool


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as others may see them; no hash leaves the room."""

    person_id: UUID
    login: str
    name_zh: str
    name_en: str
    language: str
    badge_no: str | None
    has_password: bool
    has_pin: bool
    active: bool
    created_at: datetime
    roles: tuple[str, ...]
    last_seen_at: datetime | None
    pin_blocked: bool = False

    def name(self, language: str) -> str:
        """Return the name to show in a language."""
        return self.name_zh if language == "zh" else self.name_en


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session that is open."""

    session_id: UUID
    agent_class: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token, open or not, without its secret."""

    token_id: UUID
    name: str
    scopes: tuple[str, ...]
    created_at: datetime
    last_seen_at: datetime | None
    expires_at: datetime
    ended_at: datetime | None


def by_session(tx: ReadTx, token: Secret, user_agent: str) -> Known | None:
    """Return whose session this token opens now, in one indexed query, or None.

    None when the token is unknown, ended, older than 12 h, idle for 2 h, used by another class of
    browser than it was given to, or its person is inactive.
    """
    of = _given(tx, token) | {
        "agent_class": rules.agent_class(user_agent),
        "seen_after": tx.now - SESSION_IDLE,
    }
    row = tx.session.execute(_BY_SESSION, of).first()
    if row is None:
        return None
    return Known(
        _actor(tx, row, "person"), row.session_id, tx.now - row.last_seen_at >= TOUCH_EVERY
    )


def by_token(tx: ReadTx, token: Secret) -> Known | None:
    """Return whom this API token acts for now: its scopes that the person still has, or None."""
    row = tx.session.execute(_BY_TOKEN, _given(tx, token)).first()
    if row is None:
        return None
    acts = _actor(tx, row, "token")
    actor = replace(acts, permissions=acts.permissions & frozenset(row.scopes))
    stale = row.last_seen_at is None or tx.now - row.last_seen_at >= TOUCH_EVERY
    return Known(actor, row.token_id, stale)


def person(tx: ReadTx, person_id: UUID) -> PersonView:
    """Return one person; raise PersonUnknown."""
    row = tx.session.execute(_people(tx).where(Person.person_id == person_id)).first()
    if row is None:
        raise PersonUnknown(person_id)
    return _view(tx, row)


def people(tx: ReadTx, after: str = "", limit: int = 100, find: str = "") -> tuple[PersonView, ...]:
    """Return people by login, those after one login; `find` is part of a login or name."""
    query = _people(tx).where(Person.login > after).order_by(Person.login).limit(limit)
    if find:
        query = query.where(
            (Person.login + " " + Person.name_zh + " " + Person.name_en).icontains(
                find, autoescape=True
            )
        )
    return tuple(_view(tx, row) for row in tx.session.execute(query))


def people_of(tx: ReadTx, person_ids: Collection[UUID]) -> dict[UUID, PersonView]:
    """Return those of these ids who are people of the site; devices and the house are absent."""
    if not person_ids:
        return {}
    found = tx.session.execute(_people(tx).where(Person.person_id.in_(person_ids)))
    return {one.person_id: one for one in (_view(tx, row) for row in found)}


def person_id_of(tx: ReadTx, login: str) -> UUID:
    """Return the id behind a login; raise PersonUnknown."""
    found = tx.session.scalar(
        select(Person.person_id).where(
            Person.site_id == tx.site_id, Person.login == login.strip().lower()
        )
    )
    if found is None:
        raise PersonUnknown(login)
    return found


def sessions(tx: ReadTx, person_id: UUID) -> tuple[SessionView, ...]:
    """Return the sessions of a person that are open now, the newest first."""
    found = tx.session.scalars(
        select(SessionRow)
        .where(
            SessionRow.site_id == tx.site_id,
            SessionRow.person_id == person_id,
            SessionRow.ended_at.is_(None),
            SessionRow.expires_at > tx.now,
            SessionRow.last_seen_at > tx.now - SESSION_IDLE,
        )
        .order_by(SessionRow.created_at.desc())
    )
    return tuple(
        SessionView(
            s.session_id, s.agent_class, s.address, s.created_at, s.last_seen_at, s.expires_at
        )
        for s in found
    )


def tokens(tx: ReadTx, person_id: UUID) -> tuple[TokenView, ...]:
    """Return the tokens that act for a person, ended ones too, the newest first."""
    found = tx.session.scalars(
        select(ApiToken)
        .where(ApiToken.site_id == tx.site_id, ApiToken.person_id == person_id)
        .order_by(ApiToken.created_at.desc())
    )
    return tuple(
        TokenView(
            t.token_id,
            t.name,
            tuple(t.scopes),
            t.created_at,
            t.last_seen_at,
            t.expires_at,
            t.ended_at,
        )
        for t in found
    )


def _roles() -> Any:
    return (
        select(func.array_agg(RoleGrant.role))
        .where(RoleGrant.site_id == Person.site_id, RoleGrant.person_id == Person.person_id)
        .correlate(Person)
        .scalar_subquery()
    )


def _holder(credential: Table, *more: Column[Any]) -> Select[Any]:
    """Select an open credential of a site with its active person and roles."""
    person, grant = _table(Person), _table(RoleGrant)
    roles = select(func.array_agg(grant.c.role)).where(
        grant.c.site_id == person.c.site_id, grant.c.person_id == person.c.person_id
    )
    return (
        select(
            *more,
            *(credential.c.last_seen_at, person.c.person_id, person.c.language),
            *(person.c.name_zh, person.c.name_en, roles.scalar_subquery().label("roles")),
        )
        .join_from(
            credential,
            person,
            (person.c.site_id == credential.c.site_id)
            & (person.c.person_id == credential.c.person_id),
        )
        .where(
            credential.c.site_id == bindparam("site"),
            credential.c.token_hash == bindparam("token_hash"),
            credential.c.ended_at.is_(None),
            credential.c.expires_at > bindparam("now"),
            person.c.active,
        )
    )


def _table(of: type[Base]) -> Table:
    return of.metadata.tables[of.__tablename__]


# Every request asks one of these: built once, because that costs more than sending them.
_SESSION, _TOKEN = _table(SessionRow), _table(ApiToken)
_BY_TOKEN = _holder(_TOKEN, _TOKEN.c.token_id, _TOKEN.c.scopes)
_BY_SESSION = _holder(_SESSION, _SESSION.c.session_id).where(
    _SESSION.c.agent_class == bindparam("agent_class"),
    _SESSION.c.last_seen_at > bindparam("seen_after"),
)


def _given(tx: ReadTx, token: Secret) -> dict[str, Any]:
    return {"site": tx.site_id, "token_hash": proofs.fingerprint(token), "now": tx.now}


def _actor(tx: ReadTx, row: Row[*tuple[Any, ...]], kind: str) -> Actor:
    return Actor(
        row.person_id,
        row.name_zh if row.language == "zh" else row.name_en,
        kind,
        tx.site_id,
        rules.permissions_of(row.roles or ()),
        row.language,
    )


def _people(tx: ReadTx) -> Select[Any]:
    seen = (
        select(func.max(SessionRow.last_seen_at))
        .where(SessionRow.site_id == Person.site_id, SessionRow.person_id == Person.person_id)
        .correlate(Person)
        .scalar_subquery()
    )
    blocked = (
        select(FailedAttempts.blocked_until)
        .where(
            FailedAttempts.site_id == Person.site_id,
            FailedAttempts.subject == func.concat("pin:", Person.person_id),
        )
        .correlate(Person)
        .scalar_subquery()
    )
    return select(Person, _roles(), seen, blocked).where(Person.site_id == tx.site_id)


def _view(tx: ReadTx, row: Any) -> PersonView:
    found, roles, seen, blocked = row
    return PersonView(
        found.person_id,
        found.login,
        found.name_zh,
        found.name_en,
        found.language,
        found.badge_no,
        found.password_hash is not None,
        found.pin_hash is not None,
        found.active,
        found.created_at,
        tuple(sorted(roles or ())),
        seen,
        blocked is not None and blocked > tx.now,
    )
