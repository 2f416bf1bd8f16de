"""What stands in the way of taking a change set back: records that moved on since, and what they still need."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, and_, exists, func, or_, select

from crm_core.changes.change import CUSTOM_FIELD, Op
from crm_core.changes.layout import Layout, lay_out
from crm_core.changes.tell import label_of, tell_change
from crm_core.models import ChangeRow, ChangeSetRow
from crm_core.schema import Field, Schema

Key = tuple[str, int]


@dataclass(frozen=True)
class Left:
    """A record that an undo leaves as it is.

    Attributes:
        entity: of the record.
        record_id: of the record.
        label: what it is called.
        reason: why it stays, for a person: what changed since, or what still refers to it.
    """

    entity: str
    record_id: int
    label: str
    reason: str


class Moved:
    """Finds the records of the change set `change_set_id` that cannot be put back."""

    def __init__(self, connection: Connection, schema: Schema, change_set_id: str) -> None:
        self._connection = connection
        self._schema = schema
        self._id = change_set_id
        self._layouts: dict[str, Layout] = {}
        self._created: dict[str, set[int]] = {}
        self.left: dict[Key, Left] = {}

    def find(self) -> dict[Key, Left]:
        """Everything that stays, by entity and id."""
        entities = [name for name in self._entities() if name != CUSTOM_FIELD]
        for entity in entities:
            self._created[entity] = self._ids(entity, Op.CREATE)
        for entity in entities:
            self._find_changed(entity)
            self._find_taken(entity)
            self._find_needed(entity)
        self._follow_needs()
        return self.left

    def uses(self, entity: str) -> set[str]:
        """Keys of the custom fields that records of `entity` which stay still use."""
        table = self._layout(entity).table
        stays = [record_id for name, record_id in self.left if name == entity]
        own = self._change_exists(entity, table.c.id)
        query = select(table.c.custom).where(table.c.deleted_at.is_(None), or_(~own, table.c.id.in_(stays)))
        return {key for row in self._connection.execute(query) for key in row.custom}

    def _entities(self) -> list[str]:
        query = select(ChangeRow.entity).where(ChangeRow.change_set_id == self._id, ChangeRow.seq >= 0)
        return list(self._connection.execute(query.distinct()).scalars())

    def _ids(self, entity: str, op: Op) -> set[int]:
        query = select(ChangeRow.record_id).where(self._mine(entity), ChangeRow.op == op)
        return set(self._connection.execute(query).scalars())

    def _mine(self, entity: str) -> Any:
        return and_(ChangeRow.change_set_id == self._id, ChangeRow.entity == entity, ChangeRow.seq >= 0)

    def _change_exists(self, entity: str, record_id: Any) -> Any:
        change = ChangeRow.__table__.alias()
        return exists().where(
            change.c.entity == entity, change.c.record_id == record_id, change.c.change_set_id == self._id
        )

    def _find_changed(self, entity: str) -> None:
        table = self._layout(entity).table
        after = func.coalesce(ChangeRow.base_version, 0) + 1
        query = (
            select(table, ChangeRow.base_version)
            .select_from(ChangeRow)
            .join(table, table.c.id == ChangeRow.record_id)
            .where(self._mine(entity), table.c.version != after)
        )
        for row in self._connection.execute(query).mappings().all():
            since = (row["base_version"] or 0) + 1
            self._leave(entity, row, self._what_changed(entity, row, since))

    def _what_changed(self, entity: str, row: Any, since: int) -> str:
        query = (
            select(ChangeRow.op, ChangeRow.set, ChangeSetRow.asked_by)
            .join(ChangeSetRow, ChangeSetRow.id == ChangeRow.change_set_id)
            .where(
                ChangeRow.entity == entity,
                ChangeRow.record_id == row["id"],
                ChangeRow.change_set_id != self._id,
                func.coalesce(ChangeRow.base_version, 0) >= since,
            )
            .order_by(ChangeRow.base_version)
        )
        later = self._connection.execute(query).all()
        told = [tell_change(self._schema.entity(entity), one.op, one.set, row) for one in later]
        people = ", ".join(dict.fromkeys(one.asked_by for one in later)) or "somebody"
        return f"changed since by {people}: " + "; ".join(told) if told else "changed since"

    def _find_taken(self, entity: str) -> None:
        table = self._layout(entity).table
        other = table.alias()
        query = (
            select(table)
            .join(other, other.c.external_id == table.c.external_id)
            .where(
                table.c.id.in_(select(ChangeRow.record_id).where(self._mine(entity), ChangeRow.op == Op.DELETE)),
                other.c.deleted_at.is_(None),
                other.c.id != table.c.id,
            )
        )
        for row in self._connection.execute(query).mappings().all():
            self._leave(entity, row, "another record has its id now")

    def _find_needed(self, entity: str) -> None:
        if not self._created[entity]:
            return
        for field in self._references_to(entity):
            child = self._schema.entity(field.entity).table.alias()
            made = and_(self._mine(entity), ChangeRow.op == Op.CREATE)
            query = (
                select(child)
                .join(ChangeRow, child.c[str(field.column)] == ChangeRow.record_id)
                .where(made, child.c.deleted_at.is_(None), ~self._change_exists(field.entity, child.c.id))
            )
            for row in self._connection.execute(query).mappings().all():
                self._need(entity, row[str(field.column)], field.entity, row)

    def _references_to(self, entity: str) -> Iterator[Field]:
        return (field for field in self._schema.fields() if field.target == entity and field.column)

    def _need(self, entity: str, record_id: int, by: str, by_row: Any) -> None:
        if (entity, record_id) in self.left:
            return
        table = self._layout(entity).table
        row = self._connection.execute(select(table).where(table.c.id == record_id)).mappings().one()
        needed_by = label_of(self._layout(by), by_row)
        self._leave(entity, row, f"the {by.replace('_', ' ')} {needed_by} refers to it")

    def _follow_needs(self) -> None:
        queue = list(self.left)
        while queue:
            entity, record_id = queue.pop()
            table = self._layout(entity).table
            row = self._connection.execute(select(table).where(table.c.id == record_id)).mappings().one()
            for field in self._schema.entity(entity).fields.values():
                value = row[field.column] if field.target and field.column else None
                key = (str(field.target), value)
                if value is None or key in self.left or value not in self._created.get(str(field.target), ()):
                    continue
                self._need(str(field.target), value, entity, row)
                queue.append((str(field.target), value))

    def _leave(self, entity: str, row: Any, reason: str) -> None:
        key = (entity, row["id"])
        if key not in self.left:
            self.left[key] = Left(entity, row["id"], label_of(self._layout(entity), row), reason)

    def _layout(self, entity: str) -> Layout:
        if entity not in self._layouts:
            self._layouts[entity] = lay_out(self._schema.entity(entity))
        return self._layouts[entity]
