"""Signing in at a desk or with a badge, and signing out."""

from typing import Final

from flask import Response, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from wms.access import rules, service
from wms.access.authenticate import doorkeeper
from wms.access.errors import Blocked, WrongCredential
from wms.access.pages.blueprint import blueprint
from wms.access.terms import HOME_SITE, BadgeSignIn, SignedIn, SignIn, SignOut, Verdict
from wms.kernel.errors import Refusal
from wms.kernel.ids import SiteId
from wms.kernel.secret import Secret
from wms.web import errors, session
from wms.web.errors import Answer
from wms.web.identity import actor, door, public, signed_in, visitor
from wms.web.layout import render
from wms.web.pages import local_path

_AGENT_LENGTH: Final = 300


@blueprint.get("/sign-in")
@public
def sign_in() -> BaseResponse:
    """Ask for login and password; who is in already goes on."""
    if visitor() is not None:
        return redirect(_onward("/"), 303)
    return _form("access/sign_in.html")


@blueprint.post("/sign-in")
@public
def sign_in_post() -> BaseResponse:
    """Open a session for a login and its password."""
    site_id = _site()
    attempt = SignIn(
        site_id,
        request.form.get("login", "")[:200],
        Secret(request.form.get("password", "")[:400]),
        request.remote_addr or "",
        request.user_agent.string[:_AGENT_LENGTH],
    )
    answer = door().run(service.sign_in, attempt, doorkeeper(site_id))
    return _opened(answer, "/", "access/sign_in.html", WrongCredential("access.wrong_password"))


@blueprint.get("/badge")
@public
def badge() -> BaseResponse:
    """Ask a clerk with a PDA for the badge; who is in already goes on to the tasks."""
    if visitor() is not None:
        return redirect(_onward("/scan"), 303)
    return _form("access/badge.html")


@blueprint.post("/badge")
@public
def badge_post() -> BaseResponse:
    """Take the badge and ask for its PIN, then open a session for both."""
    read, pin = request.form.get("badge", "").strip(), request.form.get("pin", "")
    if not pin:
        try:
            return _form("access/badge.html", badge=rules.fit_badge(read))
        except Refusal as refusal:
            return _form("access/badge.html", refusal=refusal)
    site_id = _site()
    attempt = BadgeSignIn(
        site_id,
        read[:60],
        Secret(pin[:60]),
        request.remote_addr or "",
        request.user_agent.string[:_AGENT_LENGTH],
    )
    answer = door().run(service.badge_sign_in, attempt, doorkeeper(site_id))
    wrong = WrongCredential("access.wrong_pin")
    return _opened(answer, "/scan", "access/badge.html", wrong, badge=read)


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> BaseResponse:
    """End this session and forget its cookie."""
    who = actor()
    token = session.session_id()
    if token is not None:
        door().run(service.sign_out, SignOut(who.site_id, Secret(token)), who)
    with_badge = request.form.get("next") == "/badge"
    view = "access_pages.badge" if with_badge else "access_pages.sign_in"
    response = make_response(redirect(url_for(view), 303))
    session.drop(response)
    return response


def _opened(
    answer: SignedIn, onward: str, template: str, wrong: WrongCredential, **facts: str
) -> BaseResponse:
    if answer.token is None:
        blocked = answer.verdict is Verdict.BLOCKED
        refusal = Blocked(answer.wait_seconds) if blocked else wrong
        return _form(template, refusal=refusal, **facts)
    old = session.session_id()
    if old is not None:
        site_id = _site()
        door().run(service.sign_out, SignOut(site_id, Secret(old)), doorkeeper(site_id))
    response = make_response(redirect(_onward(onward), 303))
    session.keep(response, answer.token.reveal())
    return response


def _form(template: str, *, refusal: Refusal | None = None, **facts: str) -> Response:
    """Render a form of somebody not signed in, with the refusal of the attempt before it."""
    told: Answer | None = errors.answer_to(refusal) if refusal else None
    response = render(
        template,
        error=told,
        next=request.values.get("next", ""),
        site=_site(),
        login=request.form.get("login", "")[:40],
        **facts,
    )
    if told is not None:
        response.status_code = told.status
        if told.retry_after is not None:
            response.headers["Retry-After"] = str(told.retry_after)
    return response


def _onward(otherwise: str) -> str:
    wanted = local_path(request.values.get("next", "") or otherwise)
    return otherwise if wanted.startswith(("/sign-", "/badge")) else wanted


def _site() -> SiteId:
    """Return the site a sign-in is for: `?site=2`, else the first one."""
    given = request.values.get("site", "")
    plain = given.isascii() and given.isdigit() and len(given) < 10
    return SiteId(int(given)) if plain else HOME_SITE
