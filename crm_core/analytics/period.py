"""The periods that are forecast, and how they are split."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Period:
    """Days from `since` to `until`, both inclusive."""

    since: date
    until: date

    @property
    def days(self) -> int:
        """How many."""
        return (self.until - self.since).days + 1

    def shared(self, since: date, until: date) -> float:
        """The part of the days from `since` to `until` that lies within, 0 to 1."""
        common = (min(self.until, until) - max(self.since, since)).days + 1
        return max(common, 0) / ((until - since).days + 1)


def quarter_of(day: date) -> Period:
    """The calendar quarter that a day lies in."""
    first = day.month - (day.month - 1) % 3
    return Period(date(day.year, first, 1), _month_end(date(day.year, first + 2, 1)))


def months_before(day: date, count: int) -> list[Period]:
    """The last whole calendar months that are over on `day`, the earliest first."""
    return list(_back(day, count))[::-1]


def _back(day: date, count: int) -> Iterator[Period]:
    end = day if day == _month_end(day) else day.replace(day=1) - timedelta(days=1)
    for _ in range(count):
        yield Period(end.replace(day=1), end)
        end = end.replace(day=1) - timedelta(days=1)


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
