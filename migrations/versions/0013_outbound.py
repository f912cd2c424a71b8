"""Tables of outbound."""

revision = "0013_outbound"
down_revision = "0012_inbound"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""


def downgrade() -> None:
    """Drop them."""
