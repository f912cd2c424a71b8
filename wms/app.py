"""create_app: the wiring, the web room, and every room's blueprints, named one by one."""

from pathlib import Path
from typing import Any, Final

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, Response, current_app, jsonify
from sqlalchemy import text
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix

from wms.access import api as access_api
from wms.access import pages as access_pages
from wms.access.authenticate import authenticate
from wms.audit.api import approving as approving_api
from wms.audit.api import comparing as audit_api
from wms.audit.api import tasks as audit_tasks_api
from wms.audit.pages import approving as audit_approving
from wms.audit.pages import board as audit_board
from wms.audit.pages import drilling as audit_drilling
from wms.audit.pages import find as audit_find
from wms.audit.pages import reconciling as audit_reconciling
from wms.audit.pages import stating as audit_stating
from wms.audit.pages import tasks as audit_tasks
from wms.clearance import api as clearance_api
from wms.clearance import pages as clearance_pages
from wms.customs import api as customs_api
from wms.customs import pages as customs_pages
from wms.gate import api as gate_api
from wms.gate import pages as gate_pages
from wms.inbound import api as inbound_api
from wms.inbound import pages as inbound_pages
from wms.inbound import scan as inbound_scan
from wms.kernel.ids import SiteId
from wms.ledger import api as ledger_api
from wms.ledger import pages as ledger_pages
from wms.masterdata import api as masterdata_api
from wms.masterdata import pages as masterdata_pages
from wms.outbound import api as outbound_api
from wms.outbound import pages as outbound_pages
from wms.outbound import scan as outbound_scan
from wms.printing import api as printing_api
from wms.printing import pages as printing_pages
from wms.scans import pages as scans_pages
from wms.scans.tasks import ScanTask
from wms.seals import api as seals_api
from wms.seals import pages as seals_pages
from wms.settings import Settings
from wms.stock import api as stock_api
from wms.stock import pages as stock_pages
from wms.stock import scan as stock_scan
from wms.stock.pages import counting as stock_counting
from wms.web import install, openapi
from wms.web.identity import public
from wms.web.layout import Entry, Group
from wms.wiring import Wiring, wire

PAGES: Final = (
    access_pages,
    ledger_pages,
    masterdata_pages,
    customs_pages,
    printing_pages,
    clearance_pages,
    seals_pages,
    stock_pages,
    stock_counting,
    gate_pages,
    inbound_pages,
    outbound_pages,
    audit_board,
    audit_find,
    audit_reconciling,
    audit_drilling,
    audit_tasks,
    audit_stating,
    audit_approving,
)
"""Every room's pages, in the order of the ranks."""

APIS: Final = (
    access_api,
    ledger_api,
    masterdata_api,
    printing_api,
    customs_api,
    clearance_api,
    seals_api,
    stock_api,
    gate_api,
    inbound_api,
    outbound_api,
    audit_api,
    audit_tasks_api,
    approving_api,
)
"""Every room's part of the REST API, in the order of the ranks."""

TASKS: Final[tuple[ScanTask, ...]] = (
    *inbound_scan.TASKS,
    *stock_scan.TASKS,
    *outbound_scan.TASKS,
)
"""What can be done with a scanner, in the order of the task list: each room's `scan.TASKS`."""

MIGRATIONS: Final = Path(__file__).resolve().parents[1] / "migrations"

NAVIGATION: Final = (
    Group(None, (Entry("audit.board.title", "board_pages.today", "today", "board.see", "t"),)),
    Group(
        "app.nav.documents",
        (
            Entry(
                "clearance.documents.title",
                "clearance_pages.list_documents",
                "list",
                "clearance.see",
                "d",
            ),
            Entry("gate.page.sheets", "gate_pages.list_sheets", "sheet", "gate.see"),
            Entry(
                "customs.page.letters.title", "customs_pages.list_letters", "outbox", "customs.see"
            ),
        ),
    ),
    Group(
        "app.nav.books",
        (
            Entry("ledger.books.title", "ledger_pages.list_books", "book", "ledger.see", "b"),
            Entry("ledger.seal.title", "ledger_pages.show_seal", "chain", "ledger.see", "l"),
            Entry("audit.title", "reconcile_pages.show", "reconcile", "audit.see", "r"),
            Entry("audit.tasks.title", "audit_task_pages.list_tasks", "note", "audit.see"),
            Entry(
                "audit.approvals.title",
                "approval_pages.list_proposals",
                "approve",
                "ledger.propose",
                "a",
            ),
        ),
    ),
    Group(
        "app.nav.floor",
        (
            Entry("gate.page.live", "gate_pages.live", "gate", "gate.see", "k"),
            Entry("seals.page.title", "seals_pages.list_seals", "seal", "seals.see"),
            Entry(
                "inbound.page.arrivals",
                "inbound_pages.list_arrivals",
                "inbound",
                "inbound.see",
                "i",
            ),
            Entry("stock.page.places", "stock_pages.list_places", "place", "stock.see", "s"),
            Entry("stock.page.goods", "stock_pages.list_goods", "pallet", "stock.see"),
            Entry("stock.counts.title", "stock_count_pages.list_counts", "count", "stock.see"),
            Entry("outbound.parcels.title", "outbound_pages.list_parcels", "box", "outbound.see"),
            Entry("outbound.loads.title", "outbound_pages.list_loads", "truck", "outbound.see"),
        ),
    ),
    Group(
        "app.nav.more",
        (
            Entry("masterdata.page.goods", "masterdata_pages.list_goods", "lot", "masterdata.see"),
            Entry(
                "masterdata.page.places", "masterdata_pages.list_places", "place", "masterdata.see"
            ),
            Entry("printing.title", "printing_pages.list_prints", "print", "printing.see"),
            Entry("access.page.people", "access_pages.people", "person", "access.manage", "p"),
        ),
    ),
)
"""The rail of desk pages, by group; what a person may not see is left out."""

_OUTBOX_LATE: Final = "60 seconds"


def create_app(settings: Settings, wiring: Wiring | None = None) -> Flask:
    """Return the WSGI application of these settings; opens no connection yet."""
    wiring = wiring or wire(settings)
    app = Flask("wms", static_folder=None, template_folder="web/templates")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_SECURE=settings.public_url.startswith("https://"),
        PUBLIC_URL=settings.public_url,
        SEAL_KEY_FILE=settings.seal_key_file,
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies
        )
    app.extensions["wiring"] = wiring
    install.install(
        app,
        wiring.doorway,
        authenticate,
        navigation=NAVIGATION,
        unavailable=(OperationalError, InterfaceError),
    )
    _register_pages(app)
    _register_api(app)
    app.add_url_rule("/health", view_func=health)
    return app


def _register_pages(app: Flask) -> None:
    """Register every room's pages and scans."""
    for room in PAGES:
        app.register_blueprint(room.blueprint)
    app.register_blueprint(scans_pages.blueprint(TASKS))


def _register_api(app: Flask) -> None:
    """Register every room's part of the REST API."""
    api = openapi.api(app)
    for room in APIS:
        api.register_blueprint(room.blueprint)


def api_document() -> dict[str, Any]:
    """Return the OpenAPI document; needs no environment and opens no connection."""
    nowhere = Settings(
        database_url="postgresql+psycopg://nobody@localhost/none",
        mqtt_url="mqtt://localhost",
        secret_key="none",  # noqa: S106 - signs nothing
        exchange_root=Path(),
        port=8080,
        demo=False,
        public_url="http://localhost:8080",
    )
    return openapi.document(create_app(nowhere))


@public
def health() -> tuple[Response, int]:
    """Answer 200 when this application is ready, else 503 and what is missing."""
    missing = what_is_missing(current_app.extensions["wiring"])
    return jsonify(ready=not missing, missing=missing), 503 if missing else 200


def what_is_missing(wiring: Wiring) -> list[str]:
    """Name what keeps this application from work: database, migrations, or a worker that drains."""
    try:
        with wiring.doorway.engine_for(SiteId(0)).connect() as connection:
            at = set(MigrationContext.configure(connection).get_current_heads())
            if at != _heads(at):
                return ["migrations"]
            late = connection.scalar(
                text(
                    "SELECT EXISTS (SELECT FROM outbox WHERE channel = 'worker' AND done_at IS NULL"
                    " AND attempts = 0 AND due_at < now() - CAST(:late AS interval))"
                ),
                {"late": _OUTBOX_LATE},
            )
    except SQLAlchemyError:
        return ["database"]
    return ["worker"] if late else []


def _heads(at: set[str]) -> set[str]:
    """Return the newest revisions; where the scripts are not installed, what is there is right."""
    if not MIGRATIONS.is_dir():
        return at
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return set(ScriptDirectory.from_config(config).get_heads())
