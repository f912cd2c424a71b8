"""API tokens: never more than the person has, never longer than said, never bred by another."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from signed_in import SITE, Watch

from wms.access import queries, service
from wms.access.authenticate import doorkeeper
from wms.access.terms import (
    Deactivate,
    GrantRole,
    IssueToken,
    RevokeRole,
    RevokeToken,
    Touch,
)
from wms.db.transaction import Doorway, make_engine
from wms.kernel.actor import system_actor
from wms.kernel.errors import Refusal
from wms.kernel.ids import SiteId

DOOR, HOUSE = doorkeeper(SITE), system_actor(SITE)
NEXT_WEEK = datetime(2026, 11, 29, tzinfo=UTC)


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def doorway(demo_url, watch):
    engine = make_engine(demo_url)
    yield Doorway(engine, watch)
    engine.dispose()


@pytest.fixture
def supervisor(doorway):
    with doorway.read(DOOR) as tx:
        return queries.person_id_of(tx, "supervisor")


def issue(doorway, person_id, *scopes, expires_at=NEXT_WEEK, actor=HOUSE, key=None):
    command = IssueToken(SITE, person_id, "ERP", scopes, expires_at)
    return doorway.run(service.issue_token, command, actor, key=key)


def may(doorway, token, site=SITE):
    with doorway.read(doorkeeper(site)) as tx:
        known = queries.by_token(tx, token)
    return sorted(known.actor.permissions) if known else None


def test_a_token_shrinks_with_the_roles_of_its_person(doorway, supervisor):
    token = issue(doorway, supervisor, "audit.sign", "board.see").secret
    assert may(doorway, token) == ["audit.sign", "board.see"]
    assert may(doorway, token, SiteId(2)) is None
    doorway.run(service.grant_role, GrantRole(SITE, supervisor, "clerk"), HOUSE)
    assert may(doorway, token) == ["audit.sign", "board.see"], "it never grows"
    doorway.run(service.revoke_role, RevokeRole(SITE, supervisor, "supervisor"), HOUSE)
    assert may(doorway, token) == ["board.see"]
    doorway.run(service.deactivate, Deactivate(SITE, supervisor), HOUSE)
    assert may(doorway, token) is None


def test_a_token_ends_when_it_was_said_and_when_it_is_revoked(doorway, supervisor, watch):
    first, second = (issue(doorway, supervisor, "board.see") for _ in range(2))
    doorway.run(service.revoke_token, RevokeToken(SITE, supervisor, first.token_id), HOUSE)
    assert may(doorway, first.secret) is None
    watch.at = NEXT_WEEK - timedelta(seconds=1)
    assert may(doorway, second.secret) == ["board.see"]
    watch.wait(seconds=1)
    assert may(doorway, second.secret) is None


def test_its_use_is_noted_once_in_five_minutes(doorway, supervisor, watch):
    token = issue(doorway, supervisor, "board.see")

    def stale():
        with doorway.read(DOOR) as tx:
            return queries.by_token(tx, token.secret).stale

    assert stale()
    doorway.run(service.touch_token, Touch(SITE, token.token_id), HOUSE)
    assert not stale()
    watch.wait(minutes=5)
    assert stale()
    with doorway.read(DOOR) as tx:
        [shown] = queries.tokens(tx, supervisor)
    assert shown.last_seen_at == watch.at - timedelta(minutes=5)


def test_a_repeated_issue_draws_no_second_token_and_keeps_no_secret(doorway, supervisor):
    first = issue(doorway, supervisor, "board.see", key="k")
    again = issue(doorway, supervisor, "board.see", key="k")
    assert again.token_id == first.token_id
    assert again.secret.reveal() == "***"
    with doorway.read(DOOR) as tx:
        assert len(queries.tokens(tx, supervisor)) == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"scopes": ("access.manage",)}, "access.scope_too_wide"),
        ({"scopes": ("everything",)}, "access.scope_unknown"),
        ({"scopes": ()}, "access.scope_unknown"),
        ({"name": " "}, "access.name_malformed"),
        ({"expires_at": datetime(2026, 11, 22, tzinfo=UTC)}, "access.token_expiry"),
        ({"expires_at": datetime(2027, 12, 1, tzinfo=UTC)}, "access.token_expiry"),
        ({"person_id": DOOR.actor_id}, "access.person_unknown"),
    ],
)
def test_what_no_token_can_be(doorway, supervisor, change, code):
    command = IssueToken(SITE, supervisor, "ERP", ("board.see",), NEXT_WEEK)
    with pytest.raises(Refusal) as refused:
        doorway.run(service.issue_token, replace(command, **change), HOUSE)
    assert refused.value.code == code


def test_tokens_do_not_breed_and_the_inactive_get_none(doorway, supervisor):
    machine = replace(HOUSE, kind="token")
    with pytest.raises(Refusal, match=r"access\.token_by_token"):
        issue(doorway, supervisor, "board.see", actor=machine)
    doorway.run(service.deactivate, Deactivate(SITE, supervisor), HOUSE)
    with pytest.raises(Refusal, match=r"access\.person_inactive"):
        issue(doorway, supervisor, "board.see")
