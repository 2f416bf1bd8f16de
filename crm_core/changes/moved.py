"""What stands in the way of taking a change set back: records that moved on since, and what they still need."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from crm_core.changes.change import DECLARATIONS, Op
from crm_core.changes.layout import Layout, lay_out
from crm_core.changes.tell import label_of, tell_change
from crm_core.models import ChangeRow, ChangeSetRow
from crm_core.schema import Schema

Key = tuple[str, int]
_CHUNK = 1000
_MANY = 5000


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
    """Finds the records of the change set `change_set_id` that cannot be put back.

    It looks records up by id in chunks, and reads a table through only when the set made many records: no plan of a
    database that has not counted its rows yet can make it slow.
    """

    def __init__(self, connection: Connection, schema: Schema, change_set_id: str) -> None:
        self._connection = connection
        self._schema = schema
        self._id = change_set_id
        self._layouts: dict[str, Layout] = {}
        self._touched: dict[str, dict[int, int]] = {}  # entity → record id → the version that the set left behind
        self._by_op: dict[tuple[str, str], set[int]] = {}
        self.left: dict[Key, Left] = {}

    def find(self) -> dict[Key, Left]:
        """Everything that stays, by entity and id."""
        self._read_set()
        for entity in self._touched:
            self._find_changed(entity)
            self._find_taken(entity)
        for entity, op in self._by_op:
            if op == Op.CREATE:
                self._find_needed(entity)
        self._follow_needs()
        return self.left

    def uses(self, entity: str) -> set[str]:
        """Keys of the custom fields that records of `entity` which stay still use."""
        table = self._layout(entity).table
        touched = self._touched.get(entity, {})
        query = select(table.c.id, table.c.custom).where(table.c.deleted_at.is_(None))
        used: set[str] = set()
        for row in self._connection.execute(query.execution_options(yield_per=_CHUNK)):
            if row.custom and (row.id not in touched or (entity, row.id) in self.left):
                used |= row.custom.keys()
        return used

    def _read_set(self) -> None:
        columns = (ChangeRow.entity, ChangeRow.op, ChangeRow.record_id, ChangeRow.base_version)
        query = select(*columns).where(ChangeRow.change_set_id == self._id, ChangeRow.entity.not_in(DECLARATIONS))
        for row in self._connection.execute(query.execution_options(yield_per=_CHUNK)):
            self._touched.setdefault(row.entity, {})[row.record_id] = (row.base_version or 0) + 1
            self._by_op.setdefault((row.entity, row.op), set()).add(row.record_id)

    def _rows(self, entity: str, column: str, values: Collection[Any]) -> Iterator[Mapping[str, Any]]:
        table = self._layout(entity).table
        wanted = list(values)
        for start in range(0, len(wanted), _CHUNK):
            query = select(table).where(table.c[column].in_(wanted[start : start + _CHUNK]))
            yield from map(dict, self._connection.execute(query).mappings().all())

    def _find_changed(self, entity: str) -> None:
        versions = self._touched[entity]
        for row in self._rows(entity, "id", versions):
            if row["version"] != versions[row["id"]]:
                self._leave(entity, row, self._what_changed(entity, row, versions[row["id"]]))

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
        """A record that would come back must not meet another one of its external id."""
        deleted = self._by_op.get((entity, Op.DELETE), set())
        mine = {row["external_id"]: row for row in self._rows(entity, "id", deleted) if row["external_id"]}
        for row in self._rows(entity, "external_id", mine):
            own = mine[row["external_id"]]
            if row["deleted_at"] is None and row["id"] != own["id"]:
                self._leave(entity, own, "another record has its id now")

    def _find_needed(self, entity: str) -> None:
        created = self._by_op[entity, Op.CREATE]
        for field in self._schema.fields():
            if field.target == entity and field.column:
                touched = self._touched.get(field.entity, {})
                for row in self._referring(field.entity, field.column, created):
                    if row["id"] not in touched and row["deleted_at"] is None:
                        self._need(entity, row[field.column], field.entity, row)

    def _referring(self, child: str, column: str, targets: set[int]) -> Iterator[Mapping[str, Any]]:
        if len(targets) <= _MANY:
            yield from self._rows(child, column, targets)
            return
        table = self._layout(child).table
        pairs = select(table.c.id, table.c[column]).where(table.c.deleted_at.is_(None), table.c[column].is_not(None))
        touched = self._touched.get(child, {})
        found = [row[0] for row in self._connection.execute(pairs) if row[1] in targets and row[0] not in touched]
        yield from self._rows(child, "id", found)

    def _need(self, entity: str, record_id: int, by: str, by_row: Any) -> None:
        if (entity, record_id) in self.left:
            return
        row = next(self._rows(entity, "id", [record_id]))
        needed_by = label_of(self._layout(by), by_row)
        self._leave(entity, row, f"the {by.replace('_', ' ')} {needed_by} refers to it")

    def _follow_needs(self) -> None:
        queue = list(self.left)
        while queue:
            entity, record_id = queue.pop()
            row = next(self._rows(entity, "id", [record_id]))
            for field in self._schema.entity(entity).fields.values():
                if not field.target or not field.column or row[field.column] is None:
                    continue
                key = (field.target, row[field.column])
                if key not in self.left and key[1] in self._by_op.get((field.target, Op.CREATE), ()):
                    self._need(*key, entity, row)
                    queue.append(key)

    def _leave(self, entity: str, row: Any, reason: str) -> None:
        key = (entity, row["id"])
        if key not in self.left:
            self.left[key] = Left(entity, row["id"], label_of(self._layout(entity), row), reason)

    def _layout(self, entity: str) -> Layout:
        if entity not in self._layouts:
            self._layouts[entity] = lay_out(self._schema.entity(entity))
        return self._layouts[entity]
