"""What psql is refused: as the application, as the owner, and as a superuser without triggers.

One database for the whole file: every attempt is made in a transaction that is rolled back.
"""

import subprocess
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import errors as pg
from psycopg import sql

from counterparts.stack.postgres import ADMIN, APP, MIGRATOR, OWNER
from wms.kernel.ids import new_id

# Only the functions of the ledger write these; a partition is not even read by its own name.
READ = {
    "alembic_version",
    "book_line",
    "ledger_account",
    "ledger_entry",
    "ledger_key",
    "ledger_period",
    "ledger_period_balance",
    "ledger_posting",
    "ledger_reserve",
    "ledger_reversal",
}
DEFINERS = {"ledger_add_line", "ledger_close", "ledger_open", "ledger_partition", "ledger_post"}
A, B, BOOK = new_id(), new_id(), new_id()
HELD_IN, HELD_OUT = new_id(), new_id()


class Ledger:
    """The database of this file, entered by the front door and by every other."""

    def __init__(self, cluster, name: str) -> None:
        self.cluster, self.name = cluster, name

    @contextmanager
    def enter(self, user: str):
        """Connect as `user`; whatever is done is undone."""
        address = self.cluster.url(self.name, user).replace("+psycopg", "")
        with psycopg.connect(address) as connection:
            yield connection
            connection.rollback()

    def app(self):
        return self.enter(APP)

    def superuser(self):
        return self.enter(ADMIN)

    @contextmanager
    def owner(self):
        with self.enter(MIGRATOR) as connection:
            connection.execute("SET ROLE bondhouse_owner")
            yield connection


POST = {
    "site": "1",
    "posting": "gen_random_uuid()",
    "key": "gen_random_uuid()::text",
    "hash": r"'\x00'::bytea",
    "kind": "'move'",
    "rules": "1",
    "event": "''",
    "document_kind": "'test'",
    "document_no": "'1'",
    "document_line": "NULL::integer",
    "effective": "now()",
    "recorded": "now()",
    "actor": "gen_random_uuid()",
    "reason": "''",
    "approval": "NULL::uuid",
    "reverses": "NULL::uuid",
    "body": "''::bytea",
}
LEGS = {
    "steps": "text[]",
    "accounts": "uuid[]",
    "reserves": "uuid[]",
    "quantities": "bigint[]",
    "counters": "text[]",
    "counter_accounts": "uuid[]",
}


def leg(step, account=None, quantity=1, reserve=None, counter="x", pair=None):
    return (step, account, reserve, quantity, counter, pair)


def post(connection, *legs, arrays=None, **head):
    """Call ledger_post as a hand at psql would; every argument can be set to any SQL."""
    columns = zip(*legs, strict=True) if legs else [()] * 6
    given = dict(zip(LEGS, (list(column) for column in columns), strict=True)) | (arrays or {})
    said = [f"p_{name} => {head.get(name, usual)}" for name, usual in POST.items()]
    said += [f"p_{name} => %({name})s::{kind}" for name, kind in LEGS.items()]
    rows = connection.execute(f"SELECT * FROM ledger_post({', '.join(said)})", given).fetchall()
    return {row[0] for row in rows}


@pytest.fixture(scope="module")
def ledger(postgres_cluster, shared_database):
    """Two floor accounts and one of a book, five in the first, two reservations on it."""
    ledger = Ledger(postgres_cluster, shared_database)
    with ledger.app() as app:
        app.execute("SELECT ledger_open(1, 'floor', %s)", [[A, B]])
        app.execute("SELECT ledger_open(1, 'book', %s)", [[BOOK]])
        assert post(app, leg("direct_in", A, 5), key="'first'") == {"posted"}
        assert post(app, leg("reserve_out", A, 2, HELD_OUT)) == {"posted"}
        assert post(app, leg("reserve_in", A, 3, HELD_IN)) == {"posted"}
        app.commit()
    return ledger


def tables(connection) -> dict[str, tuple[bool, bool]]:
    """Every table with whether it is a partition, and whether it is append-only."""
    return {
        name: (partition, kept)
        for name, partition, kept in connection.execute(
            """SELECT c.relname, c.relispartition,
                      EXISTS (SELECT FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
                               WHERE t.tgrelid = c.oid AND p.proname = 'refuse_change')
                 FROM pg_class c
                WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"""
        )
    }


def wanted(table: str, partition: bool, kept: bool) -> set[str]:
    if partition:
        return set()
    if table in READ:
        return {"SELECT"}
    return {"SELECT", "INSERT"} if kept else {"SELECT", "INSERT", "UPDATE", "DELETE"}


def test_the_application_has_what_each_table_needs_and_nothing_else(ledger):
    with ledger.app() as app:
        held = {}
        for table, privilege in app.execute(
            """SELECT c.relname, p.name FROM pg_class c,
                      unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE,REFERENCES,TRIGGER}'::text[])
                        AS p(name)
                WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
                  AND has_table_privilege(c.oid, p.name)"""
        ):
            held.setdefault(table, set()).add(privilege)
        found = tables(app)
        assert {t: held.get(t, set()) for t in found} == {
            table: wanted(table, *what) for table, what in found.items()
        }
        by_column = app.execute(
            "SELECT relname, attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
            " WHERE attacl IS NOT NULL AND relnamespace = 'public'::regnamespace"
        ).fetchall()
    assert by_column == []
    assert len([1 for _, kept in found.values() if kept]) > 15


def test_everything_belongs_to_the_owner_and_nothing_to_everybody(ledger):
    with ledger.superuser() as admin:
        owners = admin.execute(
            """SELECT DISTINCT relowner::regrole::text FROM pg_class
                WHERE relnamespace = 'public'::regnamespace
               UNION SELECT proowner::regrole::text FROM pg_proc
                WHERE pronamespace = 'public'::regnamespace
               UNION SELECT datdba::regrole::text FROM pg_database
                WHERE datname = current_database()"""
        ).fetchall()
        public = admin.execute(
            """SELECT relname, a.privilege_type FROM pg_class c, aclexplode(relacl) a
                WHERE relnamespace = 'public'::regnamespace AND a.grantee = 0
               UNION ALL
               SELECT proname, a.privilege_type FROM pg_proc,
                      aclexplode(coalesce(proacl, acldefault('f', proowner))) a
                WHERE pronamespace = 'public'::regnamespace AND a.grantee = 0
               UNION ALL
               SELECT nspname, a.privilege_type FROM pg_namespace,
                      aclexplode(coalesce(nspacl, acldefault('n', nspowner))) a
                WHERE nspname = 'public' AND a.grantee = 0
               UNION ALL
               SELECT 'database', a.privilege_type FROM pg_database,
                      aclexplode(coalesce(datacl, acldefault('d', datdba))) a
                WHERE datname = current_database() AND a.grantee = 0"""
        ).fetchall()
    assert owners == [(OWNER,)]
    assert public == [("public", "USAGE")]


def test_the_functions_that_write_run_as_the_owner_over_a_path_nobody_can_bend(ledger):
    with ledger.app() as app:
        found = app.execute(
            """SELECT proname, prosecdef, has_function_privilege(oid, 'EXECUTE'), proconfig::text
                 FROM pg_proc WHERE pronamespace = 'public'::regnamespace"""
        ).fetchall()
    assert {name for name, definer, *_ in found if definer} == DEFINERS
    assert {name for name, _, may, _ in found if not may} == {"ledger_guard", "refuse_change"}
    for name, definer, _, settings in found:
        assert not definer or "search_path=public, pg_temp" in settings, name


def test_the_roles_are_what_they_say(ledger):
    with ledger.superuser() as admin:
        roles = admin.execute(
            """SELECT rolname, rolcanlogin, rolinherit, rolsuper OR rolcreatedb OR rolcreaterole
                      OR rolreplication OR rolbypassrls,
                      ARRAY(SELECT roleid::regrole::text FROM pg_auth_members m
                             WHERE m.member = r.oid)
                 FROM pg_roles r WHERE rolname LIKE 'bondhouse%' ORDER BY 1"""
        ).fetchall()
    assert roles == [
        ("bondhouse", True, True, False, ["bondhouse_app"]),
        ("bondhouse_app", False, True, False, []),
        ("bondhouse_migrator", True, False, False, ["bondhouse_owner"]),
        ("bondhouse_owner", False, True, False, []),
    ]


def refusal(connection, statement) -> type[Exception] | None:
    try:
        with connection.transaction():
            connection.execute(statement)
    except psycopg.Error as refused:
        return type(refused)
    return None


def changes(connection, table: str) -> list[sql.Composed]:
    """Three statements, one of each kind of change, on the table's first column."""
    (column,) = connection.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum = 1",
        [f'"{table}"'],
    ).fetchone()
    name = sql.Identifier(table)
    return [
        sql.SQL("UPDATE {} SET {} = {}").format(name, *[sql.Identifier(column)] * 2),
        sql.SQL("DELETE FROM {}").format(name),
        sql.SQL("TRUNCATE {} CASCADE").format(name),
    ]


def test_the_application_changes_nothing_that_is_kept(ledger):
    with ledger.app() as app:
        for table, what in tables(app).items():
            if not {"UPDATE", "DELETE"} & wanted(table, *what):
                for statement in changes(app, table):
                    assert refusal(app, statement) is pg.InsufficientPrivilege, statement


# What psql is refused as the application: 42501 InsufficientPrivilege, each of them.
DENIED = (
    "UPDATE ledger_account SET in_ = in_ + 1",
    "UPDATE ledger_account SET closed_through = NULL",
    "UPDATE ledger_reserve SET open_ = quantity",
    f"INSERT INTO ledger_account SELECT 1, '{new_id()}', 'floor', 9, 0, 0, 0, 0, now(), now()",
    "INSERT INTO ledger_posting SELECT * FROM ledger_posting",
    "INSERT INTO ledger_entry SELECT * FROM ledger_entry",
    "INSERT INTO ledger_entry_rest SELECT * FROM ledger_entry",
    "INSERT INTO ledger_key SELECT 1, 'k', '', gen_random_uuid()",
    (
        "INSERT INTO ledger_reserve SELECT 1, gen_random_uuid(), account_id, 'out', 9, 9"
        " FROM ledger_account"
    ),
    "INSERT INTO ledger_reversal SELECT 1, posting_id, posting_id FROM ledger_posting",
    (
        "INSERT INTO ledger_period_balance SELECT 1, 'b', now(), account_id, 0, 0, 0, 0, 0"
        " FROM ledger_account"
    ),
    "INSERT INTO ledger_account SELECT * FROM ledger_account ON CONFLICT DO NOTHING",
    (
        "MERGE INTO ledger_account a USING ledger_account b ON a.account_id = b.account_id"
        " WHEN MATCHED THEN UPDATE SET in_ = 9"
    ),
    "WITH w AS (UPDATE ledger_account SET in_ = 9 RETURNING 1) SELECT * FROM w",
    "SELECT * FROM ledger_account FOR UPDATE",
    "COPY ledger_account FROM STDIN",
    "COPY ledger_entry FROM PROGRAM 'true'",
    "UPDATE alembic_version SET version_num = 'x'",
    "ALTER TABLE ledger_entry DISABLE TRIGGER ledger_entry_keep",
    "ALTER TABLE ledger_entry DISABLE TRIGGER USER",
    "DROP TRIGGER ledger_entry_keep ON ledger_entry",
    "CREATE TRIGGER mine BEFORE INSERT ON ledger_entry EXECUTE FUNCTION refuse_change()",
    "CREATE RULE mine AS ON INSERT TO ledger_entry DO INSTEAD NOTHING",
    "ALTER TABLE ledger_account DROP CONSTRAINT ck_ledger_account_free",
    "ALTER TABLE ledger_account RENAME TO other",
    "ALTER TABLE ledger_account OWNER TO bondhouse",
    "ALTER TABLE ledger_posting DETACH PARTITION ledger_posting_rest",
    (
        "CREATE TABLE mine PARTITION OF ledger_entry FOR VALUES FROM"
        " ('ffffffff-0000-0000-0000-000000000000') TO ('ffffffff-1000-0000-0000-000000000000')"
    ),
    "DROP TABLE ledger_account CASCADE",
    "CREATE INDEX ON ledger_account (seq)",
    "LOCK TABLE ledger_account IN ACCESS EXCLUSIVE MODE",
    "CREATE TABLE mine (id integer)",
    "CREATE TEMPORARY TABLE ledger_account (id integer)",
    "CREATE FUNCTION mine() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    "CREATE SCHEMA mine",
    (
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS"
        " 'BEGIN RETURN NEW; END'"
    ),
    (
        "CREATE OR REPLACE FUNCTION ledger_open(integer, text, uuid[]) RETURNS void LANGUAGE sql"
        " AS 'SELECT 1'"
    ),
    "ALTER FUNCTION ledger_post SET search_path = pg_temp",
    "ALTER FUNCTION ledger_post SECURITY INVOKER",
    "DROP FUNCTION ledger_post",
    "SELECT ledger_guard('ledger_account')",
    "SET session_replication_role = replica",
    "SET ROLE bondhouse_owner",
    "SET ROLE bondhouse_migrator",
    "SET SESSION AUTHORIZATION bondhouse_owner",
    "GRANT bondhouse_owner TO bondhouse",
    "ALTER ROLE bondhouse SUPERUSER",
    "ALTER DATABASE {database} OWNER TO bondhouse",
    "ALTER DEFAULT PRIVILEGES FOR ROLE bondhouse_owner GRANT ALL ON TABLES TO bondhouse",
    "DO $$ BEGIN EXECUTE 'UPDATE ledger_account SET in_ = 9'; END $$",
)


def test_the_application_is_refused_by_every_other_way(ledger):
    let_through = []
    with ledger.app() as app:
        for statement in DENIED:
            said = refusal(app, statement.replace("{database}", ledger.name))
            if said is not pg.InsufficientPrivilege:
                let_through.append((statement, said))
    assert let_through == []


# A value of each type, to put one row into any table that is kept.
VALUES = {
    "bigint": "1",
    "boolean": "true",
    "bytea": r"'\x00'",
    "date": "'2026-11-22'",
    "integer": "1",
    "jsonb": "'{}'",
    "numeric": "1",
    "smallint": "1",
    "timestamp with time zone": "'2026-11-22 08:00+00'",
    "uuid": f"'{new_id()}'",
    "xid8": "'1'",
}


def put_a_row(admin, table: str) -> None:
    """Put one row of any content into `table`, whatever its checks and keys say."""
    name = sql.Identifier(table)
    for (check,) in admin.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'"
        " AND coninhcount = 0",
        [f'"{table}"'],
    ).fetchall():
        dropped = sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}")
        admin.execute(dropped.format(name, sql.Identifier(check)))
    columns = admin.execute(
        """SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
            WHERE attrelid = %s::regclass AND attnum > 0 AND attnotnull AND NOT attisdropped""",
        [f'"{table}"'],
    ).fetchall()
    admin.execute(
        sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            name,
            sql.SQL(", ").join(sql.Identifier(column) for column, _ in columns),
            sql.SQL(", ").join(sql.SQL(VALUES.get(kind, "'x'")) for _, kind in columns),
        )
    )


def test_a_superuser_without_triggers_changes_nothing_that_is_kept(ledger):
    refused = 0
    with ledger.superuser() as admin:
        for table, (partition, kept) in tables(admin).items():
            if not kept:
                continue
            with admin.transaction(force_rollback=True):
                admin.execute("SET LOCAL session_replication_role = replica")
                if not partition:
                    put_a_row(admin, table)
                for statement in changes(admin, table)[2 * partition :]:
                    assert refusal(admin, statement) is pg.RestrictViolation, statement
                    refused += 1
    assert refused > 45


def test_a_superuser_cannot_reach_into_the_partition_a_row_lies_in(ledger):
    with ledger.superuser() as admin:
        admin.execute("SET LOCAL session_replication_role = replica")
        for parent in ("ledger_posting", "ledger_entry"):
            found = admin.execute(f"SELECT DISTINCT tableoid::regclass::text FROM {parent}")
            ((partition,),) = found.fetchall()
            assert partition != parent
            for statement in changes(admin, partition):
                assert refusal(admin, statement) is pg.RestrictViolation, statement


def test_the_owner_changes_nothing_that_is_kept(ledger):
    with ledger.owner() as owner:
        for table in ("ledger_posting", "ledger_entry", "ledger_key"):
            for statement in changes(owner, table):
                assert refusal(owner, statement) is pg.RestrictViolation, statement
        denied = refusal(owner, "SET session_replication_role = replica")
        assert denied is pg.InsufficientPrivilege


def test_a_quarter_made_later_is_guarded_like_the_first(ledger):
    with ledger.app() as app:
        assert app.execute("SELECT ledger_partition('2031-05-05')").fetchone() == (2,)
        assert app.execute("SELECT ledger_partition('2031-06-30')").fetchone() == (0,)
        app.commit()
        found = tables(app)
        for table in ("ledger_posting_2031q2", "ledger_entry_2031q2"):
            assert found[table] == (True, True)
            assert refusal(app, f"SELECT * FROM {table}") is pg.InsufficientPrivilege
            for statement in changes(app, table):
                assert refusal(app, statement) is pg.InsufficientPrivilege, statement
    with ledger.superuser() as admin:
        guards = admin.execute(
            """SELECT tgrelid::regclass::text, count(*), min(tgenabled::text), max(tgenabled::text)
                 FROM pg_trigger
                WHERE tgrelid::regclass::text LIKE '%\\_2031q2' AND NOT tgisinternal
                GROUP BY 1"""
        ).fetchall()
        assert sorted(guards) == [
            ("ledger_entry_2031q2", 2, "A", "A"),
            ("ledger_posting_2031q2", 2, "A", "A"),
        ]
        owners = admin.execute(
            "SELECT DISTINCT tableowner FROM pg_tables WHERE tablename LIKE '%\\_2031q2'"
        ).fetchall()
        assert owners == [(OWNER,)]


AN_ENTRY = """INSERT INTO ledger_entry
  SELECT site_id, posting_id, {leg}, account_id, {seq}, step, counter, counter_account, reserve_id,
         {d_in}, d_pre_in, d_out, d_pre_out, in_after, pre_in_after, out_after, pre_out_after,
         recorded_at, value_at FROM ledger_entry WHERE step = 'direct_in'"""
SAID = """INSERT INTO ledger_proposal VALUES
  (1, {proposal}, 'k', '{{}}', 's', {reason}, {proposer}, 'n', now())"""
DECIDED = """INSERT INTO ledger_decision VALUES
  (1, {proposal}, {proposer}, {decider}, 'n', now(), {verdict}, '', '1')"""
ONE, TWO, THREE = (f"'{new_id()}'" for _ in range(3))
PROPOSED = SAID.format(proposal=ONE, reason="'r'", proposer=TWO)
A_POSTING = """INSERT INTO ledger_posting
  SELECT site_id, {posting}, key, {kind}, rule_version, event, document_kind, document_no,
         document_line, effective_at, recorded_at, actor_id, reason,
  {approval}, reverses_id, body, era, xact FROM ledger_posting WHERE key = 'first'"""


def account(**set_):
    what = ", ".join(f"{name} = {value}" for name, value in set_.items())
    return f"UPDATE ledger_account SET {what} WHERE account_id = '{A}'"


# What even a superuser is refused by the tables themselves. A has 5 in, 3 expected, 2 reserved.
LAWS = (
    (account(in_=-1), pg.CheckViolation),
    (account(pre_in=-1), pg.CheckViolation),
    (account(out=-1), pg.CheckViolation),
    (account(pre_out=-1), pg.CheckViolation),
    (account(pre_out=6), pg.CheckViolation),
    (account(in_=1), pg.CheckViolation),
    (account(out=4), pg.CheckViolation),
    (account(family="'sea'"), pg.CheckViolation),
    (account(in_="NULL"), pg.NotNullViolation),
    (account(recorded_at="NULL"), pg.NotNullViolation),
    (account(account_id=f"'{B}'"), pg.UniqueViolation),
    ("UPDATE ledger_reserve SET open_ = quantity + 1", pg.CheckViolation),
    ("UPDATE ledger_reserve SET open_ = -1", pg.CheckViolation),
    ("UPDATE ledger_reserve SET side = 'up'", pg.CheckViolation),
    (f"UPDATE ledger_reserve SET reserve_id = '{HELD_IN}'", pg.UniqueViolation),
    ("INSERT INTO ledger_key SELECT 1, 'first', '', gen_random_uuid()", pg.UniqueViolation),
    (AN_ENTRY.format(leg=9, seq=1, d_in=1), pg.UniqueViolation),
    (AN_ENTRY.format(leg=1, seq=9, d_in=1), pg.UniqueViolation),
    (AN_ENTRY.format(leg=9, seq=9, d_in=0), pg.CheckViolation),
    (A_POSTING.format(posting="posting_id", kind="kind", approval="NULL"), pg.UniqueViolation),
    (A_POSTING.format(posting=ONE, kind="'gift'", approval="NULL"), pg.CheckViolation),
    (A_POSTING.format(posting=ONE, kind="kind", approval=ONE), pg.ForeignKeyViolation),
    (
        f"INSERT INTO ledger_reversal VALUES (1, {ONE}, {TWO}), (1, {ONE}, {THREE})",
        pg.UniqueViolation,
    ),
    ("INSERT INTO ledger_era VALUES (1, 0, 's', now(), '')", pg.CheckViolation),
    (
        f"INSERT INTO ledger_period VALUES (1, 'no', now(), {ONE}, {ONE}, '', now(), 0)",
        pg.ForeignKeyViolation,
    ),
    (SAID.format(proposal=ONE, reason="''", proposer=TWO), pg.CheckViolation),
    (f"{PROPOSED}; {PROPOSED}", pg.UniqueViolation),
    (
        DECIDED.format(proposal=ONE, proposer=TWO, decider=THREE, verdict="'approved'"),
        pg.ForeignKeyViolation,
    ),
    *(
        (
            PROPOSED
            + ";"
            + DECIDED.format(proposal=ONE, proposer=TWO, decider=who, verdict=verdict),
            refused,
        )
        for who, verdict, refused in (
            (TWO, "'approved'", pg.CheckViolation),
            (TWO, "'refused'", pg.CheckViolation),
            (THREE, "'withdrawn'", pg.CheckViolation),
            (THREE, "'perhaps'", pg.CheckViolation),
        )
    ),
    (
        PROPOSED
        + ";"
        + DECIDED.format(proposal=ONE, proposer=THREE, decider=TWO, verdict="'approved'"),
        pg.ForeignKeyViolation,
    ),
    (
        PROPOSED
        + ";"
        + 2
        * (DECIDED.format(proposal=ONE, proposer=TWO, decider=THREE, verdict="'approved'") + ";"),
        pg.UniqueViolation,
    ),
)


def test_the_tables_refuse_a_superuser_what_breaks_a_law(ledger):
    with ledger.superuser() as admin:
        found = [(law, refusal(admin, law)) for law, _ in LAWS]
    assert found == list(LAWS)


# Called by hand, wrongly; each is refused by an exception or answered with why not.
MALFORMED = pg.InvalidParameterValue
HAND = (
    ({"rules": "2"}, [leg("direct_in", A)], MALFORMED),
    ({"rules": "NULL"}, [leg("direct_in", A)], MALFORMED),
    ({"kind": "NULL"}, [leg("direct_in", A)], MALFORMED),
    ({"kind": "'close'"}, [], MALFORMED),
    ({"kind": "'gift'"}, [leg("direct_in", A)], MALFORMED),
    ({"kind": "'statement'"}, [], MALFORMED),
    ({"kind": "'statement'", "body": "'x'::bytea"}, [leg("direct_in", A)], MALFORMED),
    ({"kind": "'reversal'"}, [], MALFORMED),
    ({"reverses": "gen_random_uuid()"}, [leg("direct_in", A)], MALFORMED),
    ({"body": "'x'::bytea"}, [leg("direct_in", A)], MALFORMED),
    ({"body": "NULL"}, [leg("direct_in", A)], MALFORMED),
    ({"effective": "'infinity'"}, [leg("direct_in", A)], MALFORMED),
    ({"effective": "'-infinity'"}, [leg("direct_in", A)], MALFORMED),
    ({"effective": "NULL"}, [leg("direct_in", A)], MALFORMED),
    ({"recorded": "NULL"}, [leg("direct_in", A)], MALFORMED),
    ({"recorded": "'infinity'"}, [leg("direct_in", A)], MALFORMED),
    ({}, [], MALFORMED),
    ({}, [leg("direct_in", A)] * 5001, MALFORMED),
    ({}, [leg("direct_in", A, 0)], MALFORMED),
    ({}, [leg("direct_in", A, -1)], MALFORMED),
    ({}, [leg("direct_in", A, None)], MALFORMED),
    ({}, [leg("reserve_out", A, None, new_id())], MALFORMED),
    ({}, [leg("void_out", None, 0, HELD_OUT)], MALFORMED),
    ({}, [leg("void_out", None, -1, HELD_OUT)], MALFORMED),
    ({}, [leg("gift", A)], MALFORMED),
    ({}, [leg("", A)], MALFORMED),
    ({}, [leg(None, A)], MALFORMED),
    ({}, [leg("direct_in", A, counter=None)], MALFORMED),
    ({}, [leg("direct_in")], MALFORMED),
    ({}, [leg("direct_in", A, reserve=new_id())], MALFORMED),
    ({}, [leg("reserve_out", A)], MALFORMED),
    ({}, [leg("post_out", A, 1, HELD_OUT)], MALFORMED),
    ({}, [leg("post_out", None, 1)], MALFORMED),
    ({}, [leg("void_out", None, 1, HELD_OUT), leg("post_out", None, 1, HELD_OUT)], MALFORMED),
    ({}, [leg("direct_in", new_id())], {"unknown"}),
    ({"site": "2"}, [leg("direct_in", A)], {"unknown"}),
    ({"site": "2"}, [leg("post_out", None, 1, HELD_OUT)], {"unknown"}),
    ({"site": "NULL"}, [leg("direct_in", A)], {"unknown"}),
    ({}, [leg("post_out", None, 1, new_id())], {"unknown"}),
    ({}, [leg("post_out", None, 3, HELD_OUT)], {"exhausted"}),
    ({}, [leg("reserve_out", A, 4, new_id())], {"short"}),
    ({}, [leg("reserve_out", A, 1, HELD_OUT)], {"reserve_known"}),
    ({}, [leg("reserve_out", B, 1, HELD_IN)], {"reserve_known", "short"}),
    # A reservation of one side is not posted by a step of the other.
    ({}, [leg("post_in", None, 1, HELD_OUT)], {"unknown"}),
    ({}, [leg("void_in", None, None, HELD_OUT)], {"unknown"}),
    ({}, [leg("post_out", None, 1, HELD_IN)], {"unknown"}),
    ({}, [leg("void_out", None, 1, HELD_IN)], {"unknown"}),
    # What goes from one account to another arrives there, and nowhere else.
    ({}, [leg("direct_out", A, 1, pair=B)], {"unbalanced"}),
    ({}, [leg("direct_out", A, 2, pair=B), leg("direct_in", B, 1, pair=A)], {"unbalanced"}),
    ({}, [leg("direct_out", A, 1, pair=B), leg("direct_in", B, 1)], {"unbalanced"}),
    ({}, [leg("direct_out", A, 1, pair=B), leg("direct_in", A, 1, pair=B)], {"unbalanced"}),
    ({}, [leg("direct_out", A, 1, pair=A), leg("direct_in", A, 1, pair=A)], {"unbalanced"}),
    ({}, [leg("reserve_out", A, 1, new_id(), pair=B)], {"unbalanced"}),
    ({}, [leg("direct_in", BOOK)], {"unapproved"}),
    ({"approval": "gen_random_uuid()"}, [leg("direct_in", BOOK)], {"unapproved"}),
    ({}, [leg("direct_in", A, counter="found:count")], {"unapproved"}),
    ({}, [leg("direct_in", A, 2**62), leg("direct_in", A, 2**62)], pg.NumericValueOutOfRange),
    ({}, [leg("direct_in", A, 2**63 - 1)], pg.NumericValueOutOfRange),
    ({"key": "NULL"}, [leg("direct_in", A)], pg.NotNullViolation),
    ({"key": "repeat('k', 201)"}, [leg("direct_in", A)], pg.StringDataRightTruncation),
    ({"key": "'first'"}, [leg("direct_in", A, 5)], {"posted"}),  # the same words, the same answer
    ({"key": "'first'", "hash": "'x'::bytea"}, [leg("direct_in", A, 5)], {"key_reused"}),
    ({"key": "'first'", "hash": "NULL"}, [leg("direct_in", A, 5)], {"key_reused"}),
    ({"hash": "NULL"}, [leg("direct_in", A)], pg.NotNullViolation),
    ({"posting": "NULL"}, [leg("direct_in", A)], pg.NotNullViolation),
    ({"actor": "NULL"}, [leg("direct_in", A)], pg.NotNullViolation),
    ({"kind": "'reversal'", "reverses": "gen_random_uuid()"}, [], {"posting_unknown"}),
    (
        {
            "kind": "'reversal'",
            "reverses": "(SELECT posting_id FROM ledger_key WHERE key = 'first')",
        },
        [],
        {"unapproved", "short"},
    ),
)


def answer(connection, head, legs, arrays=None):
    try:
        with connection.transaction(force_rollback=True):
            return post(connection, *legs, arrays=arrays, **head)
    except psycopg.Error as refused:
        return type(refused)


def test_the_posting_function_does_not_believe_its_caller(ledger):
    with ledger.app() as app:
        found = [(head, legs, answer(app, head, legs)) for head, legs, _ in HAND]
        before = app.execute("SELECT count(*) FROM ledger_posting").fetchone()
    wrong = [(*f, w[2]) for f, w in zip(found, HAND, strict=True) if f[2] != w[2]]
    assert wrong == [], "\n".join(map(str, wrong))
    assert before == (3,)


@pytest.mark.parametrize("name", LEGS)
@pytest.mark.parametrize("value", [None, [], [None, None], [[None]], "[0:0]={NULL}"])
def test_arrays_of_another_shape_are_refused(ledger, name, value):
    with ledger.app() as app:
        assert answer(app, {}, [leg("direct_in", A)], {name: value}) is MALFORMED


@pytest.mark.parametrize(
    ("through", "recorded", "told"),
    [
        ("'infinity'", "'infinity'", MALFORMED),
        ("'-infinity'", "now()", MALFORMED),
        ("NULL", "now()", MALFORMED),
        ("now()", "NULL", MALFORMED),
        ("now() + interval '1 s'", "now()", "period_future"),
        ("now()", "now()", "closed"),
    ],
)
def test_the_closing_function_does_not_believe_its_caller(ledger, through, recorded, told):
    with ledger.app() as app:
        app.execute("INSERT INTO book VALUES (1, 'T1', 'L', 'cumulative', now())")
        close = (
            "SELECT status FROM ledger_close(1, gen_random_uuid(), 'close', '', 'T1',"
            f" {through}, {recorded}, gen_random_uuid(), 'n', '')"
        )
        if told is MALFORMED:
            assert refusal(app, close) is MALFORMED
        else:
            assert app.execute(close).fetchone() == (told,)
            if told == "closed":
                assert app.execute(close).fetchone() == ("again",)


@pytest.mark.parametrize(
    ("verdict", "moment", "told"),
    [
        ("approved", "pg_current_xact_id()", "posted"),
        ("approved", "'3'", "unapproved"),  # in another transaction
        ("refused", "pg_current_xact_id()", "unapproved"),
        ("withdrawn", "pg_current_xact_id()", "unapproved"),
    ],
)
def test_a_book_is_moved_by_hand_with_four_eyes_only(ledger, verdict, moment, told):
    decider = TWO if verdict == "withdrawn" else THREE
    with ledger.app() as app:
        app.execute(PROPOSED)
        app.execute(
            f"INSERT INTO ledger_decision VALUES (1, {ONE}, {TWO}, {decider}, 'n', now(),"
            f" '{verdict}', '', {moment})"
        )
        assert post(app, leg("direct_in", BOOK), approval=ONE) == {told}
        assert post(app, leg("direct_in", BOOK), approval=ONE, site="2") == {"unknown"}


@pytest.mark.parametrize(
    "day", ["NULL", "'1969-12-31'", "'infinity'", "'-infinity'", "'9999-01-01'"]
)
def test_no_quarter_is_made_that_will_not_come(ledger, day):
    with ledger.app() as app:
        assert refusal(app, f"SELECT ledger_partition({day})") is MALFORMED


def test_what_psql_itself_is_told(ledger):
    psql = ledger.cluster.binaries.folder / "psql"
    if not psql.exists():
        pytest.skip("psql is not on this machine")
    told = subprocess.run(
        [psql, "-X", "-q", ledger.cluster.url(ledger.name).replace("+psycopg", "")],
        input="UPDATE ledger_account SET in_ = 9;\nDELETE FROM ledger_entry;\n"
        "SET ROLE bondhouse_owner;\n",
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.stderr.splitlines() == [
        "ERROR:  permission denied for table ledger_account",
        "ERROR:  permission denied for table ledger_entry",
        'ERROR:  permission denied to set role "bondhouse_owner"',
    ]
