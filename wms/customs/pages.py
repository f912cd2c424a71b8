"""Pages of letters: what went out and came in, and one letter as it is."""

from typing import Final
from uuid import UUID

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from wms.customs import queries
from wms.customs.errors import LetterUnknown
from wms.kernel.errors import Invalid, Unknown
from wms.web.identity import actor, door, needs
from wms.web.layout import render
from wms.web.paging import after, page_of

blueprint = Blueprint("customs_pages", __name__, template_folder="templates")

PAGE: Final = 100
SHOWN: Final = 200_000
"""Characters of a letter that a page shows."""

WAYS: Final = ("out", "in")
LOOK: Final = {
    "queued": "waiting",
    "written": "waiting",
    "sent": "ok",
    "failed": "refused",
    "taken": "ok",
    "rejected": "refused",
}


@blueprint.get("/letters")
@needs("customs.see")
def list_letters() -> Response:
    """Show letters of one way, the newest first."""
    way, state, start = request.args.get("way", "out"), request.args.get("state", ""), after(UUID)
    before = start[0] if start else None
    with door().read(actor()) as tx:
        counts = queries.counts(tx)
        found = queries.letters(tx, _way(way), state=state, before=before, limit=PAGE + 1)
    return render(
        "customs/letters.html",
        way=way,
        ways=WAYS,
        state=state,
        counts=[one for one in counts if one.way == way],
        page=page_of(found, PAGE, lambda row: (str(row.letter_id),)),
        look=LOOK,
    )


@blueprint.get("/letters/<uuid:letter_id>")
@needs("customs.see")
def find_letter(letter_id: UUID) -> AnyResponse:
    """Go to a letter whichever way it went."""
    with door().read(actor()) as tx:
        try:
            queries.letter_out(tx, letter_id)
        except LetterUnknown:
            queries.letter_in(tx, letter_id)
            return redirect(url_for(".show_letter", way="in", letter_id=letter_id))
    return redirect(url_for(".show_letter", way="out", letter_id=letter_id))


@blueprint.get("/letters/<way>/<uuid:letter_id>")
@needs("customs.see")
def show_letter(way: str, letter_id: UUID) -> Response:
    """Show one letter: its facts, what was found in it, and its text as it is."""
    with door().read(actor()) as tx:
        sent = queries.letter_out(tx, letter_id) if _way(way) == "out" else None
        received = queries.letter_in(tx, letter_id) if sent is None else None
    letter = sent or received
    text = letter.body.decode("utf-8", "replace") if letter else ""
    return render(
        "customs/letter.html",
        way=way,
        letter=letter,
        sent=sent,
        received=received,
        text=_shown(text),
        look=LOOK,
    )


def _shown(text: str) -> str:
    """Return a letter's text with an element a line, and nothing a screen would act on."""
    lined = text[:SHOWN].replace("><", ">\n<")
    return "".join(one if one.isprintable() or one in "\n\t" else "\ufffd" for one in lined)


def _way(way: str) -> str:
    if way not in WAYS:
        raise Unknown("customs.way_unknown", read=way)
    return way


def _uuid(text: object) -> UUID:
    try:
        return UUID(str(text))
    except ValueError:
        raise Invalid("web.page_malformed", read=text) from None
