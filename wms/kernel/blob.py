"""Bytes too large for a log or a trail, which keep their digest instead."""

import hashlib


class Blob(bytes):
    """Bytes in a command, e.g. a letter as it came; the trail and the key hash see its digest."""

    __slots__ = ()

    @property
    def sha256(self) -> bytes:
        return hashlib.sha256(self).digest()
