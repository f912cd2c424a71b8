"""The web's own views: switching language and theme, and a fresh form token for scan pages."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, jsonify, make_response, redirect, request
from werkzeug.exceptions import NotFound

from wms.web import csrf, identity, messages
from wms.web.identity import public
from wms.web.layout import THEME_COOKIE, THEMES

blueprint = Blueprint("web_pages", __name__, template_folder="templates")

_YEAR = 31_536_000


@blueprint.get("/language/<value>")
@public
def language(value: str) -> Response:
    """Remember the language of this browser and go back."""
    return _switch(messages.COOKIE, value, messages.LANGUAGES)


@blueprint.get("/theme/<value>")
@public
def theme(value: str) -> Response:
    """Remember the theme of this browser and go back."""
    return _switch(THEME_COOKIE, value, THEMES)


@blueprint.get("/csrf")
@public
def token() -> Response:
    """Tell our own scripts the form token and who is signed in; other sites cannot read it."""
    who = identity.visitor()
    return jsonify(token=csrf.token(), who=str(who.actor_id) if who else None)


def _switch(cookie: str, value: str, allowed: tuple[str, ...]) -> Response:
    if value not in allowed:
        raise NotFound
    response = make_response(redirect(local_path(request.args.get("back", "/")), 303))
    response.set_cookie(cookie, value, max_age=_YEAR, httponly=True, samesite="Lax", path="/")
    return response


def local_path(wanted: str) -> str:
    """Return the path when it stays on this site, else the start page."""
    parts = urlsplit(wanted)
    stays = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if stays and not parts.scheme and not parts.netloc else "/"
