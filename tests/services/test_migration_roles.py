"""Who migrates: a user who may become the owner; for others one sentence says what to run."""

from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, make_url, text

from counterparts.stack import StackError
from counterparts.stack.migrating import migrate
from counterparts.stack.postgres import APP, ROLES
from wms.db.guards import append_only

ROOT = Path(__file__).parents[2]


@pytest.fixture
def name(empty_database_url) -> str:
    return make_url(empty_database_url).database


def migrate_to(url: str, revision: str) -> None:
    config = Config(ROOT / "migrations" / "alembic.ini")
    engine = create_engine(url)
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    engine.dispose()


def test_the_application_may_not_migrate_and_is_told_who_may(postgres_cluster, name):
    with pytest.raises(
        StackError,
        match=r"bondhouse may not become bondhouse_owner: a superuser first runs, in this database,"
        r" docs/operating/examples/roles\.sql .* WMS_MIGRATION_URL",
    ):
        migrate(postgres_cluster.url(name, APP))


def test_an_installation_of_one_role_is_told_and_then_taken_over(
    postgres_cluster, empty_database_url, name
):
    migrate_to(empty_database_url, "0015_iot")
    with postgres_cluster.admin(name) as admin:
        admin.execute("DROP ROLE IF EXISTS single")
        admin.execute("CREATE ROLE single")
        for (statement,) in admin.execute(
            """SELECT format('ALTER TABLE %I OWNER TO single', tablename) FROM pg_tables
                WHERE schemaname = 'public'
               UNION ALL SELECT format('ALTER ROUTINE %s OWNER TO single', p.oid::regprocedure)
                 FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
               UNION ALL SELECT 'ALTER SCHEMA public OWNER TO single'
               UNION ALL SELECT format('ALTER DATABASE %I OWNER TO single', current_database())"""
        ).fetchall():
            admin.execute(statement)
    with pytest.raises(
        StackError, match="alembic_version does not belong to bondhouse_owner: a su"
    ):
        migrate(empty_database_url)
    with postgres_cluster.admin(name) as admin:
        for _ in range(2):  # a second time it does nothing
            admin.execute(ROLES.read_bytes())
        admin.execute("DROP ROLE single")  # refused if it still owned a thing
    migrate(empty_database_url)
    migrate(
        postgres_cluster.url(name, APP)
    )  # nothing is left to do, for which the application does
    with psycopg.connect(postgres_cluster.url(name).replace("+psycopg", "")) as app:
        assert app.execute("SELECT count(*) FROM trail").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("DELETE FROM trail")


def test_what_a_later_migration_creates_the_application_may_use(
    postgres_cluster, database_url, superuser_url
):
    name = make_url(database_url).database
    engine = create_engine(superuser_url)
    with engine.begin() as owner:
        owner.exec_driver_sql("SET ROLE bondhouse_owner")
        owner.exec_driver_sql("CREATE TABLE later (site_id integer PRIMARY KEY)")
        owner.exec_driver_sql("CREATE TABLE later_kept (site_id integer PRIMARY KEY)")

        class Op:
            execute = staticmethod(lambda said: owner.execute(text(said)))

        append_only(Op, "later_kept")
        owner.exec_driver_sql(
            "CREATE FUNCTION later_read() RETURNS integer LANGUAGE sql AS 'SELECT 1'"
        )
    engine.dispose()
    with psycopg.connect(
        postgres_cluster.url(name).replace("+psycopg", ""), autocommit=True
    ) as app:
        for table in ("later", "later_kept"):
            app.execute(f"INSERT INTO {table} SELECT later_read()")
        app.execute("UPDATE later SET site_id = 2")
        app.execute("DELETE FROM later")
        for attack in ("UPDATE later_kept SET site_id = 2", "DELETE FROM later_kept"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                app.execute(attack)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("TRUNCATE later")
