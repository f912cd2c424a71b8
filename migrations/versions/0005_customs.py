"""Tables of customs."""

revision = "0005_customs"
down_revision = "0004_masterdata"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""


def downgrade() -> None:
    """Drop them."""
