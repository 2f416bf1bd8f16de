"""The place where a rule reads: words by index, and the few reads that every rule needs."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from copilot.offline.dates.calendar import Calendar, Period, Prefer, StepUnit
from copilot.offline.dates.words import COUNTED, NAMED_YEARS, STOPS
from copilot.offline.numbers import read_cardinal, read_duration_unit
from copilot.offline.numbers.finder import ORDINALS
from copilot.offline.tokens import Part

Hit = tuple[Period, int]
"""A period and the index of the part after its words."""

_YEAR = re.compile(r"(?:19|20)[0-9]{2}\Z")
_SHORT_YEAR = re.compile(r"[0-9]{2}\Z")
_DAY_NUMBER = re.compile(r"([0-9]{1,2})(st|nd|rd|th)?\Z")
_MOST_COUNTED = 9_999
_MOST_YEARS = 200  # "2017年以前" is no length of time
_TENS = {"twenty": 20, "thirty": 30}


class Reader:
    """A request as lower-case words, with the calendar to read them by. Rules take (reader, index)."""

    def __init__(self, parts: Sequence[Part], calendar: Calendar) -> None:
        self.parts = parts
        self.words = tuple(part.text for part in parts)
        self.calendar = calendar
        self.memo: dict[int, Hit | None] = {}
        self.depth = 0
        self._counts: dict[int, tuple[int, int] | None] = {}
        self._leaning: dict[Prefer, Reader] = {}

    def leaning(self, prefer: Prefer) -> "Reader":
        """The same request, read with dates of no year in the past or in the future."""
        if prefer not in self._leaning:
            self._leaning[prefer] = Reader(self.parts, replace(self.calendar, prefer=prefer))
        return self._leaning[prefer]

    def word(self, at: int) -> str:
        return self.words[at] if 0 <= at < len(self.words) else ""

    def skip(self, at: int, *optional: str) -> int:
        """The index after one optional word."""
        return at + 1 if self.word(at) in optional and self.word(at) else at

    def is_stop(self, at: int) -> bool:
        return self.word(at) in STOPS

    def is_typed_capitalised(self, at: int) -> bool:
        """Written with a capital where no sentence begins, and not all in capitals."""
        return self.parts[at].raw.istitle() and not self.is_stop(at - 1)

    def count(self, at: int) -> tuple[int, int] | None:
        """A whole number and the index after it: 3, three, 三, "a couple of", few (taken as three)."""
        word = self.word(at)
        if word in ("couple", "few", "several", "几") or (word == "a" and self.word(at + 1) in ("couple", "few")):
            at += word == "a"
            value = 2 if self.word(at) == "couple" else 3
            return value, self.skip(at + 1, "of")
        if at not in self._counts:
            self._counts[at] = self._whole_number(at)
        return self._counts[at]

    def _whole_number(self, at: int) -> tuple[int, int] | None:
        found = read_cardinal(self.parts, at)
        if found is None or found.is_money or found.is_percent or found.value > _MOST_COUNTED:
            return None
        return (int(found.value), found.end) if found.value == int(found.value) else None

    def duration(self, at: int, *, is_loose: bool = False) -> tuple[int, StepUnit, int] | None:
        """A length of time in days, weeks, months, quarters or years: (count, unit, index after it)."""
        if half := self._half_duration(at):
            return half
        if self.word(at) == "fortnight":
            return 2, "week", at + 1
        counted = self.count(at)
        if counted is None and self.word(at) in ("a", "an"):
            counted = (1, at + 1)
        if counted is None:
            return None
        count, end = counted
        if self.word(end) in ("fortnight", "fortnights"):
            return 2 * count, "week", end + 1
        if self.words[end : end + 3] == ("个", "半", "月"):
            return count * 30 + 15, "day", end + 3
        found = read_duration_unit(self.parts, end, is_loose=is_loose)
        if found is None:
            return None
        unit, end = found
        if unit == "hour" or unit == "minute" or (unit == "year" and count > _MOST_YEARS):
            return None
        if self.word(end - 1) == "年" and self.word(end) == "半":
            return count * 12 + 6, "month", end + 1
        return count, unit, end

    def _half_duration(self, at: int) -> tuple[int, StepUnit, int] | None:
        if self.word(at) == "半":
            if self.word(at + 1) == "年":
                return 6, "month", at + 2
            return (15, "day", at + 3) if self.words[at + 1 : at + 3] == ("个", "月") else None
        if self.word(at) == "half":
            unit_at = self.skip(at + 1, "a", "an")
            return (6, "month", unit_at + 1) if self.word(unit_at) in ("year", "yr") else None
        return None

    def ordinal(self, at: int) -> tuple[int, int] | None:
        """A rank and the index after it: first, 3rd, twenty-first, 第三."""
        word = self.word(at)
        if word in ORDINALS:
            return ORDINALS[word], at + 1
        if word in _TENS and 0 < ORDINALS.get(self.word(at + 1), 0) < 10:
            return _TENS[word] + ORDINALS[self.word(at + 1)], at + 2
        match = _DAY_NUMBER.match(word)
        if match and match[2]:
            return int(match[1]), at + 1
        if word == "第":
            counted = self.count(at + 1)
            return counted if counted and counted[1] > at + 1 else None
        return None

    def day_number(self, at: int) -> tuple[int, int] | None:
        """A day of a month: 6, 6th, sixth. None when the number is more than 31."""
        match = _DAY_NUMBER.match(self.word(at))
        found = (int(match[1]), at + 1) if match else self.ordinal(at)
        return found if found and 1 <= found[0] <= 31 else None

    def year_number(self, at: int) -> tuple[int, int] | None:
        """A year in digits or Chinese digits: 2017, '17, 2017年, 17年, 二〇一七年."""
        word = self.word(at)
        if _YEAR.match(word):
            return int(word), self.skip(at + 1, "年")
        if word == "'" and _SHORT_YEAR.match(self.word(at + 1)):
            return full_year(int(self.word(at + 1))), at + 2
        if self.word(at + 1) == "年" and _SHORT_YEAR.match(word):
            return full_year(int(word)), at + 2
        if word in ("二", "一"):
            found = read_cardinal(self.parts, at)
            if found and 1900 <= found.value < 2100 and self.word(found.end) == "年":
                return int(found.value), found.end + 1
        return None

    def said_year(self, at: int) -> tuple[int, int] | None:
        """The year that belongs to what was just read: "2017", ", 2017", "of last year", "FY17"."""
        at = self.skip(at, ",") if _YEAR.match(self.word(at + 1)) else at
        at = self.skip(at, "of", "in", "的")
        if self.word(at + 1) == "fiscal":
            at = self.skip(at, "the")
        if self.word(at) == "year" and _YEAR.match(self.word(at + 1)):
            at += 1
        if number := self.year_number(at):
            return number
        if named := NAMED_YEARS.match(self.words, at):
            return self.calendar.today.year + named[0], self.skip(named[1], "的")
        return self.fiscal_year(at)

    def fiscal_year(self, at: int) -> tuple[int, int] | None:
        """The number of a fiscal year: FY2017, fy17, fiscal 2017, fiscal year 2017."""
        word = self.word(at)
        match = re.fullmatch(r"fy'?([0-9]{2}|[0-9]{4})", word) if word.startswith("fy") else None
        if match:
            return full_year(int(match[1])), at + 1
        if word not in ("fy", "fiscal", "financial"):
            return None
        end = self.skip(at + 1, "year")
        number = self.word(end)
        if _YEAR.match(number) or (word == "fy" and _SHORT_YEAR.match(number)):
            return full_year(int(number)), end + 1
        return self.year_number(end) if number == "'" else None


def full_year(number: int) -> int:
    """17 is 2017, 98 is 1998."""
    if number >= 100:
        return number
    return number + (2000 if number < 70 else 1900)


def yearly(reader: Reader, at: int, in_year: Callable[[int], Period]) -> Hit:
    """With the year that follows, or else with an assumed one."""
    said = reader.said_year(at)
    if said:
        return replace(in_year(said[0]), says_year=True), said[1]
    return _lean(reader, at).calendar.assume(in_year), at


def _lean(reader: Reader, at: int) -> Reader:
    """Something due is to come."""
    if reader.calendar.prefer is None and "due" in reader.words[max(0, at - 5) : at]:
        return reader.leaning("future")
    return reader


def counts_something(reader: Reader, at: int) -> bool:
    """Whether the word after a number is what it counts ("May 5 deals")."""
    return reader.word(at) in COUNTED
