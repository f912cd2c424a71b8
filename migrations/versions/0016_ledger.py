"""The ledger in quarters: keys of their own, reversals, four eyes, periods, eras, effective time."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from wms.db.guards import append_only, drop_append_only

revision = "0016_ledger"
down_revision = "0015_iot"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
SQL = Path(__file__).resolve().parent.parent / "sql"
FUNCTIONS = {
    "ledger_first_id": ("ledger_first_id_1", "timestamptz"),
    "ledger_guard": ("ledger_guard_1", "text"),
    "ledger_partition": ("ledger_partition_1", "date"),
    "ledger_open": ("ledger_open_1", "integer, text, uuid[]"),
    "ledger_period_digest": ("ledger_period_digest_1", "integer, text, timestamptz"),
    "ledger_close": (
        "ledger_close_1",
        "integer, uuid, text, bytea, text, timestamptz, timestamptz, uuid, text, text",
    ),
    "ledger_post": (
        "ledger_post_2",
        "integer, uuid, text, bytea, text, integer, text, text, text, integer, timestamptz, "
        "timestamptz, uuid, text, uuid, uuid, bytea, text[], uuid[], uuid[], bigint[], text[], "
        "uuid[]",
    ),
    "ledger_add_line": (
        "ledger_add_line_1",
        "integer, text, integer, uuid, text, text, text, text, text",
    ),
}
KEPT = (
    *("ledger_key", "ledger_reversal", "ledger_proposal", "ledger_decision"),
    *("ledger_period", "ledger_period_balance", "ledger_era"),
)
BOOKS = ("book", "book_line")
"""A line that could be changed could be pointed at another account."""
QUANTITIES = ("d_in", "d_pre_in", "d_out", "d_pre_out")
AFTER = ("in_after", "pre_in_after", "out_after", "pre_out_after")
POSTING = (
    *("site_id", "posting_id", "key", "rule_version", "document_kind", "document_no"),
    *("document_line", "effective_at", "recorded_at", "actor_id", "reason", "era", "xact"),
)
ENTRY = (
    *("site_id", "posting_id", "leg", "account_id", "seq", "step", "counter", "reserve_id"),
    *(*QUANTITIES, *AFTER),
)
REST = ("key", "reversal", "period", "period_balance", "era")
OLD_TABLES = """
CREATE TABLE ledger_posting (
  site_id integer NOT NULL, posting_id uuid NOT NULL, key varchar(200) NOT NULL,
  request_hash bytea NOT NULL, rule_version smallint NOT NULL, document_kind varchar(30) NOT NULL,
  document_no varchar(64) NOT NULL, document_line integer, effective_at timestamptz NOT NULL,
  recorded_at timestamptz NOT NULL, actor_id uuid NOT NULL, reason varchar(500) NOT NULL,
  body bytea NOT NULL, era smallint NOT NULL, xact xid8 NOT NULL,
  CONSTRAINT pk_ledger_posting PRIMARY KEY (site_id, posting_id),
  CONSTRAINT uq_ledger_posting_site_id_key UNIQUE (site_id, key));
CREATE INDEX ix_ledger_posting_document ON ledger_posting (site_id, document_kind, document_no);
CREATE INDEX ix_ledger_posting_cut ON ledger_posting (site_id, era, xact, posting_id);
CREATE TABLE ledger_entry (
  site_id integer NOT NULL, posting_id uuid NOT NULL, leg integer NOT NULL,
  account_id uuid NOT NULL, seq bigint NOT NULL, step varchar(12) NOT NULL,
  counter varchar(80) NOT NULL, reserve_id uuid, d_in bigint NOT NULL, d_pre_in bigint NOT NULL,
  d_out bigint NOT NULL, d_pre_out bigint NOT NULL, in_after bigint NOT NULL,
  pre_in_after bigint NOT NULL, out_after bigint NOT NULL, pre_out_after bigint NOT NULL,
  recorded_at timestamptz NOT NULL,
  CONSTRAINT pk_ledger_entry PRIMARY KEY (site_id, posting_id, leg),
  CONSTRAINT uq_ledger_entry_site_id_account_id_seq UNIQUE (site_id, account_id, seq),
  CONSTRAINT ck_ledger_entry_moves
    CHECK (d_in <> 0 OR d_pre_in <> 0 OR d_out <> 0 OR d_pre_out <> 0));
CREATE INDEX ix_ledger_entry_as_of ON ledger_entry (site_id, account_id, recorded_at, seq);
"""


class Xid8(sa.types.UserDefinedType):
    """The 64-bit transaction id."""

    cache_ok = True

    def get_col_spec(self, **_: object) -> str:
        return "xid8"


def upgrade() -> None:
    """Carry postings and entries over into tables cut by quarter, and make what is new."""
    op.execute("DROP FUNCTION ledger_post")
    _times_on_accounts()
    _keep_tables()
    for table in ("ledger_posting", "ledger_entry"):
        drop_append_only(op, table)
        op.rename_table(table, f"{table}_old")
    for index in ("document", "cut"):
        op.execute(f"DROP INDEX ix_ledger_posting_{index}")
    op.execute("DROP INDEX ix_ledger_entry_as_of")
    for constraint in ("pk_ledger_posting", "uq_ledger_posting_site_id_key"):
        op.drop_constraint(constraint, "ledger_posting_old")
    for constraint in (
        *("pk_ledger_entry", "uq_ledger_entry_site_id_account_id_seq", "ck_ledger_entry_moves"),
    ):
        op.drop_constraint(constraint, "ledger_entry_old")
    _quartered_tables()
    for name, (file, _) in FUNCTIONS.items():
        assert name in file
        op.execute(sa.text((SQL / f"{file}.sql").read_text().replace(":", r"\:")))
    for table in ("ledger_posting", "ledger_entry"):
        append_only(op, table)
        op.execute(f"CREATE TABLE {table}_rest PARTITION OF {table} DEFAULT")
        op.execute(f"SELECT ledger_guard('{table}_rest')")
    op.execute("SELECT ledger_partition(current_date)")
    op.execute("SELECT ledger_partition((current_date + interval '3 months')::date)")
    _carry_over()
    for table in (*KEPT, *BOOKS):
        append_only(op, table)


def _times_on_accounts() -> None:
    for name in ("recorded_at", "value_at"):
        op.add_column(
            "ledger_account", sa.Column(name, MOMENT, nullable=False, server_default="epoch")
        )
        op.alter_column("ledger_account", name, server_default=None)
    op.add_column("ledger_account", sa.Column("closed_through", MOMENT))


def _keep_tables() -> None:
    site = sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False)
    op.create_table(
        "ledger_key",
        site._copy(),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("posting_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "key", name="pk_ledger_key"),
    )
    op.create_table(
        "ledger_reversal",
        site._copy(),
        sa.Column("reverses_id", sa.Uuid(), nullable=False),
        sa.Column("posting_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "reverses_id", name="pk_ledger_reversal"),
    )
    op.create_table(
        "ledger_proposal",
        site._copy(),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("command", JSONB(), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("proposed_name", sa.String(100), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "proposal_id", name="pk_ledger_proposal"),
        sa.UniqueConstraint(
            *("site_id", "proposal_id", "proposed_by"),
            name="uq_ledger_proposal_site_id_proposal_id_proposed_by",
        ),
        sa.CheckConstraint("char_length(reason) > 0", name=op.f("ck_ledger_proposal_reason")),
    )
    op.create_table(
        "ledger_decision",
        site._copy(),
        sa.Column("proposal_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=False),
        sa.Column("decided_name", sa.String(100), nullable=False),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.Column("verdict", sa.String(10), nullable=False),
        sa.Column("note", sa.String(500), nullable=False),
        sa.Column("xact", Xid8(), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "proposal_id", name="pk_ledger_decision"),
        sa.ForeignKeyConstraint(
            ["site_id", "proposal_id", "proposed_by"],
            [
                "ledger_proposal.site_id",
                "ledger_proposal.proposal_id",
                "ledger_proposal.proposed_by",
            ],
            name="fk_ledger_decision_site_id_proposal_id_proposed_by",
        ),
        sa.CheckConstraint(
            "verdict in ('approved', 'refused', 'withdrawn')",
            name=op.f("ck_ledger_decision_verdict"),
        ),
        sa.CheckConstraint(
            "(decided_by = proposed_by) = (verdict = 'withdrawn')",
            name=op.f("ck_ledger_decision_four_eyes"),
        ),
    )
    op.create_table(
        "ledger_period",
        site._copy(),
        sa.Column("book_no", sa.String(12), nullable=False),
        sa.Column("through", MOMENT, nullable=False),
        sa.Column("posting_id", sa.Uuid(), nullable=False),
        sa.Column("closed_by", sa.Uuid(), nullable=False),
        sa.Column("closed_by_name", sa.String(100), nullable=False),
        sa.Column("closed_at", MOMENT, nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "book_no", "through", name="pk_ledger_period"),
        sa.ForeignKeyConstraint(
            ["site_id", "book_no"],
            ["book.site_id", "book.book_no"],
            name="fk_ledger_period_site_id_book_no",
        ),
    )
    op.create_table(
        "ledger_period_balance",
        site._copy(),
        sa.Column("book_no", sa.String(12), nullable=False),
        sa.Column("through", MOMENT, nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        *(
            sa.Column(name, sa.BigInteger(), nullable=False)
            for name in ("in_", "pre_in", "out", "pre_out", "seq")
        ),
        sa.PrimaryKeyConstraint(
            "site_id", "book_no", "through", "account_id", name="pk_ledger_period_balance"
        ),
    )
    op.create_table(
        "ledger_era",
        site._copy(),
        sa.Column("era", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("server", sa.String(60), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "era", name="pk_ledger_era"),
        sa.CheckConstraint("era > 0", name=op.f("ck_ledger_era_era")),
    )


def _quartered_tables() -> None:
    site = sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False)
    op.create_table(
        "ledger_posting",
        site._copy(),
        sa.Column("posting_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("rule_version", sa.SmallInteger(), nullable=False),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("document_kind", sa.String(30), nullable=False),
        sa.Column("document_no", sa.String(64), nullable=False),
        sa.Column("document_line", sa.Integer()),
        sa.Column("effective_at", MOMENT, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("approval_id", sa.Uuid()),
        sa.Column("reverses_id", sa.Uuid()),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("era", sa.SmallInteger(), nullable=False),
        sa.Column("xact", Xid8(), nullable=False),
        sa.PrimaryKeyConstraint("site_id", "posting_id", name="pk_ledger_posting"),
        sa.ForeignKeyConstraint(
            ["site_id", "approval_id"],
            ["ledger_decision.site_id", "ledger_decision.proposal_id"],
            name="fk_ledger_posting_site_id_approval_id",
        ),
        sa.CheckConstraint(
            "kind in ('move', 'reversal', 'statement', 'close')",
            name=op.f("ck_ledger_posting_kind"),
        ),
        postgresql_partition_by="RANGE (posting_id)",
    )
    op.create_index(
        "ix_ledger_posting_document", "ledger_posting", ["site_id", "document_kind", "document_no"]
    )
    op.create_index(
        "ix_ledger_posting_cut", "ledger_posting", ["site_id", "era", "xact", "posting_id"]
    )
    op.create_index(
        "ix_ledger_posting_approval",
        "ledger_posting",
        ["site_id", "approval_id"],
        postgresql_where=sa.text("approval_id IS NOT NULL"),
    )
    op.create_table(
        "ledger_entry",
        site._copy(),
        sa.Column("posting_id", sa.Uuid(), nullable=False),
        sa.Column("leg", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("step", sa.String(12), nullable=False),
        sa.Column("counter", sa.String(80), nullable=False),
        sa.Column("counter_account", sa.Uuid()),
        sa.Column("reserve_id", sa.Uuid()),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in (*QUANTITIES, *AFTER)),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("value_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "posting_id", "leg", name="pk_ledger_entry"),
        sa.CheckConstraint(
            "d_in <> 0 OR d_pre_in <> 0 OR d_out <> 0 OR d_pre_out <> 0",
            name=op.f("ck_ledger_entry_moves"),
        ),
        postgresql_partition_by="RANGE (posting_id)",
    )
    for name in ("recorded", "value"):
        op.create_index(
            f"ix_ledger_entry_{name}",
            "ledger_entry",
            ["site_id", "account_id", f"{name}_at", "seq"],
        )


def _carry_over() -> None:
    """Times become monotone by account; an account id written as counter becomes a reference."""
    op.execute(
        "INSERT INTO ledger_key SELECT site_id, key, request_hash, posting_id "
        "FROM ledger_posting_old"
    )
    op.execute(
        f"INSERT INTO ledger_posting ({', '.join(POSTING)}, kind, event, body) "
        f"SELECT {', '.join(POSTING)}, 'move', '', ''::bytea FROM ledger_posting_old"
    )
    op.execute(
        f"""
        INSERT INTO ledger_entry ({", ".join(ENTRY)}, counter_account, recorded_at, value_at)
        SELECT {", ".join("e." + name for name in ENTRY)}, a.account_id,
               max(e.recorded_at) OVER w, max(least(p.effective_at, e.recorded_at)) OVER w
          FROM ledger_entry_old e
          JOIN ledger_posting_old p USING (site_id, posting_id)
          LEFT JOIN ledger_account a ON a.site_id = e.site_id AND a.account_id\\:\\:text = e.counter
        WINDOW w AS (PARTITION BY e.site_id, e.account_id ORDER BY e.seq)
        """
    )
    op.execute(
        """
        UPDATE ledger_account a SET recorded_at = e.recorded_at, value_at = e.value_at
          FROM ledger_entry e
         WHERE e.site_id = a.site_id AND e.account_id = a.account_id AND e.seq = a.seq
        """
    )
    for table in ("ledger_entry", "ledger_posting"):
        op.drop_table(f"{table}_old")


def downgrade() -> None:
    """Go back to one table each; what only the new form can say is refused to be lost."""
    op.execute(
        """
        DO $$ BEGIN
          IF EXISTS (SELECT FROM ledger_posting WHERE kind <> 'move')
             OR EXISTS (SELECT FROM ledger_proposal) THEN
            RAISE EXCEPTION 'reversals, statements, closings or proposals would be lost';
          END IF;
        END $$
        """
    )
    for name, (_, arguments) in reversed(FUNCTIONS.items()):
        op.execute(f"DROP FUNCTION {name}({arguments})")
    for table in ("ledger_posting", "ledger_entry"):
        op.rename_table(table, f"{table}_new")
        op.execute(f"ALTER TABLE {table}_new DISABLE TRIGGER USER")
    for name in (
        *("pk_ledger_posting", "ix_ledger_posting_document", "ix_ledger_posting_cut"),
        *("pk_ledger_entry", "ix_ledger_entry_recorded", "ix_ledger_entry_value"),
    ):
        op.execute(f"ALTER INDEX {name} RENAME TO {name}_new")
    op.execute(OLD_TABLES)
    op.execute(
        f"INSERT INTO ledger_posting ({', '.join(POSTING)}, request_hash, body) "
        f"SELECT {', '.join('p.' + name for name in POSTING)}, k.request_hash, p.body "
        "FROM ledger_posting_new p JOIN ledger_key k USING (site_id, key)"
    )
    op.execute(
        f"INSERT INTO ledger_entry ({', '.join(ENTRY)}, recorded_at) "
        f"SELECT {', '.join(ENTRY)}, recorded_at FROM ledger_entry_new"
    )
    for table in ("ledger_entry_new", "ledger_posting_new"):
        op.drop_table(table)
    for table in ("ledger_decision", "ledger_proposal", *(t for t in KEPT if t[7:] in REST)):
        op.drop_table(table)
    for table in BOOKS:
        drop_append_only(op, table)
    for name in ("recorded_at", "value_at", "closed_through"):
        op.drop_column("ledger_account", name)
    for table in ("ledger_posting", "ledger_entry"):
        append_only(op, table)
    spec = spec_from_file_location("before", Path(__file__).with_name("0003_ledger.py"))
    assert spec and spec.loader
    before = module_from_spec(spec)
    spec.loader.exec_module(before)
    op.execute(sa.text(before.LEDGER_POST.replace(":", r"\:")))
