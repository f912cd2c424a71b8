"""Clearance over HTTP: the three documents, release lists, checklists, customs' own figures."""

from dataclasses import asdict, fields
from typing import Any, Final

from flask import request

from wms.clearance import queries, schemas, service
from wms.clearance.terms import DocumentKind, FailedRule, Received
from wms.kernel.blob import Blob
from wms.web.identity import actor, command, door, needs
from wms.web.limits import takes
from wms.web.messages import t
from wms.web.openapi import ApiBlueprint

blueprint = ApiBlueprint("clearance", __name__, url_prefix="/api", description="通关 · clearance")

PAGE: Final = 100
MESSAGE_MEGABYTES: Final = 16
_XML: Final = ("application/xml", "text/xml")
_XML_BODY: Final = {
    "required": True,
    "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in _XML},
}


@blueprint.route("/customs-messages", methods=["POST"])
@needs("clearance.match")
@takes(*_XML, megabytes=MESSAGE_MEGABYTES)
@blueprint.doc(requestBody=_XML_BODY)
@blueprint.response(200, schemas.ReceivedDocumentsSchema)
def post_message() -> Any:
    """Take in a message CEB311, 411 or 511 as XML, with 1 to 100 documents."""
    body = Blob(request.get_data(cache=False))
    return _rows(command(service.receive_message, service.ReceiveMessage(actor().site_id, body)))


@blueprint.route("/orders", methods=["POST"])
@needs("clearance.match")
@blueprint.arguments(schemas.OrdersSchema)
@blueprint.response(200, schemas.ReceivedDocumentsSchema)
def post_orders(body: dict[str, Any]) -> Any:
    """Take in orders; those whose three documents fit are declared at once."""
    orders = service.ReceiveOrders(actor().site_id, tuple(body["orders"]))
    return _rows(command(service.receive_orders, orders))


@blueprint.route("/payments", methods=["POST"])
@needs("clearance.match")
@blueprint.arguments(schemas.PaymentsSchema)
@blueprint.response(200, schemas.ReceivedDocumentsSchema)
def post_payments(body: dict[str, Any]) -> Any:
    """Take in payments."""
    payments = service.ReceivePayments(actor().site_id, tuple(body["payments"]))
    return _rows(command(service.receive_payments, payments))


@blueprint.route("/waybills", methods=["POST"])
@needs("clearance.match")
@blueprint.arguments(schemas.WaybillsSchema)
@blueprint.response(200, schemas.ReceivedDocumentsSchema)
def post_waybills(body: dict[str, Any]) -> Any:
    """Take in waybills."""
    waybills = service.ReceiveWaybills(actor().site_id, tuple(body["waybills"]))
    return _rows(command(service.receive_waybills, waybills))


@blueprint.route("/release-lists")
@needs("clearance.see")
@blueprint.arguments(schemas.ReleaseListFilterSchema, location="query")
@blueprint.response(200, schemas.ReleaseListsSchema)
def list_release_lists(query: dict[str, Any]) -> Any:
    """List release lists, the newest first, 100 at a time."""
    with door().read(actor()) as tx:
        found = queries.documents(
            tx,
            DocumentKind.LIST,
            state=query["state"],
            text=query["q"],
            before=query["after"],
            limit=PAGE + 1,
        )
    shown = found[:PAGE]
    return {"lists": shown, "next_after": shown[-1].document_id if len(found) > PAGE else None}


@blueprint.route("/release-lists/<number>")
@needs("clearance.see")
@blueprint.response(200, schemas.ReleaseListSchema)
def show_release_list(number: str) -> Any:
    """Show a release list by our number or customs', with what happened to it."""
    with door().read(actor()) as tx:
        found = queries.release_list(tx, number)
        story = queries.timeline(tx, DocumentKind.LIST, found.cop_no)
    return {**_members(found), "lines": found.lines, "timeline": story}


@blueprint.route("/checklists", methods=["POST"])
@needs("clearance.file")
@blueprint.arguments(schemas.FileChecklistSchema)
@blueprint.response(201, schemas.FiledChecklistSchema)
def post_checklist(body: dict[str, Any]) -> Any:
    """File a checklist: type 0 for goods coming in, type 8 for released lists going out."""
    body |= {"goods": tuple(body["goods"]), "lists": tuple(body["lists"])}
    return command(service.file_checklist, service.FileChecklist(actor().site_id, **body))


@blueprint.route("/checklists/<number>")
@needs("clearance.see")
@blueprint.response(200, schemas.ChecklistSchema)
def show_checklist(number: str) -> Any:
    """Show a checklist by our number or customs', with what happened to it."""
    with door().read(actor()) as tx:
        found = queries.checklist(tx, number)
        story = queries.timeline(tx, DocumentKind.CHECKLIST, found.inner_no)
    return {**_members(found), "lines": found.lines, "timeline": story}


@blueprint.route("/checklists/<number>/amendments", methods=["POST"])
@needs("clearance.file")
@blueprint.arguments(schemas.ChecklistAmendmentSchema)
@blueprint.response(201, schemas.FiledChecklistSchema)
def post_amendment(body: dict[str, Any], number: str) -> Any:
    """Ask customs to change an approved inbound checklist to what was counted."""
    return command(
        service.amend_checklist,
        service.AmendChecklist(actor().site_id, number, tuple(body["lines"]), body["reason"]),
    )


@blueprint.route("/checklists/<number>/arrival", methods=["POST"])
@needs("clearance.file")
@blueprint.response(200, schemas.FiledChecklistSchema)
def post_arrival(number: str) -> Any:
    """Say that all goods of an inbound checklist are counted and put away."""
    return command(service.confirm_arrival, service.ConfirmArrival(actor().site_id, number))


@blueprint.route("/document-counts")
@needs("clearance.see")
@blueprint.response(200, schemas.DocumentCountSchema(many=True))
def count_documents() -> Any:
    """Count documents by kind and state."""
    with door().read(actor()) as tx:
        return list(queries.counts(tx))


@blueprint.route("/customs-figures/<book_no>")
@needs("clearance.see")
@blueprint.response(200, schemas.CustomsFigureSchema(many=True))
def list_figures(book_no: str) -> Any:
    """List what customs says it posted, by book line."""
    with door().read(actor()) as tx:
        return list(queries.customs_figures(tx, book_no))


def _rows(received: Received) -> dict[str, Any]:
    return {
        "rows": [
            {**asdict(row), "reasons": [reason_of(one) for one in row.reasons]}
            for row in received.rows
        ]
    }


def reason_of(one: FailedRule) -> dict[str, str]:
    """Return a failed rule with its sentence in the language of the request."""
    return {**asdict(one), "message": t(one.code, **asdict(one))}


def _members(view: Any) -> dict[str, Any]:
    return {field.name: getattr(view, field.name) for field in fields(view)}
