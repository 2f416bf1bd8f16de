"""Dates and times as people and systems write them, English and Chinese."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Literal

Order = Literal["mdy", "dmy"]

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), 1,
    )
    for name in names.split()
}  # fmt: skip
_YMD = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_HAN = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?")
_NUMERIC = re.compile(r"(\d{1,2})([-/.])(\d{1,2})[-/.](\d{4}|\d{2})")
_DAY_MONTH = re.compile(r"(?:[a-z]{3,9},?\s+)?(\d{1,2})(?:st|nd|rd|th)?[-\s]+([a-z]{3,9})\.?,?[-\s]+(\d{4}|\d{2})")
_MONTH_DAY = re.compile(r"(?:[a-z]{3,9},\s+)?([a-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_TIME = re.compile(
    r"(?P<date>.+?)(?:[T\s]\s*(?P<h>\d{1,2}):(?P<m>\d{2})(?::(?P<s>\d{2})(?:[.,]\d+)?)?\s*(?P<half>am|pm)?\s*"
    r"(?P<zone>z|utc|gmt|[+-]\d{2}:?\d{2})?)",
    re.IGNORECASE,
)
_EXCEL_DAY_0 = date(1899, 12, 30)


def parse_date(text: str, order: Order = "mdy", *, year_pivot: int = 2070) -> date:
    """The day in `text`; a time of day beside it is left out.

    Args:
        text: "2024-03-05", "5.3.2024", "3/5/24", "5 Mar 2024", "March 5, 2024", "20240305", "2024年3月5日", or the day
            number that Excel keeps (45356).
        order: how 03/05/2024 is meant.
        year_pivot: two-digit years are taken up to this year.

    Raises:
        ValueError: no date is written there, or there is no such day.
    """
    return _day(text.strip().lower(), order, year_pivot)


def parse_moment(text: str, order: Order = "mdy", *, year_pivot: int = 2070) -> datetime:
    """The moment in `text`, in UTC unless it names an offset; midnight where it names no time."""
    plain = text.strip().lower()
    match = _TIME.fullmatch(plain)
    day = _day(plain, order, year_pivot)
    if match is None:
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    hour = int(match["h"]) % 12 + 12 * (match["half"] == "pm") if match["half"] else int(match["h"])
    moment = datetime(day.year, day.month, day.day, hour, int(match["m"]), int(match["s"] or 0), tzinfo=UTC)
    return moment - _offset(match["zone"])


def has_time(text: str) -> bool:
    """Whether a time of day stands beside the date."""
    return _TIME.fullmatch(text.strip()) is not None


def usual_order(columns: Iterable[Iterable[str]]) -> Order | None:
    """How those of several columns that tell it write day and month; None where they disagree or none tells."""
    told = {order for values in columns if (order := _told_order(values)) is not None}
    return told.pop() if len(told) == 1 else None


def _told_order(values: Iterable[str]) -> Order | None:
    numeric = [value for value in values if _NUMERIC.match(value.strip())]
    order, is_certain = find_order(numeric)
    return order if numeric and is_certain else None


def find_order(values: Iterable[str]) -> tuple[Order, bool]:
    """How a column writes day and month, judged over all its values, and whether that is certain.

    Uncertain means that no value has a part above 12: then month first, or day first where points divide them.
    """
    votes = {"dmy": 0, "mdy": 0}
    points = seen = 0
    for value in values:
        match = _NUMERIC.match(value.strip())
        if match is None:
            continue
        seen += 1
        points += match[2] == "."
        votes["dmy"] += int(match[1]) > 12
        votes["mdy"] += int(match[3]) > 12
    if votes["dmy"] != votes["mdy"]:
        return ("dmy" if votes["dmy"] > votes["mdy"] else "mdy"), not (votes["dmy"] and votes["mdy"])
    return ("dmy" if points * 2 > seen else "mdy"), not seen


def _day(plain: str, order: Order, year_pivot: int) -> date:
    timed = _TIME.fullmatch(plain)
    text = (timed["date"] if timed else plain).strip()
    if match := _YMD.fullmatch(text) or _HAN.fullmatch(text) or _COMPACT.fullmatch(text):
        return _made(text, int(match[1]), int(match[2]), int(match[3]))
    if match := _NUMERIC.fullmatch(text):
        first, second, year = int(match[1]), int(match[3]), _year(match[4], year_pivot)
        day, month = (first, second) if order == "dmy" else (second, first)
        return _made(text, year, month, day)
    if match := _DAY_MONTH.fullmatch(text):
        return _made(text, _year(match[3], year_pivot), _MONTHS.get(match[2], 0), int(match[1]))
    if match := _MONTH_DAY.fullmatch(text):
        return _made(text, int(match[3]), _MONTHS.get(match[1], 0), int(match[2]))
    if re.fullmatch(r"[2-6]\d{4}(\.\d+)?", text):
        return _EXCEL_DAY_0 + timedelta(days=int(float(text)))
    raise ValueError(f"{plain!r} is no date")


def _made(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise ValueError(f"there is no day {text!r}") from error


def _year(text: str, pivot: int) -> int:
    if len(text) == 4:
        return int(text)
    year = pivot // 100 * 100 + int(text)
    return year if year <= pivot else year - 100


def _offset(zone: str | None) -> timedelta:
    if not zone or zone in ("z", "utc", "gmt"):
        return timedelta()
    sign = -1 if zone[0] == "-" else 1
    digits = zone[1:].replace(":", "")
    return sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
