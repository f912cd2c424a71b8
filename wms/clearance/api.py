"""Clearance over HTTP: the three documents, release lists, checklists, transfers, figures."""

from dataclasses import asdict, fields
from typing import Any, Final

from flask import request

from wms.clearance import queries, service
from wms.clearance.schemas import documents, papers, transfers
from wms.clearance.terms import DocumentKind, FailedRule, Received
from wms.kernel.blob import Blob
from wms.kernel.ids import SiteId
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
@blueprint.response(200, papers.ReceivedDocumentsSchema)
def post_message() -> Any:
    """Take in a message CEB311, 411 or 511 as XML, with 1 to 100 documents."""
    body = Blob(request.get_data(cache=False))
    return _rows(command(service.receive_message, service.ReceiveMessage(actor().site_id, body)))


@blueprint.route("/orders", methods=["POST"])
@needs("clearance.match")
@blueprint.arguments(papers.OrdersSchema)
@blueprint.response(200, papers.ReceivedDocumentsSchema)
def post_orders(body: dict[str, Any]) -> Any:
    """Take in orders; those whose three documents fit are declared at once."""
    orders = service.ReceiveOrders(actor().site_id, tuple(body["orders"]))
    return _rows(command(service.receive_orders, orders))


@blueprint.route("/payments", methods=["POST"])
@needs("clearance.match")
@blueprint.arguments(papers.PaymentsSchema)
@blueprint.response(200, papers.ReceivedDocumentsSchema)
def post_payments(body: dict[str, Any]) -> Any:
    """Take in payments."""
    payments = service.ReceivePayments(actor().site_id, tuple(body["payments"]))
    return _rows(command(service.receive_payments, payments))


@blueprint.route("/waybills", methods=["POST"])
@needs("clearance.match")
@blueprint.arguments(papers.WaybillsSchema)
@blueprint.response(200, papers.ReceivedDocumentsSchema)
def post_waybills(body: dict[str, Any]) -> Any:
    """Take in waybills."""
    waybills = service.ReceiveWaybills(actor().site_id, tuple(body["waybills"]))
    return _rows(command(service.receive_waybills, waybills))


@blueprint.route("/release-lists")
@needs("clearance.see")
@blueprint.arguments(documents.ReleaseListFilterSchema, location="query")
@blueprint.response(200, documents.ReleaseListsSchema)
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
@blueprint.response(200, documents.ReleaseListSchema)
def show_release_list(number: str) -> Any:
    """Show a release list by our number or customs', with what happened to it."""
    with door().read(actor()) as tx:
        found = queries.release_list(tx, number)
        story = queries.timeline(tx, DocumentKind.LIST, found.cop_no)
    return {**_members(found), "lines": found.lines, "timeline": story}


@blueprint.route("/checklists", methods=["POST"])
@needs("clearance.file")
@blueprint.arguments(documents.FileChecklistSchema)
@blueprint.response(201, documents.FiledChecklistSchema)
def post_checklist(body: dict[str, Any]) -> Any:
    """File a checklist: type 0 for goods coming in, type 8 for released lists going out."""
    body |= {"goods": tuple(body["goods"]), "lists": tuple(body["lists"])}
    return command(service.file_checklist, service.FileChecklist(actor().site_id, **body))


@blueprint.route("/checklists/<number>")
@needs("clearance.see")
@blueprint.response(200, documents.ChecklistSchema)
def show_checklist(number: str) -> Any:
    """Show a checklist by our number or customs', with what happened to it."""
    with door().read(actor()) as tx:
        found = queries.checklist(tx, number)
        story = queries.timeline(tx, DocumentKind.CHECKLIST, found.inner_no)
    return {**_members(found), "lines": found.lines, "timeline": story}


@blueprint.route("/checklists/<number>/amendments", methods=["POST"])
@needs("clearance.file")
@blueprint.arguments(documents.ChecklistAmendmentSchema)
@blueprint.response(201, documents.FiledChecklistSchema)
def post_amendment(body: dict[str, Any], number: str) -> Any:
    """Ask customs to change an approved inbound checklist to what was counted."""
    return command(
        service.amend_checklist,
        service.AmendChecklist(actor().site_id, number, tuple(body["lines"]), body["reason"]),
    )


@blueprint.route("/checklists/<number>/arrival", methods=["POST"])
@needs("clearance.file")
@blueprint.response(200, documents.FiledChecklistSchema)
def post_arrival(number: str) -> Any:
    """Say that all goods of an inbound checklist are counted and put away."""
    return command(service.confirm_arrival, service.ConfirmArrival(actor().site_id, number))


@blueprint.route("/shortages", methods=["POST"])
@needs("clearance.file")
@blueprint.arguments(transfers.ReportShortageSchema)
@blueprint.response(201, documents.FiledChecklistSchema)
def post_shortage(body: dict[str, Any]) -> Any:
    """Report goods that are missing: they leave the book when customs has posted the checklist."""
    body |= {"goods": tuple(body["goods"])}
    return command(service.report_shortage, service.ReportShortage(actor().site_id, **body))


@blueprint.route("/book-transfers", methods=["POST"])
@needs("clearance.file")
@blueprint.arguments(transfers.FileTransferSchema)
@blueprint.response(201, transfers.TransferFiledSchema)
def post_transfer(body: dict[str, Any]) -> Any:
    """Transfer goods between two books of the site: a pair of checklists is filed."""
    body |= {"goods": tuple(body["goods"])}
    return command(service.file_transfer, service.FileTransfer(actor().site_id, **body))


@blueprint.route("/book-transfers/<number>")
@needs("clearance.see")
@blueprint.response(200, transfers.TransferSchema)
def show_transfer(number: str) -> Any:
    """Show a transfer of any way, with what happened to it."""
    with door().read(actor()) as tx:
        found = queries.transfer(tx, number)
        story = queries.timeline(tx, DocumentKind.TRANSFER, found.transfer_no)
    return {**_members(found), "lines": found.lines, "timeline": story}


@blueprint.route("/book-corrections", methods=["POST"])
@needs("clearance.file")
@blueprint.arguments(transfers.ProposeCorrectionSchema)
@blueprint.response(201, transfers.TransferFiledSchema)
def post_correction(body: dict[str, Any]) -> Any:
    """Ask a second person to move quantities between lines of books."""
    body |= {"lines": tuple(body["lines"])}
    asked = service.ProposeCorrection(actor().site_id, **body)
    return command(service.propose_correction, asked)


@blueprint.route("/site-transfers", methods=["POST"])
@needs("clearance.file")
@blueprint.arguments(transfers.FileSiteTransferSchema)
@blueprint.response(201, transfers.TransferFiledSchema)
def post_site_transfer(body: dict[str, Any]) -> Any:
    """Hold goods of a book for a book of another site."""
    body |= {"goods": tuple(body["goods"]), "to_site": SiteId(body["to_site"])}
    return command(service.file_site_transfer, service.FileSiteTransfer(actor().site_id, **body))


@blueprint.route("/site-transfers/<number>/departure", methods=["POST"])
@needs("clearance.file")
@blueprint.response(200, transfers.TransferFiledSchema)
def post_departure(number: str) -> Any:
    """Say that the goods have left for the other site; again: tell the other site again."""
    asked = service.SendSiteTransfer(actor().site_id, number)
    return command(service.send_site_transfer, asked)


@blueprint.route("/site-transfers/<number>/withdrawal", methods=["POST"])
@needs("clearance.file")
@blueprint.response(200, transfers.TransferFiledSchema)
def post_withdrawal(number: str) -> Any:
    """Keep goods here that have not left yet."""
    asked = service.WithdrawSiteTransfer(actor().site_id, number)
    return command(service.withdraw_site_transfer, asked)


@blueprint.route("/site-transfers/<number>/arrival", methods=["POST"])
@needs("clearance.file")
@blueprint.response(200, transfers.TransferFiledSchema)
def post_site_arrival(number: str) -> Any:
    """Take goods that another site has sent into the book; again: answer that site again."""
    return command(service.take_from_site, service.TakeFromSite(actor().site_id, number))


@blueprint.route("/document-counts")
@needs("clearance.see")
@blueprint.response(200, documents.DocumentCountSchema(many=True))
def count_documents() -> Any:
    """Count documents by kind and state."""
    with door().read(actor()) as tx:
        return list(queries.counts(tx))


@blueprint.route("/customs-figures/<book_no>")
@needs("clearance.see")
@blueprint.response(200, documents.CustomsFigureSchema(many=True))
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
