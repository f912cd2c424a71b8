"""Signing in and out: a session is opened, kept alive and ended here."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.sql.elements import ColumnElement

from wms.access import proofs, rules
from wms.access.errors import CredentialUnknown, Unfit
from wms.access.models import Person, SessionRow
from wms.access.service import attempts
from wms.access.terms import (
    SESSION_LIFE,
    TOUCH_EVERY,
    BadgeSignIn,
    RevokeSession,
    RevokeSessions,
    SignedIn,
    SignIn,
    SignOut,
    Touch,
    Verdict,
)
from wms.db.transaction import Tx
from wms.kernel.ids import new_id


def sign_in(tx: Tx, command: SignIn) -> SignedIn:
    """Open a session for a login and its password; the verdict is a value and is remembered.

    Run it without an idempotency key: the answer holds a token that must not be kept.
    """
    try:
        login = rules.fit_login(command.login)
    except Unfit:
        login = "?"
    person = _active(tx, Person.login == login)
    subjects = {
        f"login:{login}": rules.LOGIN_LIMIT,
        f"address:{rules.address_group(command.address)}": rules.ADDRESS_LIMIT,
    }
    kept = person.password_hash if person else None
    proof = attempts.prove(tx, subjects, kept, command.password)
    if person is None or proof.verdict is not Verdict.ACCEPTED:
        return SignedIn(proof.verdict, wait_seconds=proof.wait_seconds)
    if kept and proofs.outdated(kept):
        person.password_hash = proofs.remembered(command.password)
    return _open(tx, person, command)


def badge_sign_in(tx: Tx, command: BadgeSignIn) -> SignedIn:
    """Open a session for a badge and its PIN; as `sign_in` otherwise."""
    try:
        badge = rules.fit_badge(command.badge_no)
    except Unfit:
        badge = "?"
    person = _active(tx, Person.badge_no == badge)
    subjects = {
        f"pin:{person.person_id if person else badge}": rules.PIN_LIMIT,
        f"address:{rules.address_group(command.address)}": rules.ADDRESS_LIMIT,
    }
    proof = attempts.prove(tx, subjects, person.pin_hash if person else None, command.pin)
    if person is None or proof.verdict is not Verdict.ACCEPTED:
        return SignedIn(proof.verdict, wait_seconds=proof.wait_seconds)
    return _open(tx, person, command)


def sign_out(tx: Tx, command: SignOut) -> None:
    """End the session of a token; an unknown or ended one is no error."""
    _end(tx, SessionRow.token_hash == proofs.fingerprint(command.token))


def revoke_session(tx: Tx, command: RevokeSession) -> None:
    """End one open session of a person; raise CredentialUnknown when there is none."""
    ended = _end(
        tx,
        SessionRow.session_id == command.session_id,
        SessionRow.person_id == command.person_id,
    )
    if not ended:
        raise CredentialUnknown(command.session_id)


def revoke_sessions(tx: Tx, command: RevokeSessions) -> None:
    """End every open session of a person."""
    end_sessions(tx, command.person_id)


def end_sessions(tx: Tx, person_id: UUID, *, keep: bytes | None = None) -> None:
    """End every open session of a person but the one whose token has this fingerprint."""
    others = [SessionRow.token_hash != keep] if keep else []
    _end(tx, SessionRow.person_id == person_id, *others)


def touch_session(tx: Tx, command: Touch) -> None:
    """Note a sign of life of a session, at most once in TOUCH_EVERY."""
    tx.session.execute(
        update(SessionRow)
        .where(
            SessionRow.site_id == tx.site_id,
            SessionRow.session_id == command.credential_id,
            SessionRow.last_seen_at <= tx.now - TOUCH_EVERY,
        )
        .values(last_seen_at=tx.now)
    )


def _active(tx: Tx, named: ColumnElement[bool]) -> Person | None:
    return tx.session.scalar(
        select(Person).where(Person.site_id == tx.site_id, named, Person.active)
    )


def _open(tx: Tx, person: Person, command: SignIn | BadgeSignIn) -> SignedIn:
    token = proofs.draw(proofs.SESSION, tx.site_id)
    opened = SessionRow(
        site_id=tx.site_id,
        session_id=new_id(),
        token_hash=proofs.fingerprint(token),
        person_id=person.person_id,
        agent_class=rules.agent_class(command.user_agent),
        address=command.address[:45],
        created_at=tx.now,
        last_seen_at=tx.now,
        expires_at=tx.now + SESSION_LIFE,
    )
    tx.session.add(opened)
    tx.note("session", opened.session_id, after={"person_id": str(person.person_id)})
    return SignedIn(Verdict.ACCEPTED, token, language=person.language)


def _end(tx: Tx, *which: ColumnElement[bool]) -> int:
    ended = tx.session.scalars(
        update(SessionRow)
        .where(SessionRow.site_id == tx.site_id, SessionRow.ended_at.is_(None), *which)
        .values(ended_at=tx.now)
        .returning(SessionRow.session_id)
    ).all()
    for session_id in ended:
        tx.note("session", session_id, "open", "ended")
    return len(ended)
