"""The API of access: who asks, tokens, and the people of the site."""

from datetime import datetime
from typing import Any
from uuid import UUID

from wms.access import queries, schemas, service
from wms.access.queries import PersonView, SessionView, TokenView
from wms.access.terms import (
    Activate,
    CreatePerson,
    Deactivate,
    GrantRole,
    IssueToken,
    RevokeRole,
    RevokeSession,
    RevokeToken,
    SetBadge,
    SetPassword,
    SetPin,
)
from wms.kernel.secret import Secret
from wms.web.identity import actor, command, door, needs, signed_in
from wms.web.openapi import ApiBlueprint

blueprint = ApiBlueprint(
    "access", __name__, url_prefix="/api", description="Who asks, tokens, people and their roles"
)


@blueprint.route("/me")
@signed_in
@blueprint.response(200, schemas.MeOut)
def me() -> dict[str, Any]:
    """Say who asks and what this credential may do."""
    who = actor()
    return {
        "person_id": who.actor_id,
        "name": who.name,
        "kind": who.kind,
        "site_id": who.site_id,
        "language": who.language,
        "permissions": sorted(who.permissions),
    }


@blueprint.route("/tokens")
@signed_in
@blueprint.response(200, schemas.TokenOut(many=True))
def tokens() -> list[TokenView]:
    """List the tokens that act for whoever asks, ended ones too."""
    who = actor()
    with door().read(who) as tx:
        return list(queries.tokens(tx, who.actor_id))


@blueprint.route("/tokens", methods=["POST"])
@signed_in
@blueprint.arguments(schemas.TokenIn)
@blueprint.response(201, schemas.IssuedOut)
def issue_token(body: dict[str, Any]) -> dict[str, Any]:
    """Issue a token with some of one's own permissions."""
    who = actor()
    expires_at: datetime = body["expires_at"]
    cmd = IssueToken(who.site_id, who.actor_id, body["name"], tuple(body["scopes"]), expires_at)
    issued = command(service.issue_token, cmd)
    return {"token_id": issued.token_id, "secret": issued.secret.reveal()}


@blueprint.route("/tokens/<uuid:token_id>", methods=["DELETE"])
@signed_in
@blueprint.response(204)
def revoke_token(token_id: UUID) -> None:
    """Revoke one of one's own tokens."""
    who = actor()
    command(service.revoke_token, RevokeToken(who.site_id, who.actor_id, token_id))


@blueprint.route("/people")
@needs("access.manage")
@blueprint.arguments(schemas.PeopleQuery, location="query")
@blueprint.response(200, schemas.PersonOut(many=True))
def people(query: dict[str, Any]) -> list[PersonView]:
    """List the people of the site by login."""
    with door().read(actor()) as tx:
        return list(queries.people(tx, query["after"], query["limit"], query["q"]))


@blueprint.route("/people", methods=["POST"])
@needs("access.manage")
@blueprint.arguments(schemas.PersonIn)
@blueprint.response(201, schemas.PersonOut)
def create_person(body: dict[str, Any]) -> PersonView:
    """Take somebody in; roles and credentials are given afterwards."""
    created = command(service.create_person, CreatePerson(actor().site_id, **body))
    return _person(created.person_id)


@blueprint.route("/people/<uuid:person_id>")
@needs("access.manage")
@blueprint.response(200, schemas.PersonOut)
def person(person_id: UUID) -> PersonView:
    """Show one person."""
    return _person(person_id)


@blueprint.route("/people/<uuid:person_id>/roles", methods=["POST"])
@needs("access.manage")
@blueprint.arguments(schemas.RoleIn)
@blueprint.response(201, schemas.PersonOut)
def grant_role(body: dict[str, Any], person_id: UUID) -> PersonView:
    """Give a person a role."""
    command(service.grant_role, GrantRole(actor().site_id, person_id, body["role"]))
    return _person(person_id)


@blueprint.route("/people/<uuid:person_id>/roles/<role>", methods=["DELETE"])
@needs("access.manage")
@blueprint.response(204)
def revoke_role(person_id: UUID, role: str) -> None:
    """Take a role from a person."""
    command(service.revoke_role, RevokeRole(actor().site_id, person_id, role))


@blueprint.route("/people/<uuid:person_id>/password", methods=["PUT"])
@needs("access.manage")
@blueprint.arguments(schemas.PasswordIn)
@blueprint.response(204)
def set_password(body: dict[str, Any], person_id: UUID) -> None:
    """Set a person's password; the person's sessions end."""
    who = actor()
    cmd = SetPassword(who.site_id, person_id, Secret(body["password"]))
    door().run(service.set_password, cmd, who)


@blueprint.route("/people/<uuid:person_id>/pin", methods=["PUT"])
@needs("access.manage")
@blueprint.arguments(schemas.PinIn)
@blueprint.response(204)
def set_pin(body: dict[str, Any], person_id: UUID) -> None:
    """Set a person's PIN and lift a block."""
    who = actor()
    door().run(service.set_pin, SetPin(who.site_id, person_id, Secret(body["pin"])), who)


@blueprint.route("/people/<uuid:person_id>/badge", methods=["PUT"])
@needs("access.manage")
@blueprint.arguments(schemas.BadgeIn)
@blueprint.response(204)
def set_badge(body: dict[str, Any], person_id: UUID) -> None:
    """Give a person a badge, or take it back."""
    command(service.set_badge, SetBadge(actor().site_id, person_id, body["badge_no"]))


@blueprint.route("/people/<uuid:person_id>/active", methods=["PUT"])
@needs("access.manage")
@blueprint.response(204)
def activate(person_id: UUID) -> None:
    """Let a person act here again."""
    command(service.activate, Activate(actor().site_id, person_id))


@blueprint.route("/people/<uuid:person_id>/active", methods=["DELETE"])
@needs("access.manage")
@blueprint.response(204)
def deactivate(person_id: UUID) -> None:
    """Put a person away; sessions and tokens end at once."""
    command(service.deactivate, Deactivate(actor().site_id, person_id))


@blueprint.route("/people/<uuid:person_id>/sessions")
@needs("access.manage")
@blueprint.response(200, schemas.SessionOut(many=True))
def sessions(person_id: UUID) -> list[SessionView]:
    """List the open sessions of a person."""
    with door().read(actor()) as tx:
        queries.person(tx, person_id)
        return list(queries.sessions(tx, person_id))


@blueprint.route("/people/<uuid:person_id>/sessions/<uuid:session_id>", methods=["DELETE"])
@needs("access.manage")
@blueprint.response(204)
def revoke_session(person_id: UUID, session_id: UUID) -> None:
    """End one session of a person."""
    command(service.revoke_session, RevokeSession(actor().site_id, person_id, session_id))


def _person(person_id: UUID) -> PersonView:
    with door().read(actor()) as tx:
        return queries.person(tx, person_id)
