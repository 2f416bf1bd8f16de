"""Records changed by hand on their page: saved, compared with what another person saved meanwhile, made, deleted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from crm_core.changes.draft import draft, trace
from crm_core.changes.layout import lay_out
from crm_core.changes.steps import Step
from crm_core.models import Kind
from crm_core.query import defaults
from crm_core.query.spec import Condition, Filter, Order, QuerySpec
from crm_core.schema import Entity, Field
from integrations.records import Stale
from integrations.web.reader import Reader
from integrations.web.record import View, read_record

MOST_OFFERED = 30


@dataclass(frozen=True)
class Clash:
    """A field that two people changed at once, each value as a person reads it; `who` saved first."""

    name: str
    label: str
    base: str
    theirs: str
    who: str


@dataclass(frozen=True)
class Saved:
    """What became of an edit.

    Attributes:
        now: the record as it is now.
        change_set: of the edit, for undo; empty where nothing was saved.
        clashes: why nothing was saved; the fields are to be decided on and saved against `now`.
    """

    now: View
    change_set: str = ""
    clashes: tuple[Clash, ...] = ()


def save(reader: Reader, seen: View, values: Mapping[str, Any]) -> Saved:
    """Save new values of a record that the person saw as `seen`.

    What another person saved meanwhile in other fields stays; in one of these fields it is a clash.

    Raises:
        Invalid, Forbidden, NotFound: as for any edit.
    """
    kind, change_set, at = seen.entity.name, str(uuid4()), seen.version
    try:
        reader.records(kind).update(seen.id, dict(values), seen=at, as_set=change_set)
    except Stale:
        now = read_record(reader, kind, seen.id)
        clashes = tuple(_clash(reader, seen, now, name) for name in values if now.base[name] != seen.base[name])
        if clashes:
            return Saved(now, clashes=clashes)
        at = now.version
        reader.records(kind).update(seen.id, dict(values), seen=at, as_set=change_set)
    now = read_record(reader, kind, seen.id)
    return Saved(now, change_set if now.version != at else "")


def _clash(reader: Reader, seen: View, now: View, name: str) -> Clash:
    changes = trace(reader.store, seen.entity.name, seen.id, actor=reader.actor)
    who = next((one.approved_by for one in changes if name in one.set), "")
    before, after = seen.shown(name), now.shown(name)
    return Clash(name, after.label, before.cell.text, after.cell.text, who)


def create(reader: Reader, kind: str, values: Mapping[str, Any]) -> int:
    """Make a record; gives its id."""
    made = reader.records(kind).create({name: value for name, value in values.items() if value is not None},
                                       as_set=str(uuid4()))  # fmt: skip
    return int(made["id"])


def delete(reader: Reader, seen: View) -> str:
    """Delete a record softly; gives the change set's id, for undo."""
    change_set = str(uuid4())
    reader.records(seen.entity.name).delete(seen.id, seen=seen.version, as_set=change_set)
    return change_set


def look_alikes(reader: Reader, kind: str, values: Mapping[str, Any]) -> tuple[tuple[str, int, str], ...]:
    """Records that a new one would look like: kind, id and label."""
    given = {name: value for name, value in values.items() if value is not None}
    step = Step(op="create", entity=kind, set=given)
    found = draft(reader.store, [step], actor=reader.actor, today=reader.today).alike
    return tuple((one.entity, one.record_id, one.label) for one in found)


def form_fields(reader: Reader, kind: str) -> tuple[tuple[Field, ...], frozenset[str]]:
    """The fields of a new record, those that it cannot do without first, and the names of these."""
    entity = reader.schema.entity(kind)
    layout = lay_out(entity)
    needed = frozenset(name for name, column in layout.columns.items() if column.name in layout.required)
    fields = [field for field in entity.fields.values() if field.edit and field.ask and field.derived is None]
    usual = [*(name for name in defaults.columns(entity) if name in needed), *defaults.columns(entity)]
    at = {name: place for place, name in reversed(list(enumerate(usual)))}

    def place(one: Field) -> tuple[bool, bool, int]:
        return one.name not in needed, one.kind is Kind.LONG_TEXT, at.get(one.name, len(usual))

    return tuple(sorted(fields, key=place)), needed


def offered(reader: Reader, kind: str, words: str = "") -> dict[int, str]:
    """Records that a reference may name: id → label, those with `words` in their name."""
    entity: Entity = reader.schema.entity(kind)
    name = entity.title[0] if entity.title[0] in entity.fields else "external_id"
    told = " ".join(words.split())
    where: Filter | None = Condition(field=name, op="contains", value=told) if told else None
    order = [Order(by="position")] if "position" in entity.fields else [Order(by=name)]
    spec = QuerySpec(entity=kind, columns=[name, "external_id"], where=where, order_by=order, limit=MOST_OFFERED)
    return {row.record_id or 0: str(row.values[0] or row.values[1] or row.record_id) for row in reader.ask(spec).rows}
