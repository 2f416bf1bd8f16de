"""Dates as people at work use them: weekdays, quarters, working hours, spoken due dates."""

import random
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

_OPENING_UTC = {"China": 1, "United States": 14, "Canada": 14}
_HOLIDAYS = {(12, 24), (12, 25), (12, 26), (1, 1)}
_ZH_WEEKDAYS = "一二三四五六日"
WORKDAY_MINUTES = 510


def is_workday(day: date) -> bool:
    """Monday to Friday, and neither Christmas nor New Year's Day."""
    return day.weekday() < 5 and (day.month, day.day) not in _HOLIDAYS


def back_to_workday(day: date) -> date:
    """`day`, or the last workday before it."""
    while not is_workday(day):
        day -= timedelta(days=1)
    return day


def on_to_workday(day: date) -> date:
    """`day`, or the first workday after it."""
    while not is_workday(day):
        day += timedelta(days=1)
    return day


def add_workdays(day: date, count: int) -> date:
    for _ in range(count):
        day = on_to_workday(day + timedelta(days=1))
    return day


def month_start(day: date, months_back: int = 0) -> date:
    months = day.year * 12 + day.month - 1 - months_back
    return date(months // 12, months % 12 + 1, 1)


def month_end(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def quarter_start(day: date, quarters_back: int = 0) -> date:
    return month_start(day, (day.month - 1) % 3 + 3 * quarters_back)


def quarter_end(day: date) -> date:
    return month_end(month_start(quarter_start(day), -2))


def at_minute(day: date, minute: int, country: str) -> datetime:
    """The UTC time `minute` minutes after offices open in `country` on `day`; the date stays the same."""
    opening = datetime(day.year, day.month, day.day, _OPENING_UTC.get(country, 8), tzinfo=UTC)
    return opening + timedelta(minutes=min(minute, WORKDAY_MINUTES))


def spoken_date(day: date, said_on: date, country: str, rng: random.Random) -> str:
    """A due date as one would say it on `said_on`: a weekday within the week, otherwise day and month."""
    ahead = (day - said_on).days
    if country == "China":
        if ahead <= 7 - said_on.isoweekday() and rng.random() < 0.5:
            return f"本周{_ZH_WEEKDAYS[day.weekday()]}"
        return f"{day.month}月{day.day}日"
    if 0 < ahead < 6 and rng.random() < 0.6:
        return f"{day:%A}"
    return f"{day:%B} {day.day}" if country == "United States" else f"{day.day} {day:%B}"


def spoken_weekday(day: date, said_on: date, country: str) -> str:
    """The weekday of a day at most a week ahead."""
    if country == "China":
        same_week = day.isocalendar()[:2] == said_on.isocalendar()[:2]
        return f"{'周' if same_week else '下周'}{_ZH_WEEKDAYS[day.weekday()]}"
    return f"{day:%A}"
