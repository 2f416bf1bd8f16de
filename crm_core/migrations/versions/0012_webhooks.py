"""Webhooks and their deliveries."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from crm_core.models.base import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def upgrade() -> None:
    """Bring a store to this version."""
    op.create_table(
        "webhooks",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("kinds", _JSON, nullable=False),
        sa.Column("created_by_id", _BIG, nullable=False),
        sa.Column("created_at", UtcDateTime(length=24), nullable=False),
        sa.Column("disabled", sa.String(), nullable=True),
        sa.Column("seq", _BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
    )
    op.create_table(
        "webhook_deliveries",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("webhook_id", _BIG, nullable=False),
        sa.Column("change_set_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tries", _BIG, nullable=False),
        sa.Column("next_at", UtcDateTime(length=24), nullable=False),
        sa.Column("made_at", UtcDateTime(length=24), nullable=False),
        sa.Column("answer", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_deliveries")),
    )
    op.create_index(op.f("ix_webhook_deliveries_webhook_id"), "webhook_deliveries", ["webhook_id"])
    op.create_index(op.f("ix_webhook_deliveries_next_at"), "webhook_deliveries", ["next_at"])
