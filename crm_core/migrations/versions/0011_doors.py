"""What doors to the outside keep: the inbox, links of people, opinions of answers."""

import sqlalchemy as sa
from alembic import op

from crm_core.models.base import UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring a store to this version."""
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "inbox",
        sa.Column("id", big, autoincrement=False, nullable=False),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("lane", sa.String(), nullable=False),
        sa.Column("is_urgent", sa.Boolean(), nullable=False),
        sa.Column("payload", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempts", big, nullable=False),
        sa.Column("held_by", sa.String(), nullable=True),
        sa.Column("held_until", UtcDateTime(length=24), nullable=True),
        sa.Column("not_before", UtcDateTime(length=24), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("received_at", UtcDateTime(length=24), nullable=False),
        sa.Column("done_at", UtcDateTime(length=24), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("key", name=op.f("uq_inbox_key")),
    )
    op.create_index("ix_inbox_state_lane_id", "inbox", ["state", "lane", "id"])
    op.create_table(
        "door_links",
        sa.Column("id", big, autoincrement=False, nullable=False),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("outsider", sa.String(), nullable=False),
        sa.Column("user_id", big, nullable=False),
        sa.Column("approved_by", sa.String(), nullable=False),
        sa.Column("approved_at", UtcDateTime(length=24), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_door_links_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_door_links")),
        sa.UniqueConstraint("door", "outsider", name=op.f("uq_door_links_door_outsider")),
    )
    op.create_table(
        "feedback",
        sa.Column("id", big, autoincrement=False, nullable=False),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("user_id", big, nullable=False),
        sa.Column("is_good", sa.Boolean(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(length=24), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_feedback_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
        sa.UniqueConstraint("door", "message", "user_id", name=op.f("uq_feedback_door_message_user_id")),
    )
