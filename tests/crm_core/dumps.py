"""Everything that a person can see in a store, for comparing before and after."""

from typing import Any

from sqlalchemy import select

from crm_core.db import Store
from crm_core.models import RECORDS, CustomField

UNSEEN = {"version", "updated_at", "created_at", "deleted_at"}


def dump(store: Store, *, with_ids: bool = True) -> dict[str, list[dict[str, Any]]]:
    """The live records of every table, and the custom fields."""
    left_out = UNSEEN if with_ids else UNSEEN | {"id"}
    tables = {}
    with store.read() as connection:
        for model in RECORDS:
            query = select(model.__table__).where(model.deleted_at.is_(None)).order_by(model.id)
            rows = connection.execute(query).mappings()
            tables[model.__tablename__] = [{k: v for k, v in row.items() if k not in left_out} for row in rows]
        fields = connection.execute(select(CustomField.__table__).order_by(CustomField.id)).mappings()
        tables["custom_fields"] = [dict(row) for row in fields]
    return tables


def count(store: Store) -> dict[str, int]:
    """Live records by table, empty ones left out."""
    return {table: len(rows) for table, rows in dump(store).items() if rows}


def one(store: Store, entity: str, record_id: int) -> dict[str, Any]:
    """The record's columns, deleted or not."""
    table = store.schema.entity(entity).table
    with store.read() as connection:
        return dict(connection.execute(select(table).where(table.c.id == record_id)).mappings().one())
