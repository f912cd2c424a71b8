"""Seals over HTTP: where each one stands, locking, taking off, and clearing an alarm."""

from typing import Any

from wms.seals import queries, schemas, service
from wms.web.identity import actor, command, door, needs
from wms.web.openapi import ApiBlueprint

blueprint = ApiBlueprint("seals", __name__, url_prefix="/api/seals", description="关锁 · seals")

PAGE = 200


@blueprint.route("")
@needs("seals.see")
@blueprint.arguments(schemas.SealFilterSchema, location="query")
@blueprint.response(200, schemas.SealsSchema)
def list_seals(query: dict[str, Any]) -> Any:
    """List seals by number, 200 at a time."""
    with door().read(actor()) as tx:
        return {"seals": queries.seals(tx, **query, limit=PAGE)}


@blueprint.route("/<seal_no>")
@needs("seals.see")
@blueprint.response(200, schemas.SealSchema)
def show_seal(seal_no: str) -> Any:
    """Show one seal."""
    with door().read(actor()) as tx:
        return queries.seal(tx, seal_no)


@blueprint.route("/<seal_no>/affixing", methods=["POST"])
@needs("seals.affix")
@blueprint.arguments(schemas.AffixSchema)
@blueprint.response(200, schemas.SealAnswerSchema)
def affix(body: dict[str, Any], seal_no: str) -> Any:
    """Lock a seal on a container or vehicle."""
    return command(service.affix, service.AffixSeal(actor().site_id, seal_no, **body))


@blueprint.route("/<seal_no>/removal", methods=["POST"])
@needs("seals.affix")
@blueprint.arguments(schemas.RemovalSchema)
@blueprint.response(200, schemas.SealAnswerSchema)
def remove(body: dict[str, Any], seal_no: str) -> Any:
    """Take a seal off."""
    return command(service.remove, service.RemoveSeal(actor().site_id, seal_no, **body))


@blueprint.route("/<seal_no>/alarm-clearance", methods=["POST"])
@needs("gate.decide")
@blueprint.arguments(schemas.NoteSchema)
@blueprint.response(200, schemas.SealAnswerSchema)
def clear_alarm(body: dict[str, Any], seal_no: str) -> Any:
    """Clear a seal's alarm with a note of what was found."""
    return command(service.clear_alarm, service.ClearAlarm(actor().site_id, seal_no, **body))
