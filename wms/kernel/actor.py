"""Who acts: a person, a device, or the house itself; with the language to answer in."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from wms.kernel.ids import SiteId, id_from


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody the trail can name.

    `kind` is "person", "device", "token" or "system"; `permissions` are those in force at `site_id`
    for this request, already resolved from roles.
    """

    actor_id: UUID
    name: str
    kind: str
    site_id: SiteId
    permissions: frozenset[str] = frozenset()
    language: str = "zh"

    def may(self, permission: str) -> bool:
        """Return whether the actor holds this permission."""
        return permission in self.permissions


SYSTEM_ID: Final = id_from("actor", "system")


def system_actor(site_id: SiteId, name: str = "bondhouse") -> Actor:
    """Return the house itself, which reacts to events and may do everything a reaction may."""
    return Actor(SYSTEM_ID, name, "system", site_id)
