"""How credentials are kept: argon2id for what people remember, SHA-256 for what we drew."""

import hashlib
import secrets
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from wms.kernel.ids import SiteId
from wms.kernel.secret import Secret

SESSION: Final = "bhs"
API_TOKEN: Final = "bht"  # noqa: S105 - a prefix, by which leaked tokens can be found

_HASHER: Final = PasswordHasher(time_cost=4, memory_cost=19_456, parallelism=1)
"""About 50 ms; OWASP's least is 19 MiB with two passes, so many may sign in at once."""

_NOBODY: Final = _HASHER.hash(secrets.token_urlsafe(16))
"""Verified against when there is no such person: the time taken tells nothing."""


def remembered(secret: Secret) -> str:
    """Return the argon2id hash of a password or PIN, salt and costs included."""
    return _HASHER.hash(secret.reveal())


def matches(kept: str | None, secret: Secret) -> bool:
    """Tell whether a password or PIN is the one kept; takes as long when nothing is kept."""
    try:
        _HASHER.verify(kept or _NOBODY, secret.reveal())
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def outdated(kept: str) -> bool:
    """Tell whether a hash was made with lower costs than today's."""
    return _HASHER.check_needs_rehash(kept)


def draw(prefix: str, site_id: SiteId) -> Secret:
    """Return a fresh token of 256 random bits that says its kind and site: `bhs_1_…`."""
    return Secret(f"{prefix}_{site_id}_{secrets.token_urlsafe(32)}")


def site_of(prefix: str, token: str) -> SiteId | None:
    """Return the site a token of this kind says it is for, or None when it is no such token."""
    kind, _, rest = token.partition("_")
    site, _, tail = rest.partition("_")
    if kind != prefix or not (site.isascii() and site.isdigit()) or len(site) > 9 or not tail:
        return None
    return SiteId(int(site))


def fingerprint(token: Secret) -> bytes:
    """Return the SHA-256 by which a token is found; the token itself is never stored."""
    return hashlib.sha256(token.reveal().encode("utf-8", "replace")).digest()
