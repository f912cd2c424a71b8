"""Tables of access: people, roles, sessions, tokens, failed attempts."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0002_access"
down_revision = "0001_db"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def _site() -> sa.Column:
    return sa.Column("site_id", sa.Integer(), autoincrement=False, nullable=False)


def _of_person(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["site_id", "person_id"],
        ["person.site_id", "person.person_id"],
        name=f"fk_{table}_site_id_person_id",
    )


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "person",
        _site(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("login", sa.String(40), nullable=False),
        sa.Column("name_zh", sa.String(60), nullable=False),
        sa.Column("name_en", sa.String(60), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("password_hash", sa.String(200)),
        sa.Column("badge_no", sa.String(40)),
        sa.Column("pin_hash", sa.String(200)),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "person_id", name="pk_person"),
        sa.UniqueConstraint("site_id", "login", name="uq_person_site_id_login"),
        sa.UniqueConstraint("site_id", "badge_no", name="uq_person_site_id_badge_no"),
        sa.CheckConstraint("language in ('zh', 'en')", name=op.f("ck_person_language")),
        sa.CheckConstraint("login = lower(login)", name=op.f("ck_person_login_lower")),
    )
    op.create_table(
        "role_grant",
        _site(),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(30), nullable=False),
        sa.Column("granted_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("site_id", "person_id", "role", name="pk_role_grant"),
        _of_person("role_grant"),
    )
    op.create_table(
        "session",
        _site(),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("agent_class", sa.String(20), nullable=False),
        sa.Column("address", sa.String(45), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.PrimaryKeyConstraint("site_id", "session_id", name="pk_session"),
        sa.UniqueConstraint("site_id", "token_hash", name="uq_session_site_id_token_hash"),
        _of_person("session"),
    )
    op.create_index("ix_session_person", "session", ["site_id", "person_id", "created_at"])
    op.create_table(
        "api_token",
        _site(),
        sa.Column("token_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(32), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("scopes", JSONB(), nullable=False),
        sa.Column("issued_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_seen_at", MOMENT),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.PrimaryKeyConstraint("site_id", "token_id", name="pk_api_token"),
        sa.UniqueConstraint("site_id", "token_hash", name="uq_api_token_site_id_token_hash"),
        _of_person("api_token"),
    )
    op.create_index("ix_api_token_person", "api_token", ["site_id", "person_id", "created_at"])
    op.create_table(
        "failed_attempts",
        _site(),
        sa.Column("subject", sa.String(80), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_failed_at", MOMENT, nullable=False),
        sa.Column("blocked_until", MOMENT),
        sa.PrimaryKeyConstraint("site_id", "subject", name="pk_failed_attempts"),
    )


def downgrade() -> None:
    """Drop them."""
    for table in ("failed_attempts", "api_token", "session", "role_grant", "person"):
        op.drop_table(table)
