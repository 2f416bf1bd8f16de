"""Scores of leads and deals, and the models that gave them."""

import sqlalchemy as sa
from alembic import op

from crm_core.models.base import JsonObject, UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring a store to this version."""
    op.create_table(
        "score_models",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("card", JsonObject, nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_score_models")),
    )
    op.create_index("ix_score_models_entity", "score_models", ["entity"])
    op.create_table(
        "scores",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("record_id", _BIG, nullable=False),
        sa.Column("model_id", _BIG, nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("scored_on", sa.Date(), nullable=False),
        sa.Column("score", _BIG, nullable=False),
        sa.Column("probability", sa.Double(), nullable=True),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column("reasons", JsonObject, nullable=False),
        sa.Column("is_latest", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scores")),
    )
    op.create_index("ix_scores_latest", "scores", ["entity", "is_latest", "record_id"])
    op.create_index("ix_scores_record", "scores", ["entity", "record_id"])
