"""Calendar arithmetic: periods with inclusive ends, around a given today."""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Literal

from copilot.offline.dates.span import SpanUnit

Prefer = Literal["past", "future"]
StepUnit = Literal["day", "week", "month", "quarter", "year"]
NamedUnit = Literal["day", "week", "weekend", "month", "quarter", "half", "year", "fiscal year"]

_MONTHS_IN: dict[str, int] = {"month": 1, "quarter": 3, "half": 6, "year": 12, "fiscal year": 12}
_SPAN_UNITS: dict[NamedUnit, SpanUnit] = {"quarter": "quarter", "half": "half", "fiscal year": "year"}


@dataclass(frozen=True)
class Period:
    """The days from `since` to `until`, both included.

    `in_year` gives the same period of another year when the words named none ("March", "Q4"); it raises
    ValueError where that year has no such day.
    """

    since: date
    until: date
    unit: SpanUnit
    year_assumed: bool = False
    is_future_form: bool = False
    in_year: Callable[[int], "Period"] | None = field(default=None, compare=False)
    says_year: bool = False  # the year stood beside it, so that a neighbour in a list may share it
    is_weekday: bool = False
    point: Literal["start", "end"] | None = None  # "the end of March" is a stretch, but "before" it means a day
    day_reading: "Period | None" = field(default=None, compare=False)  # "two months ago" as one day


def add_months(day: date, months: int) -> date:
    """The same day of another month, or its last day where that month is shorter. Raises ValueError."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not date.min.year <= year <= date.max.year:
        raise ValueError(f"year {year} is outside the calendar")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def step(day: date, count: int, unit: StepUnit) -> date:
    """`count` units after `day` (before it when negative). Raises ValueError or OverflowError."""
    if unit in ("day", "week"):
        return day + timedelta(days=count * (7 if unit == "week" else 1))
    return add_months(day, count * _MONTHS_IN[unit])


def month(year: int, number: int) -> Period:
    return Period(date(year, number, 1), date(year, number, monthrange(year, number)[1]), "month")


def year(number: int) -> Period:
    return Period(date(number, 1, 1), date(number, 12, 31), "year")


def one_day(day: date) -> Period:
    return Period(day, day, "day")


def week_of(day: date) -> Period:
    """Monday to Sunday."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + timedelta(days=6), "week")


def season(year_number: int, first_month: int) -> Period:
    """Three months of the northern year; winter is December to February, named by its December."""
    since = date(year_number, first_month, 1)
    return Period(since, add_months(since, 3) - timedelta(days=1), "range")


@dataclass(frozen=True)
class Calendar:
    """Today, when the fiscal year starts, and which way a date without a year is read."""

    today: date
    fiscal_year_start: int = 1
    prefer: Prefer | None = None  # None: no word said so; months are read as past, weekdays as future

    def block(self, year_number: int, unit: NamedUnit, index: int) -> Period:
        """The index-th (from 1) quarter or half of a fiscal year; that year is named by its last month."""
        months = _MONTHS_IN[unit]
        since = add_months(self._fiscal_first(year_number), (index - 1) * months)
        return Period(since, add_months(since, months) - timedelta(days=1), _SPAN_UNITS[unit])

    def _fiscal_first(self, year_number: int) -> date:
        return date(year_number - (self.fiscal_year_start > 1), self.fiscal_year_start, 1)

    def current(self, unit: NamedUnit, offset: int = 0) -> Period:
        """This day, week, month …, or the one `offset` units away."""
        if unit == "day":
            return one_day(step(self.today, offset, "day"))
        if unit in ("week", "weekend"):
            week = week_of(step(self.today, offset, "week"))
            return week if unit == "week" else replace(week, since=week.until - timedelta(days=1), unit="range")
        if unit == "year":
            return year(self.today.year + offset)
        if unit == "month":
            first = add_months(self.today.replace(day=1), offset)
            return month(first.year, first.month)
        months = _MONTHS_IN[unit]
        index = (self.today.month - self.fiscal_year_start) % 12 // months + 1
        fiscal_year = self.fiscal_year_of(self.today)
        total = fiscal_year * (12 // months) + index - 1 + offset
        return self.block(total // (12 // months), unit, total % (12 // months) + 1)

    def fiscal_year_of(self, day: date) -> int:
        return day.year + (self.fiscal_year_start > 1 and day.month >= self.fiscal_year_start)

    def trailing(self, count: int, unit: StepUnit) -> Period:
        """The last `count` units: the same day that far back, to today, both included."""
        return Period(step(self.today, -count, unit), self.today, "range")

    def leading(self, count: int, unit: StepUnit) -> Period:
        """The next `count` units: today to the same day that far ahead, both included."""
        return Period(self.today, step(self.today, count, unit), "range", is_future_form=True)

    def assume(self, in_year: Callable[[int], Period]) -> Period:
        """A period whose year was not said: the latest one begun by today, or the first not yet over."""
        now = self.today.year
        if self.prefer == "future":
            candidates = (_try(in_year, number) for number in range(now - 1, now + 9))
            chosen = next((p for p in candidates if p and p.until >= self.today), None)
        else:
            candidates = (_try(in_year, number) for number in range(now + 1, now - 9, -1))
            chosen = next((p for p in candidates if p and p.since <= self.today), None)
        if chosen is None:
            raise ValueError("no such day in any year near today")
        return replace(chosen, year_assumed=True, in_year=in_year)

    def before_today(self, in_year: Callable[[int], Period]) -> Period:
        """The latest one that is over."""
        return next(
            p
            for number in range(self.today.year + 1, self.today.year - 9, -1)
            if (p := _try(in_year, number)) and p.until < self.today
        )

    def after_today(self, in_year: Callable[[int], Period]) -> Period:
        """The first one not yet begun."""
        return next(
            replace(p, is_future_form=True)
            for number in range(self.today.year - 1, self.today.year + 9)
            if (p := _try(in_year, number)) and p.since > self.today
        )

    def weekday(self, number: int) -> Period:
        """The next such day after today; the latest one up to today where the past is meant."""
        if self.prefer == "past":
            found = one_day(self.today - timedelta(days=(self.today.weekday() - number) % 7))
        else:
            found = one_day(self.today + timedelta(days=(number - self.today.weekday() - 1) % 7 + 1))
        return replace(found, is_weekday=True)


def _try(in_year: Callable[[int], Period], number: int) -> Period | None:
    try:
        return in_year(number)
    except ValueError:
        return None
