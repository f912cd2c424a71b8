"""The REST API's own description: one OpenAPI 3.1 document, and our page that shows it."""

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import Any, ClassVar, Final, TypeVar, cast

from flask import Blueprint, Flask, Request, Response, current_app, jsonify
from flask_smorest import Api
from flask_smorest import Blueprint as SmorestBlueprint
from flask_smorest.arguments import FlaskParser
from flask_smorest.spec import MarshmallowPlugin
from marshmallow import RAISE, Schema, fields

from wms.web import identity, layout
from wms.web.identity import public
from wms.web.schema import Moment, MoneyField, QuantityField, WholeNumber

blueprint = Blueprint("openapi", __name__)

F = TypeVar("F", bound=Callable[..., Any])

VERSION: Final = "1"
_DEEPEST: Final = 2
UNSAFE: Final = frozenset({"post", "put", "patch", "delete"})


class FieldError(Schema):
    """What is wrong with one member of the request."""

    field = fields.String(required=True, metadata={"example": "lines.0.quantity"})
    code = fields.String(required=True, metadata={"example": "quantity.malformed"})
    message = fields.String(required=True)


class Error(Schema):
    """Every error: a stable code, its sentence in the caller's language, the facts behind it."""

    code = fields.String(required=True, metadata={"example": "stock.place_unknown"})
    message = fields.String(required=True)
    facts = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    fields_ = fields.List(fields.Nested(FieldError), data_key="fields", attribute="fields")


class Reader(FlaskParser):  # type: ignore[misc]
    """Reads requests by our JSON, and refuses what it does not know in addresses too."""

    DEFAULT_UNKNOWN_BY_LOCATION: ClassVar[dict[str, str | None]] = {
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": RAISE,
    }

    def _raw_load_json(self, req: Request) -> Any:
        return current_app.json.loads(req.get_data(cache=True))


class ApiBlueprint(SmorestBlueprint):  # type: ignore[misc]
    """flask-smorest's Blueprint with types: what a room's api.py declares its views on."""

    ARGUMENTS_PARSER = Reader()

    def route(self, rule: str, **options: Any) -> Callable[[F], F]:
        """Bind a view function or a MethodView to an address under /api."""
        made: Callable[[F], F] = super().route(rule, **options)
        return made

    def arguments(self, schema: Any, **options: Any) -> Callable[[F], F]:
        """Read the body (or `location="query"`) by a schema; the view gets it as an argument.

        Numbers in an address are text; in a body they are not.
        """
        schema = schema() if isinstance(schema, type) else schema
        if options.get("location") == "query":
            for field in schema.fields.values():
                if isinstance(field, WholeNumber):
                    field.from_text = True
        made: Callable[[F], F] = super().arguments(schema, **options)
        return made

    def response(self, status_code: int, schema: Any = None, **options: Any) -> Callable[[F], F]:
        """Write what the view returns by a schema, with this status.

        Queries return tuples; smorest would read a tuple as (body, status, headers).
        """
        made: Callable[[F], F] = super().response(status_code, schema, **options)
        if not getattr(schema, "many", False):
            return made

        def listing(view: F) -> F:
            @wraps(view)
            def listed(*args: Any, **kwargs: Any) -> Any:
                return list(view(*args, **kwargs))

            return made(cast("F", listed))

        return listing

    def doc(self, **options: Any) -> Callable[[F], F]:
        """Add to the operation in the document what no schema says."""
        made: Callable[[F], F] = super().doc(**options)
        return made


class OurApi(Api):  # type: ignore[misc]
    """flask-smorest with our error form and our own page in place of a third party's."""

    ERROR_SCHEMA = Error

    def _register_error_handlers(self) -> None:
        """Leave every error to wms.web.errors."""


def api(app: Flask) -> Api:
    """Return the API of this application; rooms register their blueprints with it."""
    app.config.update(
        API_TITLE="Bondhouse",
        API_VERSION=VERSION,
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX=None,
    )
    names = MarshmallowPlugin(schema_name_resolver=_schema_name)
    about = {"info": {"description": _ABOUT}, "marshmallow_plugin": names}
    made = OurApi(app, spec_kwargs=about)
    made.register_field(QuantityField, "string", "decimal")
    made.register_field(MoneyField, "string", "decimal")
    made.register_field(Moment, "string", "date-time")
    schemes = made.spec.components
    schemes.security_scheme("bearer", {"type": "http", "scheme": "bearer"})
    schemes.security_scheme(
        "session",
        {
            "type": "apiKey",
            "in": "cookie",
            "name": "bh_session",
            "description": "Changes also need the header X-CSRF with the token of GET /csrf.",
        },
    )
    app.extensions["wms_api"] = made
    app.register_blueprint(blueprint)
    return made


def _schema_name(schema: Any) -> str:
    """Name a schema by its room and class, so that two rooms may both have a LineSchema."""
    kind = schema if isinstance(schema, type) else type(schema)
    parts = kind.__module__.split(".")
    room = parts[1].capitalize() if parts[0] == "wms" and parts[1] != "web" else ""
    name: str = kind.__name__.removesuffix("Schema")
    return name if name.startswith(room) else room + name


def document(app: Flask) -> dict[str, Any]:
    """Return the OpenAPI document, with the permission each operation needs and its security."""
    spec: dict[str, Any] = app.extensions["wms_api"].spec.to_dict()
    spec["security"] = [{"bearer": []}, {"session": []}]
    marks = dict(_marks(app))
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            if method not in {"get", *UNSAFE}:
                continue
            mark = marks.get((path, method))
            if mark == "public":
                operation["security"] = []
            else:
                operation["x-permission"] = mark
            if method in UNSAFE:
                operation.setdefault("parameters", []).append(_KEY_PARAMETER)
    return spec


@blueprint.get("/api/openapi.json")
@public
def openapi_json() -> Response:
    """Send the document."""
    return jsonify(document(current_app))


@blueprint.get("/api/docs")
@public
def docs() -> Response:
    """Show the document as a page of ours, rendered on the server."""
    spec = document(current_app)
    return layout.render("api_docs.html", spec=spec, groups=_by_tag(spec))


def resolve(spec: Mapping[str, Any], node: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow a `$ref` inside the document."""
    while "$ref" in node:
        found: Any = spec
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


def _by_tag(spec: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            if method in {"get", *UNSAFE}:
                tag = (operation.get("tags") or ["api"])[0]
                body = operation.get("requestBody", {}).get("content", {})
                params = (*methods.get("parameters", ()), *operation.get("parameters", ()))
                shown = {
                    **operation,
                    "path": path,
                    "method": method,
                    "params": [resolve(spec, param) for param in params],
                    "bodies": [(kind, _members(spec, told)) for kind, told in body.items()],
                    "answers": [
                        (status, (found := resolve(spec, told)), _answer_members(spec, found))
                        for status, told in operation.get("responses", {}).items()
                    ],
                }
                groups.setdefault(tag, []).append(shown)
    return groups


def _members(
    spec: Mapping[str, Any], content: Mapping[str, Any], above: str = ""
) -> list[dict[str, Any]]:
    """List the members of a body, those of its lists and objects behind a point."""
    schema = resolve(spec, content.get("schema", {}))
    schema = resolve(spec, schema.get("items", schema))
    needed = set(schema.get("required", ()))
    found = []
    for name, told in schema.get("properties", {}).items():
        inner = resolve(spec, told)
        found.append({**inner, "name": above + name, "needed": name in needed})
        if above.count(".") < _DEEPEST:
            found += _members(spec, {"schema": inner}, f"{above}{name}.")
    return found


def _answer_members(spec: Mapping[str, Any], answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    return _members(spec, answer.get("content", {}).get("application/json", {}))


def _marks(app: Flask) -> Iterator[tuple[tuple[str, str], str | None]]:
    for rule in app.url_map.iter_rules():
        path = "".join(f"{{{part}}}" if var else part for var, part in _parts(rule.rule))
        for method in rule.methods or ():
            mark = identity.permission_of(app, rule.endpoint, method)
            yield (path, method.lower()), mark


def _parts(rule: str) -> Iterator[tuple[bool, str]]:
    while "<" in rule:
        before, _, rest = rule.partition("<")
        name, _, rule = rest.partition(">")
        yield False, before
        yield True, name.rpartition(":")[2]
    yield False, rule


_KEY_PARAMETER: Final = {
    "in": "header",
    "name": "Idempotency-Key",
    "required": False,
    "description": "The same key with the same content gets the first answer again.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9._:-]{1,64}$"},
}

_ABOUT: Final = (
    "Operations of a bonded warehouse. Quantities and amounts are strings with at most five "
    "decimals. Times are ISO 8601. Errors carry a stable code and a sentence in the language of "
    "Accept-Language (zh, en)."
)
