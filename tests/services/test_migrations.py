"""Migrations: up from empty, equal to the models, down one by one, and up again."""

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, inspect, text

from wms.tables import METADATA, is_mapped

ROOT = Path(__file__).parents[2]


def config_of(connection: Connection) -> Config:
    config = Config(ROOT / "migrations" / "alembic.ini")
    config.attributes["connection"] = connection
    return config


@pytest.fixture
def connection(empty_database_url):
    engine = create_engine(empty_database_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def leftovers(connection: Connection) -> set[str]:
    functions = connection.execute(
        text(
            "SELECT proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
            " WHERE n.nspname = 'public'"
        )
    ).scalars()
    return (set(inspect(connection).get_table_names()) | set(functions)) - {"alembic_version"}


def test_the_chain_is_one_line_and_leads_to_the_models(connection):
    config = config_of(connection)
    scripts = ScriptDirectory.from_config(config)
    assert len(scripts.get_heads()) == 1
    command.upgrade(config, "head")
    context = MigrationContext.configure(
        connection, opts={"compare_type": True, "include_name": is_mapped}
    )
    assert compare_metadata(context, METADATA) == []


def test_every_step_goes_up_and_down_and_leaves_nothing(connection):
    config = config_of(connection)
    revisions = list(ScriptDirectory.from_config(config).walk_revisions())[::-1]
    for revision in revisions:
        command.upgrade(config, revision.revision)
        command.downgrade(config, "-1")
        command.upgrade(config, revision.revision)
    for _ in revisions:
        command.downgrade(config, "-1")
    assert leftovers(connection) == set()
    command.upgrade(config, "head")
