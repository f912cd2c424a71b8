"""A command's answer stands in its trail; a key is written once and never again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from wms.db.guards import append_only, drop_append_only

revision = "0021_db"
down_revision = "0020_audit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add where the answer goes; keys may only be added from now on."""
    op.add_column("trail", sa.Column("answer", JSONB()))
    op.add_column("kept_answer", sa.Column("trail_id", sa.Uuid()))
    append_only(op, "kept_answer")


def downgrade() -> None:
    """Bring the answers back to their keys."""
    drop_append_only(op, "kept_answer")
    op.execute(
        "UPDATE kept_answer k SET body = t.answer FROM trail t"
        " WHERE t.site_id = k.site_id AND t.trail_id = k.trail_id"
    )
    op.drop_column("kept_answer", "trail_id")
    op.drop_column("trail", "answer")
