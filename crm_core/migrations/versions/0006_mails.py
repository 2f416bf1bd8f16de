"""What a mail has beyond other interactions."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring a store to this version."""
    for name in ("thread", "counterpart", "attachments", "split_off"):
        op.add_column("interactions", sa.Column(name, sa.String(), nullable=True))
    op.create_index("ix_interactions_thread", "interactions", ["thread"])
