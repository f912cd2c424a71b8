"""What the application may do: read the ledger, add to history, write the rest."""

from pathlib import Path

from alembic import op
from sqlalchemy import text

from wms.db.roles import APPLICATION, grant_exactly, run_as_owner

revision = "0018_roles"
down_revision = "0017_seal"
branch_labels = None
depends_on = None

READ = "SELECT"
ADD = "SELECT, INSERT"
WRITE = "SELECT, INSERT, UPDATE, DELETE"

# The rest is told by the tables themselves: a partition is reached through its parent, a table
# guarded as append-only is added to, any other is written.
GRANTS = {
    "alembic_version": READ,
    "book_line": READ,
    "ledger_account": READ,
    "ledger_entry": READ,
    "ledger_key": READ,
    "ledger_period": READ,
    "ledger_period_balance": READ,
    "ledger_posting": READ,
    "ledger_reserve": READ,
    "ledger_reversal": READ,
}
WRITERS = ("ledger_open", "ledger_add_line", "ledger_post", "ledger_close", "ledger_partition")
OWNERS_OWN = ("ledger_guard", "refuse_change")
SQL = Path(__file__).resolve().parent.parent / "sql"

TABLES = text(
    """
    SELECT c.relname, c.relispartition,
           EXISTS (SELECT FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
                    WHERE t.tgrelid = c.oid AND p.proname = 'refuse_change') AS kept
      FROM pg_class c
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
     ORDER BY c.relname
    """
)
FUNCTIONS = text(
    "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace"
    " AND p.proowner = current_user::regrole AND p.proname <> ALL(:but)"
)


def upgrade() -> None:
    """Grant what is needed, and decide what tables and functions still to come are born with."""
    op.execute(f"GRANT USAGE ON SCHEMA public TO {APPLICATION}")
    op.execute(text((SQL / "ledger_guard_2.sql").read_text()))
    for table, is_partition, kept in op.get_bind().execute(TABLES).all():
        usual = "" if is_partition else ADD if kept else WRITE
        grant_exactly(op, table, GRANTS.get(table, usual))
    op.execute("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC")
    for (function,) in op.get_bind().execute(FUNCTIONS, {"but": list(OWNERS_OWN)}).all():
        op.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {APPLICATION}")
    for function in WRITERS:
        run_as_owner(op, function)
    op.execute(
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {WRITE} ON TABLES TO {APPLICATION}"
    )
    op.execute("ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC")
    op.execute(
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO {APPLICATION}"
    )


def downgrade() -> None:
    """Let the application write every table again, as it did before."""
    op.execute(
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE EXECUTE ON FUNCTIONS FROM {APPLICATION}"
    )
    op.execute("ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC")
    op.execute(
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE {WRITE} ON TABLES FROM {APPLICATION}"
    )
    for function in WRITERS:
        op.execute(f"ALTER FUNCTION {function} SECURITY INVOKER")
    op.execute("GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO PUBLIC")
    op.execute(f"GRANT {WRITE} ON ALL TABLES IN SCHEMA public TO {APPLICATION}")
    before = (SQL / "ledger_guard_1.sql").read_text()
    op.execute(text(before.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")))
