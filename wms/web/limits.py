"""What may come in and what goes out with every answer: sizes, media types, security headers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType
from werkzeug.routing import IntegerConverter, Map

from wms.web import session
from wms.web.csrf import SAFE

F = TypeVar("F", bound=Callable[..., Any])

MEGABYTE: Final = 1024 * 1024
DEFAULT_SIZE: Final = 2 * MEGABYTE
_FORMS: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_JSON: Final = frozenset({"application/json"})

POLICY: Final = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=()",
}


@dataclass(frozen=True, slots=True)
class Body:
    """What a view accepts as the body of a request."""

    media_types: frozenset[str]
    size: int


class SmallInteger(IntegerConverter):
    """`<int:…>` in an address: no number that a database integer could not hold."""

    def __init__(self, url_map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(url_map, *args, **{"max": 2**31 - 1, **kwargs})


def takes(*media_types: str, megabytes: int = 2) -> Callable[[F], F]:
    """Mark a view that accepts other media types, or bodies larger than 2 MB."""

    def mark(view: F) -> F:
        view.body = Body(frozenset(media_types), megabytes * MEGABYTE)  # type: ignore[attr-defined]
        return view

    return mark


def install(app: Flask) -> None:
    """Hold every request to its size and media type, and send the security headers with all.

    Must come before the first view is added.
    """
    app.url_map.converters["int"] = SmallInteger
    app.config["MAX_CONTENT_LENGTH"] = DEFAULT_SIZE
    app.before_request(_check_body)
    app.after_request(_add_headers)


def _check_body() -> None:
    if request.endpoint is None or request.method in SAFE:
        return
    view: Any = current_app.view_functions[request.endpoint]
    methods = getattr(view, "view_class", None)
    body: Body | None = getattr(
        getattr(methods, request.method.lower(), view) if methods else view, "body", None
    )
    if body is None:
        api = request.path.startswith("/api/")
        body = Body(_JSON if api else _FORMS | _JSON, DEFAULT_SIZE)
    request.max_content_length = body.size + 1
    length = request.content_length
    if length is None and "Transfer-Encoding" in request.headers:
        length = len(request.get_data())  # werkzeug cuts a body of unknown length without a word
    if length is not None and length > body.size:
        raise RequestEntityTooLarge
    has_body = bool(length)
    if has_body and request.mimetype not in body.media_types:
        raise UnsupportedMediaType


def _add_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if session.COOKIE in request.cookies or "Set-Cookie" in response.headers:
        response.headers.setdefault("Cache-Control", "private, no-store")
    response.headers.setdefault("Cache-Control", "no-cache")
    if "immutable" not in response.headers["Cache-Control"]:
        response.vary.update(("Cookie", "Accept-Language"))
    return response
