"""Tables of seals."""

revision = "0009_seals"
down_revision = "0008_clearance"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""


def downgrade() -> None:
    """Drop them."""
