"""A small application with views of every kind, to test what guards them."""

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask, Response, jsonify, request
from flask.testing import FlaskClient
from marshmallow import fields
from sqlalchemy.exc import OperationalError

from wms.db.transaction import Doorway, Tx, make_engine
from wms.kernel.actor import Actor
from wms.kernel.errors import Conflict, TooMany, Unauthenticated
from wms.kernel.ids import SiteId, id_from
from wms.web import csrf, install, openapi, session
from wms.web.identity import actor, command, needs, public, signed_in
from wms.web.limits import takes
from wms.web.openapi import ApiBlueprint
from wms.web.schema import Moment, MoneyField, QuantityField, StrictSchema, Text, WholeNumber

CLERK = Actor(id_from("actor", "clerk"), "陈雅琳", "person", SiteId(1), frozenset({"stock.see"}))
MACHINE = Actor(id_from("actor", "erp"), "ERP", "token", SiteId(1), frozenset({"stock.see"}))


@dataclass(frozen=True, slots=True)
class Echo:
    site_id: SiteId
    text: str


def echo(tx: Tx, told: Echo) -> str:
    """Answer with the text and the name of the one who asked."""
    tx.note("echo", told.text)
    return f"{told.text} {tx.now.isoformat()}"


class LineSchema(StrictSchema):
    sku = Text(20, required=True)
    quantity = QuantityField(required=True, above_zero=True)
    price = MoneyField()


class OrderSchema(StrictSchema):
    number = Text(20, required=True)
    at = Moment()
    pieces = WholeNumber(1, 99)
    lines = fields.List(fields.Nested(LineSchema))


class PageSchema(StrictSchema):
    limit = WholeNumber(1, 200, load_default=50)


orders = ApiBlueprint("orders", __name__, url_prefix="/api")


@orders.route("/orders", methods=["POST"])
@needs("stock.see")
@orders.arguments(OrderSchema)
@orders.response(201, OrderSchema)
def take_order(order: dict[str, Any]) -> dict[str, Any]:
    """Take an order."""
    return order


@orders.route("/orders")
@needs("stock.see")
@orders.arguments(PageSchema, location="query")
@orders.response(200, PageSchema)
def list_orders(page: dict[str, Any]) -> dict[str, Any]:
    """List orders."""
    return page


@orders.route("/messages", methods=["POST"])
@needs("stock.see")
@takes("application/xml", megabytes=4)
@orders.response(200)
def take_message() -> dict[str, int]:
    """Take a message as it is."""
    return {"size": len(request.get_data())}


def authenticate(given: Any, _door: Any) -> Actor | None:
    if csrf.bears_token():
        if given.authorization.token != "good":
            raise Unauthenticated("access.sign_in")
        return MACHINE
    return CLERK if session.session_id() == "clerk" else None


def make(url: str = "postgresql+psycopg://n@127.0.0.1:1/n", **config: Any) -> Flask:
    """Return the application; without an address nothing of it touches a database."""
    app = Flask("web_app")
    plain = {
        "SECRET_KEY": "k" * 32,
        "SESSION_COOKIE_SECURE": False,
        "PUBLIC_URL": "http://localhost",
    }
    app.config.update(plain | config)
    engine = make_engine(url)
    app.extensions["engine"] = engine
    install.install(app, Doorway(engine), authenticate, unavailable=(OperationalError,))
    api = openapi.api(app)
    api.register_blueprint(orders)
    views: dict[str, Any] = {
        "/open": public(lambda: "open"),
        "/mine": signed_in(lambda: actor().name),
        "/seen": needs("stock.see")(lambda: "seen"),
        "/secret": needs("audit.sign")(lambda: "secret"),
        "/unmarked": lambda: "unmarked",
        "/fault": public(_fault),
        "/outage": public(_outage),
        "/conflict": public(_conflict),
        "/too-many": public(_too_many),
        "/sign-in": public(_sign_in),
        "/sign-out": public(_sign_out),
        "/numbered/<int:number>": public(lambda number: f"{number}"),
        "/echo": needs("stock.see")(_echo),
    }
    for path, view in views.items():
        app.add_url_rule(path, path.strip("/"), view, methods=["GET", "POST"])
    return app


def _fault() -> Response:
    raise RuntimeError("password=hunter2")


def _outage() -> Response:
    raise OperationalError("SELECT", {}, Exception("gone"))


def _conflict() -> Response:
    raise Conflict("doorway.key_reused", read="abc")


def _too_many() -> Response:
    raise TooMany("web.timeout", seconds=17)


def _sign_in() -> Response:
    response = jsonify(ok=True)
    session.keep(response, "clerk")
    return response


def _sign_out() -> Response:
    response = jsonify(ok=True)
    session.drop(response)
    return response


def _echo() -> Response:
    return jsonify(said=command(echo, Echo(SiteId(1), request.args.get("text", "x"))))


def token(client: FlaskClient) -> str:
    """Return the form token of this client's session or visit."""
    told: str = client.get("/csrf").get_json()["token"]
    return told


def sign_in(client: FlaskClient) -> None:
    """Sign the client in as the clerk, as the sign-in form does."""
    answer = client.post("/sign-in", headers={"X-CSRF": token(client)})
    assert answer.status_code == 200


@pytest.fixture
def client() -> FlaskClient:
    """A browser that has not signed in."""
    return make().test_client()


@pytest.fixture
def clerk(client: FlaskClient) -> FlaskClient:
    """A browser in which the clerk is signed in."""
    sign_in(client)
    return client
