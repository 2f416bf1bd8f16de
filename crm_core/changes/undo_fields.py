"""Taking back single fields of a change set, also where the records moved on in others."""

from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import Connection, select

from crm_core.access import Actor
from crm_core.changes.audit import check_whole
from crm_core.changes.change import Change, ChangeSet, Head, Op, State
from crm_core.changes.commit import commit_on
from crm_core.changes.history import find_change_set, read_changes
from crm_core.changes.layout import lay_out
from crm_core.changes.moved import Left
from crm_core.changes.tell import label_of
from crm_core.changes.undo import UndoResult
from crm_core.db import Store
from crm_core.errors import Conflict, Invalid
from crm_core.schema import Schema


def undo_fields(
    store: Store,
    change_set: str,
    fields: Collection[str],
    *,
    actor: Actor,
    door: str,
    at: datetime | None = None,
) -> UndoResult:
    """Put these fields of the records that the change set updated back to what they were before it.

    A field that has another value by now is left, and named; the change set itself stays in force.

    Raises:
        Invalid: the change set changed no such field.
        NotFound, Conflict, Forbidden: as for `undo`.
    """
    at = at or datetime.now(UTC)
    left: list[Left] = []
    with store.write() as connection:
        target = find_change_set(connection, actor, change_set)
        if target.state is not State.APPLIED:
            raise Conflict(f"The change {target.id[:8]} ({target.head.summary}) is {target.state}, not applied.")
        check_whole(connection, target.id)
        _check_changed(connection, target, fields)
        summary = f"Undo of {', '.join(fields)} of: {target.head.summary}"
        head = Head(str(uuid4()), "undo", summary, actor.name, actor.id, door, undoes=target.id)
        schema = store.schema_at(connection)
        changes = list(_back(connection, schema, target, fields, left))
        written = commit_on(connection, schema, changes, head, actor=actor, at=at)
    counts: dict[str, int] = {}
    for (_, entity), number in written.counts.items():
        counts[entity] = counts.get(entity, 0) + number
    return UndoResult(target, head.id if written.total else None, counts, tuple(left))


def _check_changed(connection: Connection, target: ChangeSet, fields: Collection[str]) -> None:
    changed = {
        name for _, change in read_changes(connection, target.id) if change.op is Op.UPDATE for name in change.set
    }
    unknown = sorted(set(fields) - changed)
    if unknown:
        told = ", ".join(sorted(changed)) or "no field of a record that was there"
        raise Invalid(f"The change {target.id[:8]} did not change {unknown[0]!r}; it changed {told}.")


def _back(
    connection: Connection, schema: Schema, target: ChangeSet, fields: Collection[str], left: list[Left]
) -> Iterator[Change]:
    for seq, change in read_changes(connection, target.id):
        wanted = {name: pair for name, pair in change.set.items() if name in fields}
        if seq < 0 or change.op is not Op.UPDATE or not wanted:
            continue
        layout = lay_out(schema.entity(change.entity))
        found = connection.execute(select(layout.table).where(layout.table.c.id == change.record_id))
        row = dict(found.mappings().one())
        now = layout.dump(row, wanted)
        back = {name: (new, old) for name, (old, new) in wanted.items() if now[name] == new}
        label = label_of(layout, row)
        if row["deleted_at"] is not None:
            left.append(Left(change.entity, change.record_id, label, "deleted since"))
            continue
        for name in wanted.keys() - back.keys():
            left.append(Left(change.entity, change.record_id, label, f"{name} has changed since"))
        if back:
            yield Change(Op.UPDATE, change.entity, change.record_id, row["version"], back)
