"""Prints over HTTP: what was printed, and printing it again with a reason."""

from typing import Any
from uuid import UUID

from wms.printing import queries, schemas, service
from wms.web.identity import actor, command, door, needs
from wms.web.openapi import ApiBlueprint

blueprint = ApiBlueprint("printing", __name__, url_prefix="/api", description="打印 · prints")


@blueprint.route("/prints")
@needs("printing.see")
@blueprint.arguments(schemas.PrintFilterSchema, location="query")
@blueprint.response(200, schemas.PrintsSchema)
def list_prints(query: dict[str, str]) -> Any:
    """List the newest 200 prints, of one document or of all."""
    with door().read(actor()) as tx:
        return {"prints": queries.jobs(tx, document_no=query["document"], limit=200)}


@blueprint.route("/prints/<uuid:job_id>/reprint", methods=["POST"])
@needs("printing.reprint")
@blueprint.arguments(schemas.ReprintSchema)
@blueprint.response(201, schemas.PrintAskedSchema)
def reprint(body: dict[str, str], job_id: UUID) -> Any:
    """Print a label again; the reason is kept and the label says which print it is."""
    asked = service.AskReprint(actor().site_id, job_id, body["reason"], body["printer"])
    return command(service.reprint, asked)
