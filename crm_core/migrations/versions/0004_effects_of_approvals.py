"""What a commit adds by itself stands only beside its approval; PostgreSQL's guards see all rows, whoever adds one."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_GUARDED = ("change_sets", "change_events", "change_decisions", "audit_entries")
_IN_STATE = "EXISTS (SELECT 1 FROM change_decisions WHERE change_set_id = NEW.change_set_id AND state = '{}')"
_REFUSED = (
    (
        "NEW.seq >= 0 AND EXISTS (SELECT 1 FROM change_sets WHERE id = NEW.change_set_id)",
        "a change set that was proposed is closed",
    ),
    (
        f"NEW.seq < 0 AND (NOT {_IN_STATE.format('approved')} OR {_IN_STATE.format('applied')})",
        "only what is being approved has effects",
    ),
)


def upgrade() -> None:
    """Bring a store to this version."""
    if op.get_bind().dialect.name == "sqlite":
        _guard_sqlite()
    else:
        _guard_postgresql()


def _guard_sqlite() -> None:
    op.execute("DROP TRIGGER changes_guard_0")
    for number, (refused, why) in enumerate(_REFUSED):
        op.execute(
            f"CREATE TRIGGER changes_guard_{number} BEFORE INSERT ON changes WHEN {refused}"
            f" BEGIN SELECT RAISE(ABORT, '{why}'); END"
        )


def _guard_postgresql() -> None:
    tests = " ".join(
        f"IF {refused} THEN RAISE EXCEPTION '{why}' USING ERRCODE = 'integrity_constraint_violation'; END IF;"
        for refused, why in _REFUSED
    )
    op.execute(
        "CREATE OR REPLACE FUNCTION farley_guard_changes() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$BEGIN {tests} RETURN NEW; END$$"
    )
    for table in ("changes", *_GUARDED):
        op.execute(f"ALTER FUNCTION farley_guard_{table}() SECURITY DEFINER SET search_path = public, pg_temp")
