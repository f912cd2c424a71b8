"""Tables of access."""

revision = "0002_access"
down_revision = "0001_db"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""


def downgrade() -> None:
    """Drop them."""
