"""Real connections at once: guesses share one limit, administrators cannot remove each other."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text

from wms.access import queries, service
from wms.access.authenticate import doorkeeper
from wms.access.service.demo import PASSWORD
from wms.access.terms import (
    BadgeSignIn,
    CreatePerson,
    Deactivate,
    GrantRole,
    RevokeRole,
    SetBadge,
    SignIn,
    Verdict,
)
from wms.db.transaction import Doorway, make_engine
from wms.kernel.actor import system_actor
from wms.kernel.errors import Refusal
from wms.kernel.ids import SiteId
from wms.kernel.secret import Secret

SITE = SiteId(1)
HOUSE = system_actor(SITE)


@pytest.fixture
def processes(demo_url):
    """Two doorways with pools of their own, as two processes of the house have."""
    engines = [make_engine(demo_url) for _ in range(2)]
    yield [Doorway(engine) for engine in engines]
    for engine in engines:
        engine.dispose()


def at_once(*deeds):
    """Start every deed at the same moment; return answers and refusals in order."""
    gate = Barrier(len(deeds))

    def go(deed):
        gate.wait()
        try:
            return deed()
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(go, deeds))


def test_of_thirty_guesses_at_once_five_are_told_wrong(processes):
    def guess(number):
        doorway = processes[number % 2]
        attempt = SignIn(SITE, "clerk", Secret(f"guess-{number}-guess"), "10.0.0.5", "")
        return lambda: doorway.run(service.sign_in, attempt, doorkeeper(SITE)).verdict

    verdicts = at_once(*(guess(number) for number in range(30)))
    assert verdicts.count(Verdict.WRONG) == 5
    assert verdicts.count(Verdict.BLOCKED) == 25
    right = SignIn(SITE, "clerk", Secret(PASSWORD), "10.0.0.6", "")
    answer = processes[0].run(service.sign_in, right, doorkeeper(SITE))
    assert answer.verdict is Verdict.BLOCKED


def test_of_forty_pins_at_once_five_are_told_wrong(processes):
    def guess(number):
        attempt = BadgeSignIn(SITE, "B900005", Secret(f"{number:04}"), f"10.0.1.{number}", "")
        return lambda: (
            processes[number % 2].run(service.badge_sign_in, attempt, doorkeeper(SITE)).verdict
        )

    assert at_once(*(guess(number) for number in range(40))).count(Verdict.WRONG) == 5


def test_many_good_sign_ins_at_once_all_succeed(processes):
    attempt = SignIn(SITE, "clerk", Secret(PASSWORD), "10.0.0.5", "")
    answers = at_once(
        *(
            lambda doorway=processes[n % 2]: doorway.run(service.sign_in, attempt, doorkeeper(SITE))
            for n in range(8)
        )
    )
    assert [answer.verdict for answer in answers] == [Verdict.ACCEPTED] * 8
    assert len({answer.token.reveal() for answer in answers}) == 8


@pytest.mark.parametrize("deed", ["revoke", "deactivate"])
def test_two_administrators_cannot_remove_each_other_at_once(processes, deed):
    door = processes[0]
    second = door.run(
        service.create_person, CreatePerson(SITE, "second", "第二", "Second"), HOUSE
    ).person_id
    door.run(service.grant_role, GrantRole(SITE, second, "administrator"), HOUSE)
    with door.read(HOUSE) as tx:
        first = queries.person_id_of(tx, "admin")

    def remove(doorway, person_id):
        if deed == "revoke":
            command = RevokeRole(SITE, person_id, "administrator")
            return lambda: doorway.run(service.revoke_role, command, HOUSE)
        return lambda: doorway.run(service.deactivate, Deactivate(SITE, person_id), HOUSE)

    answers = at_once(remove(processes[0], first), remove(processes[1], second))
    codes = sorted(answer.code for answer in answers if isinstance(answer, Refusal))
    assert codes == ["access.last_administrator"]


def test_one_badge_given_to_two_people_at_once_goes_to_one(processes):
    with processes[0].read(HOUSE) as tx:
        ids = [queries.person_id_of(tx, login) for login in ("clerk", "customs")]
    answers = at_once(
        *(
            lambda doorway=doorway, who=who: doorway.run(
                service.set_badge, SetBadge(SITE, who, "B777777"), HOUSE
            )
            for doorway, who in zip(processes, ids, strict=True)
        )
    )
    codes = [answer.code for answer in answers if isinstance(answer, Refusal)]
    assert codes == ["access.badge_taken"]


def test_a_session_is_found_through_one_index(processes):
    """Each scan pays for this query: it must not read tables as they grow."""
    with processes[0].engine_for(SITE).begin() as connection:
        connection.execute(
            text(
                "INSERT INTO session SELECT 1, gen_random_uuid(),"
                " sha256(n::text::bytea), person_id, 'other/other', '', now(), now(),"
                " now() + interval '12 hours', NULL"
                " FROM generate_series(1, 20000) n, (SELECT person_id FROM person LIMIT 1) p"
            )
        )
        connection.execute(text("ANALYZE session"))
        plan = connection.execute(
            text(
                "EXPLAIN SELECT * FROM session s JOIN person p USING (site_id, person_id)"
                " WHERE s.site_id = 1 AND s.token_hash = sha256('5')"
            )
        ).scalars()
        assert "uq_session_site_id_token_hash" in "\n".join(plan)
