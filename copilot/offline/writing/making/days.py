"""Which day a date expression means for what is to be done, and for what has happened."""

from calendar import monthrange
from datetime import date, timedelta

from copilot.offline.dates import MONTHS
from copilot.offline.dates.span import DateSpan

_WEEK = timedelta(days=7)


def due_day(span: DateSpan, typed: str, today: date, *, by_its_end: bool = False) -> date | None:
    """The day by which: "Friday" is the next one, "in March" the first of it, "by the end of March" the last.

    `by_its_end`: of a longer time the last day.
    """
    if span.relation in ("until", "before"):
        day = span.until
        if day is not None and span.relation == "before" and span.unit in ("day", "month"):
            day += timedelta(days=1)  # "before Friday" is due on Friday
    else:
        day = span.until if span.unit == "range" or span.since is None or by_its_end else span.since
    while day is not None and span.year_assumed and day < today:
        day = _later(day, 1 if span.unit == "day" and not _names_month(typed) else 12)
    return day


def past_day(span: DateSpan, today: date) -> date | None:
    """The day on which it was: "Friday" is the last one. None for a day to come or a longer time."""
    if span.since is None or span.since != span.until:
        return None
    day = span.since
    if day > today and not span.is_future_form:
        day = _later(day, -12) if span.year_assumed else day - _WEEK
    return day if day <= today else None


def _names_month(typed: str) -> bool:
    words = set(typed.lower().replace("-", " ").replace(".", " ").split())
    return bool(words & set(MONTHS)) or any(mark in typed for mark in "月/") or "-" in typed


def _later(day: date, months: int) -> date:
    at = day.year * 12 + day.month - 1 + months
    year, month = divmod(at, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
