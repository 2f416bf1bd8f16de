"""Mails that were sent, and how drafts are made without being asked for."""

import sqlalchemy as sa
from alembic import op

from crm_core.models.base import UtcDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring a store to this version."""
    op.create_table(
        "sends",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("approval", sa.String(), nullable=False),
        sa.Column("draft_id", _BIG, nullable=False),
        sa.Column("contact_id", _BIG, nullable=False),
        *[sa.Column(name, sa.String(), nullable=False) for name in ("recipient", "subject", "sender")],
        sa.Column("sender_id", _BIG, nullable=False),
        *[sa.Column(name, sa.String(), nullable=False) for name in ("door", "message_id", "state")],
        sa.Column("attempts", _BIG, nullable=False),
        sa.Column("claimed_at", UtcDateTime(length=24), nullable=False),
        sa.Column("settled_at", UtcDateTime(length=24), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sends"),
        sa.UniqueConstraint("approval", name="uq_sends_approval"),
        sa.UniqueConstraint("message_id", name="uq_sends_message_id"),
    )
    op.create_index("ix_sends_draft_id", "sends", ["draft_id"])
    op.create_table(
        "auto_draft_settings",
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=True),
        sa.Column("unanswered_days", _BIG, nullable=True),
        *[sa.Column(name, sa.String(), nullable=True) for name in ("quiet_from", "quiet_until", "time_zone")],
        sa.PrimaryKeyConstraint("scope", name="pk_auto_draft_settings"),
    )
