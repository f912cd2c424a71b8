"""Tables of stock."""

revision = "0010_stock"
down_revision = "0009_seals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""


def downgrade() -> None:
    """Drop them."""
