"""The few expressions that SQLite and PostgreSQL write differently. Everything else is plain SQLAlchemy."""

import calendar
from datetime import date
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Float,
    Integer,
    Numeric,
    String,
    case,
    cast,
    func,
    type_coerce,
)

from crm_core.models import Kind
from crm_core.models.base import sorted_text
from crm_core.query.spec import Bucket

SQLITE = "sqlite"

_FORMATS: dict[str, str] = {
    "day": "YYYY-MM-DD",
    "week": 'IYYY-"W"IW',
    "month": "YYYY-MM",
    "quarter": 'YYYY-"Q"Q',
    "year": "YYYY",
}  # fmt: skip


def day_of(moment: ColumnElement[Any], dialect: str) -> ColumnElement[date]:
    """The UTC day of a moment."""
    if dialect == SQLITE:
        return type_coerce(func.substr(type_coerce(moment, String), 1, 10), Date)
    return cast(func.timezone("UTC", moment), Date)


def days_between(start: ColumnElement[Any], end: ColumnElement[Any], dialect: str) -> ColumnElement[int]:
    """Whole days from one date to another."""
    if dialect == SQLITE:
        return cast(func.julianday(end) - func.julianday(start), Integer)
    return type_coerce(cast(end, Date) - cast(start, Date), BigInteger)


def bucket_key(day: ColumnElement[Any], bucket: Bucket, dialect: str) -> ColumnElement[Any]:
    """What dates are grouped by: cheap to work out for each row, and in order of time."""
    if bucket == "day":
        return day
    if bucket == "weekday":  # Monday is 1
        if dialect != SQLITE:
            return cast(func.to_char(day, "ID"), Integer)
        return (cast(func.strftime("%w", type_coerce(day, String)), Integer) + 6) % 7 + 1
    if bucket == "half":
        text = type_coerce(day, String) if dialect == SQLITE else func.to_char(day, "YYYY-MM")
        return func.substr(text, 1, 4) + "-H" + cast((cast(func.substr(text, 6, 2), Integer) + 5) // 6, String)
    if dialect != SQLITE:
        return func.date_trunc(bucket, cast(day, DateTime))
    text = type_coerce(day, String)
    if bucket == "week":  # its Thursday decides which year a week belongs to
        return type_coerce(func.date(text, "-3 days", "weekday 4"), String)
    if bucket == "quarter":
        return func.substr(text, 1, 4) + "-Q" + cast((cast(func.substr(text, 6, 2), Integer) + 2) // 3, String)
    return func.substr(text, 1, 7 if bucket == "month" else 4)


def bucket_label(key: ColumnElement[Any], bucket: Bucket, dialect: str) -> ColumnElement[str]:
    """The key as it is shown: 2017-03, 2017-Q1, 2017-H1, 2017, 2017-W09, Monday or an ISO day."""
    if bucket == "weekday":
        return case(dict(enumerate(calendar.day_name, start=1)), value=key)
    if bucket == "half":
        return type_coerce(key, String)
    if dialect != SQLITE:
        return func.to_char(cast(key, DateTime), _FORMATS[bucket])
    if bucket != "week":
        return type_coerce(key, String)
    week = (cast(func.strftime("%j", key), Integer) - 1) // 7 + 1
    year = type_coerce(func.strftime("%Y", key), String)
    return year + type_coerce(func.printf("-W%02d", week), String)


def bucket_index(key: ColumnElement[Any], bucket: Bucket, dialect: str) -> ColumnElement[int]:
    """Which of all such periods it is: neighbours in time differ by one."""
    if bucket in ("day", "week"):
        epoch = type_coerce(date(1970, 1, 1), Date)
        days = days_between(epoch, key, dialect)
        return days // 7 if bucket == "week" else days
    label = bucket_label(key, bucket, dialect)
    year = cast(func.substr(label, 1, 4), Integer)
    if bucket == "year":
        return year
    per_year = {"half": 2, "quarter": 4, "month": 12}[bucket]
    return year * per_year + cast(func.substr(label, 6 if bucket == "month" else 7), Integer)


def median(value: ColumnElement[Any], dialect: str) -> ColumnElement[Any]:
    """The median of what is not NULL."""
    if dialect == SQLITE:
        return func.median(cast(value, Float))
    return func.percentile_cont(0.5).within_group(cast(value, Float))


def text_order(text: ColumnElement[Any], dialect: str) -> ColumnElement[str]:
    """What text is sorted by. An index in the order of labels serves it, see `listed_by_name`."""
    return sorted_text(text)


def custom_value(custom: ColumnElement[Any], key: str, kind: Kind, dialect: str) -> ColumnElement[Any]:
    """A custom field's value, typed by its kind."""
    numeric = {Kind.MONEY, Kind.INTEGER, Kind.YEAR, Kind.DECIMAL, Kind.PERCENT}
    if dialect == SQLITE:
        raw = func.json_extract(custom, '$."' + key.replace('"', '\\"') + '"')
        types: Any = Float(asdecimal=False) if kind in numeric else String()
    else:
        raw = func.jsonb_extract_path_text(custom, key)
        types = String()
        if kind in numeric:
            return type_coerce(cast(raw, Numeric(asdecimal=False)), Float(asdecimal=False))
    if kind is Kind.BOOLEAN:
        return type_coerce(raw, Boolean) if dialect == SQLITE else cast(raw, Boolean)
    if kind is Kind.DATE:
        return type_coerce(raw, Date) if dialect == SQLITE else cast(raw, Date)
    return type_coerce(raw, types)
