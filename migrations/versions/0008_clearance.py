"""Tables of clearance."""

revision = "0008_clearance"
down_revision = "0007_scans"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""


def downgrade() -> None:
    """Drop them."""
