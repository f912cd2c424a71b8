"""Tables of gate."""

revision = "0011_gate"
down_revision = "0010_stock"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""


def downgrade() -> None:
    """Drop them."""
