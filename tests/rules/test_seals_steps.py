"""A seal's state: the steps of its life, alarms that stay, and reports that come too late."""

import itertools
from datetime import UTC, datetime, timedelta

import pytest

from wms.seals.rules import Standing, is_older, step
from wms.seals.terms import LOCKED, SealEventKind, SealState, Stamp, TamperCause

K, S = SealEventKind, SealState
T0 = datetime(2026, 11, 22, tzinfo=UTC)


def walk(*kinds, start=None):
    standing = start or Standing()
    for kind in kinds:
        cause = TamperCause.CUT if kind is K.TAMPERED else None
        standing = step(standing, kind, cause)
    return standing


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ((), S.IDLE),
        ((K.AFFIXED,), S.SEALED),
        ((K.AFFIXED, K.DEPARTED), S.IN_TRANSIT),
        ((K.AFFIXED, K.DEPARTED, K.REMOVED), S.UNSEALED),
        ((K.AFFIXED, K.REMOVED, K.AFFIXED), S.SEALED),
        ((K.DEPARTED,), S.IDLE),
        ((K.REMOVED,), S.IDLE),
        ((K.AFFIXED, K.DEPARTED, K.AFFIXED), S.IN_TRANSIT),
        ((K.AFFIXED, K.TAMPERED), S.ALARM),
        ((K.AFFIXED, K.TAMPERED, K.REMOVED), S.ALARM),
        ((K.AFFIXED, K.TAMPERED, K.CLEARED), S.SEALED),
        ((K.AFFIXED, K.DEPARTED, K.TAMPERED, K.CLEARED), S.IN_TRANSIT),
        ((K.AFFIXED, K.TAMPERED, K.REMOVED, K.CLEARED), S.UNSEALED),
        ((K.TAMPERED,), S.ALARM),
        ((K.CLEARED,), S.IDLE),
    ],
)
def test_the_life_of_a_seal(path, state):
    assert walk(*path).state is state


def test_nothing_but_an_officer_ends_an_alarm():
    alarm = walk(K.AFFIXED, K.TAMPERED)
    others = [kind for kind in K if kind is not K.CLEARED]
    for path in itertools.product(others, repeat=4):
        assert walk(*path, start=alarm).state is S.ALARM


def test_repeating_a_step_changes_nothing():
    for path in itertools.product(K, repeat=4):
        once = walk(*path)
        assert walk(path[-1], start=once) == once


@pytest.mark.parametrize("cause", TamperCause)
@pytest.mark.parametrize("state", [S.IDLE, S.SEALED, S.IN_TRANSIT, S.UNSEALED])
def test_which_cause_alarms_in_which_state(cause, state):
    alarmed = step(Standing(state), K.TAMPERED, cause).state is S.ALARM
    if cause is TamperCause.LOW_SIGNAL:
        assert not alarmed
    elif cause is TamperCause.OPENED:
        assert alarmed is (state in LOCKED)
    else:
        assert alarmed


def test_the_first_cause_of_an_alarm_is_kept():
    alarm = step(Standing(S.SEALED), K.TAMPERED, TamperCause.CUT)
    assert step(alarm, K.TAMPERED, TamperCause.SHELL).cause is TamperCause.CUT


def test_the_seals_own_counter_decides_before_any_clock():
    later, sooner = T0 + timedelta(hours=1), T0
    assert is_older(K.REMOVED, Stamp(3, 7), later, Stamp(3, 8), sooner)
    assert is_older(K.REMOVED, Stamp(3, 8), later, Stamp(3, 8), sooner)
    assert not is_older(K.REMOVED, Stamp(4, 1), sooner, Stamp(3, 8), later)


def test_without_a_counter_the_time_decides_but_never_silences_an_alarm():
    assert is_older(K.REMOVED, None, T0, Stamp(3, 8), T0 + timedelta(seconds=1))
    assert not is_older(K.TAMPERED, None, T0, Stamp(3, 8), T0 + timedelta(seconds=1))
    assert not is_older(K.AFFIXED, None, T0, None, None)
