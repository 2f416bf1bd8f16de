"""Mails written for a person to send."""

import sqlalchemy as sa
from alembic import op

from crm_core.models.base import JsonObject, UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_LINKS = {"contact_id": "contacts", "account_id": "accounts", "deal_id": "deals", "user_id": "users"}
_NEEDED = ("subject", "body", "purpose", "language", "made_by")
_FREE = ("external_id", "tone", "length", "reason", "wishes", "sources", "thread")


def upgrade() -> None:
    """Bring a store to this version."""
    op.create_table(
        "drafts",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        *[sa.Column(name, sa.String(), nullable=False) for name in _NEEDED],
        *[sa.Column(name, sa.String(), nullable=True) for name in _FREE],
        *[sa.Column(name, _BIG, nullable=name != "contact_id") for name in _LINKS],
        sa.Column("version", _BIG, nullable=False),
        sa.Column("created_at", UtcDateTime(length=24), nullable=False),
        sa.Column("updated_at", UtcDateTime(length=24), nullable=False),
        sa.Column("deleted_at", UtcDateTime(length=24), nullable=True),
        sa.Column("custom", JsonObject, nullable=False),
        *[sa.ForeignKeyConstraint([name], [f"{table}.id"], name=f"fk_drafts_{name}") for name, table in _LINKS.items()],
        sa.PrimaryKeyConstraint("id", name="pk_drafts"),
    )
    for name in (*_LINKS, "external_id", "thread"):
        op.create_index(f"ix_drafts_{name}", "drafts", [name])
