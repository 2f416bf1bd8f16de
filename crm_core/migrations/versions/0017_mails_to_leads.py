"""Mails to leads, and whether a lead may be written to."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring a store to this version."""
    op.add_column("leads", sa.Column("consent", sa.String(), nullable=False, server_default="unknown"))
    op.add_column("leads", sa.Column("do_not_contact", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("drafts") as drafts:
        drafts.alter_column("contact_id", existing_type=_BIG, nullable=True)
        drafts.add_column(sa.Column("lead_id", _BIG, nullable=True))
        drafts.create_foreign_key("fk_drafts_lead_id", "leads", ["lead_id"], ["id"])
    op.create_index("ix_drafts_lead_id", "drafts", ["lead_id"])
    with op.batch_alter_table("sends") as sends:
        sends.alter_column("contact_id", existing_type=_BIG, nullable=True)
        sends.add_column(sa.Column("lead_id", _BIG, nullable=True))
