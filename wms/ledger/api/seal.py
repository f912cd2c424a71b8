"""The seal over HTTP: how it stands, and every checkpoint as it was signed."""

from typing import Any

from wms.ledger import schemas
from wms.ledger.api.blueprint import PAGE, blueprint
from wms.ledger.seal import checkpoints, sealing
from wms.ledger.seal.log import Stored
from wms.web.identity import actor, door, needs


@blueprint.route("/checkpoints")
@needs("ledger.see")
@blueprint.arguments(schemas.CheckpointsQuerySchema, location="query")
@blueprint.response(200, schemas.SealSchema)
def list_checkpoints(query: dict[str, int | None]) -> Any:
    """Tell how the seal stands, and list its checkpoints, the largest first, 200 at a time."""
    with door().read(actor()) as tx:
        seal = sealing.status(tx)
        found = checkpoints.newest(tx, query["before"], PAGE + 1)
        shown = [_signed(one) for one in found[:PAGE]]
    return {
        "era": seal.era,
        "server_changed": seal.server_changed,
        "unsealed": seal.unsealed,
        "oldest_unsealed": seal.oldest_unsealed,
        "witnesses": seal.witnesses,
        "checkpoints": shown,
        "next_before": shown[-1]["tree_size"] if len(found) > PAGE else None,
    }


@blueprint.route("/checkpoints/<int:tree_size>")
@needs("ledger.see")
@blueprint.response(200, schemas.CheckpointSchema)
def show_checkpoint(tree_size: int) -> Any:
    """Show the checkpoint of exactly this many leaves, its witnesses' lines in the note."""
    with door().read(actor()) as tx:
        found = checkpoints.of_size(tx, tree_size)
        return {**_signed(found), "note": checkpoints.note_of(tx, tree_size)}


def _signed(one: Stored) -> dict[str, Any]:
    return {
        "tree_size": one.tree_size,
        "root": one.root.hex(),
        "era": one.era,
        "signed_at": one.signed_at,
        "note": one.note,
    }
