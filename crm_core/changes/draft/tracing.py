"""What happened to one record: each change, in force or taken back since, with who made it, when, how and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import aliased

from crm_core.access import Actor, Scope
from crm_core.changes.change import Change, Op, State
from crm_core.changes.draft.telling import told
from crm_core.changes.rights import check_visible
from crm_core.db import ReadStore
from crm_core.models import ChangeDecision, ChangeRow, ChangeSetRow
from crm_core.schema import Entity

MOST_TRACED = 200


@dataclass(frozen=True)
class Traced:
    """One change of a record.

    Attributes:
        change_set_id: that it is of.
        at: when it was written.
        asked_by: who wanted it.
        approved_by: who decided on it.
        door: what the approval came through.
        kind: edit, import or undo.
        op: what happened to the record.
        summary: of the whole set; empty where the actor may not look at its asker's changes.
        is_undone: it was taken back.
        set: field → [old, new] as a person reads them.
        currency: of amounts among them.
    """

    change_set_id: str
    at: datetime
    asked_by: str
    approved_by: str
    door: str
    kind: str
    op: Op
    summary: str
    is_undone: bool
    set: dict[str, list[Any]]
    currency: str | None


def trace(store: ReadStore, entity: str, record_id: int, *, actor: Actor) -> tuple[Traced, ...]:
    """The changes of a record that the actor may see, the newest first; fields that nobody may ask about are left out.

    Raises:
        NotFound: there is no such record, or the actor may not see it.
    """
    with store.read(actor) as connection:
        schema = store.schema_at(connection)
        of = schema.entity(entity)
        check_visible(connection, schema, actor, of, [record_id])
        rows = connection.execute(_changes_of(entity, record_id)).all()
    changes = [_change(of, row) for row in rows]
    said = told(store, changes, actor=actor)
    return tuple(_traced(row, change, one, actor) for row, change, one in zip(rows, changes, said, strict=True))


def _changes_of(entity: str, record_id: int) -> Select[Any]:
    applied, undone = aliased(ChangeDecision), aliased(ChangeDecision)
    return (
        select(
            ChangeRow.change_set_id, ChangeRow.op, ChangeRow.base_version, ChangeRow.set, ChangeSetRow.kind,
            ChangeSetRow.summary, ChangeSetRow.asked_by, ChangeSetRow.asked_by_id, applied.actor, applied.door,
            applied.at, undone.id.label("undone"), ChangeRow.record_id,
        )
        .join(ChangeSetRow, ChangeSetRow.id == ChangeRow.change_set_id)
        .join(applied, (applied.change_set_id == ChangeRow.change_set_id) & (applied.state == State.APPLIED))
        .outerjoin(undone, (undone.change_set_id == ChangeRow.change_set_id) & (undone.state == State.UNDONE))
        .where(ChangeRow.entity == entity, ChangeRow.record_id == record_id)
        .order_by(applied.at.desc(), applied.id.desc())
        .limit(MOST_TRACED)
    )  # fmt: skip


def _change(entity: Entity, row: Row[Any]) -> Change:
    shown = {name: (old, new) for name, (old, new) in row.set.items() if _is_shown(entity, name)}
    return Change(Op(row.op), entity.name, row.record_id, row.base_version, shown)


def _is_shown(entity: Entity, name: str) -> bool:
    field = entity.fields.get(name)
    return field is not None and field.ask


def _traced(row: Row[Any], change: Change, said: dict[str, Any], actor: Actor) -> Traced:
    is_seen = actor.reads is Scope.ALL or row.asked_by_id in (actor.team if actor.reads is Scope.TEAM else {actor.id})
    return Traced(
        row.change_set_id, row.at, row.asked_by, row.actor, row.door, row.kind, change.op,
        row.summary if is_seen else "", row.undone is not None, said["set"], said["currency"],
    )  # fmt: skip
