"""Brings a database up to the newest tables."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, pool

PROJECT = Path(__file__).resolve().parents[2]


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database at `url` up to `revision`; nothing happens where it is there already."""
    engine = create_engine(url, poolclass=pool.NullPool)
    config = Config(PROJECT / "migrations" / "alembic.ini")
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        connection.commit()
