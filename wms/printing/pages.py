"""Pages of printing: the queue by state, one print with its picture, printing again."""

from typing import Final
from uuid import UUID

from flask import Blueprint, Response, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from wms.masterdata import queries as masterdata
from wms.printing import queries, sending, service
from wms.printing.terms import PrintState
from wms.web.identity import actor, command, door, needs
from wms.web.layout import render
from wms.web.paging import page_of

blueprint = Blueprint("printing_pages", __name__, template_folder="templates")

PAGE: Final = 100

LOOK: Final = {
    PrintState.ASKED: "waiting",
    PrintState.SENDING: "waiting",
    PrintState.SENT: "none",
    PrintState.UNKNOWN: "unknown",
    PrintState.FAILED: "refused",
    PrintState.CONFIRMED: "ok",
}
"""How each state looks (the kinds of chips and plain states)."""


@blueprint.get("/prints")
@needs("printing.see")
def list_prints() -> Response:
    """Show prints, the newest first, of one state or of all."""
    wanted = [state for state in PrintState if state.value == request.args.get("state")]
    document_no = request.args.get("q", "").strip()
    with door().read(actor()) as tx:
        found = queries.jobs(tx, states=wanted, document_no=document_no, limit=PAGE)
        counts = queries.counts(tx)
    return render(
        "printing/prints.html",
        page=page_of(found, PAGE, lambda job: (str(job.job_id),)),
        counts=counts,
        states=list(PrintState),
        state=wanted[0] if wanted else None,
        document_no=document_no,
        look=LOOK,
    )


@blueprint.get("/prints/<uuid:job_id>")
@needs("printing.see")
def show_print(job_id: UUID) -> Response:
    """Show one print: its picture, what is known of it, and the form to print it again."""
    with door().read(actor()) as tx:
        job = queries.job(tx, job_id)
        same = queries.jobs(tx, document_no=job.document_no)
        printers = masterdata.printers(tx)
    return render("printing/print.html", job=job, same=same, printers=printers, look=LOOK)


@blueprint.get("/prints/<uuid:job_id>/label.png")
@needs("printing.see")
def show_label(job_id: UUID) -> Response:
    """Return the picture of a print's label."""
    with door().read(actor()) as tx:
        job = queries.job(tx, job_id)
    return _file(sending.preview(job.label, job.fields).png, "image/png")


@blueprint.get("/prints/<uuid:job_id>/label.pdf")
@needs("printing.see")
def download_label(job_id: UUID) -> Response:
    """Return a print's label as PDF, for the day the label printer is away."""
    with door().read(actor()) as tx:
        job = queries.job(tx, job_id)
    return _file(sending.preview(job.label, job.fields).pdf, "application/pdf")


@blueprint.post("/prints/<uuid:job_id>/reprint")
@needs("printing.reprint")
def reprint(job_id: UUID) -> AnyResponse:
    """Print again, with the reason from the form."""
    asked = command(
        service.reprint,
        service.AskReprint(
            actor().site_id,
            job_id,
            request.form.get("reason", "")[:200],
            request.form.get("printer", "")[:20],
        ),
    )
    return redirect(url_for(".show_print", job_id=asked.job_id))


@blueprint.post("/prints/<uuid:job_id>/resolution")
@needs("printing.reprint")
def resolve(job_id: UUID) -> AnyResponse:
    """Say by eyesight whether the label of an unknown print came out."""
    came_out = request.form.get("came_out") == "yes"
    command(service.resolve, service.ResolvePrint(actor().site_id, job_id, came_out))
    return redirect(url_for(".show_print", job_id=job_id))


def _file(content: bytes, kind: str) -> Response:
    response = make_response(content)
    response.content_type = kind
    response.headers["Cache-Control"] = "private, max-age=3600"
    return response
