"""What an event means: the one command of a room it stands for, run with its mark in one go."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

import msgspec

from iot import kinds
from iot.fields import SURE
from wms.db.inbox import Unapplied, claim_event
from wms.db.transaction import Tx
from wms.gate import service as gate
from wms.gate.service.seen import FRESH
from wms.gate.terms import Direction, PassageResult, Reading
from wms.kernel.ids import SiteId
from wms.kernel.quantity import Quantity
from wms.seals.service import ReportSeal
from wms.seals.service import report as report_seal
from wms.seals.terms import SealEventKind, Stamp, TamperCause

CLOCK_OFF: Final = timedelta(minutes=1)
"""A device clock further off than this is not believed; our time of receipt is used instead."""

Deed = tuple[Callable[[Tx, Any], Any], Any]


@dataclass(frozen=True, slots=True)
class Act:
    """Act on one kept event."""

    site_id: SiteId
    event: Unapplied


def act(tx: Tx, command: Act) -> bool:
    """Mark the event and run what it stands for in one transaction; false where it was done."""
    event = command.event
    if not claim_event(tx.session, event, tx.now):
        return False
    handler, deed = ACTS[event.kind](event, tx.now)
    handler(tx, deed)
    return True


def _data(event: Unapplied, kind: type[Any]) -> Any:
    return msgspec.convert(event.data, kind, strict=True)


def _happened(event: Unapplied) -> datetime:
    """Return the device's time where its clock can be believed; a replay is believed if past."""
    off = event.received_at - event.observed_at
    if event.replay and off >= timedelta(0):
        return event.observed_at
    return event.observed_at if abs(off) <= CLOCK_OFF else event.received_at


def _seen(event: Unapplied, now: datetime, lane: str, passage: str, **read: Any) -> Deed:
    fresh = not event.replay and now - event.received_at <= FRESH
    return gate.vehicle_seen, gate.VehicleSeen(
        event.site_id,
        lane,
        passage,
        event.device_id,
        _happened(event),
        fresh=fresh,
        **read,
    )


def _arrive(event: Unapplied, now: datetime) -> Deed:
    data = _data(event, kinds.Arrive)
    direction = Direction.IN if data.dir == "in" else Direction.OUT
    return _seen(event, now, data.lane, data.passage, direction=direction)


def _plate(event: Unapplied, now: datetime) -> Deed:
    data = _data(event, kinds.Plate)
    text = data.plate.replace("·", "").replace(" ", "").upper()
    sure = data.conf >= SURE
    return _seen(event, now, data.lane, data.passage, reading=Reading.PLATE, text=text, sure=sure)


def _container(event: Unapplied, now: datetime) -> Deed:
    data = _data(event, kinds.Container)
    text = data.no.replace(" ", "").upper()
    return _seen(event, now, data.lane, data.passage, reading=Reading.CONTAINER, text=text)


def _card(event: Unapplied, now: datetime) -> Deed:
    data = _data(event, kinds.Card)
    return _seen(event, now, data.lane, data.passage, reading=Reading.CARD, text=data.uid)


def _weight(event: Unapplied, now: datetime) -> Deed:
    data = _data(event, kinds.Weight)
    kg = Quantity.of(round(Decimal(str(data.kg)), 5))
    return _seen(
        event,
        now,
        data.lane,
        data.passage,
        reading=Reading.WEIGHT,
        weight_kg=kg,
        sure=data.stable,
    )


def _seal_read(event: Unapplied, now: datetime) -> Deed:
    data = _data(event, kinds.SealRead)
    return _seen(event, now, data.lane, data.passage, reading=Reading.SEAL, text=data.seal)


def _barrier(event: Unapplied, _now: datetime) -> Deed:
    data = _data(event, kinds.Barrier)
    return gate.barrier_reported, gate.BarrierReported(
        event.site_id,
        data.lane,
        event.device_id,
        data.pos,
        data.cause,
        data.cmd,
        _happened(event),
    )


def _passage(event: Unapplied, _now: datetime) -> Deed:
    data = _data(event, kinds.Through)
    result = PassageResult(data.result.replace("-", "_"))
    return gate.passage_reported, gate.PassageReported(
        event.site_id, data.lane, data.passage, result, _happened(event)
    )


def _seal(kind: SealEventKind) -> Callable[[Unapplied, datetime], Deed]:
    def deed(event: Unapplied, _now: datetime) -> Deed:
        tamper = kind is SealEventKind.TAMPERED
        data = _data(event, kinds.Tamper if tamper else kinds.Affix)
        own = data.seal == event.device_id
        return report_seal, ReportSeal(
            event.site_id,
            data.seal,
            kind,
            _happened(event),
            Stamp(event.boot, event.seq) if own else None,
            TamperCause(data.cause.replace("-", "_")) if tamper else None,
            "" if tamper else data.container or data.plate,
            "" if tamper else data.order,
        )

    return deed


ACTS: Final[dict[str, Callable[[Unapplied, datetime], Deed]]] = {
    "gate/arrive": _arrive,
    "gate/plate": _plate,
    "gate/container": _container,
    "gate/card": _card,
    "gate/weight": _weight,
    "gate/seal": _seal_read,
    "gate/barrier": _barrier,
    "gate/passage": _passage,
    "seal/affix": _seal(SealEventKind.AFFIXED),
    "seal/remove": _seal(SealEventKind.REMOVED),
    "seal/tamper": _seal(SealEventKind.TAMPERED),
}
"""Kinds that something is done about; the others are kept to be looked at."""
