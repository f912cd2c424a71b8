"""Dataclasses to JSON and back: for commands in the trail, events in the outbox, kept answers."""

import hashlib
from typing import Any, TypeVar

import msgspec

from wms.kernel.blob import Blob
from wms.kernel.quantity import Quantity
from wms.kernel.secret import Secret

T = TypeVar("T")


def _enc(value: Any) -> Any:
    if isinstance(value, Quantity):
        return str(value)
    if isinstance(value, Secret):
        return "***"
    if isinstance(value, Blob):
        return f"sha256:{value.sha256.hex()}"
    raise NotImplementedError(type(value).__name__)


def _dec(kind: type, value: Any) -> Any:
    if kind is Quantity:
        return Quantity.of(value)
    if kind is Secret:
        return Secret(value)
    raise NotImplementedError(kind.__name__)


_ENCODER = msgspec.json.Encoder(enc_hook=_enc, order="deterministic")


def to_json(value: Any) -> bytes:
    """Return the canonical JSON of a dataclass: fixed order, quantities as text, no secrets."""
    return _ENCODER.encode(value)


def to_builtins(value: Any) -> Any:
    """Return the same as plain dicts, lists and text, for a jsonb column."""
    return msgspec.to_builtins(value, enc_hook=_enc)


def from_builtins(value: Any, kind: type[T]) -> T:
    """Return the dataclass that `to_builtins` took apart; raise msgspec.ValidationError if not."""
    return msgspec.convert(value, kind, dec_hook=_dec)


def digest(value: Any) -> bytes:
    """Return SHA-256 over the canonical JSON: two bodies are the same when these are."""
    return hashlib.sha256(to_json(value)).digest()
