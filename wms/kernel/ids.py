"""Identifiers: made by the application, ordered by time (UUID version 7, RFC 9562)."""

import os
import time
from typing import NewType
from uuid import UUID, uuid5

SiteId = NewType("SiteId", int)
"""The shard key: first in every key of a table that grows."""

_NAMESPACE = UUID("5b0a4d9e-6d0c-5d5e-9c61-0f6c9f0f6a11")


def new_id() -> UUID:
    """Return a fresh UUIDv7: 48 bits of Unix milliseconds, 12 of their fraction, 62 random bits.

    The fraction (RFC 9562, 6.2, method 3) keeps what one transaction makes in its order.
    """
    millis, rest = divmod(time.time_ns(), 1_000_000)
    fraction = rest * 4096 // 1_000_000
    rand_b = int.from_bytes(os.urandom(8), "big") & 0x3FFF_FFFF_FFFF_FFFF
    value = (millis & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | rand_b
    return UUID(int=value)


def id_from(*parts: str) -> UUID:
    """Return the one id that stands for these parts (UUIDv5): the same parts give the same id."""
    return uuid5(_NAMESPACE, "\x1f".join(parts))
