"""A draft in words: card text is made from the diff, never by a model."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import select

from crm_core.access import Actor
from crm_core.changes.change import DECLARATIONS, Change, Json, Op
from crm_core.changes.layout import lay_out
from crm_core.changes.rights import visible_ids
from crm_core.changes.tell import label_of
from crm_core.db import ReadStore
from crm_core.models import Kind, Role
from crm_core.money import to_major
from crm_core.schema import Schema, pluralize

Risk = Literal["low", "medium", "high"]
_MANY = 10
_CHUNK = 500
_GRAVE = frozenset({Role.OWNER, Role.AMOUNT, Role.STAGE})


def risk_of(changes: Sequence[Change], schema: Schema) -> Risk:
    """How carefully a person should look: deletes and many records at once are high."""
    if any(change.op is Op.DELETE for change in changes) or len(changes) > _MANY:
        return "high"
    grave = any(_is_grave(change, schema) for change in changes if change.op is Op.UPDATE)
    return "medium" if grave or len(changes) > 1 else "low"


def _is_grave(change: Change, schema: Schema) -> bool:
    if change.entity in DECLARATIONS:
        return True  # it is everybody's
    fields = schema.entity(change.entity).fields
    return any(name in fields and (fields[name].role in _GRAVE or fields[name].mask) for name in change.set)


def summarise(changes: Sequence[Change], schema: Schema) -> str:
    """One line: "update 3 deals: stage, close date; create 1 task"."""
    counted: Counter[tuple[Op, str]] = Counter((change.op, change.entity) for change in changes)
    parts = []
    for (op, entity), number in counted.items():
        fields = schema.entity(entity).fields
        names = dict.fromkeys(name for c in changes if (c.op, c.entity) == (op, entity) for name in c.set)
        labels = [fields[name].label if name in fields else name for name in names]
        noun = (entity if number == 1 else pluralize(entity)).replace("_", " ")
        parts.append(f"{op} {number:,} {noun}" + (f": {', '.join(labels)}" if op is Op.UPDATE else ""))
    return "; ".join(parts)


def told(
    store: ReadStore, changes: Sequence[Change], *, actor: Actor, quotes: Mapping[int, str] | None = None
) -> list[dict[str, Any]]:
    """The changes as the JSON contract has them: labels for references, amounts in major units.

    A record that `actor` may not see goes by its number.
    """
    schema = store.schema
    labels = _Labels(store, schema, changes, actor)
    found = [labels.tell(change) for change in changes]
    for position, quote in (quotes or {}).items():
        found[position]["quote"] = quote
    return found


class _Labels:
    """Labels of every record that some changes speak of, looked up together."""

    def __init__(self, store: ReadStore, schema: Schema, changes: Sequence[Change], actor: Actor) -> None:
        self._schema = schema
        wanted: dict[str, set[int]] = {}
        for entity, record_id in self._mentioned(changes):
            wanted.setdefault(entity, set()).add(record_id)
        self._rows: dict[tuple[str, int], Mapping[str, Any]] = {}
        with store.read(actor) as connection:
            for entity, ids in wanted.items():
                table = schema.entity(entity).table
                listed = sorted(visible_ids(connection, schema, actor, schema.entity(entity), ids))
                for start in range(0, len(listed), _CHUNK):
                    some = select(table).where(table.c.id.in_(listed[start : start + _CHUNK]))
                    self._rows |= {(entity, r["id"]): dict(r) for r in connection.execute(some).mappings()}
        self._made = {(c.entity, c.record_id): c for c in changes if c.op is Op.CREATE}
        self._base = store.base_currency

    def _mentioned(self, changes: Iterable[Change]) -> Iterator[tuple[str, int]]:
        for change in changes:
            if change.entity in DECLARATIONS:
                continue
            yield change.entity, change.record_id
            fields = self._schema.entity(change.entity).fields
            for name, pair in change.set.items():
                target = fields[name].target if name in fields else None
                yield from ((target, one) for one in pair if target and isinstance(one, int))

    def tell(self, change: Change) -> dict[str, Any]:
        """One change."""
        if change.entity in DECLARATIONS:
            return _tell_declaration(change)
        row = self._rows.get((change.entity, change.record_id), {})
        return {
            "op": str(change.op),
            "entity": change.entity,
            "record_id": change.record_id,
            "external_id": row.get("external_id"),
            "label": self.label(change.entity, change.record_id),
            "currency": self._currency(change, row),
            "set": {name: [self._value(change, row, name, one) for one in pair] for name, pair in change.set.items()},
        }

    def label(self, entity: str, record_id: int) -> str:
        """What a record is, or will be, called."""
        made = self._made.get((entity, record_id))
        if made is not None:
            titles = (made.set[name][1] for name in self._schema.entity(entity).title if name in made.set)
            return str(next(titles, f"new {entity}".replace("_", " ")))
        row = self._rows.get((entity, record_id))
        return label_of(lay_out(self._schema.entity(entity)), row) if row else f"#{record_id}"

    def _currency(self, change: Change, row: Mapping[str, Any]) -> str | None:
        fields = self._schema.entity(change.entity).fields
        if not any(name in fields and fields[name].kind is Kind.MONEY for name in change.set):
            return None
        given = change.set["currency"][1] if "currency" in change.set else row.get("currency")
        return str(given or self._base)

    def _value(self, change: Change, row: Mapping[str, Any], name: str, value: Json) -> Json:
        field = self._schema.entity(change.entity).fields.get(name)
        if value is None or field is None:
            return value
        if field.target and isinstance(value, int):
            return self.label(field.target, value)
        if field.kind is Kind.MONEY and isinstance(value, int):
            major = to_major(value, self._currency(change, row))
            return int(major) if major == major.to_integral_value() else float(major)
        return value


def _tell_declaration(change: Change) -> dict[str, Any]:
    """How the company arranges its store: a field or a word is called as it will be, a reach by its role."""
    named = (change.set[name] for name in ("label", "phrase", "role") if name in change.set)
    label = next((str(new if new is not None else old) for old, new in named), f"#{change.record_id}")
    told: dict[str, Any] = {"op": str(change.op), "entity": change.entity, "record_id": change.record_id}
    changed = {name: list(pair) for name, pair in change.set.items()}
    return {**told, "external_id": None, "label": label, "currency": None, "set": changed}
