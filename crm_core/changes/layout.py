"""How an entity's public fields lie in its table: JSON values to column values and back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from sqlalchemy import Date, Numeric, Table

from crm_core.changes.change import Json
from crm_core.errors import Invalid
from crm_core.models.base import UtcDateTime
from crm_core.schema import Entity

Convert = Callable[[Any], Any]
_SYSTEM = frozenset({"id", "version", "created_at", "updated_at", "deleted_at", "custom"})


@dataclass(frozen=True)
class Column:
    """A stored field: the column's name, and its value from and to JSON (both None where nothing changes)."""

    name: str
    load: Convert | None
    dump: Convert | None
    is_self: bool


@dataclass(frozen=True)
class Layout:
    """An entity's stored fields by public name, its defaults and what it cannot do without."""

    entity: Entity
    columns: dict[str, Column]
    custom: set[str]
    defaults: dict[str, Any]
    required: frozenset[str]

    @property
    def table(self) -> Table:
        """The entity's table."""
        return self.entity.table

    @property
    def label_columns(self) -> tuple[str, ...]:
        """Columns that make the record's label, the first that is filled wins."""
        names = [self.columns[name].name for name in self.entity.title if name in self.columns]
        return tuple(dict.fromkeys([*names, "external_id"]))

    @cached_property
    def self_columns(self) -> tuple[str, ...]:
        """Columns that refer to the entity itself."""
        return tuple(column.name for column in self.columns.values() if column.is_self)

    def split(self, values: Mapping[str, Json]) -> tuple[dict[str, Any], dict[str, Json]]:
        """Public JSON values as column values and custom values.

        Raises:
            Invalid: a field does not exist, or a value is not of its kind.
        """
        stored: dict[str, Any] = {}
        custom: dict[str, Json] = {}
        for name, value in values.items():
            column = self.columns.get(name)
            if column is not None:
                stored[column.name] = self._load(column, name, value)
            elif name in self.custom:
                custom[name] = value
            else:
                raise Invalid(f"{self.entity.name} has no field {name!r} that can be changed.")
        return stored, custom

    def dump(self, row: Mapping[str, Any], names: Mapping[str, object]) -> dict[str, Json]:
        """The public JSON values of `names` in a table row."""
        return {name: self._dump(row, name) for name in names}

    def _load(self, column: Column, name: str, value: Json) -> Any:
        if value is None or column.load is None:
            return value
        try:
            return column.load(value)
        except (TypeError, ValueError, ArithmeticError) as error:
            raise Invalid(f"{value!r} is no value for {self.entity.name}.{name}.") from error

    def _dump(self, row: Mapping[str, Any], name: str) -> Json:
        column = self.columns.get(name)
        if column is None:
            found: Json = row["custom"].get(name)
            return found
        value = row[column.name]
        dumped: Json = value if value is None or column.dump is None else column.dump(value)
        return dumped


def lay_out(entity: Entity) -> Layout:
    """The layout of `entity`; its custom fields are those that the registry knows."""
    table = entity.table
    stored = {f.name: f for f in entity.fields.values() if f.column is not None}
    columns = {
        name: Column(str(f.column), *_converters(table.c[str(f.column)].type), is_self=f.target == entity.name)
        for name, f in stored.items()
    }
    free = [column for column in table.c.values() if column.name not in _SYSTEM]
    defaults = {column.name: getattr(column.default, "arg", None) for column in free}
    required = {column.name for column in free if not column.nullable and column.default is None}
    custom = {f.name for f in entity.fields.values() if f.is_custom}
    return Layout(entity, columns, custom, defaults, frozenset(required))


def _converters(sql_type: object) -> tuple[Convert | None, Convert | None]:
    if isinstance(sql_type, UtcDateTime):
        return _moment, moment_text
    if isinstance(sql_type, Date):
        return date.fromisoformat, date.isoformat
    if isinstance(sql_type, Numeric):
        return _decimal, decimal_text
    return None, None


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def moment_text(moment: datetime) -> str:
    """A moment as it stands in a change: UTC with milliseconds."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _decimal(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError(text)
    return number


def decimal_text(number: Decimal) -> str:
    """A decimal's digits without padding: 1.500000 as 1.5."""
    plain = format(number, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
