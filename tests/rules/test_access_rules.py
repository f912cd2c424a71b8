"""What access decides, without a database: waiting, passwords, browsers, roles."""

from datetime import UTC, datetime, timedelta

import pytest

from wms.access import proofs, rules
from wms.access.errors import Unfit
from wms.access.rules import Attempts
from wms.access.terms import PERMISSIONS, ROLES
from wms.kernel.ids import SiteId

NOW = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)


def failing(limit, times, gap=timedelta(0)):
    attempts, now = Attempts(), NOW
    for _ in range(times):
        now += timedelta(seconds=rules.wait(attempts, now)) + gap
        attempts = rules.after_failure(attempts, limit, now)
    return attempts, now


@pytest.mark.parametrize(
    ("times", "seconds"), [(1, 0), (4, 0), (5, 30), (6, 60), (7, 120), (10, 900), (60, 900)]
)
def test_each_failure_past_the_fifth_doubles_the_wait_up_to_a_quarter_hour(times, seconds):
    assert rules.wait(*failing(rules.LOGIN_LIMIT, times)) == seconds


def test_after_a_calm_hour_a_login_starts_anew_and_a_pin_never():
    calm = timedelta(hours=1, seconds=1)
    assert failing(rules.LOGIN_LIMIT, 40, calm)[0].failures == 1
    attempts, now = failing(rules.PIN_LIMIT, 20, calm)
    assert attempts.failures == 20
    assert rules.wait(attempts, now + timedelta(days=3650)) > 0


def test_part_of_a_second_is_waited_for_too():
    blocked = Attempts(5, NOW, NOW + timedelta(milliseconds=1))
    assert rules.wait(blocked, NOW) == 1


@pytest.mark.parametrize(
    ("agent", "found"),
    [
        ("Mozilla/5.0 (Linux; Android 13) Chrome/156.0 Mobile Safari/537.36", "android/chrome"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/190.1 Mobile Safari/537.36", "android/chrome"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/156.0 Safari/537.36 Edg/156.0", "windows/edge"),
        ("Mozilla/5.0 (Macintosh) Version/19.0 Safari/605", "macintosh/safari"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:147.0) Gecko Firefox/147.0", "linux/firefox"),
        ("", "other/other"),
        ("curl/8", "other/other"),
    ],
)
def test_a_browser_is_known_by_its_platform_and_family(agent, found):
    assert rules.agent_class(agent) == found


@pytest.mark.parametrize(
    ("address", "group"),
    [
        ("10.0.0.5", "10.0.0.5"),
        ("::ffff:10.0.0.5", "10.0.0.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002::/64"),
        ("2001:db8:1:2::9", "2001:0db8:0001:0002::/64"),
        ("", "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_an_address_counts_as_one_subscriber(address, group):
    assert rules.address_group(address) == group


@pytest.mark.parametrize(
    "password", ["short", "x" * 201, "aaaaaaaaaaaa", "abababababab", "my-clerk-pw"]
)
def test_passwords_that_are_guessed_first_are_refused(password):
    with pytest.raises(Unfit):
        rules.fit_password(password, "clerk")


@pytest.mark.parametrize("pin", ["", "123", "123456789", "0000", "1234", "9876", "٤٧١١", "47 1"])
def test_pins_that_are_none_or_guessed_first_are_refused(pin):
    with pytest.raises(Unfit):
        rules.fit_pin(pin)


@pytest.mark.parametrize("login", ["", "ab", "A b", "-ab", "客户", "x" * 41, "a\u202eb", "ab\n"])
def test_logins_that_are_none_are_refused(login):
    with pytest.raises(Unfit):
        rules.fit_login(login if login != "ab\n" else "a\nb")


def test_good_ones_are_taken_in_one_form():
    assert rules.fit_login(" Wei.Mumo ") == "wei.mumo"
    assert rules.fit_badge("b900005\r\n") == "B900005"
    assert rules.fit_pin("4711") == "4711"
    assert rules.fit_scopes(["ledger.see", "board.see", "ledger.see"]) == (
        "board.see",
        "ledger.see",
    )


def test_roles_keep_deeds_that_watch_each_other_apart():
    for role, permissions in ROLES.items():
        assert not {"gate.sheet", "gate.decide"} <= permissions, role
        assert not {"access.manage", "stock.move"} <= permissions, role
        assert not {"clearance.file", "audit.sign"} <= permissions, role
    assert rules.permissions_of(["clerk", "gone"]) == ROLES["clerk"]
    assert rules.permissions_of([]) == frozenset()


def test_every_role_and_permission_has_a_name_of_the_house():
    assert set(ROLES) == {
        "clerk",
        "dispatcher",
        "customs_officer",
        "supervisor",
        "administrator",
        "device",
    }
    assert all(permission.count(".") == 1 for permission in PERMISSIONS)


@pytest.mark.parametrize(
    ("token", "site"),
    [
        ("bhs_1_abc", 1),
        ("bhs_42_a_b-c", 42),
        ("bht_1_abc", None),
        ("bhs__abc", None),
        ("bhs_x_abc", None),
        ("bhs_1_", None),
        ("bhs_²_abc", None),
        ("bhs_9999999999_abc", None),
        ("", None),
    ],
)
def test_a_token_says_its_kind_and_site(token, site):
    assert proofs.site_of(proofs.SESSION, token) == site


def test_a_fresh_token_is_long_and_never_the_same():
    drawn = {proofs.draw(proofs.SESSION, SiteId(1)).reveal() for _ in range(100)}
    assert len(drawn) == 100
    assert all(len(token.rpartition("_1_")[2]) == 43 for token in drawn if token.count("_") == 2)
