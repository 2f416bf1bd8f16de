"""A record with all around it: its fields in groups, what hangs on it, what was said, what happened to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from copilot.table import to_json
from crm_core.access import may_write
from crm_core.changes.rights import may_change
from crm_core.errors import NotFound
from crm_core.models import Kind, Role
from crm_core.query import defaults
from crm_core.query.derived import rests_on_all
from crm_core.query.result import QueryResult, Row
from crm_core.query.spec import Condition, Filter, QuerySpec
from crm_core.schema import Child, Entity, Field
from integrations.records import stored_fields
from integrations.web.lists import Listed, read_list
from integrations.web.reader import Cell, Reader

FEW = 6  # related records that are shown at once
TALKS = 10
_TALK = "interaction"
_BY_THEMSELVES = ("stage_change", "draft")  # a move makes the one, the chat writes the other
_TALK_COLUMNS = ["happened_on", "kind", "direction", "subject", "body", "contact", "user", "deal", "external_id"]
_COLUMNS_AT_ONCE = 50
_CODE = "external_id"
_BOOKKEEPING = (_CODE, "created_at", "updated_at")


@dataclass(frozen=True)
class Shown:
    """A field of a record. `value` is what an editor begins with: plain JSON, a reference as its id."""

    field: Field
    label: str
    cell: Cell
    value: Any
    may_edit: bool


@dataclass(frozen=True)
class Group:
    """Fields that belong together: `key` names the group in the words of the page."""

    key: str
    fields: tuple[Shown, ...]


@dataclass(frozen=True)
class Relation:
    """Records that point to this one by `field`."""

    name: str
    entity: str
    field: str
    label: str
    total: int
    listed: Listed
    may_add: bool


@dataclass(frozen=True)
class Talk:
    """What was said, once."""

    id: int
    day: str
    kind: str
    direction: str
    subject: str
    body: str
    people: tuple[Cell, ...]
    deal: Cell


@dataclass(frozen=True)
class View:
    """A record as its page shows it."""

    entity: Entity
    id: int
    version: int
    title: str
    groups: tuple[Group, ...]
    may_edit: bool

    @property
    def base(self) -> dict[str, Any]:
        """By field, what an editor begins with."""
        return {one.field.name: one.value for group in self.groups for one in group.fields}

    def shown(self, name: str) -> Shown:
        """A field of it."""
        return next(one for group in self.groups for one in group.fields if one.field.name == name)


def read_record(reader: Reader, kind: str, record_id: int) -> View:
    """A record's own fields.

    Raises:
        NotFound: there is none, or none that the person may see.
    """
    schema = reader.schema
    entity = schema.entity(kind)
    may_edit = may_change(reader.store, schema, reader.actor, entity, record_id)
    fields = stored_fields(entity)
    found, row = _row(reader, entity, [field.name for field in fields], record_id)
    shown = {
        field.name: _shown(reader, field, found[field.name], may_edit=may_edit) for field in fields
    }  # fmt: skip
    return View(entity, record_id, row.version or 0, _title(reader, entity, shown, record_id),
                tuple(_groups(entity, shown)), may_edit)  # fmt: skip


def read_figures(reader: Reader, kind: str, record_id: int, *, among_all: bool = False) -> tuple[Shown, ...]:
    """What is worked out from the record, as far as it has a value.

    Args:
        reader: who looks.
        kind: of the record.
        record_id: of the record.
        among_all: how it stands among all others of its kind, which is dear where there are many; else all the rest.
    """
    entity = reader.schema.entity(kind)
    worked_out = (field for field in entity.fields.values() if field.derived is not None and field.ask)
    fields = [field for field in worked_out if rests_on_all(kind, field.name) is among_all]
    if not fields:
        return ()
    found, _ = _row(reader, entity, [field.name for field in fields], record_id)
    shown = (_shown(reader, field, found[field.name], may_edit=False) for field in fields)
    return tuple(one for one in shown if one.value is not None)


def read_relations(reader: Reader, kind: str, record_id: int) -> tuple[Relation, ...]:
    """What hangs on the record, each kind with its first few; what was said stands apart (`read_talks`)."""
    entity = reader.schema.entity(kind)
    found = (_relation(reader, child, record_id) for child in entity.children.values() if child.entity != _TALK)
    return tuple(found)


def read_talks(reader: Reader, kind: str, record_id: int, *, limit: int = TALKS) -> tuple[tuple[Talk, ...], int]:
    """What was said to or about it, the newest first, and how often in all."""
    child = next((one for one in reader.schema.entity(kind).children.values() if one.entity == _TALK), None)
    if child is None:
        return (), 0
    where = Condition(field=child.field, value=record_id)
    order = defaults.order(reader.schema.entity(_TALK))
    spec = QuerySpec(entity=_TALK, columns=_TALK_COLUMNS, where=where, order_by=order, limit=limit)
    found = reader.ask(spec)
    return tuple(_talk(reader, found, row) for row in found.rows), found.total or len(found.rows)


def _row(reader: Reader, entity: Entity, names: list[str], record_id: int) -> tuple[dict[str, tuple[Any, Cell]], Row]:
    """By field: the value for an editor and as it is shown."""
    values: dict[str, tuple[Any, Cell]] = {}
    row: Row | None = None
    for start in range(0, len(names), _COLUMNS_AT_ONCE):
        some = names[start : start + _COLUMNS_AT_ONCE]
        found = reader.ask(QuerySpec(entity=entity.name, columns=some), only=[record_id])
        row = found.rows[0] if found.rows else None
        if row is None:
            raise NotFound(f"There is no such {entity.name}.")
        values |= {name: _value(reader, found, row, at) for at, name in enumerate(some)}
    assert row is not None
    return values, row


def _value(reader: Reader, found: QueryResult, row: Row, at: int) -> tuple[Any, Cell]:
    column = found.columns[at]
    value = row.ids.get(at) if column.entity else to_json(row.values[at])
    return value, reader.cell(found.columns, row, at)


def _shown(reader: Reader, field: Field, found: tuple[Any, Cell], *, may_edit: bool) -> Shown:
    value, cell = found
    return Shown(field, reader.label(field), cell, value, may_edit and field.edit)


def _title(reader: Reader, entity: Entity, shown: dict[str, Shown], record_id: int) -> str:
    told = (shown[name].cell.text for name in (*entity.title, "external_id") if name in shown)
    return next((text for text in told if text), f"{reader.kind(entity.name, count=1)} {record_id}")


def _groups(entity: Entity, shown: dict[str, Shown]) -> Iterator[Group]:
    def of(name: str) -> str:
        field = entity.fields[name]
        if field.is_custom:
            return "own"
        if name in _BOOKKEEPING:
            return "kept"
        if field.kind is Kind.LONG_TEXT:
            return "texts"
        is_key = field.target is not None or field.role is not None or field.kind in (Kind.MONEY, Kind.CURRENCY)
        return "key" if is_key and field.role is not Role.CODE else "more"

    for key in ("key", "more", "texts", "own", "kept"):
        fields = tuple(one for name, one in shown.items() if of(name) == key)
        if fields:
            yield Group(key, fields)


def _relation(reader: Reader, child: Child, record_id: int) -> Relation:
    entity = reader.schema.entity(child.entity)
    where: Filter = Condition(field=child.field, value=record_id)
    has_title = entity.by_role(Role.TITLE) is not None
    columns = [name for name in defaults.columns(entity) if name != child.field and (has_title or name != _CODE)]
    spec = QuerySpec(entity=entity.name, columns=columns, where=where, order_by=defaults.order(entity))
    listed = read_list(reader, spec, limit=FEW)
    label = reader.children(child)
    may_add = may_write(reader.actor, entity) and child.entity not in _BY_THEMSELVES
    total = listed.total if listed.total is not None else len(listed.lines)
    return Relation(child.name, entity.name, child.field, label, total, listed, may_add)


def _talk(reader: Reader, found: QueryResult, row: Row) -> Talk:
    cells = {column.name: reader.cell(found.columns, row, at) for at, column in enumerate(found.columns)}
    people = tuple(cells[name] for name in ("contact", "user") if cells[name].text)
    return Talk(
        row.record_id or 0, cells["happened_on"].text, cells["kind"].text, cells["direction"].text,
        cells["subject"].text, cells["body"].text, people, cells["deal"],
    )  # fmt: skip
