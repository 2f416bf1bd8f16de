"""Dates relative to today: yesterday, last quarter, year to date, next Friday, last year's Q4."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from copilot.offline.dates.calendar import NamedUnit, Period, month, one_day, season, step, week_of, year
from copilot.offline.dates.days import chinese_day
from copilot.offline.dates.lengths import ago_or_hence, in_duration, leading, past_unit, trailing, trailing_code
from copilot.offline.dates.names import read_name, weekday_number
from copilot.offline.dates.reader import Hit, Reader
from copilot.offline.dates.words import (
    CN_WEEKDAYS,
    LAST_DAY_OF,
    MONTHS,
    NAMED_DAYS,
    NAMED_YEARS,
    SEASONS,
    SHIFTS,
    TO_DATE,
    UNITS,
)

_QUARTER_CODE = re.compile(r"([qh])([1-4])\Z")


def read_relative(reader: Reader, at: int) -> Hit | None:
    """The longest relative date at `at`; where two are as long, the earlier rule."""
    if reader.word(at) == "" or reader.word(at - 1) in ("每", "per"):
        return None
    best: Hit | None = None
    for rule in _RULES:
        hit = rule(reader, at)
        if hit and (best is None or hit[1] > best[1]):
            best = hit
    return best


def named_day(reader: Reader, at: int) -> Hit | None:
    found = NAMED_DAYS.match(reader.words, at)
    if found is None:
        return None
    if reader.word(at) in ("eod", "cob", "end", "close"):
        day_at = reader.skip(found[1], "on")
        other = read_name(reader, day_at) or named_day(reader, day_at)
        if other and other[0].unit == "day":
            return other
    return replace(reader.calendar.current("day", found[0]), is_future_form=found[0] > 0), found[1]


def to_date(reader: Reader, at: int) -> Hit | None:
    found = TO_DATE.match(reader.words, at)
    if found is None:
        return None
    since = reader.calendar.current(found[0]).since
    return Period(since, reader.calendar.today, "range"), found[1]


def last_day_of(reader: Reader, at: int) -> Hit | None:
    """EOM, EOQ, EOY, EOW: one day."""
    found = LAST_DAY_OF.match(reader.words, at)
    return (one_day(reader.calendar.current(found[0]).until), found[1]) if found else None


def shifted_unit(reader: Reader, at: int) -> Hit | None:
    """Last quarter, next week, 上上个月, the current fiscal year."""
    shift = SHIFTS.match(reader.words, at)
    if shift is None:
        return None
    offset, unit_at = shift
    unit = UNITS.match(reader.words, unit_at)
    if unit is None or (unit[0] == "half" and reader.word(unit_at) == "半" and reader.word(unit_at - 1) in "上下"):
        return None
    if reader.words[unit_at : unit_at + 2] == ("年", "度") and unit[1] == unit_at + 1:
        return None
    period = reader.calendar.current(unit[0], offset)
    return replace(period, is_future_form=offset > 0), unit[1]


_SAID_AFTER: dict[tuple[str, ...], int] = {
    ("before", "last"): -2, ("after", "next"): 2, ("just", "ended"): -1, ("just", "gone"): -1, ("just", "past"): -1,
    ("just", "closed"): -1, ("just", "finished"): -1,
}  # fmt: skip


def unit_before_last(reader: Reader, at: int) -> Hit | None:
    """The month before last, the week after next, the quarter just ended."""
    unit = UNITS.match(reader.words, at)
    if unit is None:
        return None
    said = reader.words[unit[1] : unit[1] + 2]
    offset = _SAID_AFTER.get(said)
    if offset is None:
        return None
    return replace(reader.calendar.current(unit[0], offset), is_future_form=offset > 0), unit[1] + 2


def left_out_unit(reader: Reader, at: int) -> Hit | None:
    """The "next" of "this week and next"."""
    offset = {"last": -1, "next": 1}.get(reader.word(at))
    unit = UNITS.match(reader.words, at - 2) if offset and at >= 2 else None
    if offset is None or unit is None or unit[1] != at - 1 or not reader.is_stop(at + 1):
        return None
    if reader.word(at - 1) not in ("and", "or", "vs", "versus"):
        return None
    return replace(reader.calendar.current(unit[0], offset), is_future_form=offset > 0), at + 1


def weekend(reader: Reader, at: int) -> Hit | None:
    """The weekend, 周末: the latest one begun, or the one to come where the future is meant."""
    if reader.words[at : at + 2] not in (("the", "weekend"), ("周", "末")) or reader.word(at - 1) == "个":
        return None
    calendar = reader.calendar
    this = calendar.current("weekend")
    is_ahead = this.since > calendar.today and calendar.prefer != "future"
    return (calendar.current("weekend", -1) if is_ahead else this), at + 2


def same_unit_of_year(reader: Reader, at: int) -> Hit | None:
    """Same month last year."""
    if reader.word(at) != "same":
        return None
    unit = UNITS.match(reader.words, at + 1)
    said = reader.said_year(unit[1]) if unit else None
    if unit is None or said is None:
        return None
    calendar = reader.calendar
    then = step(calendar.today, said[0] - calendar.today.year, "year")
    return replace(calendar, today=then).current(unit[0]), said[1]


def year_name(reader: Reader, at: int) -> Hit | None:
    found = NAMED_YEARS.match(reader.words, at)
    if found is None or reader.word(at) == "the":
        return None
    return replace(reader.calendar.current("year", found[0]), is_future_form=found[0] > 0), found[1]


def shifted_name(reader: Reader, at: int) -> Hit | None:
    """Last March, next Q1, this December, last summer, next Friday, this coming Thursday."""
    shift = SHIFTS.match(reader.words, at) or ((-1, at + 1) if reader.word(at) == "past" else None)
    if shift is None or abs(shift[0]) > 1:
        return None
    offset, name_at = shift
    word = reader.word(name_at)
    calendar = reader.calendar
    found = weekday_number(reader, name_at) if word.isascii() else None  # 本周五 is the week's: weekday_of_week
    if found:
        is_coming = "coming" in reader.words[at:name_at] or reader.word(at) == "upcoming"
        return _shifted_weekday(reader, found[0], offset, is_coming), found[1]
    in_year = _yearly_name(reader, word)
    if in_year is None or reader.said_year(name_at + 1):
        return None
    if word == "may" and offset == 0 and not reader.is_stop(name_at + 1):
        return None
    if offset < 0:
        return calendar.before_today(in_year), name_at + 1
    return (calendar.after_today(in_year) if offset else in_year(calendar.today.year)), name_at + 1


def _yearly_name(reader: Reader, word: str) -> Callable[[int], Period] | None:
    if word in MONTHS:
        return lambda number: month(number, MONTHS[word])
    if word in SEASONS:
        return lambda number: season(number, SEASONS[word])
    match = _QUARTER_CODE.match(word)
    if match is None or (match[1] == "h" and int(match[2]) > 2):
        return None
    unit: NamedUnit = "quarter" if match[1] == "q" else "half"
    return lambda number: reader.calendar.block(number, unit, int(match[2]))


def _shifted_weekday(reader: Reader, number: int, offset: int, is_coming: bool) -> Period:
    """Last: the latest before today. This: the first from today on. Next: that of the next week."""
    today = reader.calendar.today
    if is_coming:
        return replace(one_day(today + timedelta(days=(number - today.weekday() - 1) % 7 + 1)), is_future_form=True)
    if offset == 0:
        return one_day(today + timedelta(days=(number - today.weekday()) % 7))
    if offset < 0:
        return one_day(today - timedelta(days=(today.weekday() - number - 1) % 7 + 1))
    monday = week_of(today).since + timedelta(days=7)
    return replace(one_day(monday + timedelta(days=number)), is_future_form=True)


def weekday_of_week(reader: Reader, at: int) -> Hit | None:
    """下周三, 上个星期五; Friday of next week; next week Friday, last week on Monday."""
    if (found := weekday_number(reader, at)) and reader.word(at) not in CN_WEEKDAYS:
        week = shifted_unit(reader, reader.skip(reader.skip(found[1], "of"), "the"))
        return (_day_in(week[0], found[0]), week[1]) if week and week[0].unit == "week" else None
    week = shifted_unit(reader, at)
    if week is None or week[0].unit != "week":
        return None
    char = reader.word(week[1])
    if char in CN_WEEKDAYS:
        named = weekday_number(reader, week[1] - (1 if reader.word(week[1] - 1) == "周" else 2))
    else:
        named = weekday_number(reader, reader.skip(week[1], "on", "'s", "的"))
    return (_day_in(week[0], named[0]), named[1]) if named else None


def _day_in(week: Period, number: int) -> Period:
    return replace(one_day(week.since + timedelta(days=number)), is_future_form=week.is_future_form)


def name_in_year(reader: Reader, at: int) -> Hit | None:
    """去年四季度, 2017年3月, last year's Q4, 2017 Q4: a year, then a name without one."""
    lead = year_name(reader, at) or shifted_unit(reader, at) or _numbered_year(reader, at)
    if lead is None or lead[0].unit != "year":
        return None
    name_at = reader.skip(lead[1], "'s", "的", "in", "-", "/")
    name = read_name(reader, name_at)
    if name is None or name[0].in_year is None:
        return None
    number = lead[0].until.year
    named = name[0].in_year(number)
    return replace(named, is_future_form=lead[0].is_future_form, says_year=True), name[1]


def _numbered_year(reader: Reader, at: int) -> Hit | None:
    found = reader.year_number(at) or reader.fiscal_year(at)
    return (year(found[0]), found[1]) if found else None


def day_in_month(reader: Reader, at: int) -> Hit | None:
    """上个月15号, 下月5日."""
    lead = shifted_unit(reader, at)
    day = chinese_day(reader, lead[1]) if lead and lead[0].unit == "month" else None
    if lead is None or day is None:
        return None
    found = one_day(lead[0].since.replace(day=day[0]))
    return replace(found, is_future_form=lead[0].is_future_form), day[1]


_RULES = (
    named_day, to_date, last_day_of, trailing_code, past_unit, shifted_unit, unit_before_last, left_out_unit, weekend,
    same_unit_of_year, year_name, trailing, leading, ago_or_hence, in_duration, shifted_name, weekday_of_week,
    name_in_year, day_in_month,
)  # fmt: skip
