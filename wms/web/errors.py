"""What a refusal becomes on the wire: one status a kind; JSON for programs, a page for people."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import (
    Flask,
    Response,
    jsonify,
    make_response,
    redirect,
    render_template,
    request,
)
from werkzeug.exceptions import HTTPException

from wms.kernel.errors import Refusal, Unavailable
from wms.kernel.ids import new_id
from wms.web import layout
from wms.web.messages import catalogue, t

log = logging.getLogger(__name__)

STATUS: Final[Mapping[str, int]] = {
    "invalid": 422,
    "unknown": 404,
    "conflict": 409,
    "refused": 409,
    "forbidden": 403,
    "unauthenticated": 401,
    "too_many": 429,
    "unavailable": 503,
}
"""The one table from kinds of refusals to HTTP."""

SEPARATOR: Final = "\x1f"
"""Between the code and the facts of a field's error, inside marshmallow's one string."""

_HTTP: Final = {
    400: "web.bad_request",
    404: "web.not_found",
    405: "web.method_not_allowed",
    406: "web.not_acceptable",
    408: "web.timeout",
    411: "web.length_required",
    413: "web.too_large",
    414: "web.address_too_long",
    415: "web.wrong_media_type",
    422: "web.fields",
}


_LOOKS: Final = {
    401: ("held", "lock"),
    403: ("held", "lock"),
    404: ("unknown", "unknown"),
    429: ("waiting", "waiting"),
    503: ("waiting", "waiting"),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What is told about an error, whatever the form."""

    status: int
    code: str
    message: str
    facts: Mapping[str, str]
    fields: tuple[Mapping[str, str], ...] = ()
    retry_after: int | None = None

    @property
    def title(self) -> str:
        """The heading of the page, one a status."""
        key = f"web.error.title_{self.status}"
        return t(key if key in catalogue() else "web.error.title_400")

    @property
    def look(self) -> tuple[str, str]:
        """State and icon of the page."""
        return _LOOKS.get(self.status, ("refused", "refused"))


def install(app: Flask, *, unavailable: tuple[type[Exception], ...] = ()) -> None:
    """Answer every error in our form; `unavailable` names those that mean "later" (503)."""
    app.register_error_handler(Refusal, lambda error: respond(answer_to(error)))
    app.register_error_handler(HTTPException, _from_http)
    for kind in unavailable:
        app.register_error_handler(kind, _from_outage)
    app.register_error_handler(Exception, _from_fault)


def answer_to(refusal: Refusal) -> Answer:
    """Return status, code and sentence of a refusal."""
    status = STATUS[refusal.kind]
    later = {503: 2, 429: 60}.get(status)
    if status == 429 and refusal.facts.get("seconds", "").isdigit():
        later = int(refusal.facts["seconds"])
    return Answer(
        status, refusal.code, t(refusal.code, **refusal.facts), refusal.facts, retry_after=later
    )


def wants_json() -> bool:
    """Tell whether the answer is for a program: the API, a scan, or whoever accepts JSON only."""
    if request.path.startswith("/api/") and request.path != "/api/docs":
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def respond(answer: Answer) -> Response:
    """Return the answer as JSON or as a page in the language of whoever asks."""
    if wants_json():
        body: dict[str, Any] = {
            "code": answer.code,
            "message": answer.message,
            "facts": dict(answer.facts),
        }
        if answer.fields:
            body["fields"] = [dict(field) for field in answer.fields]
        response = jsonify(body)
    elif answer.status == 401 and request.method == "GET" and layout.sign_in_url():
        return make_response(
            redirect(layout.sign_in_url(request.full_path.rstrip("?")) or "/", 303)
        )
    else:
        response = make_response(render_template("error.html", error=answer))
    response.status_code = answer.status
    if answer.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="bondhouse"'
    if answer.retry_after is not None:
        response.headers["Retry-After"] = str(answer.retry_after)
    return response


def _from_http(error: HTTPException) -> Response:
    if error.response is not None or (error.code or 500) < 400:
        return make_response(error.get_response())
    status = error.code or 500
    if status >= 500:
        return _from_fault(error)
    code = _HTTP.get(status, "web.bad_request")
    messages = (getattr(error, "data", None) or {}).get("messages")
    fields = tuple(field_errors(messages)) if status == 422 and messages else ()
    facts = {"read": request.path[:100], "count": str(len(fields))}
    response = respond(Answer(status, code, t(code, **facts), facts, fields))
    allow = getattr(error, "valid_methods", None)
    if allow:
        response.headers["Allow"] = ", ".join(allow)
    return response


def _from_outage(error: Exception) -> Response:
    log.warning("unavailable: %s", error)
    return respond(answer_to(Unavailable("web.unavailable")))


def _from_fault(error: Exception) -> Response:
    reference = new_id().hex[-12:]
    log.error("fault %s at %s %s", reference, request.method, request.path, exc_info=error)
    facts = {"reference": reference}
    return respond(Answer(500, "web.fault", t("web.fault", **facts), facts))


def field_errors(messages: Any, path: str = "") -> list[dict[str, str]]:
    """Flatten marshmallow's nested messages into one entry a field: path, code, sentence."""
    if isinstance(messages, Mapping):
        found = []
        for name, inner in messages.items():
            step = "" if name == "_schema" else str(name)
            found += field_errors(inner, ".".join(part for part in (path, step) if part))
        return found
    return [_field_error(path, str(message)) for message in messages]


def coded(code: str, /, **facts: object) -> str:
    """Return a code with its facts as the one string a field's error may be."""
    told = (f"{name}={str(value).replace(SEPARATOR, ' ')}" for name, value in facts.items())
    return SEPARATOR.join((code, *told))


def _field_error(path: str, message: str) -> dict[str, str]:
    code, *told = message.split(SEPARATOR)
    if code not in catalogue():
        log.warning("field error without a code: %s", message)
        code, told = "field.invalid", []
    facts = dict(fact.partition("=")[::2] for fact in told)
    return {"field": path.removeprefix("json."), "code": code, "message": t(code, **facts)}
