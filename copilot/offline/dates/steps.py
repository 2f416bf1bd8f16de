"""From one span to its neighbour: the quarter before, the month after, the same period a year earlier."""

from dataclasses import replace
from datetime import date, timedelta

from copilot.offline.dates.calendar import Calendar, NamedUnit, add_months
from copilot.offline.dates.span import DateSpan, describe

_DAY = timedelta(days=1)
_MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}


def take_step(span: DateSpan, way: str) -> DateSpan | None:
    """The span a step away; None where an end is open.

    Args:
        span: where the step begins.
        way: "year_ago" is the same period of the year before; "before" and "after" are its neighbours of the same
            length; "month_before", "quarter_after" are the month, the quarter beside it.
    """
    since, until = span.since, span.until
    if since is None or until is None:
        return None
    unit, _, side = way.rpartition("_")
    offset = 1 if side == "after" else -1
    if side == "ago" or (unit == "year" and span.unit != "year"):
        return _with_ends(span, *_months_on(since, until, 12 * offset))
    if unit in ("", span.unit):
        return _with_ends(span, *_neighbour(span, since, until, offset))
    named: NamedUnit = unit  # type: ignore[assignment]
    period = Calendar(until if offset > 0 else since).current(named, offset)
    return replace(_with_ends(span, period.since, period.until), unit=period.unit)


def around(span: DateSpan, unit: NamedUnit) -> DateSpan | None:
    """The whole month, quarter, half or year that a span begins in; None where it has no beginning."""
    if span.since is None:
        return None
    period = Calendar(span.since).current(unit, 0)
    return replace(_with_ends(span, period.since, period.until), unit=period.unit)


def nth_of_year(span: DateSpan, nth: int) -> DateSpan | None:
    """As in "the third one", of quarters or halves: that one of the same year; None where there is none."""
    months = _MONTHS.get(span.unit, 12)
    if span.since is None or not 0 < nth <= 12 // months:
        return None
    first = add_months(date(span.since.year, 1, 1), months * (nth - 1))
    return _with_ends(span, first, add_months(first, months) - _DAY)


def _neighbour(span: DateSpan, since: date, until: date, offset: int) -> tuple[date, date]:
    months = _MONTHS.get(span.unit, 0)
    if span.unit == "range" and since.day == 1 and (until + _DAY).day == 1:
        months = (until.year - since.year) * 12 + until.month - since.month + 1
    if months:
        return _months_on(since, until, months * offset)
    size = (until - since + _DAY) * offset
    return since + size, until + size


def _months_on(since: date, until: date, months: int) -> tuple[date, date]:
    """Both ends that many months on; the last day of a month stays one."""
    is_last = (until + _DAY).day == 1
    last = add_months(until + _DAY, months) - _DAY if is_last else add_months(until, months)
    return add_months(since, months), last


def _with_ends(span: DateSpan, since: date, until: date) -> DateSpan:
    return replace(span, since=since, until=until, text=describe(since, until), relation="in", year_assumed=False)


def year_to(today: date) -> DateSpan:
    """The year so far."""
    since = date(today.year, 1, 1)
    return DateSpan(0, 0, since, today, "range", describe(since, today))


def so_far(span: DateSpan, today: date) -> DateSpan:
    """A year, quarter or month that is not over, up to today: what the same time of another one is set against."""
    if span.since is None or span.until is None or not span.since <= today < span.until:
        return span
    return replace(_with_ends(span, span.since, today), unit="range")


def is_ahead(span: DateSpan, today: date) -> bool:
    """Whether any day of it is still to come."""
    return span.until is None or span.until >= today


def coming(span: DateSpan, today: date) -> DateSpan:
    """The same time of the year to come, where no year was said and it lies behind."""
    if not span.year_assumed or is_ahead(span, today) or span.until is None:
        return span
    since = add_months(span.since, 12) if span.since is not None else None
    until = add_months(span.until + _DAY, 12) - _DAY
    return replace(span, since=since, until=until, text=describe(since, until))
