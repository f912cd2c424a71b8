"""What a person proves themselves with: password, PIN, badge."""

from uuid import UUID

from sqlalchemy import select

from wms.access import proofs, rules
from wms.access.errors import Taken
from wms.access.models import Person
from wms.access.service import attempts
from wms.access.service.people import create_person, flush_unique, grant_role, locked
from wms.access.service.sessions import end_sessions
from wms.access.terms import (
    ChangePassword,
    CreatedPerson,
    GrantRole,
    Proof,
    SetBadge,
    SetPassword,
    SetPin,
    TakeIn,
    Verdict,
)
from wms.db.transaction import Tx
from wms.kernel.secret import Secret


def take_in(tx: Tx, command: TakeIn) -> CreatedPerson:
    """Take somebody in with a role and a password, or not at all.

    Raises what `create_person`, `grant_role` and `set_password` raise.
    """
    created = create_person(tx, command.person)
    grant_role(tx, GrantRole(command.site_id, created.person_id, command.role))
    set_password(tx, SetPassword(command.site_id, created.person_id, command.password))
    return created


def set_password(tx: Tx, command: SetPassword) -> None:
    """Give a person a password and end the sessions opened with the old one.

    Raises PersonUnknown, and Unfit `access.password_length` or `access.password_guessable`.
    """
    person = locked(tx, command.person_id)
    rules.fit_password(command.password.reveal(), person.login)
    person.password_hash = proofs.remembered(command.password)
    attempts.clear(tx, f"login:{person.login}")
    end_sessions(tx, person.person_id)
    tx.note("password", person.person_id, after="set")


def change_password(tx: Tx, command: ChangePassword) -> Proof:
    """Let a person change a password they know; the session of `token` stays, others end.

    The verdict is a value: wrong old passwords count as failed sign-ins. Raises PersonUnknown and
    Unfit as `set_password` does, before the old one is looked at.
    """
    person = _person(tx, command.person_id)
    rules.fit_password(command.new.reveal(), person.login)
    subjects = {f"login:{person.login}": rules.LOGIN_LIMIT}
    proof = attempts.prove(tx, subjects, person.password_hash, command.old)
    if proof.verdict is Verdict.ACCEPTED:
        person.password_hash = proofs.remembered(command.new)
        end_sessions(tx, person.person_id, keep=proofs.fingerprint(command.token))
        tx.note("password", person.person_id, after="changed")
    return proof


def set_pin(tx: Tx, command: SetPin) -> None:
    """Give a person a PIN and lift a block; raise PersonUnknown, Unfit `access.pin_…`."""
    person = locked(tx, command.person_id)
    rules.fit_pin(command.pin.reveal())
    person.pin_hash = proofs.remembered(command.pin)
    attempts.clear(tx, f"pin:{person.person_id}")
    tx.note("pin", person.person_id, after="set")


def set_badge(tx: Tx, command: SetBadge) -> None:
    """Give a person a badge or take it away; raise PersonUnknown, Unfit, Taken."""
    person = locked(tx, command.person_id)
    badge = None if command.badge_no is None else rules.fit_badge(command.badge_no)
    tx.note("badge", person.person_id, person.badge_no, badge)
    person.badge_no = badge
    flush_unique(tx, Taken("access.badge_taken", read=badge))


def verify_pin(tx: Tx, person_id: UUID, pin: Secret) -> Proof:
    """Return whether this is the PIN of an active person, counting the attempt.

    A second factor before a deed. The caller must return on a bad verdict and not raise: a
    rollback would forget the failure. Raises PersonUnknown.
    """
    person = _person(tx, person_id)
    kept = person.pin_hash if person.active else None
    return attempts.prove(tx, {f"pin:{person_id}": rules.PIN_LIMIT}, kept, pin)


def _person(tx: Tx, person_id: UUID) -> Person:
    """Return a person without a lock: the slow comparison comes next."""
    found = tx.session.scalar(
        select(Person).where(Person.site_id == tx.site_id, Person.person_id == person_id)
    )
    return found or locked(tx, person_id)
