"""Decisions on change sets apart from what their askers may add, an audit trail and an outbox; all append-only."""

import sqlalchemy as sa
from alembic import op

from crm_core.models.base import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEPT = ("change_sets", "changes", "change_events", "change_decisions", "audit_entries")
_ASKERS = "('proposed', 'withdrawn', 'superseded')"
_DECIDED = "EXISTS (SELECT 1 FROM change_decisions WHERE change_set_id = NEW.change_set_id)"
_GUARDS = {  # table → (when a new row is refused, why)
    "change_sets": (
        ("EXISTS (SELECT 1 FROM change_sets WHERE id = NEW.id)", "a change set is never replaced"),
    ),
    "changes": (
        (
            "EXISTS (SELECT 1 FROM change_sets WHERE id = NEW.change_set_id)"
            f" AND (NEW.seq >= 0 OR {_DECIDED})",
            "a change set that was proposed is closed",
        ),
    ),
    "change_events": (
        ("EXISTS (SELECT 1 FROM change_events WHERE id = NEW.id)", "an event is never replaced"),
        (f"NEW.state NOT IN {_ASKERS}", "this state is a decision"),
        (f"NEW.state <> 'proposed' AND {_DECIDED}", "the change set is decided"),
        (
            "NOT EXISTS (SELECT 1 FROM change_sets WHERE id = NEW.change_set_id AND asked_by_id = NEW.actor_id)",
            "only its asker may do this to a change set",
        ),
    ),
    "change_decisions": (
        ("EXISTS (SELECT 1 FROM change_decisions WHERE id = NEW.id)", "a decision is never replaced"),
    ),
    "audit_entries": (
        ("EXISTS (SELECT 1 FROM audit_entries WHERE seq = NEW.seq)", "the audit trail is never altered"),
    ),
}  # fmt: skip


def upgrade() -> None:
    """Bring a store to this version."""
    _make_tables()
    _move_decisions()
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def _make_tables() -> None:
    op.create_table(
        "change_decisions",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("change_set_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("actor_id", _BIG, nullable=False),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(length=24), nullable=False),
        sa.Column("note", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_change_decisions")),
        sa.UniqueConstraint("change_set_id", "state", name=op.f("uq_change_decisions_change_set_id_state")),
    )
    op.create_index(op.f("ix_change_decisions_change_set_id"), "change_decisions", ["change_set_id"])
    op.create_table(
        "audit_entries",
        sa.Column("seq", _BIG, autoincrement=False, nullable=False),
        sa.Column("change_set_id", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("asked_by_id", _BIG, nullable=False),
        sa.Column("approved_by", sa.String(), nullable=False),
        sa.Column("approved_by_id", _BIG, nullable=False),
        sa.Column("door", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(length=24), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entries")),
    )
    op.create_index(op.f("ix_audit_entries_change_set_id"), "audit_entries", ["change_set_id"])
    op.create_table(
        "outbox",
        sa.Column("seq", _BIG, autoincrement=False, nullable=False),
        sa.Column("change_set_id", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(length=24), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_outbox")),
    )


def _move_decisions() -> None:
    op.execute(
        "INSERT INTO change_decisions (id, change_set_id, state, actor, actor_id, door, at, note)"
        " SELECT e.id, e.change_set_id, e.state, e.actor, e.actor_id, s.door, e.at, e.note"
        " FROM change_events e JOIN change_sets s ON s.id = e.change_set_id"
        f" WHERE e.state NOT IN {_ASKERS}"
    )
    op.execute(f"DELETE FROM change_events WHERE state NOT IN {_ASKERS}")


def _guard_sqlite() -> None:
    for table in _KEPT:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
            )
        for number, (refused, why) in enumerate(_GUARDS[table]):
            op.execute(
                f"CREATE TRIGGER {table}_guard_{number} BEFORE INSERT ON {table} WHEN {refused}"
                f" BEGIN SELECT RAISE(ABORT, '{why}'); END"
            )


def _guard_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION farley_only_grows() RETURNS trigger LANGUAGE plpgsql AS"
        " $$BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END$$"
    )
    for table in _KEPT:
        op.execute(
            f"CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE ON {table}"
            " FOR EACH ROW EXECUTE FUNCTION farley_only_grows()"
        )
        tests = " ".join(
            f"IF {refused} THEN RAISE EXCEPTION '{why}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
            for refused, why in _GUARDS[table]
        )
        op.execute(
            f"CREATE FUNCTION farley_guard_{table}() RETURNS trigger LANGUAGE plpgsql AS"
            f" $$BEGIN {tests} RETURN NEW; END$$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_guard BEFORE INSERT ON {table}"
            f" FOR EACH ROW EXECUTE FUNCTION farley_guard_{table}()"
        )
