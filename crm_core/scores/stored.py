"""The values of records and of those that they refer to, many at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from crm_core.schema import Entity, Schema

Stored = Mapping[str, Any]  # public name → value as it lies in the table


def read_stored(
    connection: Connection, schema: Schema, entity: Entity, ids: Sequence[int]
) -> dict[int, tuple[Stored, dict[str, Stored]]]:
    """By id: the record's values, and by reference those of the record at its end (none where there is none)."""
    table = entity.table
    own = connection.execute(select(table).where(table.c.id.in_(ids))).mappings().all()
    references = [field for field in entity.fields.values() if field.target]
    beyond: dict[str, dict[int, Stored]] = {}
    for field in references:
        target = schema.entities[str(field.target)]
        wanted = {row[str(field.column)] for row in own} - {None}
        rows = select(target.table).where(target.table.c.id.in_(wanted), target.table.c.deleted_at.is_(None))
        beyond[field.name] = {row["id"]: _public(target, row) for row in connection.execute(rows).mappings()}
    return {
        row["id"]: (
            _public(entity, row),
            {field.name: beyond[field.name].get(row[str(field.column)], {}) for field in references},
        )
        for row in own
    }


def _public(entity: Entity, row: RowMapping) -> Stored:
    custom = row["custom"] or {}
    return {
        name: custom.get(name) if field.is_custom else row[str(field.column)]
        for name, field in entity.fields.items()
        if field.is_custom or field.column
    }
