"""Brings a database up to the newest tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import create_engine, pool
from sqlalchemy.exc import ArgumentError, OperationalError

from counterparts.stack import StackError

PROJECT = Path(__file__).resolve().parents[2]


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database at `url` up to `revision`; nothing happens where it is there already.

    Raises StackError where the database cannot be reached or has tables this code does not know.
    """
    driven = url.replace("postgresql://", "postgresql+psycopg://", 1)
    config = Config(PROJECT / "migrations" / "alembic.ini")
    try:
        with create_engine(driven, poolclass=pool.NullPool).connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
            connection.commit()
    except (OperationalError, ArgumentError, CommandError) as error:
        said = str(error.orig if isinstance(error, OperationalError) else error)
        raise StackError(f"the database cannot be used: {said.splitlines()[0]}") from error
