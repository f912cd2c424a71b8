"""No change: the field table and what is assumed are files, not rows."""

revision = "0022_customs"
down_revision = "0021_db"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing to do."""


def downgrade() -> None:
    """Nothing to do."""
