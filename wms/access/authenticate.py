"""Who a request comes from: the session cookie of a browser or the bearer token of a machine."""

from typing import Final

from flask import Request

from wms.access import proofs, queries, service
from wms.access.queries import Known
from wms.access.terms import Touch
from wms.kernel.actor import Actor
from wms.kernel.errors import Unauthenticated
from wms.kernel.ids import SiteId, id_from
from wms.kernel.secret import Secret
from wms.web import session
from wms.web.identity import Door

_DOOR_ID: Final = id_from("actor", "door")


def doorkeeper(site_id: SiteId) -> Actor:
    """Return who acts while it is not yet known who asks."""
    return Actor(_DOOR_ID, "sign-in", "system", site_id)


def authenticate(request: Request, door: Door) -> Actor | None:
    """Return the actor of a request, None when it carries no credential.

    Costs one indexed query; a sign of life is written at most once in five minutes. Raises
    Unauthenticated `access.credential_expired` for a credential that does not hold (any more).
    """
    given = request.authorization
    if given is not None and given.type == "bearer":
        return _known(door, proofs.API_TOKEN, given.token or "", "")
    cookie = session.session_id()
    if cookie is None:
        return None
    return _known(door, proofs.SESSION, cookie, request.user_agent.string)


def _known(door: Door, kind: str, text: str, user_agent: str) -> Actor:
    site_id = proofs.site_of(kind, text)
    found = None if site_id is None else _find(door, kind, site_id, Secret(text), user_agent)
    if found is None:
        raise Unauthenticated("access.credential_expired")
    if found.stale:
        touch = service.touch_token if kind == proofs.API_TOKEN else service.touch_session
        door.run(touch, Touch(found.actor.site_id, found.credential_id), found.actor)
    return found.actor


def _find(door: Door, kind: str, site_id: SiteId, token: Secret, user_agent: str) -> Known | None:
    with door.read(doorkeeper(site_id)) as tx:
        if kind == proofs.API_TOKEN:
            return queries.by_token(tx, token)
        return queries.by_session(tx, token, user_agent)
