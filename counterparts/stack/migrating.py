"""Brings a database up to the newest tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, create_engine, pool
from sqlalchemy.exc import ArgumentError, OperationalError, ProgrammingError

from counterparts.stack import StackError

PROJECT = Path(__file__).resolve().parents[2]


def migrate(url: str) -> None:
    """Bring the database at `url` up to the newest tables, as a user who may become their owner.

    Where they are there already nothing is done, and the application's user is enough. Raises
    StackError where the database cannot be reached, has tables this code does not know, or this
    user may not change it.
    """
    driven = url.replace("postgresql://", "postgresql+psycopg://", 1)
    config = Config(PROJECT / "migrations" / "alembic.ini")
    try:
        with create_engine(driven, poolclass=pool.NullPool).connect() as connection:
            if _is_newest(connection, config):
                return
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
    except (OperationalError, ArgumentError, CommandError) as error:
        said = str(error.orig if isinstance(error, OperationalError) else error)
        raise StackError(f"the database cannot be used: {said.splitlines()[0]}") from error


def _is_newest(connection: Connection, config: Config) -> bool:
    """Say whether nothing is left to do, as far as this user can see it."""
    try:
        there = MigrationContext.configure(connection).get_current_heads()
    except ProgrammingError:  # a migrator is nothing before it is the owner
        connection.rollback()
        return False
    return set(there) == set(ScriptDirectory.from_config(config).get_heads())
