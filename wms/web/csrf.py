"""Whether a change came from our own pages: a token bound to the session, and its origin."""

import hashlib
import hmac
from typing import Final
from urllib.parse import urlsplit

from flask import current_app, request

from wms.kernel.errors import Forbidden
from wms.web import session

HEADER: Final = "X-CSRF"
FIELD: Final = "csrf"
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def token_for(holder: str) -> str:
    """Return the token of one session or visitor id; worthless with any other."""
    key = str(current_app.secret_key).encode()
    return hmac.new(key, b"csrf\0" + holder.encode(), hashlib.sha256).hexdigest()


def token() -> str:
    """Return the token for this browser's forms; a browser without a session becomes a visitor."""
    return token_for(session.session_id() or session.visitor_id() or session.new_visitor())


def check() -> None:
    """Refuse an unsafe request that carries a cookie's rights but not our token.

    Raises Forbidden `web.foreign_origin` when the browser says the request was made by another
    site, `web.csrf` when the token is missing or belongs to another session.
    """
    if request.method in SAFE or bears_token():
        return
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if (site and site not in {"same-origin", "none"}) or (origin and not _ours(origin)):
        raise Forbidden("web.foreign_origin", read=(origin or site or "")[:100])
    given = request.headers.get(HEADER) or request.form.get(FIELD, "")
    if not hmac.compare_digest(given.encode(), token().encode()):
        raise Forbidden("web.csrf")


def bears_token() -> bool:
    """Tell whether the request proves itself by `Authorization: Bearer`, which no form can send."""
    return request.authorization is not None and request.authorization.type == "bearer"


def _ours(origin: str) -> bool:
    host = urlsplit(origin).netloc
    return host in {request.host, urlsplit(current_app.config["PUBLIC_URL"]).netloc}
