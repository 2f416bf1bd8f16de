"""Which fields of the registry a record is scored on, and how a cell of each is read."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from crm_core.models import Kind, Role
from crm_core.schema import Entity, Field, Schema

_BY_VALUE = frozenset({Kind.CHOICE, Kind.TEXT, Kind.INTEGER, Kind.DECIMAL, Kind.PERCENT, Kind.YEAR, Kind.BOOLEAN,
                       Kind.MONEY, Kind.DATE})  # fmt: skip
_WHETHER_GIVEN = frozenset({Kind.EMAIL, Kind.PHONE, Kind.URL, Kind.LONG_TEXT})
_NO_REASON = frozenset({Role.TITLE, Role.CODE, Role.OPENED, Role.CLOSED, Role.STAGE, Role.OWNER})
_WRITTEN_AT_THE_END = {"lead": frozenset({"status", "account", "contact", "deal"})}  # by whoever converts it
GIVEN = "given"

Worth = Callable[[str | None], float | None]


@dataclass(frozen=True)
class Column:
    """A field of the record, or of the record that its reference `via` leads to."""

    field: Field
    via: Field | None = None

    @property
    def name(self) -> str:
        """As in a question: "account.industry"."""
        return f"{self.via.name}.{self.field.name}" if self.via else self.field.name

    @property
    def is_presence(self) -> bool:
        """Whether it counts that it is filled, not what it says: an address, a description, a person's name."""
        return self.field.kind in _WHETHER_GIVEN or self.field.mask

    def read(self, stored: Mapping[str, Any], moment: date | None, worth: Worth) -> object:
        """The cell as the scorer reads it; None where it says nothing on that day.

        Args:
            stored: public name → value as it lies in the table or in a change.
            moment: the day as of which the record is seen; a date after it is not known yet, unless it is a plan.
            worth: what one minor unit of a currency is worth in units of the store's own; None: no rate.
        """
        value = stored.get(self.field.name)
        if value is None or value == "":
            return None
        if self.is_presence:
            return GIVEN
        if self.field.kind is Kind.MONEY:
            return _in_base(value, stored.get("currency"), worth)
        if self.field.kind is Kind.DATE:
            return _days_ago(value, moment, is_plan=self.field.role is Role.DUE)
        if self.field.kind is Kind.BOOLEAN:
            return "yes" if value else "no"
        return float(value) if isinstance(value, Decimal) else value


def columns_of(schema: Schema, entity: Entity) -> tuple[Column, ...]:
    """The entity's own fields, then those of the records it refers to."""
    return (*_own(entity, None), *(one for via in _references(entity) for one in _own(_target(schema, via), via)))


def _references(entity: Entity) -> Iterator[Field]:
    for field in entity.fields.values():
        if field.target and field.role not in _NO_REASON and field.name not in _WRITTEN_AT_THE_END.get(entity.name, ()):
            yield field


def _own(entity: Entity, via: Field | None) -> Iterator[Column]:
    skipped = _WRITTEN_AT_THE_END.get(entity.name, frozenset())
    for field in entity.fields.values():
        known = field.kind in _BY_VALUE or field.kind in _WHETHER_GIVEN
        stored = field.derived is None and field.target is None and field.ask
        if known and stored and field.role not in _NO_REASON and field.name not in skipped:
            yield Column(field, via)


def _target(schema: Schema, via: Field) -> Entity:
    assert via.target is not None
    return schema.entities[via.target]


def _in_base(minor: Any, currency: str | None, worth: Worth) -> float | None:
    factor = worth(currency)
    return None if factor is None else float(minor) * factor


def _days_ago(value: Any, moment: date | None, *, is_plan: bool) -> int | None:
    try:
        day = value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
    except ValueError:
        return None
    if moment is None:
        return None
    days = (moment - day).days
    return -days if is_plan else days if days >= 0 else None
