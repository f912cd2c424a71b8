"""API tokens: a machine acts for a person, never with more than the person has."""

from datetime import timedelta

from sqlalchemy import select, update

from wms.access import proofs, rules
from wms.access.errors import CredentialUnknown, PersonInactive, ScopeTooWide, Unfit
from wms.access.models import ApiToken, RoleGrant
from wms.access.service.people import locked
from wms.access.terms import (
    TOKEN_LIFE_LIMIT,
    TOUCH_EVERY,
    IssuedToken,
    IssueToken,
    RevokeToken,
    Touch,
)
from wms.db.transaction import Tx
from wms.kernel.errors import Forbidden
from wms.kernel.ids import new_id


def issue_token(tx: Tx, command: IssueToken) -> IssuedToken:
    """Draw a token for a person; its secret is in the first answer and nowhere else.

    Repeated with the same key it draws none and answers with the secret masked. Raises Unfit for
    the name, scopes or expiry, PersonUnknown, PersonInactive, ScopeTooWide, and Forbidden
    `access.token_by_token`: tokens do not breed.
    """
    if tx.actor.kind == "token":
        raise Forbidden("access.token_by_token")
    scopes = rules.fit_scopes(command.scopes)
    if not timedelta(0) < command.expires_at - tx.now <= TOKEN_LIFE_LIMIT:
        raise Unfit("access.token_expiry", expected=TOKEN_LIFE_LIMIT.days)
    person = locked(tx, command.person_id)
    if not person.active:
        raise PersonInactive(person.login)
    roles = tx.session.scalars(
        select(RoleGrant.role).where(
            RoleGrant.site_id == tx.site_id, RoleGrant.person_id == person.person_id
        )
    )
    beyond = sorted(set(scopes) - rules.permissions_of(roles))
    if beyond:
        raise ScopeTooWide(", ".join(beyond))
    secret = proofs.draw(proofs.API_TOKEN, tx.site_id)
    token = ApiToken(
        site_id=tx.site_id,
        token_id=new_id(),
        token_hash=proofs.fingerprint(secret),
        person_id=person.person_id,
        name=rules.fit_name(command.name),
        scopes=list(scopes),
        issued_by=tx.actor.actor_id,
        created_at=tx.now,
        expires_at=command.expires_at,
    )
    tx.session.add(token)
    tx.note("token", token.token_id, after={"name": token.name, "scopes": list(scopes)})
    return IssuedToken(token.token_id, secret)


def revoke_token(tx: Tx, command: RevokeToken) -> None:
    """End a token of a person at once; raise CredentialUnknown when none is open."""
    ended = tx.session.scalar(
        update(ApiToken)
        .where(
            ApiToken.site_id == tx.site_id,
            ApiToken.token_id == command.token_id,
            ApiToken.person_id == command.person_id,
            ApiToken.ended_at.is_(None),
        )
        .values(ended_at=tx.now)
        .returning(ApiToken.token_id)
    )
    if ended is None:
        raise CredentialUnknown(command.token_id)
    tx.note("token", ended, "open", "ended")


def touch_token(tx: Tx, command: Touch) -> None:
    """Note that a token was used, at most once in TOUCH_EVERY."""
    tx.session.execute(
        update(ApiToken)
        .where(
            ApiToken.site_id == tx.site_id,
            ApiToken.token_id == command.credential_id,
            ApiToken.last_seen_at.is_(None) | (ApiToken.last_seen_at <= tx.now - TOUCH_EVERY),
        )
        .values(last_seen_at=tx.now)
    )
