"""What a store holds at all: which fields have any value. A question about an empty field has no answer."""

from sqlalchemy import Connection, exists, select
from sqlalchemy.sql.elements import ColumnElement

from crm_core.models import ScoreRow
from crm_core.query.rules import OfScore
from crm_core.schema import Entity, Field, Schema


def filled_fields(connection: Connection, schema: Schema) -> frozenset[str]:
    """Names ("deal.amount") of the fields that hold a value in at least one record: stored, custom, and scores."""
    filled: set[str] = set()
    for entity in schema.entities.values():
        stored = [field for field in entity.fields.values() if field.derived is None or is_of_score(field)]
        tests = [_has_value(entity, field).label(field.name) for field in stored]
        row = connection.execute(select(*tests)).one()
        filled.update(f"{entity.name}.{field.name}" for field, has in zip(stored, row, strict=True) if has)
    return frozenset(filled)


def is_of_score(field: Field) -> bool:
    """Whether the field is what the scorer says: worked out, but held only once it has run."""
    return field.derived is not None and isinstance(field.derived.rule, OfScore)


def _has_value(entity: Entity, field: Field) -> ColumnElement[bool]:
    if field.derived is not None:
        return exists(select(ScoreRow.id).where(ScoreRow.entity == entity.name, ScoreRow.is_latest.is_(True))).is_(True)
    table = entity.table
    column: ColumnElement[object] = table.c.custom[field.name] if field.is_custom else table.c[field.column or "id"]
    value = column.as_string() if field.is_custom else column
    return exists(select(table.c.id).where(value.is_not(None), table.c.deleted_at.is_(None))).is_(True)
