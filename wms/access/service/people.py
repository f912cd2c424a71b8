"""People of a site: taken in, given roles, put away; never deleted."""

from uuid import UUID

from psycopg import errors as pg
from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from wms.access import rules
from wms.access.errors import LastAdministrator, PersonInactive, PersonUnknown, RoleUnknown, Taken
from wms.access.models import ApiToken, Person, RoleGrant
from wms.access.service.sessions import end_sessions
from wms.access.terms import (
    ROLES,
    Activate,
    CreatedPerson,
    CreatePerson,
    Deactivate,
    GrantRole,
    RevokeRole,
    SetLanguage,
)
from wms.db.transaction import Tx
from wms.kernel.ids import new_id

ADMINISTRATOR = "administrator"


def create_person(tx: Tx, command: CreatePerson) -> CreatedPerson:
    """Take somebody in, without roles or credentials yet.

    Raises Unfit for a login, name or language that is not taken, Taken `access.login_taken`.
    """
    person = Person(
        site_id=tx.site_id,
        person_id=new_id(),
        login=rules.fit_login(command.login),
        name_zh=rules.fit_name(command.name_zh),
        name_en=rules.fit_name(command.name_en),
        language=rules.fit_language(command.language),
        active=True,
        created_at=tx.now,
    )
    tx.session.add(person)
    flush_unique(tx, Taken("access.login_taken", read=person.login))
    tx.note("person", person.person_id, after={"login": person.login})
    return CreatedPerson(person.person_id)


def grant_role(tx: Tx, command: GrantRole) -> None:
    """Give a person a role; one that is held already is no error.

    Raises RoleUnknown, PersonUnknown, PersonInactive.
    """
    if command.role not in ROLES:
        raise RoleUnknown(command.role[:30], ", ".join(ROLES))
    person = locked(tx, command.person_id)
    if not person.active:
        raise PersonInactive(person.login)
    tx.session.execute(
        insert(RoleGrant)
        .values(
            site_id=tx.site_id,
            person_id=command.person_id,
            role=command.role,
            granted_at=tx.now,
        )
        .on_conflict_do_nothing()
    )
    tx.note("role", command.person_id, after=command.role)


def revoke_role(tx: Tx, command: RevokeRole) -> None:
    """Take a role from a person; one that is not held is no error.

    Raises PersonUnknown, and LastAdministrator when nobody could manage people any more.
    """
    if command.role == ADMINISTRATOR:
        _keep_an_administrator(tx, command.person_id)
    locked(tx, command.person_id)
    tx.session.execute(
        delete(RoleGrant).where(
            RoleGrant.site_id == tx.site_id,
            RoleGrant.person_id == command.person_id,
            RoleGrant.role == command.role,
        )
    )
    tx.note("role", command.person_id, before=command.role)


def deactivate(tx: Tx, command: Deactivate) -> None:
    """Put a person away: no sign-in, open sessions and tokens end at once.

    Raises PersonUnknown, and LastAdministrator when nobody could manage people any more.
    """
    _keep_an_administrator(tx, command.person_id)
    person = locked(tx, command.person_id)
    tx.note("person", person.person_id, {"active": person.active}, {"active": False})
    person.active = False
    end_sessions(tx, person.person_id)
    tx.session.execute(
        update(ApiToken)
        .where(
            ApiToken.site_id == tx.site_id,
            ApiToken.person_id == person.person_id,
            ApiToken.ended_at.is_(None),
        )
        .values(ended_at=tx.now)
    )


def activate(tx: Tx, command: Activate) -> None:
    """Let a person act here again, with the roles of before; raise PersonUnknown."""
    person = locked(tx, command.person_id)
    tx.note("person", person.person_id, {"active": person.active}, {"active": True})
    person.active = True


def set_language(tx: Tx, command: SetLanguage) -> None:
    """Answer a person in this language from now on; raise PersonUnknown, Unfit."""
    person = locked(tx, command.person_id)
    language = rules.fit_language(command.language)
    tx.note("person", person.person_id, {"language": person.language}, {"language": language})
    person.language = language


def locked(tx: Tx, person_id: UUID) -> Person:
    """Return a person to be changed, locked; raise PersonUnknown."""
    found = tx.session.scalar(
        select(Person)
        .where(Person.site_id == tx.site_id, Person.person_id == person_id)
        .with_for_update(key_share=True)
    )
    if found is None:
        raise PersonUnknown(person_id)
    return found


def flush_unique(tx: Tx, taken: Taken) -> None:
    """Write what is waiting; raise `taken` when a unique key says somebody else has it."""
    try:
        tx.session.flush()
    except IntegrityError as error:
        if isinstance(error.orig, pg.UniqueViolation):
            raise taken from None
        raise


def _keep_an_administrator(tx: Tx, leaving: UUID) -> None:
    """Refuse when `leaving` is the last active administrator.

    The grants are locked first and counted by a second statement, which sees what those who held
    the locks before have done: two administrators cannot remove each other at once.
    """
    grants = (RoleGrant.site_id == tx.site_id, RoleGrant.role == ADMINISTRATOR)
    holders = tx.session.scalars(
        select(RoleGrant.person_id).where(*grants).order_by(RoleGrant.person_id).with_for_update()
    ).all()
    if leaving not in holders:
        return
    others = tx.session.scalar(
        select(func.count())
        .select_from(RoleGrant)
        .join(
            Person,
            (Person.site_id == RoleGrant.site_id) & (Person.person_id == RoleGrant.person_id),
        )
        .where(*grants, RoleGrant.person_id != leaving, Person.active)
    )
    if not others:
        raise LastAdministrator
