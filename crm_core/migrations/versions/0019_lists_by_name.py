"""Indexes that give the long lists in the order of what their records are called."""

from alembic import op
from sqlalchemy import text

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_NAMED = "lower(substr(name, 1, 100))"
_NAMES = {"accounts": _NAMED, "contacts": _NAMED}
for _table, _columns in (("deals", ("name", "external_id")), ("leads", ("name", "company", "external_id"))):
    _label = ", ".join(f"nullif({column}, '')" for column in _columns)
    _NAMES[_table] = f"lower(substr(coalesce({_label}), 1, 100))"


def upgrade() -> None:
    """Bring a store to this version."""
    for table, key in _NAMES.items():
        op.create_index(f"ix_{table}_label", table, [text(key)])
