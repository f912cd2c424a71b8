"""Whose the tables are and what the application may do with them: two roles nobody logs in as.

`docs/operating/examples/roles.sql` makes them, migrations grant. `tests/services/
test_ledger_privileges.py` tries every door of the application's role.
"""

from typing import Final

from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.exc import ProgrammingError

from wms.db.guards import APPLICATION, Executes

OWNER: Final = "bondhouse_owner"

_FIRST: Final = (
    "a superuser first runs, in this database, docs/operating/examples/roles.sql"
    " (psql -v ON_ERROR_STOP=1 -1 -f), then WMS_MIGRATION_URL is the address of bondhouse_migrator"
)


def become_owner(connection: Connection) -> None:
    """Make this session the owner's, so that whatever it creates belongs to the owner.

    Raises alembic's CommandError, one sentence that says what a superuser has to run, where the
    roles are not there, may not be taken by this user, or do not own a table that is there already.
    """
    roles = text("SELECT count(*) FROM pg_roles WHERE rolname IN (:owner, :application)")
    if connection.execute(roles, {"owner": OWNER, "application": APPLICATION}).scalar_one() != 2:
        raise CommandError(f"the roles {OWNER} and {APPLICATION} are missing: {_FIRST}")
    user = connection.execute(text("SELECT session_user")).scalar_one()
    try:
        connection.execute(text(f"SET ROLE {OWNER}"))
    except ProgrammingError as refused:
        raise CommandError(f"{user} may not become {OWNER}: {_FIRST}") from refused
    others = text(
        "SELECT min(tablename) FROM pg_tables WHERE schemaname = 'public' AND tableowner <> :owner"
    )
    other = connection.execute(others, {"owner": OWNER}).scalar_one()
    if other is not None:
        raise CommandError(f"{other} does not belong to {OWNER}: {_FIRST}")


def grant_exactly(op: Executes, table: str, privileges: str) -> None:
    """Give the application exactly `privileges` on a table, whatever it had before."""
    op.execute(f'REVOKE ALL ON "{table}" FROM {APPLICATION}')
    if privileges:
        op.execute(f'GRANT {privileges} ON "{table}" TO {APPLICATION}')


def run_as_owner(op: Executes, function: str) -> None:
    """Let the application call a function that writes what the application itself may not.

    The function's search_path has to be fixed where it is created; the name must not be overloaded.
    """
    op.execute(f"ALTER FUNCTION {function} SECURITY DEFINER")
    op.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {APPLICATION}")
