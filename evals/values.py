"""Reading values as a person would: numbers in any dress, periods in either language, spellings of a name."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

_SPELLINGS = {"technolgy": "technology", "gtxpro": "gtx pro"}  # of the public sample data
_SCALES = {"k": 1e3, "m": 1e6, "bn": 1e9, "%": 0.01}
_DRESSED = re.compile(r"(-?\d+(?:\.\d+)?)\s*(%|k|m|bn|days?|d|天)?", re.IGNORECASE)
_IN_TEXT = re.compile(r"(-?\$?\d[\d,]*(?:\.\d+)?)\s*(%|k\b|m\b)?", re.IGNORECASE)
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH_NUMBERS = {name: n for n, full in enumerate(_MONTHS, 1) for name in (full, full[:3])}
_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4}


def normalise(value: Any) -> str:
    """How a value reads, without case, outer blanks and the sample data's two misspellings."""
    text = str(value).strip().lower()
    return _SPELLINGS.get(text, text)


def read_number(value: Any) -> float | None:
    """The number that `value` is or spells: 12, "$1,200", "63.2%" (0.632), "4k", "12 days"; else None."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return float(value)
    bare = re.sub(r"[,$¥]|USD", "", str(value)).strip()
    found = _DRESSED.fullmatch(bare)
    if not found:
        return None
    number, dress = float(found[1]), (found[2] or "").lower()
    return number / 100 if dress == "%" else number * _SCALES.get(dress, 1)


def numbers_in(text: str) -> list[float]:
    """Every number in a text, in order."""
    spelled = (number + (dress or "") for number, dress in _IN_TEXT.findall(text or ""))
    return [number for number in map(read_number, spelled) if number is not None]


def is_near(got: float | None, wanted: float, *, rel_tol: float, unit: str | None = None) -> bool:
    """Whether `got` tells `wanted`, within the tolerance; a ratio also as a percentage, a fall also unsigned."""
    if got is None:
        return False
    readings = [got, got / 100] if unit in ("ratio", "fraction") else [got]
    tolerance = max(rel_tol, 1e-9)
    return any(
        math.isclose(reading, wanted, rel_tol=tolerance, abs_tol=1e-9)
        or (wanted < 0 and math.isclose(-reading, wanted, rel_tol=tolerance))
        for reading in readings
    )


@dataclass(frozen=True)
class _Period:
    """A month or quarter as a label names it; no year: any."""

    kind: str
    number: int
    year: int | None = None

    def is_same(self, other: "_Period") -> bool:
        same_year = self.year is None or other.year is None or self.year == other.year
        return same_year and (self.kind, self.number) == (other.kind, other.number)


# pattern → what it names; the group `n` is the month or quarter, `year` may be absent
_PERIODS = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("quarter", r"(?P<year>\d{4})[-/ 年]*q(?P<n>[1-4])"),
        ("quarter", r"q(?P<n>[1-4])[-/ ]*(?P<year>\d{4})?"),
        ("quarter", r"(?:(?P<year>\d{4})年)?第?(?P<n>[一二三四1-4])季度?"),
        ("month", r"(?P<year>\d{4})[-/](?P<n>\d{1,2})(?:[-/]01)?(?:t00:00.*| 00:00.*)?"),
        ("month", r"(?P<n>[a-z]+)\.?[ ,-]*(?P<year>\d{4})?"),
        ("month", r"(?:(?P<year>\d{4})年)?(?P<n>\d{1,2})月"),
    )
)


def is_label(got: Any, wanted: Any) -> bool:
    """Whether two labels name one thing: "Mar 2017" and "2017-03", "Q1" and "2017-Q1", a name in any case."""
    left, right = _period(got), _period(wanted)
    if left and right:
        return left.is_same(right)
    return left == right and normalise(got) == normalise(wanted)


def are_labels(got: Iterable[Any], wanted: Iterable[Any]) -> bool:
    """Whether two collections name the same things, in any order and however often."""
    left, right = list(got), list(wanted)
    return all(any(is_label(g, w) for g in left) for w in right) and all(
        any(is_label(g, w) for w in right) for g in left
    )


def _period(label: Any) -> _Period | None:
    text = normalise(label)
    for kind, pattern in _PERIODS:
        found = pattern.fullmatch(text)
        number = _ordinal(found["n"]) if found else None
        if found and number is not None:
            return _Period(kind, number, int(found["year"]) if found["year"] else None)
    return None


def _ordinal(text: str) -> int | None:
    return int(text) if text.isdigit() else _DIGITS.get(text) or _MONTH_NUMBERS.get(text)
