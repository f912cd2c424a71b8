"""The people of the site: found, taken in, given roles and keys, put away."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from flask import redirect, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from wms.access import queries, service
from wms.access.errors import CredentialUnknown
from wms.access.pages.blueprint import blueprint
from wms.access.pages.forms import attempt
from wms.access.terms import (
    ROLES,
    Activate,
    CreatePerson,
    Deactivate,
    GrantRole,
    RevokeRole,
    RevokeSession,
    RevokeSessions,
    RevokeToken,
    SetBadge,
    SetPassword,
    SetPin,
)
from wms.kernel.ids import SiteId
from wms.kernel.secret import Secret
from wms.web import paging
from wms.web.errors import Answer
from wms.web.identity import actor, command, door, needs
from wms.web.layout import render

_ROWS: Final = 50


@blueprint.get("/people")
@needs("access.manage")
def people() -> BaseResponse:
    """List the people of the site by login."""
    return _list()


@blueprint.post("/people")
@needs("access.manage")
def people_post() -> BaseResponse:
    """Take somebody in and go to their page."""
    made: list[UUID] = []

    def create() -> None:
        cmd = CreatePerson(
            actor().site_id,
            request.form.get("login", ""),
            request.form.get("name_zh", ""),
            request.form.get("name_en", ""),
            request.form.get("language", ""),
        )
        made.append(command(service.create_person, cmd).person_id)

    refused = attempt(create, url_for(".people"), _list)
    return redirect(url_for(".person", person_id=made[0]), 303) if made else refused


@blueprint.get("/people/<uuid:person_id>")
@needs("access.manage")
def person(person_id: UUID) -> BaseResponse:
    """Show one person: roles, badge and keys, open sessions, tokens."""
    return _one(person_id)


@blueprint.post("/people/<uuid:person_id>/<deed>")
@needs("access.manage")
def person_deed(person_id: UUID, deed: str) -> BaseResponse:
    """Do one thing to a person and show the person again."""
    if deed not in _DEEDS:
        raise NotFound
    handler, of_form = _DEEDS[deed]

    def do() -> None:
        who = actor()
        cmd = of_form(who.site_id, person_id)
        if deed in _SECRET:
            door().run(handler, cmd, who)
        else:
            command(handler, cmd)

    return attempt(
        do, url_for(".person", person_id=person_id), lambda error: _one(person_id, error, deed)
    )


def _text(name: str) -> str:
    return request.form.get(name, "")[:400]


def _id(name: str) -> UUID:
    try:
        return UUID(_text(name))
    except ValueError:
        raise CredentialUnknown(_text(name)[:40]) from None


_DEEDS: Final[Mapping[str, tuple[Callable[[Any, Any], Any], Callable[[SiteId, UUID], object]]]] = {
    "grant": (service.grant_role, lambda site, who: GrantRole(site, who, _text("role"))),
    "revoke": (service.revoke_role, lambda site, who: RevokeRole(site, who, _text("role"))),
    "password": (
        service.set_password,
        lambda site, who: SetPassword(site, who, Secret(_text("password"))),
    ),
    "pin": (service.set_pin, lambda site, who: SetPin(site, who, Secret(_text("pin")))),
    "badge": (service.set_badge, lambda site, who: SetBadge(site, who, _text("badge") or None)),
    "session-end": (
        service.revoke_session,
        lambda site, who: RevokeSession(site, who, _id("session")),
    ),
    "sessions-end": (service.revoke_sessions, RevokeSessions),
    "token-revoke": (
        service.revoke_token,
        lambda site, who: RevokeToken(site, who, _id("token")),
    ),
    "deactivate": (service.deactivate, Deactivate),
    "activate": (service.activate, Activate),
}
"""Each form on a person's page: the command behind it and how it is read from the form."""


_SECRET: Final = frozenset({"password", "pin"})
"""Run without a key: a key would not tell two secrets apart, and setting one twice is harmless."""


def _list(error: Answer | None = None) -> BaseResponse:
    after = paging.after(str)
    find = request.args.get("q", "").strip()[:60]
    with door().read(actor()) as tx:
        found = queries.people(tx, after[0] if after else "", _ROWS + 1, find)
    page = paging.page_of(found, _ROWS, lambda row: (row.login,))
    return render("access/people.html", page=page, find=find, error=error, form=request.form)


def _one(person_id: UUID, error: Answer | None = None, deed: str = "") -> BaseResponse:
    with door().read(actor()) as tx:
        return render(
            "access/person.html",
            person=queries.person(tx, person_id),
            sessions=queries.sessions(tx, person_id),
            tokens=queries.tokens(tx, person_id),
            roles=ROLES,
            error=error,
            deed=deed,
        )
