"""The deeds on seals: register, affix, remove, depart, take a seal's own report, clear an alarm."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from wms.db.transaction import Tx
from wms.kernel.ids import SiteId, new_id
from wms.seals.errors import (
    NoAlarm,
    NoteMissing,
    SealBusy,
    SealInAlarm,
    SealNotLocked,
    SealOutOfUse,
    SealUnknown,
)
from wms.seals.events import SealAlarmCleared, SealAlarmed
from wms.seals.models import Seal, SealEvent
from wms.seals.rules import Standing, is_older, step
from wms.seals.terms import SealEventKind, SealState, Stamp, TamperCause


@dataclass(frozen=True, slots=True)
class RegisterSeal:
    """Make a seal known at a site."""

    site_id: SiteId
    seal_no: str
    model: str
    in_use: bool = True


@dataclass(frozen=True, slots=True)
class AffixSeal:
    """A person has locked a seal on a container or vehicle, for a document."""

    site_id: SiteId
    seal_no: str
    carrier: str
    document: str
    happened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RemoveSeal:
    """A person has taken a seal off."""

    site_id: SiteId
    seal_no: str
    document: str = ""
    happened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DepartSeal:
    """The vehicle under this seal has left through the gate."""

    site_id: SiteId
    seal_no: str
    document: str


@dataclass(frozen=True, slots=True)
class ReportSeal:
    """A device says what has happened to a seal.

    `stamp` is the seal's own counter, given only where the seal itself speaks.
    """

    site_id: SiteId
    seal_no: str
    kind: SealEventKind
    happened_at: datetime
    stamp: Stamp | None = None
    cause: TamperCause | None = None
    carrier: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True)
class ClearAlarm:
    """An officer clears an alarm and says in a note what was found."""

    site_id: SiteId
    seal_no: str
    note: str


@dataclass(frozen=True, slots=True)
class SealAnswer:
    """The seal after the deed; `changed` is false for repeats and older reports."""

    seal_no: str
    state: SealState
    changed: bool


def register(tx: Tx, command: RegisterSeal) -> SealAnswer:
    """Make a seal known, idle; registering it again changes nothing."""
    made = tx.session.execute(
        insert(Seal)
        .values(
            site_id=command.site_id,
            seal_no=command.seal_no,
            model=command.model,
            in_use=command.in_use,
            state=SealState.IDLE,
            resume=SealState.IDLE,
            carrier="",
            document="",
        )
        .on_conflict_do_nothing()
        .returning(Seal.seal_no)
    ).first()
    return SealAnswer(command.seal_no, SealState.IDLE, made is not None)


def affix(tx: Tx, command: AffixSeal) -> SealAnswer:
    """Lock a seal on a carrier.

    Raises SealUnknown, SealOutOfUse, SealInAlarm, and SealBusy where it is locked on another
    carrier; on the same carrier it is a repeat (the seal's own report may have come first).
    """
    row = _locked_row(tx, command.seal_no)
    if not row.in_use:
        raise SealOutOfUse(row.seal_no)
    _refuse_alarm(row)
    if _standing(row).locked and row.carrier not in {"", command.carrier}:
        raise SealBusy(row.seal_no, row.state, row.carrier)
    event = _Happening(
        SealEventKind.AFFIXED,
        command.happened_at or tx.now,
        carrier=command.carrier,
        document=command.document,
        by_person=True,
    )
    return _apply(tx, row, event)


def remove(tx: Tx, command: RemoveSeal) -> SealAnswer:
    """Take a seal off; raise SealUnknown, SealInAlarm, or SealNotLocked where it is not locked.

    A seal that has itself reported its removal is unsealed already: that is a repeat.
    """
    row = _locked_row(tx, command.seal_no)
    _refuse_alarm(row)
    if row.state == SealState.IDLE:
        raise SealNotLocked(row.seal_no, row.state)
    happened_at = command.happened_at or tx.now
    event = _Happening(
        SealEventKind.REMOVED, happened_at, document=command.document, by_person=True
    )
    return _apply(tx, row, event)


def depart(tx: Tx, command: DepartSeal) -> SealAnswer:
    """Put a locked seal in transit; an alarm stays an alarm."""
    row = _locked_row(tx, command.seal_no)
    event = _Happening(SealEventKind.DEPARTED, tx.now, document=command.document)
    return _apply(tx, row, event)


def report(tx: Tx, command: ReportSeal) -> SealAnswer:
    """Take what a device says; only an unknown seal is refused, an older report changes nothing."""
    row = _locked_row(tx, command.seal_no)
    event = _Happening(
        command.kind,
        command.happened_at,
        command.stamp,
        command.cause,
        command.carrier,
        command.document,
    )
    return _apply(tx, row, event)


def clear_alarm(tx: Tx, command: ClearAlarm) -> SealAnswer:
    """Clear an open alarm; raise NoAlarm, or NoteMissing for a note under four characters."""
    note = command.note.strip()
    if len(note) < 4:
        raise NoteMissing(note)
    row = _locked_row(tx, command.seal_no)
    if row.state != SealState.ALARM:
        raise NoAlarm(row.seal_no, row.state)
    tx.announce(SealAlarmCleared(tx.site_id, row.seal_no, note))
    return _apply(tx, row, _Happening(SealEventKind.CLEARED, tx.now, note=note, by_person=True))


@dataclass(frozen=True, slots=True)
class _Happening:
    kind: SealEventKind
    happened_at: datetime
    stamp: Stamp | None = None
    cause: TamperCause | None = None
    carrier: str = ""
    document: str = ""
    note: str = ""
    by_person: bool = False


def _apply(tx: Tx, row: Seal, event: _Happening) -> SealAnswer:
    before = _standing(row)
    older = not event.by_person and is_older(
        event.kind, event.stamp, event.happened_at, _last_stamp(row), row.last_at
    )
    after = before if older else step(before, event.kind, event.cause)
    _keep(tx, row, event, after, older=older)
    if not older:
        _move(row, event, before, after)
    if after != before:
        tx.note("seal", row.seal_no, before.state, after.state)
    if after.state is SealState.ALARM and before.state is not SealState.ALARM:
        cause = after.cause or ""
        tx.announce(SealAlarmed(tx.site_id, row.seal_no, cause, row.carrier, event.happened_at))
    return SealAnswer(row.seal_no, after.state, after != before)


def _move(row: Seal, event: _Happening, before: Standing, after: Standing) -> None:
    row.state, row.resume, row.cause = after.state, after.resume, after.cause
    if after.state is SealState.ALARM:
        row.alarm_at = row.alarm_at or event.happened_at
    else:
        row.alarm_at = None
    if event.kind is SealEventKind.AFFIXED:
        row.carrier = event.carrier or row.carrier
        row.document = event.document or row.document
        if not before.locked:
            row.carrier, row.document = event.carrier, event.document
            row.affixed_at = event.happened_at
    if event.stamp is not None:
        row.last_boot, row.last_seq = event.stamp.boot, event.stamp.seq
    row.last_at = max(row.last_at or event.happened_at, event.happened_at)


def _keep(tx: Tx, row: Seal, event: _Happening, after: Standing, *, older: bool) -> None:
    tx.session.add(
        SealEvent(
            site_id=tx.site_id,
            event_id=new_id(),
            seal_no=row.seal_no,
            kind=event.kind,
            cause=event.cause,
            happened_at=event.happened_at,
            recorded_at=tx.now,
            by_name=tx.actor.name,
            boot=event.stamp.boot if event.stamp else None,
            seq=event.stamp.seq if event.stamp else None,
            carrier=event.carrier or row.carrier,
            document=event.document or row.document,
            note=event.note,
            older=older,
            before=row.state,
            after=after.state,
        )
    )


def _locked_row(tx: Tx, seal_no: str) -> Seal:
    row = tx.session.scalars(
        select(Seal).where(Seal.site_id == tx.site_id, Seal.seal_no == seal_no).with_for_update()
    ).one_or_none()
    if row is None:
        raise SealUnknown(seal_no)
    return row


def _refuse_alarm(row: Seal) -> None:
    if row.state == SealState.ALARM:
        raise SealInAlarm(row.seal_no, row.cause or "")


def _standing(row: Seal) -> Standing:
    cause = TamperCause(row.cause) if row.cause else None
    return Standing(SealState(row.state), SealState(row.resume), cause)


def _last_stamp(row: Seal) -> Stamp | None:
    if row.last_boot is None or row.last_seq is None:
        return None
    return Stamp(row.last_boot, row.last_seq)
