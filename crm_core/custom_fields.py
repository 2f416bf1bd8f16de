"""Fields that a company adds to its records, renames and deletes: change sets like any other, so undo takes them back.

A deleted field's values stay where they are, unseen, and are back with the undo. Its key is never given again, or a
later field would show them.
"""

import re
from dataclasses import dataclass

from sqlalchemy import Connection, select

from crm_core.access import Actor
from crm_core.changes import Change, Json, Op, commit_changes
from crm_core.changes.change import CUSTOM_FIELD
from crm_core.db import ReadStore, Store
from crm_core.errors import Conflict, Invalid, NotFound
from crm_core.ids import new_id
from crm_core.models import ChangeRow, CustomField, Kind
from crm_core.schema import Entity, Schema, pluralize

KINDS = (
    Kind.TEXT, Kind.LONG_TEXT, Kind.CHOICE, Kind.INTEGER, Kind.DECIMAL, Kind.PERCENT, Kind.MONEY, Kind.DATE,
    Kind.BOOLEAN, Kind.EMAIL, Kind.PHONE, Kind.URL,
)  # fmt: skip
_LONGEST_LABEL, _LONGEST_KEY = 60, 40


@dataclass(frozen=True)
class OwnField:
    """A custom field as it is declared."""

    id: int
    entity: str
    key: str
    label: str
    kind: str
    words: tuple[str, ...]


def list_fields(store: ReadStore) -> tuple[OwnField, ...]:
    """All of them, by kind of record and name."""
    with store.read() as connection:
        return _fields(connection)


def create_field(store: Store, entity: str, label: str, kind: Kind, *, actor: Actor, door: str) -> str:
    """Add a field to the records of a kind; gives the change set's id.

    Raises:
        Invalid: no such kind of record or of field, or no name.
        Conflict: it has a field of that name.
        Forbidden: the actor is no administrator.
    """
    if kind not in KINDS:
        raise Invalid(f"A field cannot be of the kind {kind}; it can be {', '.join(KINDS)}.", field="kind")
    label = _checked(store.schema.entity(entity), label)
    with store.read() as connection:
        key = _free_key(connection, store.schema, entity, label)
    values: dict[str, Json] = {"entity": entity, "key": key, "label": label, "kind": str(kind), "words": []}
    change = Change(Op.CREATE, CUSTOM_FIELD, new_id(), None, {name: (None, one) for name, one in values.items()})
    return _commit(store, change, f"new field of {_told(entity)}: {label}", actor, door)


def rename_field(store: Store, field_id: int, label: str, *, actor: Actor, door: str) -> str:
    """Call a field otherwise; its old name still finds it. Gives the change set's id.

    Raises:
        NotFound: there is none.
        Invalid, Conflict, Forbidden: as for `create_field`.
    """
    field = _get(store, field_id)
    label = _checked(store.schema.entity(field.entity), label)
    words = [word for word in dict.fromkeys((field.label.lower(), *field.words)) if word != label.lower()]
    pairs: dict[str, tuple[Json, Json]] = {"label": (field.label, label), "words": (list(field.words), list(words))}
    change = Change(Op.UPDATE, CUSTOM_FIELD, field_id, None, pairs)
    return _commit(store, change, f"field of {_told(field.entity)}: {field.label} is now {label}", actor, door)


def delete_field(store: Store, field_id: int, *, actor: Actor, door: str) -> str:
    """Take a field away; gives the change set's id.

    Raises:
        NotFound: there is none.
        Forbidden: the actor is no administrator.
    """
    field = _get(store, field_id)
    values: dict[str, Json] = {
        "entity": field.entity, "key": field.key, "label": field.label, "kind": field.kind, "words": list(field.words),
    }  # fmt: skip
    change = Change(Op.DELETE, CUSTOM_FIELD, field_id, None, {name: (one, None) for name, one in values.items()})
    return _commit(store, change, f"delete the field {field.label} of {_told(field.entity)}", actor, door)


def _commit(store: Store, change: Change, summary: str, actor: Actor, door: str) -> str:
    return commit_changes(store, [change], actor=actor, kind="edit", summary=summary, door=door)


def _get(store: ReadStore, field_id: int) -> OwnField:
    found = next((one for one in list_fields(store) if one.id == field_id), None)
    if found is None:
        raise NotFound("There is no such field of your own.")
    return found


def _fields(connection: Connection) -> tuple[OwnField, ...]:
    table = CustomField
    query = select(table.id, table.entity, table.key, table.label, table.kind, table.words)
    rows = connection.execute(query.order_by(table.entity, table.label))
    return tuple(OwnField(*row[:-1], tuple(row.words)) for row in rows)


def _checked(entity: Entity, label: str) -> str:
    """The name in one line, unless another field is called so."""
    label = " ".join(label.replace("\x00", "").split())
    if not label or len(label) > _LONGEST_LABEL:
        raise Invalid(f"Give the field a name of at most {_LONGEST_LABEL} characters.", field="label")
    if any(label.lower() in (field.name, field.label.lower()) for field in entity.fields.values()):
        raise Conflict(f"{_told(entity.name).capitalize()} have a field {label!r} already.")
    return label


def _free_key(connection: Connection, schema: Schema, entity: str, label: str) -> str:
    """A key that no field has or ever had."""
    declared = schema.entity(entity)
    taken = {*declared.fields, *declared.children, *declared.table.c.keys()}
    for row in connection.execute(select(ChangeRow.set).where(ChangeRow.entity == CUSTOM_FIELD)):
        taken |= {str(one) for one in row.set.get("key", ()) if one is not None}
    stem = re.sub(r"\W+", "_", label.lower()).strip("_")[:_LONGEST_KEY] or "field"
    stem = f"n_{stem}" if stem[0].isdigit() else stem
    return next(key for key in (stem, *(f"{stem}_{n}" for n in range(2, 10_000))) if key not in taken)


def _told(entity: str) -> str:
    return pluralize(entity).replace("_", " ")
