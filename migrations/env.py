"""Alembic's way in: knows the metadata of wms and nothing else of it."""

from alembic import context
from sqlalchemy import Connection, create_engine, pool

from wms.db.roles import become_owner
from wms.settings import migration_url_from_env
from wms.tables import METADATA, is_mapped

config = context.config


def run_online() -> None:
    """Migrate as the owner, over a connection handed in, or one to WMS_MIGRATION_URL."""
    connection = config.attributes.get("connection")
    if connection is not None:
        _migrate(connection)
        return
    engine = create_engine(migration_url_from_env(), poolclass=pool.NullPool)
    with engine.connect() as fresh:
        _migrate(fresh)


def _migrate(connection: Connection) -> None:
    become_owner(connection)
    connection.commit()  # the role stays; a transaction left open would be taken for the caller's
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        compare_type=True,
        include_name=is_mapped,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run_online()
