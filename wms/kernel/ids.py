"""Identifiers: made by the application, ordered by time (UUID version 7, RFC 9562)."""

import os
import time
from typing import NewType
from uuid import UUID, uuid5

SiteId = NewType("SiteId", int)
"""The shard key: first in every key of a table that grows."""

_NAMESPACE = UUID("5b0a4d9e-6d0c-5d5e-9c61-0f6c9f0f6a11")


def new_id() -> UUID:
    """Return a fresh UUIDv7: 48 bits of Unix milliseconds, then 74 random bits."""
    millis = time.time_ns() // 1_000_000
    tail = int.from_bytes(os.urandom(10), "big")
    rand_a = (tail >> 64) & 0x0FFF
    rand_b = tail & 0x3FFF_FFFF_FFFF_FFFF
    value = (millis & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b
    return UUID(int=value)


def id_from(*parts: str) -> UUID:
    """Return the one id that stands for these parts (UUIDv5): the same parts give the same id."""
    return uuid5(_NAMESPACE, "\x1f".join(parts))
