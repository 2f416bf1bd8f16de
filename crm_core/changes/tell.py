"""A record's label and a change's values in plain words, for messages of the core."""

from collections.abc import Mapping
from typing import Any

from crm_core.changes.change import Op
from crm_core.changes.layout import Layout
from crm_core.models import Kind
from crm_core.money import to_major
from crm_core.schema import Entity, Field


def label_of(layout: Layout, row: Mapping[str, Any]) -> str:
    """What the record in `row` is called."""
    return str(next((row[name] for name in layout.label_columns if row[name]), f"#{row['id']}"))


def tell_change(entity: Entity, op: str, changed: Mapping[str, tuple[Any, Any]], row: Mapping[str, Any]) -> str:
    """One change: `amount 4,500 → 4,650; stage`, `deleted`, `restored`. References are told by name only."""
    if op in (Op.DELETE, Op.RESTORE):
        return "deleted" if op == Op.DELETE else "restored"
    currency = row.get("currency")
    return ", ".join(_tell(entity.fields.get(name), name, old, new, currency) for name, (old, new) in changed.items())


def _tell(field: Field | None, name: str, old: Any, new: Any, currency: str | None) -> str:
    label = field.label if field else name
    if field is not None and field.kind in (Kind.REFERENCE, Kind.LONG_TEXT):
        return label
    return f"{label} {_value(field, old, currency)} → {_value(field, new, currency)}"


def _value(field: Field | None, value: Any, currency: str | None) -> str:
    if value is None:
        return "nothing"
    if field is not None and field.kind is Kind.MONEY and isinstance(value, int):
        return f"{to_major(value, currency):,}"
    return str(value)
