"""(being written)"""

revision = "0022_customs"
down_revision = "0021_db"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    """Nothing yet."""
