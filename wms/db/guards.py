"""Append-only tables: triggers that refuse, and do nothing else, whatever the session says."""

from typing import Final, Protocol

APPLICATION: Final = "bondhouse_app"
"""The role through which the application has its privileges; roles.sql makes it."""


class Executes(Protocol):
    """Alembic's `op`, as far as it is needed here."""

    def execute(self, sqltext: str) -> object: ...


_FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% on % is refused: the table is append-only', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$
"""


def append_only(op: Executes, table: str) -> None:
    """Refuse UPDATE, DELETE and TRUNCATE on a table, also under session_replication_role.

    The application's role loses the right to them as well: it is refused before a trigger is.
    """
    op.execute(_FUNCTION)
    op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {APPLICATION}")
    op.execute(
        f"CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_keep_all BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_keep")
    op.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_keep_all")


def drop_append_only(op: Executes, table: str) -> None:
    """Take the two triggers off again, for a migration that goes down."""
    op.execute(f"DROP TRIGGER IF EXISTS {table}_keep ON {table}")
    op.execute(f"DROP TRIGGER IF EXISTS {table}_keep_all ON {table}")
