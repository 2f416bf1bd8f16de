"""Two dates and what lies between: from March to June, Q1-Q3, between Jan and Mar 2017, 从3月到6月, 3-5月."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from copilot.offline.dates.calendar import Period, add_months, month, one_day
from copilot.offline.dates.days import chinese_day, day_then_month
from copilot.offline.dates.expression import Expression, bound
from copilot.offline.dates.portions import read_core
from copilot.offline.dates.reader import Hit, Reader
from copilot.offline.dates.words import CLOSING, INSIDE, NOW, RANGE_WORDS

_AND = frozenset(("and", "&", "和", "与", "跟"))
_ALL_THE_WAY = frozenset(("up", "through", "thru", "right", "all", "the", "way", "straight", "on", "一直", "直"))
_COMPARED = frozenset([
    "compare", "compared", "comparing", "comparison", "difference", "gap", "change", "changed", "growth",
    "grew", "grow", "versus", "vs", "比", "对",
])  # fmt: skip


def ranged(reader: Reader, at: int) -> Expression | None:
    """From March to June, between Jan and Mar 2017, Q1-Q3, Dec 5 to 9, 从3月到6月, 3-5月, 2016 – 2017."""
    if (told := _in_a_year(reader, at)) is not None:
        return told
    lead = reader.word(at)
    is_between = lead == "between"
    first_at = reader.skip(at + 1, "the") if lead in ("from", "between", "从", "自", "在") else at
    separators = RANGE_WORDS | _AND
    found = _first_end(reader, first_at, separators)
    if found is None:
        return None
    first, first_end = found
    second_at = _after_separator(reader, first_end, is_between)
    if second_at is None or _is_compared(reader, at):
        return None
    second = _second_end(reader, second_at, first)
    if second is None:
        return None
    if not is_between and reader.word(first_end) in _AND and INSIDE.match(reader.words, second[1]) is None:
        return None
    first = first if first is not None else _like(second[0], reader, first_at)
    return _range(reader, (at, first_at, first_end, second_at), first, second) if first else None


def _in_a_year(reader: Reader, at: int) -> Expression | None:
    """As in 今年1到10月, 去年一到三季度: the months and quarters of the year before them."""
    year = read_core(reader, at)
    counted = reader.count(year[1]) if year and year[0].unit == "year" else None
    if year is None or counted is None or reader.word(counted[1]) not in RANGE_WORDS:
        return None
    found = ranged(reader, year[1])
    if found is None or found.since is None or found.until is None:
        return None
    months = 12 * (year[0].since.year - found.since.year)
    since, until = add_months(found.since, months), add_months(found.until, months)
    return Expression(at, found.end, since, until, replace(found.period, since=since, until=until), "between")


def _is_compared(reader: Reader, at: int) -> bool:
    return not _COMPARED.isdisjoint(reader.words[max(0, at - 3) : at])


def _first_end(reader: Reader, at: int, separators: frozenset[str]) -> tuple[Period | None, int] | None:
    """The first date of a range; None as its period for a bare number that the second one explains (3-5月)."""
    if reader.word(at) in ("now", "现") and (now := NOW.match(reader.words, at)):
        return one_day(reader.calendar.today), now[1]
    day = reader.day_number(at)
    if day and reader.word(day[1]) in separators and day_then_month(reader, reader.skip(day[1] + 1, "the")):
        return None, day[1]  # the 1st and the 7th of July
    core = read_core(reader, at)
    if core and (core[0].unit != "year" or reader.word(core[1]) not in ("月", "季")):
        return (core[0].day_reading or core[0]), core[1]
    counted = reader.count(at)
    if counted and 1 <= counted[0] <= 31 and reader.word(counted[1]) in separators:
        return None, counted[1]
    return None


def _after_separator(reader: Reader, at: int, is_between: bool) -> int | None:
    """Where the second date begins; a hyphen inside a word (March-June) separates too."""
    if at < len(reader.parts) and not reader.parts[at].is_first:
        return at
    through = at
    while reader.word(through) in _ALL_THE_WAY:
        through += 1
    if through > at and reader.word(through) in RANGE_WORDS:
        at = through  # "up to", "through to", "right up until", "all the way to"
    word = reader.word(at)
    if word in RANGE_WORDS or word in _AND or (is_between and word == ","):
        return reader.skip(at + 1, "the")
    return None


def _second_end(reader: Reader, at: int, first: Period | None) -> Hit | None:
    core = read_core(reader, at)
    if (now := NOW.match(reader.words, at)) and (core is None or core[1] <= now[1]):  # 到今 but not 到今年1月3号
        return (one_day(reader.calendar.today), now[1]) if first else None
    if (day := chinese_day(reader, at)) and first is not None and first.unit == "day":
        return _day_after(reader, day, first)
    if core:
        return (core[0].day_reading or core[0]), core[1]
    if first is None or first.unit != "day":
        return None
    day = reader.day_number(at)
    return _day_after(reader, day, first) if day else None


def _day_after(reader: Reader, day: tuple[int, int], first: Period) -> Hit | None:
    """The day of a bare number, in the month of the day before it: 26号 in 12月24号到26号."""
    number = day[0]
    if number <= first.since.day:
        return None
    in_year = first.in_year
    second = one_day(first.since.replace(day=number))
    if said := reader.said_year(day[1]):
        return one_day(second.since.replace(year=said[0])), said[1]
    if in_year:
        second = replace(second, in_year=lambda year: one_day(in_year(year).since.replace(day=number)))
    return replace(second, year_assumed=first.year_assumed), day[1]


def _like(second: Period, reader: Reader, at: int) -> Period | None:
    """A bare number read as the second date is: 3 (月) in 3-5月, 一 (季度) in 一到三季度, 5 in 5-9 March."""
    counted = reader.count(at) or reader.day_number(at)
    if counted is None:
        return None
    number = counted[0]

    def in_year(year: int) -> Period:
        if second.unit == "month":
            return month(year, number)
        if second.unit == "quarter" and number <= 4:
            return reader.calendar.block(year, "quarter", number)
        if second.unit == "day" and second.since.day > number:
            return one_day(second.since.replace(year=year, day=number))
        raise ValueError("not a date like the second")

    first = in_year(second.since.year)
    return replace(first, in_year=in_year) if second.in_year else first


def _range(reader: Reader, places: tuple[int, int, int, int], first: Period, second: Hit) -> Expression | None:
    at, first_at, first_end, second_at = places
    last, end = second
    first, last = share_years(reader, first, last)
    if first.is_weekday and last.is_weekday and first.since > last.since:
        last = one_day(last.since + timedelta(days=7))
    since = first.until if first.point == "end" else first.since
    until = last.since if last.point == "start" else last.until
    if since > until:
        return None
    inside = INSIDE.match(reader.words, end) or CLOSING.match(reader.words, end)
    whole = Period(
        since,
        until,
        "range",
        year_assumed=first.year_assumed or last.year_assumed,
        is_future_form=last.is_future_form,
    )
    components = tuple(
        bound(start, stop, period, "in")
        for start, stop, period in ((first_at, first_end, first), (second_at, end, last))
        if read_core(reader, start)  # a bare number (3-5月) is no date by itself
    )
    return Expression(at, inside[1] if inside else end, since, until, whole, "between", components)


def share_years(reader: Reader, first: Period, last: Period) -> tuple[Period, Period]:
    """Give a date without a year that of its partner, so that the first does not come after the last."""
    if first.in_year and last.in_year:
        if reader.calendar.prefer == "future":
            first = _not_after(first.in_year, last, last.since.year)
        else:
            last = _not_before(last.in_year, first)
        return replace(first, year_assumed=True), replace(last, year_assumed=True)
    if first.in_year:
        return replace(_not_after(first.in_year, last, last.until.year), year_assumed=False), last
    if last.in_year:
        return first, replace(_not_before(last.in_year, first), year_assumed=False)
    return first, last


def _not_after(in_year: Callable[[int], Period], last: Period, year: int) -> Period:
    period = in_year(year)
    return period if period.since <= last.until else in_year(year - 1)


def _not_before(in_year: Callable[[int], Period], first: Period) -> Period:
    period = in_year(first.since.year)
    return period if period.until >= first.since else in_year(first.since.year + 1)
