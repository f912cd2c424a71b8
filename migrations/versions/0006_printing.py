"""Tables of printing."""

revision = "0006_printing"
down_revision = "0005_customs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""


def downgrade() -> None:
    """Drop them."""
