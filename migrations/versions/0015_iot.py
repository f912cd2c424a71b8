"""Tables of iot."""

revision = "0015_iot"
down_revision = "0014_audit"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""


def downgrade() -> None:
    """Drop them."""
