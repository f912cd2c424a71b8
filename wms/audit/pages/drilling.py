"""The page that takes a figure of a line apart: entries, papers, scans, people."""

from flask import Blueprint, Response, abort, request

from wms.audit import queries
from wms.audit.pages.reconciling import key_in, units_of
from wms.audit.queries.drilling import MOST, Figure
from wms.web.identity import actor, door, needs
from wms.web.layout import render

blueprint = Blueprint("audit_figure_pages", __name__, template_folder="../templates")


@blueprint.get("/reconcile/figure")
@needs("audit.see")
def show_figure() -> Response:
    """Show what made one figure of one line what it is, the newest change first."""
    figure = next((one for one in Figure if one.value == request.args.get("figure")), Figure.BOOK)
    with door().read(actor(), snapshot=True) as tx:
        line = queries.line(tx, key_in(request.args.get("line", "")))
        if line is None:
            abort(404)
        found = queries.grains(tx, line, figure)
        units = units_of(tx, [line])
    return render(
        "audit/figure.html",
        line=line,
        figure=figure,
        figures=tuple(Figure),
        grains=found,
        cut=len(found) >= MOST,
        units=units,
    )
