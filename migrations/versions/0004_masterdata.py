"""Tables of masterdata."""

revision = "0004_masterdata"
down_revision = "0003_ledger"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create them."""


def downgrade() -> None:
    """Drop them."""
