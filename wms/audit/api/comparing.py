"""Book, floor and customs side by side over HTTP, and the signatures under it."""

from dataclasses import replace
from typing import Any

from wms.audit import queries, service
from wms.audit.schemas import comparing as schemas
from wms.audit.terms import SignReconciliation
from wms.web.identity import actor, command, door, needs
from wms.web.openapi import ApiBlueprint

blueprint = ApiBlueprint("audit", __name__, url_prefix="/api", description="核对 · reconciliation")


@blueprint.route("/reconciliation")
@needs("audit.see")
@blueprint.arguments(schemas.ReconciliationFilterSchema, location="query")
@blueprint.response(200, schemas.ReconciliationSchema)
def show_reconciliation(query: dict[str, str | None]) -> Any:
    """Compare book, floor and customs of every line at one moment."""
    with door().read(actor(), snapshot=True) as tx:
        found = queries.reconcile(tx, query["book_no"])
        return replace(found, lines=queries.with_partings(tx, found.lines))


@blueprint.route("/reconciliation/signatures")
@needs("audit.see")
@blueprint.response(200, schemas.SignaturesSchema)
def list_signatures() -> Any:
    """List the newest 50 signatures."""
    with door().read(actor()) as tx:
        return {"signatures": queries.signatures(tx)}


@blueprint.route("/reconciliation/signatures", methods=["POST"])
@needs("audit.sign")
@blueprint.arguments(schemas.SignSchema)
@blueprint.response(201, schemas.SignatureSchema)
def sign(body: dict[str, str]) -> Any:
    """Sign what book, floor and customs say now, agreeing or not."""
    asked = SignReconciliation(actor().site_id, body["note"], body["digest"])
    return command(service.sign, asked)
