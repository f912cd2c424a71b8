"""Signing in and out: sessions, limits, what is remembered and what is not."""

import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from wms.access import proofs, queries, service
from wms.access.authenticate import doorkeeper
from wms.access.service.demo import PASSWORD, PIN
from wms.access.terms import (
    BadgeSignIn,
    ChangePassword,
    Deactivate,
    LoadDemoPeople,
    RevokeSession,
    RevokeSessions,
    SetPin,
    SignedIn,
    SignIn,
    SignOut,
    Touch,
    Verdict,
)
from wms.db.transaction import Doorway, make_engine
from wms.kernel.actor import system_actor
from wms.kernel.errors import Conflict, Refusal
from wms.kernel.ids import SiteId
from wms.kernel.secret import Secret

SITE = SiteId(1)
DOOR = doorkeeper(SITE)
HOUSE = system_actor(SITE)
PDA = "Mozilla/5.0 (Linux; Android 13; TC58) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36"


class Watch:
    """A clock the test sets."""

    def __init__(self):
        self.at = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)

    def now(self):
        return self.at

    def wait(self, **kwargs):
        self.at += timedelta(**kwargs)


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def doorway(demo_url, watch):
    engine = make_engine(demo_url)
    yield Doorway(engine, watch)
    engine.dispose()


def sign_in(doorway, login="clerk", password=PASSWORD, address="10.0.0.5", agent=DESK) -> SignedIn:
    return doorway.run(service.sign_in, SignIn(SITE, login, Secret(password), address, agent), DOOR)


def badge_in(doorway, badge="B900005", pin=PIN) -> SignedIn:
    return doorway.run(
        service.badge_sign_in, BadgeSignIn(SITE, badge, Secret(pin), "10.0.0.9", PDA), DOOR
    )


def known(doorway, token, agent=DESK):
    with doorway.read(DOOR) as tx:
        return queries.by_session(tx, token, agent)


def person_id(doorway, login):
    with doorway.read(DOOR) as tx:
        return queries.person_id_of(tx, login)


def rows(doorway, query):
    with doorway.engine_for(SITE).connect() as connection:
        return connection.execute(text(query)).all()


def test_the_right_password_opens_a_session_with_the_permissions_of_the_roles(doorway):
    signed = sign_in(doorway, "  Clerk ")
    assert signed.verdict is Verdict.ACCEPTED
    actor = known(doorway, signed.token).actor
    assert (actor.kind, actor.name, actor.language) == ("person", "褚澄川", "zh")
    assert actor.may("inbound.receive")
    assert not actor.may("gate.decide")


def test_the_token_and_the_secrets_are_stored_nowhere(doorway):
    signed = sign_in(doorway)
    secret = signed.token.reveal()
    for table in ("session", "trail", "kept_answer", "person", "failed_attempts"):
        kept = str(rows(doorway, f"SELECT t::text FROM {table} t"))
        assert secret not in kept
        assert PASSWORD not in kept
    assert rows(doorway, "SELECT token_hash FROM session")[0][0] == proofs.fingerprint(signed.token)


@pytest.mark.parametrize(
    ("login", "password"),
    [
        ("clerk", "demo-only-2"),
        ("nobody", PASSWORD),
        ("", ""),
        ("clerk", ""),
        ("a'; drop table person --", PASSWORD),
        ("x" * 5000, "y" * 5000),
        ("cl\u202eerk", PASSWORD),
        ("客户", "密码密码密码密码密码"),
    ],
)
def test_anything_else_is_wrong_and_does_not_say_what(doorway, login, password):
    assert sign_in(doorway, login, password) == SignedIn(Verdict.WRONG)
    assert rows(doorway, "SELECT count(*) FROM session") == [(0,)]


def test_an_unknown_login_costs_the_same_comparison(doorway):
    def cost(login):
        before = time.process_time()
        sign_in(doorway, login, "wrong-password")
        return time.process_time() - before

    cost("clerk")
    known_login = min(cost("clerk") for _ in range(3))
    assert min(cost("nobody") for _ in range(3)) > known_login / 2


def test_a_session_ends_after_two_idle_hours_and_after_twelve_hours(doorway, watch):
    token = sign_in(doorway).token
    watch.wait(hours=2, seconds=-1)
    found = known(doorway, token)
    assert found.stale
    doorway.run(service.touch_session, Touch(SITE, found.credential_id), found.actor)
    assert not known(doorway, token).stale
    watch.wait(hours=2)
    assert known(doorway, token) is None

    token = sign_in(doorway).token
    for _ in range(11):
        watch.wait(hours=1)
        found = known(doorway, token)
        doorway.run(service.touch_session, Touch(SITE, found.credential_id), found.actor)
    watch.wait(minutes=59)
    assert known(doorway, token) is not None
    watch.wait(minutes=1)
    assert known(doorway, token) is None


def test_a_session_works_only_with_the_class_of_browser_it_was_given_to(doorway):
    token = sign_in(doorway, agent=PDA).token
    assert known(doorway, token, PDA.replace("156", "157")) is not None
    assert known(doorway, token, DESK) is None


def test_sign_out_and_revocation_end_sessions_at_once(doorway):
    one, two, three = (sign_in(doorway).token for _ in range(3))
    doorway.run(service.sign_out, SignOut(SITE, one), HOUSE)
    assert known(doorway, one) is None
    doorway.run(service.sign_out, SignOut(SITE, one), HOUSE)

    clerk = person_id(doorway, "clerk")
    session_id = known(doorway, two).credential_id
    doorway.run(service.revoke_session, RevokeSession(SITE, clerk, session_id), HOUSE)
    assert known(doorway, two) is None
    with pytest.raises(Refusal) as refused:
        doorway.run(service.revoke_session, RevokeSession(SITE, clerk, session_id), HOUSE)
    assert refused.value.code == "access.credential_unknown"

    doorway.run(service.revoke_sessions, RevokeSessions(SITE, clerk), HOUSE)
    assert known(doorway, three) is None


def test_nobody_ends_another_persons_session_under_ones_own_name(doorway):
    token = sign_in(doorway, "customs").token
    session_id = known(doorway, token).credential_id
    clerk = person_id(doorway, "clerk")
    with pytest.raises(Refusal):
        doorway.run(service.revoke_session, RevokeSession(SITE, clerk, session_id), HOUSE)
    assert known(doorway, token) is not None


def test_after_five_wrong_passwords_even_the_right_one_waits(doorway, watch):
    for _ in range(5):
        assert sign_in(doorway, password="wrong-password").verdict is Verdict.WRONG
    assert sign_in(doorway) == SignedIn(Verdict.BLOCKED, wait_seconds=30)
    assert sign_in(doorway, "customs").verdict is Verdict.ACCEPTED
    watch.wait(seconds=30)
    assert sign_in(doorway, password="wrong-password").verdict is Verdict.WRONG
    assert sign_in(doorway).wait_seconds == 60
    watch.wait(seconds=60)
    assert sign_in(doorway).verdict is Verdict.ACCEPTED
    assert sign_in(doorway, password="wrong-password").verdict is Verdict.WRONG
    assert sign_in(doorway).verdict is Verdict.ACCEPTED, "a success starts the count anew"


def test_an_address_that_tries_many_logins_is_stopped(doorway):
    for number in range(50):
        sign_in(doorway, f"guess-{number}")
    assert sign_in(doorway).verdict is Verdict.BLOCKED
    assert sign_in(doorway, address="10.0.0.6").verdict is Verdict.ACCEPTED


def test_failed_attempts_are_in_the_trail(doorway):
    sign_in(doorway, password="wrong-password")
    query = "SELECT body, changes FROM trail WHERE command LIKE '%sign_in'"
    [(body, changes)] = rows(doorway, query)
    assert (body["login"], body["password"]) == ("clerk", "***")
    assert {change["key"] for change in changes} == {"login:clerk", "address:10.0.0.5"}


def test_a_badge_and_its_pin_open_a_session_on_a_pda(doorway):
    signed = badge_in(doorway, "b900005 ")
    assert known(doorway, signed.token, PDA).actor.may("scans.use")
    assert badge_in(doorway, pin="4712").verdict is Verdict.WRONG
    assert badge_in(doorway, badge="B999999").verdict is Verdict.WRONG
    assert badge_in(doorway, badge="").verdict is Verdict.WRONG


def test_a_pin_is_blocked_for_good_after_twenty_wrong_ones_until_it_is_set_anew(doorway, watch):
    wrong = 0
    while wrong < 20:
        verdict = badge_in(doorway, pin="4712")
        if verdict.verdict is Verdict.BLOCKED:
            watch.wait(seconds=verdict.wait_seconds)
        else:
            wrong += 1
    watch.wait(days=365)
    assert badge_in(doorway).verdict is Verdict.BLOCKED
    clerk = person_id(doorway, "clerk")
    with doorway.read(DOOR) as tx:
        assert queries.person(tx, clerk).pin_blocked
    doorway.run(service.set_pin, SetPin(SITE, clerk, Secret("8046")), HOUSE)
    assert badge_in(doorway, pin="8046").verdict is Verdict.ACCEPTED


def test_a_pin_can_be_asked_for_again_and_shares_its_count(doorway):
    clerk = person_id(doorway, "clerk")

    def ask(tx, command: SetPin) -> Verdict:
        return service.verify_pin(tx, command.person_id, command.pin).verdict

    assert doorway.run(ask, SetPin(SITE, clerk, Secret(PIN)), HOUSE) is Verdict.ACCEPTED
    for _ in range(5):
        assert doorway.run(ask, SetPin(SITE, clerk, Secret("0000")), HOUSE) is Verdict.WRONG
    assert doorway.run(ask, SetPin(SITE, clerk, Secret(PIN)), HOUSE) is Verdict.BLOCKED
    assert badge_in(doorway).verdict is Verdict.BLOCKED


def test_who_is_put_away_is_out_at_once_and_cannot_sign_in(doorway):
    token = sign_in(doorway).token
    doorway.run(service.deactivate, Deactivate(SITE, person_id(doorway, "clerk")), HOUSE)
    assert known(doorway, token) is None
    assert sign_in(doorway).verdict is Verdict.WRONG
    assert badge_in(doorway).verdict is Verdict.WRONG


def test_a_changed_password_ends_the_other_sessions_only(doorway):
    here, there = sign_in(doorway).token, sign_in(doorway).token
    clerk = person_id(doorway, "clerk")

    def change(old):
        command = ChangePassword(SITE, clerk, Secret(old), Secret("goods-in-hainan"), here)
        return doorway.run(service.change_password, command, HOUSE).verdict

    assert change("not-the-old-one") is Verdict.WRONG
    assert change(PASSWORD) is Verdict.ACCEPTED
    assert known(doorway, here) is not None
    assert known(doorway, there) is None
    assert sign_in(doorway).verdict is Verdict.WRONG
    assert sign_in(doorway, password="goods-in-hainan").verdict is Verdict.ACCEPTED


def test_sessions_of_another_site_are_not_found(doorway):
    token = sign_in(doorway).token
    with doorway.read(doorkeeper(SiteId(2))) as tx:
        assert queries.by_session(tx, token, DESK) is None


def test_the_demo_is_loaded_once_and_never_into_a_live_site(doorway):
    assert doorway.run(service.load_demo_people, LoadDemoPeople(SITE), HOUSE) == 0
    with doorway.engine_for(SITE).begin() as connection:
        connection.execute(text("UPDATE person SET login = 'real-' || login"))
    with pytest.raises(Conflict, match=r"access\.demo_refused"):
        doorway.run(service.load_demo_people, LoadDemoPeople(SITE), HOUSE)
