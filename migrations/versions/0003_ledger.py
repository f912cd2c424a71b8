"""Tables of ledger."""

revision = "0003_ledger"
down_revision = "0002_access"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""


def downgrade() -> None:
    """Drop them."""
