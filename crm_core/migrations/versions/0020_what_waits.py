"""Until when a proposal waits, as a column, and indexes that find what waits and what was changed last."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from crm_core.models.base import UtcDateTime

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")
_SETS = sa.table(
    "change_sets",
    sa.column("id", sa.String()),
    sa.column("origin", _JSON),
    sa.column("expires_at", UtcDateTime()),
)
_SQLITE = (
    "DROP TRIGGER change_sets_no_update",
    "CREATE TRIGGER change_sets_no_update BEFORE UPDATE ON change_sets"
    " BEGIN SELECT RAISE(ABORT, 'change_sets only grows'); END",
)
_POSTGRESQL = (
    "ALTER TABLE change_sets DISABLE TRIGGER change_sets_only_grows",
    "ALTER TABLE change_sets ENABLE TRIGGER change_sets_only_grows",
)
_DECIDED = sa.table("change_decisions", sa.column("change_set_id", sa.String()))


def upgrade() -> None:
    """Bring a store to this version."""
    op.add_column("change_sets", sa.Column("expires_at", UtcDateTime(length=24), nullable=True))
    _fill(op.get_bind())
    for column in ("created_at", "expires_at"):
        op.create_index(op.f(f"ix_change_sets_{column}"), "change_sets", [column])


def _fill(connection: sa.Connection) -> None:
    """Tell what waits until when it does; the wall that lets the table only grow stands open meanwhile."""
    opens, closes = _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL
    op.execute(opens)
    decided = sa.exists().where(_DECIDED.c.change_set_id == _SETS.c.id)
    for made in connection.execute(sa.select(_SETS.c.id, _SETS.c.origin).where(~decided)).all():
        until = (made.origin or {}).get("expires_at")
        if isinstance(until, str):
            kept = sa.update(_SETS).where(_SETS.c.id == made.id)
            connection.execute(kept.values(expires_at=datetime.fromisoformat(until)))
    op.execute(closes)
