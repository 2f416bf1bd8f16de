"""Words by which a company calls what it keeps."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from crm_core.models.base import UtcDateTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring a store to this version."""
    op.create_table(
        "company_words",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("phrase", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column(
            "meaning", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql"), nullable=True
        ),
        sa.Column("created_at", UtcDateTime(length=24), nullable=False),
        sa.Column("updated_at", UtcDateTime(length=24), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company_words")),
        sa.UniqueConstraint("phrase", "target", name=op.f("uq_company_words_phrase_target")),
    )
