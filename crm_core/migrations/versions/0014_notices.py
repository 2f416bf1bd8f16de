"""What people are told without asking. Opinions of answers move to the conversations (`copilot.feedback`)."""

import sqlalchemy as sa
from alembic import op

from crm_core.models.base import UtcDateTime

revision = "0014"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring a store to this version."""
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.drop_table("feedback")
    op.create_table(
        "notice_settings",
        sa.Column("id", big, autoincrement=False, nullable=False),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("outsider", sa.String(), nullable=False),
        sa.Column("digest_hour", big, nullable=True),
        sa.Column("reminder_hour", big, nullable=True),
        sa.Column("asks", sa.Boolean(), nullable=False),
        sa.Column("reports", sa.Boolean(), nullable=False),
        sa.Column("weekends", sa.Boolean(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_settings")),
        sa.UniqueConstraint("door", "outsider", name=op.f("uq_notice_settings_door_outsider")),
    )
    op.create_table(
        "notices",
        sa.Column("id", big, autoincrement=False, nullable=False),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("user_id", big, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("record_id", big, nullable=True),
        sa.Column("message", sa.String(), nullable=True),
        sa.Column("at", UtcDateTime(length=24), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_notices_user_id_users")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("key", name=op.f("uq_notices_key")),
    )
    op.create_index(op.f("ix_notices_user_id"), "notices", ["user_id"])
    op.create_index(op.f("ix_notices_message"), "notices", ["message"])
