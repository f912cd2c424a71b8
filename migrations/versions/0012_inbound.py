"""Tables of inbound."""

revision = "0012_inbound"
down_revision = "0011_gate"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""


def downgrade() -> None:
    """Drop them."""
