"""Tables of scans."""

revision = "0007_scans"
down_revision = "0006_printing"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""


def downgrade() -> None:
    """Drop them."""
