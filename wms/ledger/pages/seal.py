"""The page of the seal: what the log committed to, what waits, and the checkpoints as files."""

from typing import Final

from flask import Response, current_app

from wms.kernel.errors import Refusal
from wms.kernel.ids import SiteId
from wms.ledger.pages.blueprint import blueprint
from wms.ledger.pages.postings import attachment
from wms.ledger.seal import checkpoints, sealing
from wms.ledger.seal.keys import KeyFile
from wms.ledger.seal.notes import VerifierKey
from wms.web.identity import actor, door, needs
from wms.web.layout import render
from wms.web.paging import after, page_of

PAGE: Final = 50


@blueprint.get("/seal")
@needs("ledger.see")
def show_seal() -> Response:
    """Show how the seal of the site stands, and its checkpoints, the newest first."""
    start = after(int)
    with door().read(actor()) as tx:
        seal = sealing.status(tx)
        found = checkpoints.newest(tx, start[0] if start else None, PAGE + 1)
    return render(
        "ledger/seal.html",
        seal=seal,
        page=page_of(found, PAGE, lambda row: (row.tree_size,)),
        keys=keys_of(actor().site_id),
        configured=current_app.config.get("SEAL_KEY_FILE") is not None,
        batch=sealing.BATCH,
    )


@blueprint.get("/seal/checkpoints/<int:tree_size>")
@needs("ledger.see")
def download_checkpoint(tree_size: int) -> Response:
    """Send a checkpoint's signed note, with its witnesses' lines, as a file."""
    with door().read(actor()) as tx:
        note = checkpoints.note_of(tx, tree_size)
    return attachment(note, f"checkpoint-{tree_size}.note", "text/plain")


def keys_of(site_id: SiteId) -> tuple[VerifierKey, ...]:
    """Return the public keys of a site's log, from the public file beside the secret one.

    Empty when none is configured, or the file cannot be read here: a process that only shows pages
    need not hold it.
    """
    path = current_app.config.get("SEAL_KEY_FILE")
    if path is None:
        return ()
    try:
        known = KeyFile(path).verifiers()
    except (Refusal, OSError):
        return ()
    return tuple(key for key in known if key.name.rpartition("/")[2] == str(site_id))
