"""Rows made in code, such as the demo company, written as one change set by the same path as an import."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from uuid import uuid4

from sqlalchemy import Connection, func, select

from crm_core.access import Actor
from crm_core.changes.change import Change, Head, Json, Op, exact_number
from crm_core.changes.commit import commit_on
from crm_core.changes.layout import decimal_text, lay_out, moment_text
from crm_core.db import Store
from crm_core.errors import Invalid
from crm_core.models import Kind
from crm_core.money import to_minor
from crm_core.schema import Entity, Field, Schema
from crm_core.transfer.match import BY_TITLE, Item, Matcher, difference
from crm_core.transfer.order import entity_order
from crm_core.transfer.references import Directory, load_directory
from crm_core.transfer.vocabulary import is_importable

Rows = Mapping[str, Sequence[Mapping[str, object]]]
_IMPLIED = {("deal", "pipeline")}  # a deal's pipeline is its stage's


def load_rows(
    store: Store, rows: Rows, *, actor: Actor, door: str, summary: str, at: datetime | None = None
) -> str | None:
    """Write rows by entity as one change set; a row with a known `external_id` updates that record.

    Args:
        store: where to.
        rows: entity → rows by public field name. References hold the other row's `external_id` (or a record id),
            money is Decimal in major units of the row's `currency` (the store's base currency without one), dates
            are `date`, moments aware `datetime`. Entities and rows may come in any order.
        actor: who does it.
        door: what it came through.
        summary: one line for a person.
        at: the moment, default now.

    Returns:
        The change set's id; None when everything was there already.

    Raises:
        Invalid: an unknown entity or field, a reference to nothing, a missing required value.
    """
    head = Head(str(uuid4()), "import", summary, actor.name, actor.id, door)
    currency = store.base_currency
    with store.write() as connection:
        schema = store.schema_at(connection)
        for entity in rows:
            schema.entity(entity)
        loader = _Loader(connection, schema, rows, currency)
        written = commit_on(
            connection, schema, loader.changes(), head, actor=actor, at=at, record_stages="stage_change" not in rows
        )
    return head.id if written.total else None


class _Loader:
    def __init__(self, connection: Connection, schema: Schema, rows: Rows, currency: str) -> None:
        self._connection = connection
        self._schema = schema
        self._rows = rows
        self._currency = currency
        self._directories: dict[str, Directory] = {}

    def changes(self) -> Iterator[Change]:
        for name in entity_order(self._schema):
            if self._rows.get(name):
                yield from self._entity(self._schema.entities[name])

    def _entity(self, entity: Entity) -> Iterator[Change]:
        layout = lay_out(entity)
        directory = self._directory(entity.name)
        count = self._connection.execute(select(func.count()).select_from(entity.table)).scalar_one()
        by_title = directory if entity.name in BY_TITLE else None
        matcher = Matcher(self._connection, layout, directory=by_title, is_empty=count == 0)
        items = [self._item(entity, row, number) for number, row in enumerate(self._rows[entity.name], 1)]
        for start in range(0, len(items), 1000):
            matcher.match(items[start : start + 1000])
        for item, row in zip(items, self._rows[entity.name], strict=True):
            if item.problems:
                raise Invalid(f"{entity.name}, row {item.number}: {item.problems[0].reason}.")
            if by_title is None:
                directory.add(item.record_id, code=str(item.values["external_id"]))
            self._late(entity, item, row)
        for op in (Op.CREATE, Op.UPDATE):
            found = (difference(layout, item) for item in items)
            yield from (change for change in found if change is not None and change.op is op)

    def _item(self, entity: Entity, row: Mapping[str, object], number: int) -> Item:
        currency = str(row.get("currency") or self._currency)
        values: dict[str, Json] = {}
        has_money = False
        for name, value in row.items():
            if value is None or (entity.name, name) in _IMPLIED:
                continue
            known = entity.fields.get(name)
            if known is None or not is_importable(known):
                raise Invalid(f"{entity.name}, row {number}: there is no field {name!r} that can be filled.")
            has_money = has_money or known.kind is Kind.MONEY
            if known.target != entity.name:
                values[name] = self._json(known, value, currency)
        if has_money and "currency" in entity.fields:
            values["currency"] = currency
        return Item(None, number, (), values, [])

    def _late(self, entity: Entity, item: Item, row: Mapping[str, object]) -> None:
        for name, value in row.items():
            known = entity.fields.get(name)
            if known is not None and known.target == entity.name and value is not None:
                item.values[name] = self._json(known, value, self._currency)

    def _json(self, known: Field, value: object, currency: str) -> Json:
        if known.kind is Kind.REFERENCE:
            return value if isinstance(value, int) else self._find(known, str(value))
        if known.kind is Kind.MONEY:
            return to_minor(Decimal(str(value)), currency)
        if isinstance(value, datetime):
            return moment_text(value)
        if isinstance(value, date):
            return value.isoformat()
        if known.kind in (Kind.DECIMAL, Kind.PERCENT) and not isinstance(value, bool):
            return _decimal(known, self._schema.entities[known.entity], Decimal(str(value)))
        return value if isinstance(value, bool | int | float | str | list | dict) else str(value)

    def _find(self, known: Field, code: str) -> int:
        found = self._directory(str(known.target)).find(code)
        if not found:
            raise Invalid(f"{known.entity}.{known.name}: there is no {known.target} {code!r}.")
        return found

    def _directory(self, entity: str) -> Directory:
        if entity not in self._directories:
            self._directories[entity] = load_directory(self._connection, self._schema.entities[entity])
        return self._directories[entity]


def _decimal(known: Field, entity: Entity, number: Decimal) -> Json:
    if known.is_custom:
        return exact_number(float(number))
    layout_column = entity.table.c[str(known.column)]
    return int(number) if layout_column.type.python_type is int else decimal_text(number)
