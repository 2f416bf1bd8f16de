"""Passwords and sessions of the web page."""

import sqlalchemy as sa
from alembic import op

from crm_core.models.base import UtcDateTime

revision = "0013"
down_revision = "0014"  # which came first
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring a store to this version."""
    op.create_table(
        "web_users",
        sa.Column("user_id", _BIG, autoincrement=False, nullable=False),
        sa.Column("password", sa.String(), nullable=True),
        sa.Column("lang", sa.String(), nullable=True),
        sa.Column("theme", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_web_users")),
    )
    op.create_table(
        "web_sessions",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("user_id", _BIG, nullable=False),
        sa.Column("made_at", UtcDateTime(length=24), nullable=False),
        sa.Column("expires_at", UtcDateTime(length=24), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_web_sessions")),
    )
    op.create_index(op.f("ix_web_sessions_user_id"), "web_sessions", ["user_id"])
    op.create_table(
        "web_links",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("user_id", _BIG, nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("expires_at", UtcDateTime(length=24), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_web_links")),
    )
