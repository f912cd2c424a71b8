"""Tables of audit."""

revision = "0014_audit"
down_revision = "0013_outbound"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""


def downgrade() -> None:
    """Drop them."""
