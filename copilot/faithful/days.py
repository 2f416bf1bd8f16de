"""How days and periods are written: 2026-03-31, March 31, 31.03.2026, 3月31日, Q1 2026, 第一季度, in March."""

import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import NamedTuple

from prompts import load_yaml


class Period(NamedTuple):
    """A quarter (Q), half (H), month (M) or ISO week (W) of a year; year None: of any year."""

    year: int | None
    unit: str
    number: int


class Day(NamedTuple):
    """A day as far as it is written; month 0: the text names a day that no calendar has."""

    text: str
    year: int | None
    months: tuple[int, ...]
    days: tuple[int, ...]


def around(day: date) -> set[Period]:
    """The periods that a day lies in."""
    iso = day.isocalendar()
    parts = (("Q", (day.month + 2) // 3), ("H", 1 if day.month < 7 else 2), ("M", day.month))
    return {Period(day.year, unit, number) for unit, number in parts} | {Period(iso.year, "W", iso.week)}


def written_days(text: str) -> tuple[list[Day], str]:
    """The days in `text`, and the text without them."""
    found: list[Day] = []
    for pattern in _day_patterns():
        found += [_day(one) for one in pattern.finditer(text)]
        text = pattern.sub(" ", text)
    return found, text


def written_periods(text: str) -> tuple[list[tuple[str, Period]], str]:
    """The periods in `text` as they are written and what they are, and the text without them."""
    found: list[tuple[str, Period]] = []
    for pattern, unit in _period_patterns():
        found += [(one[0].strip(), _period(one, unit)) for one in pattern.finditer(text)]
        text = pattern.sub(" ", text)
    return found, text


def days_in(text: str) -> Iterator[date]:
    """The days that are written with their year."""
    for day in written_days(text)[0]:
        for month, number in zip(day.months, day.days, strict=True):
            try:
                yield date(day.year or 0, month, number)
            except ValueError:
                continue


def periods_in(text: str) -> set[Period]:
    """The periods that are written with their year."""
    return {period for _, period in written_periods(written_days(text)[1])[0] if period.year}


def _day(found: re.Match[str]) -> Day:
    parts = found.groupdict()
    year = int(parts["y"]) if parts.get("y") else None
    if parts.get("a"):  # 03/04/2026: either may be the month
        one, two = int(parts["a"]), int(parts["b"])
        return Day(found[0], year, (one, two), (two, one))
    month = _month(parts["n"]) if parts.get("n") else int(parts["m"])
    return Day(found[0], year, (month,), (int(parts["d"]),))


def _period(found: re.Match[str], unit: str) -> Period:
    parts = found.groupdict()
    year = int(parts["y"]) if parts.get("y") else None
    if parts.get("n"):
        return Period(year, unit, _month(parts["n"]))
    said = parts["q"].lower()
    return Period(year, unit, int(said) if said.isdigit() else load_yaml("faithful")["ordinals"][said])


def _month(name: str) -> int:
    names: list[str] = load_yaml("faithful")["months"]
    return next(number for number, known in enumerate(names, start=1) if known.startswith(name[:3].lower()))


def _months() -> str:
    """Any month, whole or in short: "sept" as well."""
    return (
        "(?:"
        + "|".join(rf"{name}|{name[:3]}{'t?' if name[0] == 's' else ''}" for name in load_yaml("faithful")["months"])
        + r")(?![a-z])"
    )


@cache
def _day_patterns() -> tuple[re.Pattern[str], ...]:
    month = _months()
    year = r"(?:,?\s(?P<y>\d{4}))?"
    forms = (
        r"(?<![\d])(?P<y>\d{4})([-/.])(?P<m>\d{1,2})\2(?P<d>\d{1,2})(?:[T ]\d{2}:\d{2}(?::\d{2})?)?(?!\d)",
        r"(?:(?P<y>\d{4})\s?年\s?)?(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})\s?[日号]",
        rf"\b(?P<n>{month})\.?\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s?[%])(?:,?\s(?P<y>\d{{4}}))?",
        rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:\sof)?\s(?P<n>{month})\b\.?{year}",
        r"(?<![\d/.])(?P<a>\d{1,2})([/.])(?P<b>\d{1,2})\2(?P<y>\d{4})(?!\d)",
    )
    return tuple(re.compile(form, re.IGNORECASE) for form in forms)


@cache
def _period_patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    month = _months()
    before = "|".join(load_yaml("faithful")["before_month"])
    of = r"(?:\s?(?:of\s|,\s?|FY\s?)?(?P<y>\d{4}))"
    forms = (
        (r"(?<!\d)(?P<y>\d{4})[-\s]?Q(?P<q>[1-4])\b", "Q"),
        (rf"\bQ(?P<q>[1-4]){of}?(?!\d)", "Q"),
        (rf"\b(?P<q>first|second|third|fourth)[-\s]quarter{of}?\b", "Q"),
        (r"(?:(?P<y>\d{4})\s?年?\s?)?第?(?P<q>[1-4一二三四])\s?季度?", "Q"),
        (r"(?<!\d)(?P<y>\d{4})[-\s]?H(?P<q>[12])\b", "H"),
        (rf"\bH(?P<q>[12]){of}?(?!\d)", "H"),
        (rf"\b(?P<q>first|second)[-\s]half(?:\s(?=of\s\d)){of}", "H"),
        (r"(?<!\d)(?P<y>\d{4})-W(?P<q>\d{2})\b", "W"),
        (r"(?<![\d-])(?P<y>\d{4})-(?P<q>0[1-9]|1[0-2])(?![\d-])", "M"),
        (r"(?:(?P<y>\d{4})\s?年\s?)?(?P<q>1[0-2]|[1-9])\s?月(?:份)?", "M"),
        (rf"\b(?P<n>{month})\.?{of}", "M"),
        (rf"\b(?:{before})[\s-](?P<n>{month})\b(?!\s?\d)", "M"),
    )  # fmt: skip
    return tuple((re.compile(form, re.IGNORECASE), unit) for form, unit in forms)
