"""Indexes that give lists in the order of a date, and what was changed last."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_RECORDS = (
    "accounts", "contacts", "deal_contacts", "deal_lines", "deals", "drafts", "exchange_rates", "interactions", "leads",
    "order_lines", "orders", "pipelines", "products", "quotas", "stage_changes", "stages", "tasks", "users",
)  # fmt: skip


def upgrade() -> None:
    """Bring a store to this version."""
    for column in ("closes_on", "closed_on"):
        op.create_index(op.f(f"ix_deals_{column}"), "deals", [column])
    for table in _RECORDS:
        op.create_index(op.f(f"ix_{table}_updated_at"), table, ["updated_at"])
