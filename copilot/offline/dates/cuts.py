"""Cutting a period: its thirds, its end, a half, the n-th week or weekday in it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Literal

from copilot.offline.dates.calendar import Period, StepUnit, add_months, one_day

Edge = Literal["early", "mid", "late", "start", "end"]
_END_DAYS = 10


def derive(period: Period, cut: Callable[[Period], Period]) -> Period:
    """A part of the period; when the year of the period was assumed, that of the part is too."""
    in_year = period.in_year
    part = replace(
        cut(period),
        year_assumed=period.year_assumed,
        is_future_form=period.is_future_form,
        says_year=period.says_year,
    )
    return replace(part, in_year=lambda number: cut(in_year(number))) if in_year else part


def cut_edge(period: Period, edge: Edge) -> Period:
    """Thirds of a period (10 days each in a month); the end is its last ten days, in a week the last three."""
    since, until = period.since, period.until
    ten = timedelta(days=_END_DAYS - 1)
    if period.unit == "day":
        return period
    if edge == "end":
        first = max(since, until - ten) if period.unit != "week" else until - timedelta(days=2)
        return Period(first, until, "range", point="end")
    third = "early" if edge == "start" else edge
    if period.unit == "month":
        middle = since + timedelta(days=_END_DAYS)
        since, until = {
            "early": (since, since + ten),
            "mid": (middle, middle + ten),
            "late": (until - ten, until),
        }[third]
    else:
        since, until = _third(since, until, ("early", "mid", "late").index(third))
    return Period(since, until, "range", point="start" if edge == "start" else None)


def _third(since: date, until: date, index: int) -> tuple[date, date]:
    after = until + timedelta(days=1)
    months = (after.year - since.year) * 12 + after.month - since.month
    if since.day == 1 and after.day == 1 and months % 3 == 0:
        first = add_months(since, index * months // 3)
        return first, add_months(first, months // 3) - timedelta(days=1)
    days = (after - since).days
    cuts = [since + timedelta(days=days * k // 3) for k in range(4)]
    return cuts[index], cuts[index + 1] - timedelta(days=1)


def cut_half(period: Period, index: int) -> Period:
    if period.unit == "year":
        middle = add_months(period.since, 6)
    elif period.unit == "month":
        middle = period.since.replace(day=16)
    else:
        middle = period.since + timedelta(days=((period.until - period.since).days + 1) // 2)
    if index == 1:
        return Period(period.since, middle - timedelta(days=1), "half" if period.unit == "year" else "range")
    return Period(middle, period.until, "half" if period.unit == "year" else "range")


def cut_block(period: Period, index: int, count: int, unit: StepUnit) -> Period:
    """`count` units from the `index`-th on, counted from the first day; -1 counts back from the last day.

    Raises:
        ValueError: the period has no such part.
    """
    after = period.until + timedelta(days=1)
    if unit in ("day", "week"):
        size = timedelta(days=count * (7 if unit == "week" else 1))
        since = after - size if index < 0 else period.since + size * index
        until = min(since + size, after) - timedelta(days=1)
    else:
        months = count * (3 if unit == "quarter" else 1)
        since = add_months(after, -months) if index < 0 else add_months(period.since, months * index)
        until = add_months(since, months) - timedelta(days=1)
    if not period.since <= since <= until <= period.until:
        raise ValueError("no such part")
    return Period(since, until, unit if count == 1 else "range")


def nth_weekday(period: Period, number: int, index: int) -> Period:
    if index < 0:
        return one_day(period.until - timedelta(days=(period.until.weekday() - number) % 7))
    first = period.since + timedelta(days=(number - period.since.weekday()) % 7)
    day = first + timedelta(days=7 * index)
    if day > period.until:
        raise ValueError("no such weekday")
    return one_day(day)
