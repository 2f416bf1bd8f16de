"""From what a spec says to what a column can be compared with: coerced by the field's kind, or refused in words."""

import math
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import Float, literal

from crm_core.errors import Invalid
from crm_core.models import Kind
from crm_core.money import exact_minor
from crm_core.query.spec import Condition
from crm_core.schema import DATES, NUMERIC, Field

LISTS = frozenset({"in", "not_in", "between"})
BARE = frozenset({"empty", "not_empty"})
_SIZES = ("eq", "ne", "in", "not_in", "gt", "ge", "lt", "le", "between", "empty", "not_empty")
_WORDS = ("eq", "ne", "in", "not_in", "contains", "starts_with", "empty", "not_empty")
_LARGEST = Decimal(10) ** 15
_MOST_VALUES, _MOST_MOMENTS = 1000, 100
_LONGEST = 1000


def operators(field: Field) -> tuple[str, ...]:
    """The operators that make sense for a field."""
    if field.kind in NUMERIC or field.kind in DATES:
        return _SIZES
    if field.kind is Kind.BOOLEAN:
        return ("eq", "ne", "in", "not_in", "empty", "not_empty")
    return (*_WORDS, "under") if field.kind is Kind.REFERENCE else _WORDS


def check_operator(field: Field, op: str) -> None:
    """Refuse an operator that makes no sense for the field's kind."""
    if op not in operators(field):
        raise Invalid(
            f"{field.entity}.{field.name} is {_KINDS[field.kind]}, so {op!r} does not work on it; "
            f"these do: {', '.join(operators(field))}."
        )


def raw_values(condition: Condition, kind: Kind) -> list[Any]:
    """The condition's values as a list, of the length that its operator needs on such a field."""
    name, op, value = condition.field, condition.op, condition.value
    if op in BARE:
        return []
    if value is None:
        raise Invalid(f"{name} {op} needs a value; to ask for missing ones use 'empty'.")
    if op not in LISTS:
        if isinstance(value, list):
            raise Invalid(f"{name} {op} takes one value, not a list; for several use 'in'.")
        return [value]
    several = value if isinstance(value, list) else [value]
    if op == "between" and len(several) != 2:
        raise Invalid(f"{name} between takes [low, high], both inclusive; got {value!r}.")
    most = _MOST_MOMENTS if kind is Kind.DATETIME else _MOST_VALUES
    if not several or len(several) > most:
        raise Invalid(f"{name} {op} takes 1 to {most} values, not {len(several)}.")
    return several


def coerce(field: Field, value: Any, currency: str) -> Any:
    """A value that the field can be compared with: a number, a date, a text, a bool.

    Dates stay dates, also for moments: see `filters`. Money turns from major units into minor ones.

    Raises:
        Invalid: the value is no such thing.
    """
    if field.kind is Kind.MONEY:
        return bindable(exact_minor(_checked(field, value), currency))
    if field.kind in NUMERIC:
        return bindable(_checked(field, value))
    if field.kind in DATES:
        return _moment(field, value) if field.kind is Kind.DATETIME else _day(field, value)
    if field.kind is Kind.BOOLEAN:
        return _truth(field, value)
    return text(field, value)


def text(field: Field, value: Any) -> str:
    """A text that both databases can hold."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _wrong(field, value)
    words = str(value)
    if len(words) > _LONGEST:
        raise Invalid(f"The value for {field.entity}.{field.name} is longer than {_LONGEST} characters.")
    if "\x00" in words or any("\ud800" <= char <= "\udfff" for char in words):
        raise Invalid(f"The value for {field.entity}.{field.name} holds characters that no text can have.")
    return words


def folded(words: str) -> list[str]:
    """What `lower(column)` may be when the column holds `words` in another case.

    SQLite lowers ASCII only and PostgreSQL by its locale, so words with other letters have several forms.
    """
    forms = (words, words.lower(), words.upper(), words.title(), words.capitalize())
    return sorted({shape for form in forms for shape in (form.lower(), _ascii_lower(form))})


def _ascii_lower(words: str) -> str:
    return "".join(char.lower() if char.isascii() else char for char in words)


def _checked(field: Field, value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise _wrong(field, value)
    if isinstance(value, float) and not math.isfinite(value):
        raise _wrong(field, value)
    try:
        exact = Decimal(str(value).strip())
    except InvalidOperation as error:
        raise _wrong(field, value) from error
    if not exact.is_finite() or abs(exact) > _LARGEST:
        raise _wrong(field, value)
    return exact


def bindable(exact: Decimal) -> Any:
    """A number to compare with; a fraction gets its own type, or PostgreSQL would round it to the column's."""
    whole = exact.to_integral_value()
    return int(whole) if exact == whole else literal(float(exact), Float)


def _day(field: Field, value: Any) -> date:
    try:
        return date.fromisoformat(str(value)[:10]) if isinstance(value, str) and value[4:5] == "-" else _no_day()
    except ValueError as error:
        raise _wrong(field, value) from error


def _no_day() -> date:
    raise ValueError


def _moment(field: Field, value: Any) -> date | datetime:
    if isinstance(value, str) and len(value) > 10:
        try:
            moment = datetime.fromisoformat(value)
        except ValueError as error:
            raise _wrong(field, value) from error
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return _day(field, value)


def day_start(day: date, *, after: int = 0) -> datetime:
    """The moment when a day (or the one `after` days later) begins."""
    try:
        return datetime.combine(day + timedelta(days=after), time(), UTC)
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def _truth(field: Field, value: Any) -> bool:
    spoken = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if isinstance(value, bool):
        return value
    if str(value).lower() not in spoken:
        raise _wrong(field, value)
    return spoken[str(value).lower()]


def _wrong(field: Field, value: Any) -> Invalid:
    return Invalid(f"{field.entity}.{field.name} is {_KINDS[field.kind]}; {value!r} is not. {_RIGHT[field.kind]}")


_KINDS: dict[Kind, str] = {
    **dict.fromkeys(Kind, "a text"),
    Kind.CHOICE: "a choice",
    Kind.MONEY: "an amount of money",
    Kind.INTEGER: "a whole number",
    Kind.DECIMAL: "a number",
    Kind.PERCENT: "a percentage",
    Kind.YEAR: "a year",
    Kind.DATE: "a date",
    Kind.DATETIME: "a moment",
    Kind.BOOLEAN: "a yes or no",
    Kind.REFERENCE: "a reference to another record",
}
_RIGHT: dict[Kind, str] = {
    **dict.fromkeys(Kind, "Write it in quotes."),
    Kind.MONEY: "Write major units, such as 1250.50.",
    Kind.INTEGER: "Write it in digits, such as 12.",
    Kind.DECIMAL: "Write it in digits, such as 12.5.",
    Kind.PERCENT: "Write 0 to 100, such as 40.",
    Kind.YEAR: "Write four digits, such as 2017.",
    Kind.DATE: "Write YYYY-MM-DD, such as 2017-03-31.",
    Kind.DATETIME: "Write YYYY-MM-DD or an ISO moment, such as 2017-03-31T09:00:00Z.",
    Kind.BOOLEAN: "Write true or false.",
    Kind.REFERENCE: "Write the record's name or its id.",
}
