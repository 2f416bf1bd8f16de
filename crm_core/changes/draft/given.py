"""Values as people write them as what a change holds: minor units, ids, ISO dates, the spelling that the store has."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from dateutil.relativedelta import relativedelta
from sqlalchemy import Integer, select

from crm_core.changes.change import Json, exact_number
from crm_core.changes.draft.finding import Finder, Row
from crm_core.changes.layout import decimal_text, moment_text
from crm_core.changes.steps import Among, Computed, Given
from crm_core.errors import CrmError, Invalid
from crm_core.models import Kind
from crm_core.money import MOST_MINOR, to_major, to_minor
from crm_core.query.compile.values import coerce
from crm_core.query.spec import Condition, QuerySpec
from crm_core.schema import DATES, NUMERIC, Entity, Field

_LONGEST = 100_000
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s.]+")
_RIGHT = {Kind.EMAIL: "an email address such as ada@example.com", Kind.PHONE: "a phone number",
          Kind.CURRENCY: "a currency such as EUR"}  # fmt: skip


class Values:
    """Turns given values into those of a change, for the records of one step.

    Args:
        finder: resolves references.
        entity: that the fields are of.
        currency: of amounts where a record names none.
    """

    def __init__(self, finder: Finder, entity: Entity, currency: str) -> None:
        self._finder = finder
        self._entity = entity
        self._currency = currency
        self._known: dict[tuple[str, str], Json] = {}

    def field(self, name: str) -> Field:
        """The field, if people may change it; Invalid with what is near otherwise."""
        if name in self._entity.fields and self._entity.fields[name].edit:
            return self._entity.fields[name]
        self._finder.schema.path(self._entity.name, name.split(".")[0])
        raise Invalid(f"{self._entity.name}.{name} cannot be changed.")

    def each(self, name: str, given: Given, rows: dict[int, Row]) -> dict[int, Json]:
        """The new value of the field for each record; an error names the field."""
        try:
            return self._each(name, given, rows)
        except CrmError as error:
            error.field = name
            raise

    def _each(self, name: str, given: Given, rows: dict[int, Row]) -> dict[int, Json]:
        field = self.field(name)
        if isinstance(given, Among):
            dealt = [self.one(field, who, None) for who in given.among]
            return {key: dealt[i % len(dealt)] for i, key in enumerate(rows)}
        if isinstance(given, Computed):
            return self._computed(field, given, rows)
        return {key: self.one(field, given, row) for key, row in rows.items()}

    def one(self, field: Field, given: Json, row: Row | None) -> Json:
        """A plain value; None empties the field."""
        if given is None or given == "":
            self._check_may_be_empty(field)
            return None
        if field.target:
            return self._reference(field, given, row)
        if field.kind is Kind.MONEY:
            return self._minor(field, _number(field, given), row)
        if field.kind in NUMERIC:
            return self._plain_number(field, _number(field, given))
        if field.kind in DATES:
            moment = coerce(field, given, self._currency)
            return moment.isoformat() if isinstance(moment, date) and len(str(moment)) == 10 else moment_text(moment)
        if field.kind is Kind.BOOLEAN:
            return bool(coerce(field, given, self._currency))
        return self._words(field, given)

    def _check_may_be_empty(self, field: Field) -> None:
        column = None if field.column is None else self._entity.table.c[field.column]
        if column is not None and not column.nullable:
            raise Invalid(f"Every {self._entity.name} needs a {field.label}; it cannot be emptied.")

    def _reference(self, field: Field, given: Json, row: Row | None) -> int:
        target = self._finder.schema.entity(str(field.target))
        if not isinstance(given, int | str) or isinstance(given, bool):
            raise Invalid(f"{field.entity}.{field.name} is a {target.name}: give its name or id.")
        if target.name == "stage":
            return self._stage(given, row)
        key = (field.name, str(given))
        if key not in self._known:
            self._known[key] = self._finder.one(target, given)
        return int(str(self._known[key]))

    def _stage(self, given: int | str, row: Row | None) -> int:
        """A stage by id, by name or by what it means (won, lost), of the deal's own pipeline if there are several."""
        table = self._finder.schema.entity("stage").table
        with self._finder.store.read(self._finder.actor) as connection:
            stages = connection.execute(
                select(table.c.id, table.c.name, table.c.kind, table.c.pipeline_id)
                .where(table.c.deleted_at.is_(None))
                .order_by(table.c.pipeline_id, table.c.position)
            ).all()
        wanted = str(given).casefold()
        own = next((s.pipeline_id for s in stages if row is not None and s.id == row.get("stage_id")), None)
        fits = [s for s in stages if s.id == given or s.name.casefold() == wanted]
        fits = fits or [s for s in stages if s.kind == wanted and s.kind != "open"]
        fits = [s for s in fits if own in (None, s.pipeline_id)] or fits
        if not fits:
            names = ", ".join(dict.fromkeys(s.name for s in stages))
            raise Invalid(f"There is no stage {given!r}; there are: {names}.")
        return int(fits[0].id)

    def _minor(self, field: Field, number: Decimal, row: Row | None) -> int:
        minor = to_minor(number, (row or {}).get("currency") or self._currency)
        if abs(minor) > MOST_MINOR:
            raise Invalid(f"{number:,} is too large for {field.label}.")
        return minor

    def _plain_number(self, field: Field, number: Decimal) -> Json:
        column = None if field.column is None else self._entity.table.c[field.column]
        is_whole = field.kind in (Kind.INTEGER, Kind.YEAR) or (column is not None and isinstance(column.type, Integer))
        if is_whole and number != number.to_integral_value():
            raise Invalid(f"{field.label} is a whole number; {number} is not.")
        if is_whole:
            return int(number)
        return decimal_text(number) if column is not None else exact_number(float(number))

    def _words(self, field: Field, given: Json) -> str:
        if isinstance(given, bool) or not isinstance(given, str | int | float):
            raise Invalid(f"{field.label} is a text; {given!r} is not.")
        words = str(given).strip()
        if len(words) > _LONGEST or "\x00" in words or any("\ud800" <= char <= "\udfff" for char in words):
            raise Invalid(f"The text for {field.label} is too long or holds characters that cannot be stored.")
        if field.kind is Kind.CHOICE:
            return self._choice(field, words)
        if _is_malformed(field.kind, words):
            raise Invalid(f"{words!r} is not {_RIGHT[field.kind]}.")
        return words.upper() if field.kind is Kind.CURRENCY else words

    def _choice(self, field: Field, words: str) -> str:
        """One of a closed set, or the spelling that the store already has."""
        default = self._finder.layout(self._entity.name).defaults.get(str(field.column))
        if isinstance(default, StrEnum):
            allowed = [str(value) for value in type(default)]
            if words.lower() not in allowed:
                raise Invalid(f"{field.label} is one of {', '.join(allowed)}; {words!r} is not.")
            return words.lower()
        if field.column is None:
            return words
        key = (field.name, words)
        if key not in self._known:
            same = Condition(field=field.name, op="eq", value=words)
            found = self._finder.run(QuerySpec(entity=self._entity.name, where=same, columns=[field.name], limit=1))
            self._known[key] = str(found.rows[0].values[0]) if found.rows else words
        return str(self._known[key])

    def _computed(self, field: Field, given: Computed, rows: dict[int, Row]) -> dict[int, Json]:
        ends = self._finder.over(self._entity, rows, given.of or field.name)
        return {key: self._work_out(field, given, *ends[key], row) for key, row in rows.items()}

    def _work_out(self, field: Field, given: Computed, of: Field, held: Row | None, row: Row) -> Json:
        value = _held(of, held)
        if value is None:
            label = self._finder.label(self._entity.name, row["id"])
            raise Invalid(f"{label} has no {of.label} to work {field.label} out from; give the value itself.")
        try:
            return self._moved(field, given, of, value, held, row)
        except (ArithmeticError, TypeError, ValueError) as error:
            raise Invalid(f"{field.label} cannot be worked out from {of.label} like that.") from error

    def _moved(self, field: Field, given: Computed, of: Field, value: Any, held: Row | None, row: Row) -> Json:
        if field.kind in DATES:
            moved: date = value + relativedelta(months=given.months) + timedelta(days=given.days)
            return moved.isoformat()[:10]
        exact = to_major(value, (held or {}).get("currency") or self._currency) if of.kind is Kind.MONEY else value
        worked: Decimal = Decimal(str(exact)) * Decimal(str(given.times)) + Decimal(str(given.plus))
        if field.kind in (Kind.INTEGER, Kind.YEAR):
            worked = worked.to_integral_value(ROUND_HALF_EVEN)
        return self.one(field, float(worked), row)


def _held(of: Field, row: Row | None) -> Any:
    """What a record has in a field, own fields included; a day as a date."""
    if row is None or (of.column is None and not of.is_custom):
        return None
    value = (row["custom"] or {}).get(of.name) if of.is_custom else row[str(of.column)]
    return date.fromisoformat(str(value)[:10]) if of.is_custom and of.kind in DATES and value else value


def several(values: Sequence[Any]) -> str:
    """A list for a sentence, cut after five."""
    told = ", ".join(str(value) for value in values[:5])
    return f"{told} and {len(values) - 5} more" if len(values) > 5 else told


def _number(field: Field, given: Json) -> Decimal:
    try:
        number = Decimal(str(given).replace(",", "")) if not isinstance(given, bool) else Decimal("nan")
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite():
        raise Invalid(f"{field.label} is a number; {given!r} is not.")
    return number


def _is_malformed(kind: Kind, words: str) -> bool:
    if kind is Kind.EMAIL:
        return _EMAIL.fullmatch(words) is None
    if kind is Kind.PHONE:
        return sum(char.isdigit() for char in words) < 3
    return kind is Kind.CURRENCY and not re.fullmatch(r"[A-Za-z]{3}", words)
