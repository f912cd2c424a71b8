"""The ledger through its service, on real PostgreSQL."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import create_engine, make_url, text

from counterparts.stack.postgres import ADMIN
from wms.db.transaction import Doorway, Tx, make_engine
from wms.kernel.actor import system_actor
from wms.kernel.errors import Conflict, Invalid, Unknown
from wms.kernel.ids import SiteId, new_id
from wms.kernel.quantity import Quantity
from wms.ledger import balances, posting, proof
from wms.ledger.errors import Short
from wms.ledger.terms import (
    RULE_VERSION,
    RULES,
    Balance,
    DocumentRef,
    Family,
    Leg,
    Posted,
    Posting,
)

SITE = SiteId(1)
ACTOR = system_actor(SITE)
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Do:
    site_id: SiteId
    legs: tuple[Leg, ...]
    key: str


def post(tx: Tx, command: Do) -> Posted:
    return posting.post(
        tx, Posting(command.key, DocumentRef("test", command.key), command.legs, NOW)
    )


def opened(tx: Tx, command: Do) -> None:
    posting.open_accounts(tx, Family.FLOOR, tuple(leg.account_id for leg in command.legs))


class Ledger:
    def __init__(self, doorway: Doorway) -> None:
        self.doorway = doorway

    def open(self, *accounts: UUID) -> None:
        legs = tuple(posting.direct_in(a, q(1), "x") for a in accounts)
        self.doorway.run(opened, Do(SITE, legs, "open"), ACTOR)

    def do(self, *legs: Leg, key: str | None = None) -> Posted:
        return self.doorway.run(post, Do(SITE, legs, key or str(new_id())), ACTOR)

    def balance(self, account: UUID) -> tuple[str, ...]:
        with self.doorway.read(ACTOR) as tx:
            b = balances.balance(tx, account)
            assert proof.standing(tx) == ()
        return tuple(str(x) for x in (b.in_, b.pre_in, b.out, b.pre_out))


def q(value: object) -> Quantity:
    return Quantity.of(str(value))


@pytest.fixture
def ledger(database_url):
    engine = make_engine(database_url)
    yield Ledger(Doorway(engine))
    engine.dispose()


def test_a_reservation_is_posted_in_parts_and_the_rest_is_voided(ledger):
    a = new_id()
    ledger.open(a)
    ledger.do(posting.direct_in(a, q("10.5"), "opening"))
    reserve = ledger.do(posting.reserve_out(a, q(6))).legs[0].reserve_id
    assert ledger.balance(a) == ("10.5", "0", "0", "6")
    ledger.do(posting.post_out(reserve, q(2)))
    ledger.do(posting.post_out(reserve, q("1.00001")))
    after = ledger.do(posting.void_out(reserve)).legs[0].after
    assert after.free == q("7.49999")
    assert ledger.balance(a) == ("10.5", "0", "3.00001", "0")
    for step in (posting.post_out(reserve, q(1)), posting.void_out(reserve)):
        with pytest.raises(Short, match="exhausted"):
            ledger.do(step)


def test_every_step_moves_what_the_table_of_rules_says(ledger):
    a = new_id()
    ledger.open(a)
    ledger.do(posting.direct_in(a, q(10), "o"))
    coming, held = posting.reserve_in(a, q(4)), posting.reserve_out(a, q(4))
    legs = (
        *(coming, held, posting.direct_in(a, q(1), "o"), posting.direct_out(a, q(1), "o")),
        *(posting.post_in(coming.reserve_id, q(1)), posting.post_out(held.reserve_id, q(1))),
        *(posting.void_in(coming.reserve_id, q(1)), posting.void_out(held.reserve_id, q(1))),
    )
    for leg in legs:
        ledger.do(leg)
    with ledger.doorway.read(ACTOR) as tx:
        entries = balances.statement(tx, a)[::-1][1:]
    assert {leg.step for leg in legs} == set(RULES[RULE_VERSION])
    for leg, entry in zip(legs, entries, strict=True):
        effect = RULES[RULE_VERSION][leg.step]
        moved = (entry.d_in, entry.d_pre_in, entry.d_out, entry.d_pre_out)
        wanted = (effect.in_, effect.pre_in, effect.out, effect.pre_out)
        assert [m.steps for m in moved] == [times * leg.quantity.steps for times in wanted]


def test_expected_goods_are_never_free(ledger):
    a = new_id()
    ledger.open(a)
    reserve = ledger.do(posting.reserve_in(a, q(5))).legs[0].reserve_id
    with pytest.raises(Short):
        ledger.do(posting.reserve_out(a, q(1)))
    ledger.do(posting.post_in(reserve, q(3)))
    ledger.do(posting.reserve_out(a, q(3)))
    ledger.do(posting.void_in(reserve, q(2)))
    assert ledger.balance(a) == ("3", "0", "0", "3")


def test_a_document_is_all_or_nothing_and_names_every_short_line(ledger):
    rich, poor, empty = new_id(), new_id(), new_id()
    ledger.open(rich, poor, empty)
    ledger.do(posting.direct_in(rich, q(9), "o"), posting.direct_in(poor, q(1), "o"))
    with pytest.raises(Short) as refused:
        ledger.do(
            posting.reserve_out(rich, q(2)),
            posting.reserve_out(poor, q(2)),
            posting.reserve_out(empty, q(3)),
        )
    assert [(s.account_id, str(s.there), str(s.wanted)) for s in refused.value.obstacles] == [
        (poor, "1", "2"),
        (empty, "0", "3"),
    ]
    assert ledger.balance(rich) == ("9", "0", "0", "0")


def test_two_lines_of_one_account_are_judged_together(ledger):
    a = new_id()
    ledger.open(a)
    ledger.do(posting.direct_in(a, q(3), "o"))
    with pytest.raises(Short) as refused:
        ledger.do(posting.reserve_out(a, q(2)), posting.reserve_out(a, q(2)))
    assert [(str(s.there), str(s.wanted)) for s in refused.value.obstacles] == [("3", "4")]


def test_a_key_is_once_and_for_ever(ledger):
    a = new_id()
    ledger.open(a)
    first = ledger.do(posting.direct_in(a, q(3), "o"), key="k1")
    assert ledger.do(posting.direct_in(a, q(3), "o"), key="k1") == first
    with pytest.raises(Conflict, match=r"ledger\.key_reused"):
        ledger.do(posting.direct_in(a, q(4), "o"), key="k1")
    assert ledger.balance(a) == ("3", "0", "0", "0")


def test_a_move_cancels_out(ledger):
    a, b = new_id(), new_id()
    ledger.open(a, b)
    ledger.do(posting.direct_in(a, q(5), "o"))
    held = ledger.do(posting.reserve_out(a, q(2))).legs[0].reserve_id
    ledger.do(*posting.move(a, b, q(3)), *posting.move(a, b, q(2), held))
    assert ledger.balance(a) == ("5", "0", "5", "0")
    assert ledger.balance(b) == ("5", "0", "0", "0")


def test_unknown_accounts_and_reservations_are_refused(ledger):
    with pytest.raises(Unknown):
        ledger.do(posting.direct_in(new_id(), q(1), "o"))
    with pytest.raises(Unknown):
        ledger.do(posting.post_out(new_id(), q(1)))


def test_malformed_postings_do_not_reach_the_database(ledger):
    a = new_id()
    ledger.open(a)
    reserve = ledger.do(posting.reserve_in(a, q(1))).legs[0].reserve_id
    for legs in (
        (),
        (posting.direct_in(a, q(0), "o"),),
        (posting.direct_in(a, q(-1), "o"),),
        (posting.void_in(reserve), posting.post_in(reserve, q(1))),
        tuple(posting.direct_in(a, q(1), "o") for _ in range(5001)),
    ):
        with pytest.raises(Invalid, match=r"ledger\.posting_malformed"):
            ledger.do(*legs)


def test_five_thousand_lines_post_in_one_call(ledger):
    accounts = tuple(new_id() for _ in range(50))
    ledger.open(*accounts)
    posted = ledger.do(*(posting.direct_in(accounts[i % 50], q(1), "o") for i in range(5000)))
    assert len(posted.legs) == 5000
    assert ledger.balance(accounts[7]) == ("100", "0", "0", "0")


def test_the_balance_as_of_a_moment(ledger):
    a = new_id()
    ledger.open(a)
    ledger.do(posting.direct_in(a, q(5), "o"))
    with ledger.doorway.read(ACTOR) as tx:
        now = ledger.doorway.clock.now()
        assert balances.as_of(tx, a, now).stock == q(5)
        assert balances.as_of(tx, a, now - timedelta(days=1)) == Balance()
        (entry,) = balances.statement(tx, a)
    assert (str(entry.d_in), entry.document.kind, entry.after.seq) == ("5", "test", 1)


def read_from_indexes(connection):
    return connection.execute(
        text(
            "SELECT sum(idx_tup_read) FROM pg_stat_user_indexes"
            " WHERE relname IN ('ledger_account', 'ledger_reserve')"
        )
    ).scalar_one()


def test_a_plan_made_when_the_ledger_was_empty_does_not_read_the_whole_site_later(
    database_url, postgres_cluster
):
    engine = create_engine(database_url, pool_size=1, max_overflow=0)
    ledger, a = Ledger(Doorway(engine)), new_id()
    ledger.open(a)
    ledger.do(posting.direct_in(a, q(1000), "o"))
    for _ in range(8):  # plpgsql settles on its plans within the first calls of a session
        held = ledger.do(posting.reserve_out(a, q(1))).legs[0].reserve_id
        ledger.do(posting.post_out(held, q(1)))
    watcher = create_engine(postgres_cluster.url(make_url(database_url).database, ADMIN))
    with watcher.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO ledger_account SELECT 1, gen_random_uuid(), 'floor', 0, 0, 0, 0, 0,"
                " 'epoch', 'epoch' FROM generate_series(1, 20000)"
            )
        )
        connection.execute(
            text(
                "INSERT INTO ledger_reserve SELECT 1, gen_random_uuid(), account_id, 'out', 1, 0"
                " FROM ledger_account"
            )
        )
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_stat_force_next_flush()"))
    with watcher.connect() as connection:
        before = read_from_indexes(connection)
    held = ledger.do(posting.reserve_out(a, q(1))).legs[0].reserve_id
    ledger.do(posting.post_out(held, q(1)))
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_stat_force_next_flush()"))
    with watcher.connect() as connection:
        assert read_from_indexes(connection) - before < 200
    watcher.dispose()
    engine.dispose()
