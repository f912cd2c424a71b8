"""The bytes that are sealed of a posting, read back: what a proof shows is read from them alone.

The layout is told in docs/reference/sealing.md; migrations/sql/ledger_leaf_1.sql writes it.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

TAG: Final = b"bondhouse/posting/1\n"

_INT4: Final = 23
_INT2: Final = 21
_INT8: Final = 20
_BYTEA: Final = 17
_UUID: Final = 2950
_TIMESTAMPTZ: Final = 1184
_XID8: Final = 5069
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)

HEAD: Final = (
    *("site_id", "posting_id", "key", "kind", "rule_version", "event", "document_kind"),
    *("document_no", "document_line", "effective_at", "recorded_at", "actor_id", "reason"),
    *("approval_id", "reverses_id", "body", "era", "xact"),
)
ENTRY: Final = (
    *("site_id", "posting_id", "leg", "account_id", "seq", "step", "counter"),
    *("counter_account", "reserve_id", "d_in", "d_pre_in", "d_out", "d_pre_out"),
    *("in_after", "pre_in_after", "out_after", "pre_out_after", "recorded_at", "value_at"),
)


class LeafError(ValueError):
    """Not the bytes of a posting in the layout known here."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A posting as it was sealed: its head and its entries, column by column."""

    head: dict[str, Any]
    entries: tuple[dict[str, Any], ...]


def decode(data: bytes) -> Leaf:
    """Read the bytes of a leaf; raise LeafError unless every one of them is accounted for."""
    if not data.startswith(TAG):
        raise LeafError("these are not the bytes of a posting")
    try:
        head, at = _record(data, len(TAG), HEAD)
        (count,) = struct.unpack_from(">i", data, at)
        at += 4
        entries = []
        for _ in range(count):
            entry, at = _record(data, at, ENTRY)
            entries.append(entry)
    except (struct.error, IndexError, UnicodeDecodeError, OverflowError) as fault:
        raise LeafError(f"the bytes of the posting end or differ: {fault}") from None
    if at != len(data) or count != len(entries):
        raise LeafError("there are more bytes than the posting has")
    return Leaf(head, tuple(entries))


def _record(data: bytes, at: int, names: Sequence[str]) -> tuple[dict[str, Any], int]:
    """Read PostgreSQL's binary form of a record: columns, then type, length and bytes of each."""
    (columns,) = struct.unpack_from(">i", data, at)
    if columns != len(names):
        raise LeafError(f"{columns} columns where {len(names)} are known")
    at += 4
    found: dict[str, Any] = {}
    for name in names:
        kind, length = struct.unpack_from(">Ii", data, at)
        at += 8
        if length < 0:
            found[name] = None
            continue
        raw = data[at : at + length]
        if len(raw) != length:
            raise LeafError("the bytes of the posting end too early")
        found[name] = _value(kind, raw)
        at += length
    return found, at


def _value(kind: int, raw: bytes) -> Any:
    if kind in (_INT2, _INT4, _INT8, _XID8):
        return int.from_bytes(raw, "big", signed=kind != _XID8)
    if kind == _UUID:
        return UUID(bytes=raw)
    if kind == _TIMESTAMPTZ:
        return _EPOCH + timedelta(microseconds=int.from_bytes(raw, "big", signed=True))
    if kind == _BYTEA:
        return raw.decode()
    raise LeafError(f"a value of type {kind} is not known")
