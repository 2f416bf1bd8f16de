"""Working days, on which drafts are made by themselves."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring a store to this version."""
    op.add_column("auto_draft_settings", sa.Column("working_days", sa.String(), nullable=True))
