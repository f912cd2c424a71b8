"""A ledger with a history goes up to partitions and comes back with every figure it had."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from ledger_site import SITE, LedgerSite, SetClock, q
from sqlalchemy import Connection, create_engine, make_url, text

from wms.db.transaction import Doorway, make_engine
from wms.kernel.ids import new_id
from wms.ledger import balances, partitions, posting
from wms.ledger.terms import Moment

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 5, 1, 8, tzinfo=UTC)
FIGURES = (
    "SELECT account_id, seq, step, d_in, d_pre_in, d_out, d_pre_out, in_after, out_after"
    " FROM ledger_entry ORDER BY account_id, seq"
)


@pytest.fixture
def connection(empty_database_url):
    engine = create_engine(empty_database_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def migrate(connection: Connection, to: str, *, up: bool = True) -> None:
    config = Config(ROOT / "migrations" / "alembic.ini")
    config.attributes["connection"] = connection
    (command.upgrade if up else command.downgrade)(config, to)
    connection.commit()


def history(connection: Connection) -> tuple[object, object]:
    """Write what the first ledger wrote: two accounts, a move, moments out of order."""
    one, two = new_id(), new_id()
    moments = [NOW, NOW + timedelta(hours=2), NOW + timedelta(hours=1)]
    for account, figures in ((one, (9, 0, 4, 0, 3)), (two, (4, 0, 0, 0, 1))):
        values = dict(zip(("i", "pi", "o", "po", "seq"), figures, strict=True), account=account)
        connection.execute(
            text("INSERT INTO ledger_account VALUES (1, :account, 'book', :i, :pi, :o, :po, :seq)"),
            values,
        )
    legs = [
        (moments[0], [(one, 1, "direct_in", "opening", 5, 0, 5, 0)]),
        (moments[1], [(one, 2, "direct_in", "opening", 4, 0, 9, 0)]),
        (
            moments[2],
            [
                (one, 3, "direct_out", str(two), 0, 4, 9, 4),
                (two, 1, "direct_in", str(one), 4, 0, 4, 0),
            ],
        ),
    ]
    for number, (moment, entries) in enumerate(legs):
        posting_id = new_id()
        head = {"p": posting_id, "key": f"old-{number}", "at": moment, "actor": new_id()}
        connection.execute(
            text(
                "INSERT INTO ledger_posting VALUES (1, :p, :key, '\\x01', 1, 'test', 'D', NULL,"
                " :at, :at, :actor, '', '\\x7b7d', 1, pg_current_xact_id())"
            ),
            head,
        )
        for leg, (account, seq, step, counter, d_in, d_out, in_after, out_after) in enumerate(
            entries, start=1
        ):
            connection.execute(
                text(
                    "INSERT INTO ledger_entry VALUES (1, :p, :leg, :account, :seq, :step, :counter,"
                    " NULL, :d_in, 0, :d_out, 0, :in_after, 0, :out_after, 0, :at)"
                ),
                {
                    **head,
                    "leg": leg,
                    "account": account,
                    "seq": seq,
                    "step": step,
                    "counter": counter,
                    "d_in": d_in,
                    "d_out": d_out,
                    "in_after": in_after,
                    "out_after": out_after,
                },
            )
    connection.commit()
    return one, two


def test_a_ledger_with_a_history_goes_up_and_comes_back(connection):
    migrate(connection, "0015_iot")
    one, two = history(connection)
    before = connection.execute(text(FIGURES)).all()
    connection.commit()

    migrate(connection, "0016_ledger")
    assert connection.execute(text(FIGURES)).all() == before
    entries = connection.execute(
        text(
            "SELECT recorded_at, counter_account FROM ledger_entry WHERE account_id = :a"
            " ORDER BY seq"
        ),
        {"a": one},
    ).all()
    assert [row.counter_account for row in entries] == [None, None, two]
    assert [row.recorded_at for row in entries] == [NOW, *[NOW + timedelta(hours=2)] * 2]
    keys = connection.execute(text("SELECT key FROM ledger_key ORDER BY key")).scalars().all()
    assert keys == ["old-0", "old-1", "old-2"]
    connection.commit()

    migrate(connection, "0015_iot", up=False)
    assert connection.execute(text(FIGURES)).all() == before
    connection.commit()


def test_what_came_up_goes_on_under_the_laws_of_today(
    connection, empty_database_url, postgres_cluster
):
    migrate(connection, "0015_iot")
    one, _ = history(connection)
    migrate(connection, "head")
    engine = make_engine(postgres_cluster.url(make_url(empty_database_url).database))
    clock = SetClock(NOW + timedelta(days=300))
    site = LedgerSite(Doorway(engine, clock), clock)
    held = posting.reserve_out(one, q("0.00003"))
    site.post(held)
    assert site.balance(one) == ("0.00009", "0", "0.00004", "0.00003")
    then = site.read(
        lambda tx: balances.as_of(tx, one, NOW + timedelta(minutes=90), Moment.RECORDED)
    )
    assert (str(then.stock), then.seq) == ("0.00005", 1)
    engine.dispose()


def test_quarters_are_made_ahead_and_once(database_url):
    engine = make_engine(database_url)
    clock = SetClock(datetime(2031, 11, 30, tzinfo=UTC))
    doorway = Doorway(engine, clock)
    assert partitions.ahead(doorway, SITE, clock.at) == 4
    assert partitions.ahead(doorway, SITE, clock.at) == 0
    with engine.connect() as connection:
        made = (
            connection.execute(
                text(
                    "SELECT relname FROM pg_class"
                    " WHERE relname ~ '^ledger_entry_203' AND relkind = 'r' ORDER BY 1"
                )
            )
            .scalars()
            .all()
        )
        laws = connection.execute(
            text(
                "SELECT count(*) FROM pg_indexes WHERE tablename = 'ledger_entry_2032q1'"
                " AND indexdef LIKE 'CREATE UNIQUE INDEX ledger_entry_2032q1_seq%'"
            )
        ).scalar_one()
    assert made == ["ledger_entry_2031q4", "ledger_entry_2032q1"]
    assert laws == 1
    engine.dispose()
