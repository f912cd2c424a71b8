"""One's own account: language, password, open sessions, tokens for machines."""

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from flask import make_response, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as BaseResponse

from wms.access import queries, rules, service
from wms.access.errors import Blocked, CredentialUnknown, OldPasswordWrong
from wms.access.pages.blueprint import blueprint
from wms.access.pages.forms import attempt
from wms.access.terms import (
    ChangePassword,
    IssuedToken,
    IssueToken,
    RevokeSession,
    RevokeToken,
    SetLanguage,
    Verdict,
)
from wms.kernel.actor import Actor
from wms.kernel.secret import Secret
from wms.web import messages, session
from wms.web.errors import Answer
from wms.web.identity import actor, command, door, signed_in
from wms.web.layout import render

_TOKEN_DAYS: Final = 90


@blueprint.get("/account")
@signed_in
def account() -> BaseResponse:
    """Show the account of whoever asks."""
    return _show()


@blueprint.post("/account/language")
@signed_in
def account_language() -> BaseResponse:
    """Answer this person in another language, here and on every device."""
    who, wanted = actor(), request.form.get("language", "")
    cmd = SetLanguage(who.site_id, who.actor_id, wanted)
    response = attempt(lambda: command(service.set_language, cmd), url_for(".account"), _show)
    if response.status_code == 303:
        response = make_response(response)
        response.delete_cookie(messages.COOKIE, path="/")
    return response


@blueprint.post("/account/tokens")
@signed_in
def account_tokens() -> BaseResponse:
    """Issue a token and show its secret, this once."""
    who = actor()
    issued: list[IssuedToken] = []

    def issue() -> None:
        cmd = IssueToken(
            who.site_id,
            who.actor_id,
            request.form.get("name", ""),
            tuple(request.form.getlist("scope")),
            rules.expiry(door().clock.now(), request.form.get("days", "")),
        )
        issued.append(command(service.issue_token, cmd))

    refused = attempt(issue, url_for(".account"), _show)
    return _show(secret=issued[0].secret.reveal()) if issued else refused


@blueprint.post("/account/<deed>")
@signed_in
def account_deed(deed: str) -> BaseResponse:
    """Change the password, end a session, revoke a token."""
    if deed not in _DEEDS:
        raise NotFound
    who = actor()
    return attempt(lambda: _DEEDS[deed](who), url_for(".account"), _show)


def _change_password(who: Actor) -> None:
    cmd = ChangePassword(
        who.site_id,
        who.actor_id,
        Secret(request.form.get("old", "")[:400]),
        Secret(request.form.get("new", "")[:400]),
        Secret(session.session_id() or ""),
    )
    proof = door().run(service.change_password, cmd, who)
    if proof.verdict is Verdict.BLOCKED:
        raise Blocked(proof.wait_seconds)
    if proof.verdict is Verdict.WRONG:
        raise OldPasswordWrong


def _named(field: str) -> UUID:
    read = request.form.get(field, "")
    try:
        return UUID(read)
    except ValueError:
        raise CredentialUnknown(read[:40]) from None


def _end_session(who: Actor) -> None:
    command(service.revoke_session, RevokeSession(who.site_id, who.actor_id, _named("session")))


def _revoke_token(who: Actor) -> None:
    command(service.revoke_token, RevokeToken(who.site_id, who.actor_id, _named("token")))


_DEEDS: Final[Mapping[str, Callable[[Actor], None]]] = {
    "password": _change_password,
    "session-end": _end_session,
    "token-revoke": _revoke_token,
}


def _show(error: Answer | None = None, *, secret: str = "") -> BaseResponse:
    who = actor()
    cookie = session.session_id()
    with door().read(who) as tx:
        here = queries.by_session(tx, Secret(cookie), request.user_agent.string) if cookie else None
        return render(
            "access/account.html",
            me=queries.person(tx, who.actor_id),
            sessions=queries.sessions(tx, who.actor_id),
            here=here.credential_id if here else None,
            tokens=queries.tokens(tx, who.actor_id),
            permissions=sorted(who.permissions),
            days=_TOKEN_DAYS,
            error=error,
            secret=secret,
        )
