"""One message to one verdict: an event fit to be kept, or a refusal with its reason. Pure."""

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import msgspec

from iot import topics
from iot.acting import ACTS
from iot.envelope import Envelope
from iot.kinds import KINDS
from wms.db.inbox import Incoming, Refused
from wms.gate.queries import Registered
from wms.gate.terms import MAY_SAY, DeviceKind
from wms.kernel.ids import SiteId

log = logging.getLogger(__name__)

MOST_BYTES: Final = 16 * 1024
DEEPEST: Final = 8
NOWHERE: Final = SiteId(0)
"""The site of a refused message whose site we do not know."""

Devices = Mapping[tuple[str, str], Registered]
"""Registered devices by the site's name in topics and the device's own."""


@dataclass(frozen=True, slots=True)
class Raw:
    """A message as the broker gave it."""

    topic: str
    payload: bytes
    retained: bool
    received_at: datetime
    arrival: int


_ENVELOPE: Final = msgspec.json.Decoder(Envelope)
_CANONICAL: Final = msgspec.json.Encoder(order="deterministic")


class _UnfitError(Exception):
    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason, self.detail = reason, detail


def judge(raw: Raw, devices: Devices) -> Incoming | Refused:
    """Return the event a message holds, or why it is none. Never raises, whatever the bytes are."""
    address = topics.read_event(raw.topic)
    device = devices.get((address.site, address.device)) if address else None
    envelope: Envelope | None = None
    try:
        address, device = _check_sender(address, device)
        _check_bytes(raw)
        envelope = _decode(raw.payload)
        _check_source(address, device, envelope)
        _check_data(device, envelope)
        return _event(raw, device, envelope)
    except _UnfitError as refusal:
        return _refused(raw, device, envelope, refusal)
    except Exception as error:  # a message may not stop those behind it
        log.exception("a message of %s cannot be judged", raw.topic)
        return _refused(raw, device, envelope, _UnfitError("schema", repr(error)))


def _refused(
    raw: Raw, device: Registered | None, envelope: Envelope | None, refusal: _UnfitError
) -> Refused:
    boot, seq = (envelope.boot, envelope.seq) if envelope else _counters(raw.payload)
    return Refused(
        device.site_id if device else NOWHERE,
        raw.topic,
        raw.payload,
        refusal.reason,
        refusal.detail,
        raw.received_at,
        device.device_id if device else None,
        boot,
        seq,
    )


def _counters(payload: bytes) -> tuple[int, int] | tuple[None, None]:
    """Return the counters of a message that is no event, if it has any: it counts as seen."""
    try:
        body = json.loads(payload) if len(payload) <= MOST_BYTES else None
    except (ValueError, RecursionError):
        return None, None
    found = (body.get("boot"), body.get("seq")) if isinstance(body, dict) else (None, None)
    if all(type(one) is int and 0 < one <= 2**31 for one in found):
        return found
    return None, None


def _check_sender(
    address: topics.EventTopic | None, device: Registered | None
) -> tuple[topics.EventTopic, Registered]:
    if address is None or device is None or not device.in_use:
        raise _UnfitError("unknown_device")
    return address, device


def _check_bytes(raw: Raw) -> None:
    if raw.retained:
        raise _UnfitError("retained_event")
    if len(raw.payload) > MOST_BYTES:
        raise _UnfitError("too_big", str(len(raw.payload)))
    try:
        raw.payload.decode()
    except UnicodeDecodeError as error:
        raise _UnfitError("not_utf8", f"@ {error.start}") from None


def _decode(payload: bytes) -> Envelope:
    if b"\\u0000" in payload:  # PostgreSQL's jsonb has no NUL
        raise _UnfitError("schema", "NUL")
    try:
        envelope = _ENVELOPE.decode(payload)
    except msgspec.ValidationError as error:
        raise _UnfitError("schema", str(error)) from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise _UnfitError("not_json", str(error)) from None
    if _deeper(envelope.data, DEEPEST - 1):
        raise _UnfitError("schema", f"depth > {DEEPEST}")
    return envelope


def _check_source(address: topics.EventTopic, device: Registered, envelope: Envelope) -> None:
    if envelope.source != device.device_id:
        raise _UnfitError("identity_mismatch", f"source {envelope.source}")
    if envelope.type != address.kind:
        raise _UnfitError("identity_mismatch", f"type {envelope.type}")
    if envelope.type not in KINDS:
        raise _UnfitError("unknown_kind", envelope.type)
    if envelope.type not in MAY_SAY[DeviceKind(device.kind)]:
        raise _UnfitError("identity_mismatch", f"{device.kind} says {envelope.type}")


def _check_data(device: Registered, envelope: Envelope) -> None:
    try:
        data = msgspec.convert(envelope.data, KINDS[envelope.type], strict=True)
    except msgspec.ValidationError as error:
        raise _UnfitError("schema", str(error)) from None
    lane = getattr(data, "lane", None)
    if lane is not None and lane != device.lane_no:
        raise _UnfitError("identity_mismatch", f"lane {lane}")
    if device.kind == DeviceKind.E_SEAL and getattr(data, "seal", None) not in {
        None,
        device.device_id,
    }:
        raise _UnfitError("identity_mismatch", "seal")


def _event(raw: Raw, device: Registered, envelope: Envelope) -> Incoming:
    body = (str(envelope.id), envelope.type, envelope.time, envelope.data)
    return Incoming(
        device.site_id,
        device.device_id,
        envelope.boot,
        envelope.seq,
        envelope.id,
        envelope.type,
        envelope.data,
        hashlib.sha256(_CANONICAL.encode(body)).hexdigest(),
        envelope.time.astimezone(UTC),
        raw.received_at,
        envelope.replay,
        raw.arrival,
        envelope.type in ACTS,
        raw.topic,
        raw.payload,
    )


def _deeper(value: object, than: int) -> bool:
    level = [value]
    for _ in range(than):
        level = [
            child
            for one in level
            if isinstance(one, dict | list)
            for child in (one.values() if isinstance(one, dict) else one)
        ]
    return any(isinstance(one, dict | list) for one in level)
