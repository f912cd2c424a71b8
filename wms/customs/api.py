"""Letters over HTTP: what went out and came in, and one letter with its text."""

from typing import Any, Final
from uuid import UUID

from wms.customs import queries, schemas
from wms.customs.queries import LetterReceived, LetterSent
from wms.kernel.errors import Unknown
from wms.web.identity import actor, door, needs
from wms.web.openapi import ApiBlueprint

blueprint = ApiBlueprint("customs", __name__, url_prefix="/api", description="报文 · letters")

PAGE: Final = 100


@blueprint.route("/letters")
@needs("customs.see")
@blueprint.arguments(schemas.LetterFilterSchema, location="query")
@blueprint.response(200, schemas.LettersSchema)
def list_letters(query: dict[str, Any]) -> Any:
    """List letters of one way, the newest first, 100 at a time."""
    with door().read(actor()) as tx:
        found = queries.letters(
            tx, query["way"], state=query["state"], before=query["after"], limit=PAGE + 1
        )
    shown = found[:PAGE]
    return {"letters": shown, "next_after": shown[-1].letter_id if len(found) > PAGE else None}


@blueprint.route("/letters/<way>/<uuid:letter_id>")
@needs("customs.see")
@blueprint.response(200, schemas.LetterSchema)
def show_letter(way: str, letter_id: UUID) -> Any:
    """Show a letter with its text; what is not UTF-8 in it is replaced."""
    if way not in schemas.WAYS:
        raise Unknown("customs.way_unknown", read=way)
    with door().read(actor()) as tx:
        letter: LetterSent | LetterReceived
        letter = (queries.letter_out if way == "out" else queries.letter_in)(tx, letter_id)
    return {
        "letter_id": letter.letter_id,
        "kind": letter.kind,
        "file_name": letter.file_name,
        "documents": letter.documents,
        "state": letter.state,
        "findings": letter.findings if isinstance(letter, LetterReceived) else (),
        "text": letter.body.decode("utf-8", "replace"),
    }
