"""The cookie that names a session: a signed id and nothing else; the session itself is a row."""

from typing import Final

from flask import current_app, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from wms.kernel.ids import new_id

COOKIE: Final = "bh_session"
VISITOR: Final = "bh_visitor"
_NEW: Final = "bondhouse.visitor"


def session_id() -> str | None:
    """Return the session id of this request's cookie when its signature holds, else None."""
    return _read(COOKIE)


def visitor_id() -> str | None:
    """Return the id given to a browser that has not signed in, to bind its forms to it."""
    return _read(VISITOR)


def new_visitor() -> str:
    """Return the id of a new visitor; the answer to this request carries the cookie."""
    made: str = request.environ.setdefault(_NEW, new_id().hex)
    return made


def introduce(response: Response) -> Response:
    """Send the cookie of a visitor made during this request, if there was one."""
    if _NEW in request.environ:
        keep(response, request.environ[_NEW], cookie=VISITOR)
    return response


def keep(response: Response, value: str, *, cookie: str = COOKIE) -> None:
    """Put an id into a cookie that lasts as long as the browser runs; access ends it earlier."""
    response.set_cookie(
        cookie,
        _serializer(cookie).dumps(value),
        httponly=True,
        samesite="Lax",
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        path="/",
    )


def drop(response: Response) -> None:
    """Take the session cookie back, as sign-out does."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="Lax")


def _read(cookie: str) -> str | None:
    signed = request.cookies.get(cookie)
    if not signed:
        return None
    try:
        value = _serializer(cookie).loads(signed)
    except BadSignature:
        return None
    return value if isinstance(value, str) else None


def _serializer(salt: str) -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt=salt)
