"""Alembic's way in: knows the metadata of wms and nothing else of it."""

from alembic import context
from sqlalchemy import create_engine, pool

from wms.settings import database_url_from_env
from wms.tables import METADATA

config = context.config


def run_online() -> None:
    """Migrate over a connection handed in by a test, or one to WMS_DATABASE_URL."""
    connection = config.attributes.get("connection")
    if connection is not None:
        _migrate(connection)
        return
    engine = create_engine(database_url_from_env(), poolclass=pool.NullPool)
    with engine.connect() as fresh:
        _migrate(fresh)


def _migrate(connection: object) -> None:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run_online()
