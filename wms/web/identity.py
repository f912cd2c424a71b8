"""Who asks: the actor and the doorway of this request, and which permission a view needs."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, Final, Protocol, TypeVar, cast

from flask import Flask, Request, current_app, g, request

from wms.kernel.actor import Actor
from wms.kernel.clock import Clock
from wms.kernel.errors import Forbidden, Invalid, Refusal, Unauthenticated
from wms.web import csrf, session
from wms.web.text import hostile

F = TypeVar("F", bound=Callable[..., Any])
C = TypeVar("C")
R = TypeVar("R")

_KEY: Final = re.compile(r"[A-Za-z0-9._:-]{1,64}")
_PUBLIC: Final = "public"
_SIGNED_IN: Final = "signed_in"
_NOBODY: Final = object()


class Door(Protocol):
    """The doorway as the web needs it: readings, commands, a sign of life, the time."""

    clock: Clock

    def read(self, actor: Actor, *, snapshot: bool = False) -> AbstractContextManager[Any]: ...

    def run(
        self,
        handler: Callable[[Any, Any], R],
        command: Any,
        actor: Actor,
        *,
        key: str | None = None,
    ) -> R: ...


Authenticate = Callable[[Request, Any], Actor | None]
"""Says who a request comes from; None for nobody, Unauthenticated for a bad credential."""


def install(app: Flask, doorway: Door, authenticate: Authenticate) -> None:
    """Guard every view of the application: known text, a permission that is held, our own forms.

    A view that is marked by none of `needs`, `signed_in` and `public` is shut for everybody.
    """
    app.extensions["wms_door"] = doorway
    app.extensions["wms_authenticate"] = authenticate
    app.before_request(_guard)
    app.after_request(session.introduce)


def needs(permission: str) -> Callable[[F], F]:
    """Mark a view with the permission it needs; the guard asks before the view is called."""

    def mark(view: F) -> F:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def public(view: F) -> F:
    """Mark a view that anybody may call, signed in or not."""
    return needs(_PUBLIC)(view)


def signed_in(view: F) -> F:
    """Mark a view for everybody who is signed in, whatever they may do: their own account."""
    return needs(_SIGNED_IN)(view)


def permission_of(app: Flask, endpoint: str, method: str) -> str | None:
    """Return the mark of a view ("public", "signed_in" or a permission), or None without one."""
    view = app.view_functions[endpoint]
    methods = getattr(view, "view_class", None)
    if methods is not None:
        wanted = "get" if method == "HEAD" else method.lower()
        view = getattr(methods, wanted, view)
    mark: str | None = getattr(view, "permission", None)
    return mark


def door() -> Door:
    """Return the doorway of this application."""
    return cast("Door", current_app.extensions["wms_door"])


def visitor() -> Actor | None:
    """Return who asks, or None when nobody is signed in or the credential does not hold."""
    try:
        return _resolve()
    except Refusal:
        return None


def actor() -> Actor:
    """Return who asks; raise Unauthenticated `access.sign_in` when nobody is signed in."""
    known = _resolve()
    if known is None:
        raise Unauthenticated("access.sign_in")
    return known


def known_language() -> str | None:
    """Return the language of whoever was recognised so far, without asking who it is."""
    known = g.get("wms_actor", None)
    return known.language if isinstance(known, Actor) else None


def command(handler: Callable[[Any, C], R], cmd: C, *, part: str = "") -> R:
    """Run one command for whoever asks and return its answer.

    The header `Idempotency-Key` (in forms the field `key`) makes a repetition harmless; keys of
    different people and commands never meet. `part` tells several commands of one request apart.
    Raises Invalid `web.key_malformed` for a key that is not 1 to 64 of `A-Z a-z 0-9 . _ : -`.
    """
    who = actor()
    given = request.headers.get("Idempotency-Key") or request.form.get("key")
    key = None
    if given:
        if not _KEY.fullmatch(given):
            raise Invalid("web.key_malformed", read=given[:64])
        name = f"{handler.__module__.removeprefix('wms.')}.{getattr(handler, '__name__', '')}"
        key = f"{who.actor_id.hex}:{name[-50:]}:{given}:{part[:40]}"
    return door().run(handler, cmd, who, key=key)


def _resolve() -> Actor | None:
    known = g.get("wms_actor", None)
    if known is None:
        g.wms_actor = _NOBODY  # a failing credential is asked once; error pages go without
        found = current_app.extensions["wms_authenticate"](request, door())
        known = g.wms_actor = found or _NOBODY
    return known if isinstance(known, Actor) else None


def _guard() -> None:
    _refuse_hostile_text()
    if request.endpoint is None:
        return
    permission = permission_of(current_app, request.endpoint, request.method)
    if permission != _PUBLIC and request.method != "OPTIONS":
        who = actor()
        if permission != _SIGNED_IN and (permission is None or not who.may(permission)):
            raise Forbidden("access.forbidden", needed=permission or request.endpoint)
    csrf.check()


def _refuse_hostile_text() -> None:
    texts = [request.path, *request.args, *(v for vs in request.args.listvalues() for v in vs)]
    if request.mimetype in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        texts += [*request.form, *(v for vs in request.form.listvalues() for v in vs)]
    for text in texts:
        found = hostile(text, allow="\t\r\n")
        if found:
            raise Invalid("web.hostile_text", read=found)
