"""What a date expression means: two inclusive ends, and how the words put it."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

SpanUnit = Literal["day", "week", "month", "quarter", "half", "year", "range"]
Relation = Literal["in", "before", "after", "since", "until", "between"]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class DateSpan:
    """A date expression over the tokens `start` to `end` (exclusive).

    `since` and `until` are both inclusive; None leaves that end open. The relation is already worked in:
    "before March" has `until` on the last day of February. `unit` is that of the date named.
    """

    start: int
    end: int
    since: date | None
    until: date | None
    unit: SpanUnit
    text: str
    year_assumed: bool = False
    relation: Relation = "in"
    is_future_form: bool = False
    is_weekday: bool = False  # named by its weekday alone: "Friday"


def describe(since: date | None, until: date | None, lang: str | None = None) -> str:
    """The span in words: "1 Oct – 31 Dec 2017", "until 31 Mar 2017"; Chinese for a `lang` of "zh"."""
    if lang is not None and lang.startswith("zh"):
        return _describe_chinese(since, until)
    if since is None or until is None:
        if since is not None:
            return f"from {_day(since)}"
        return f"until {_day(until)}" if until is not None else "any time"
    if since == until:
        return _day(since)
    first = _day(since) if since.year != until.year else f"{since.day} {_MONTHS[since.month - 1]}"
    return f"{first} – {_day(until)}"


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def _describe_chinese(since: date | None, until: date | None) -> str:
    if since is None or until is None:
        if since is not None:
            return f"{_chinese_day(since)}起"
        return f"截至{_chinese_day(until)}" if until is not None else "不限时间"
    if since == until:
        return _chinese_day(since)
    last = _chinese_day(until) if since.year != until.year else f"{until.month}月{until.day}日"
    return f"{_chinese_day(since)}至{last}"


def _chinese_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
