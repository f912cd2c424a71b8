"""The tables of access: people, roles, sessions, tokens, failed attempts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from wms.db.base import Base, SiteRow


class Person(SiteRow, Base):
    """Somebody who works at this site, or a machine that acts there; never deleted."""

    __tablename__ = "person"

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(String(40))
    name_zh: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(2))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    badge_no: Mapped[str | None] = mapped_column(String(40))
    pin_hash: Mapped[str | None] = mapped_column(String(200))
    active: Mapped[bool]
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("site_id", "login"),
        UniqueConstraint("site_id", "badge_no"),
        CheckConstraint("language in ('zh', 'en')", name="language"),
        CheckConstraint("login = lower(login)", name="login_lower"),
    )


class RoleGrant(SiteRow, Base):
    """A role a person has at this site now; the past is in the trail."""

    __tablename__ = "role_grant"

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(String(30), primary_key=True)
    granted_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["site_id", "person_id"], ["person.site_id", "person.person_id"]),
    )


class SessionRow(SiteRow, Base):
    """A person signed in on one device; the token itself is never stored."""

    __tablename__ = "session"

    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    person_id: Mapped[UUID]
    agent_class: Mapped[str] = mapped_column(String(20))
    address: Mapped[str] = mapped_column(String(45))
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("site_id", "token_hash"),
        ForeignKeyConstraint(["site_id", "person_id"], ["person.site_id", "person.person_id"]),
        Index("ix_session_person", "site_id", "person_id", "created_at"),
    )


class ApiToken(SiteRow, Base):
    """A machine that acts for a person, with some of the person's permissions."""

    __tablename__ = "api_token"

    token_id: Mapped[UUID] = mapped_column(primary_key=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    person_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(60))
    scopes: Mapped[list[Any]]
    issued_by: Mapped[UUID]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("site_id", "token_hash"),
        ForeignKeyConstraint(["site_id", "person_id"], ["person.site_id", "person.person_id"]),
        Index("ix_api_token_person", "site_id", "person_id", "created_at"),
    )


class FailedAttempts(SiteRow, Base):
    """How often somebody failed to prove who they are: per login, PIN and address."""

    __tablename__ = "failed_attempts"

    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    failures: Mapped[int]
    last_failed_at: Mapped[datetime]
    blocked_until: Mapped[datetime | None]
