"""Dates by their own name, and which rule reads which word."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date, timedelta

from copilot.offline.dates.blocks import (
    _DECADES,
    bare_year,
    chinese_half,
    code,
    decade,
    final_block,
    iso_week,
    ordinal_block,
    quarter_then_number,
    season_name,
    year_word,
)
from copilot.offline.dates.calendar import Period, one_day
from copilot.offline.dates.days import (
    BEFORE_BARE_DAY,
    chinese_month,
    day_of_this_month,
    day_then_month,
    iso_date,
    listed_number,
    month_name,
    slashed_date,
)
from copilot.offline.dates.feasts import feast, first_words
from copilot.offline.dates.reader import Hit, Reader
from copilot.offline.dates.words import AMBIGUOUS_WEEKDAYS, CN_WEEKDAYS, MONTHS, SEASONS, WEEKDAYS

_LONGEST_MONTH = 31
_NEAR_DAYS = 70  # within which "Friday the 12th" is looked for
_NEAR_YEAR = 300  # days within which a weekday settles the year of its date
_BEFORE_WEEKDAY = BEFORE_BARE_DAY | {"last", "next", "this", "coming", "past", "previous"}


def read_name(reader: Reader, at: int) -> Hit | None:
    """The longest named date at `at`."""
    word = reader.word(at)
    if not word:
        return None
    hits = [hit for rule in _rules_for(word) if (hit := rule(reader, at))]
    best = max(hits, key=lambda hit: hit[1], default=None)
    return _with_weekday_behind(reader, *best) if best is not None else None


def _with_weekday_behind(reader: Reader, period: Period, end: int) -> Hit:
    """As in "January 4 (Thursday)", 1月4号周四: the weekday belongs to its date, which counts."""
    opened = reader.word(end) in ("(", "（")
    found = weekday_number(reader, end + 1 if opened or reader.word(end) == "," else end)
    if period.unit != "day" or period.is_weekday or found is None:
        return period, end
    if reader.word(found[1] - 1) in AMBIGUOUS_WEEKDAYS and not opened:
        return period, end
    period = in_fitting_year(reader.calendar.today, period, found[0])
    return period, reader.skip(found[1], ")", "）") if opened else found[1]


def weekday(reader: Reader, at: int) -> Hit | None:
    """Friday, 周五, 星期三; with its date (Friday, December 8) the date counts."""
    found = weekday_number(reader, at)
    if found is None or reader.word(at - 1) in ("every", "each", "每"):
        return None
    number, end = found
    is_cued = reader.word(at - 1) in _BEFORE_WEEKDAY or reader.is_stop(end) or _is_reminded(reader, at)
    if reader.word(at) in AMBIGUOUS_WEEKDAYS and not is_cued:
        return None
    date_at = reader.skip(reader.skip(end, ",", "("), "the")
    dated = read_name(reader, date_at) if weekday_number(reader, date_at) is None else None
    if dated and dated[0].unit == "day":
        day = in_fitting_year(reader.calendar.today, dated[0], number)
        return day, reader.skip(dated[1], ")") if reader.word(end) == "(" else dated[1]
    numbered = reader.ordinal(date_at) if reader.word(date_at - 1) == "the" else None
    if numbered is not None and 1 <= numbered[0] <= _LONGEST_MONTH:
        return numbered_day(reader.calendar.today, number, numbered[0]), numbered[1]
    return reader.calendar.weekday(number), end


def numbered_day(today: date, weekday: int, number: int) -> Period:
    """Friday the 12th: the nearest such day that falls on that weekday, else the next of that number."""
    days = [day for day in (today + timedelta(days=n) for n in range(-_NEAR_DAYS, _NEAR_DAYS)) if day.day == number]
    fitting = [day for day in days if day.weekday() == weekday]
    ahead = [day for day in days if day >= today]
    return one_day(min(fitting, key=lambda day: abs(day - today)) if fitting else ahead[0])


def in_fitting_year(today: date, period: Period, weekday: int) -> Period:
    """A day without its year, in the year near today in which it falls on that weekday; else as it is."""
    if period.in_year is None or not period.year_assumed:
        return period
    days: list[date] = []
    for year in (today.year - 1, today.year, today.year + 1):
        with suppress(ValueError):
            days.append(period.in_year(year).since)
    fitting = [day for day in days if day.weekday() == weekday and abs(day - today).days <= _NEAR_YEAR]
    return one_day(min(fitting, key=lambda day: abs(day - today))) if fitting else period


def _is_reminded(reader: Reader, at: int) -> bool:
    """As in "remind me mon to …"."""
    return reader.word(at - 2) in ("remind", "ping", "nudge") and reader.word(at - 1) in ("me", "us")


def weekday_of_month(reader: Reader, at: int) -> Hit | None:
    """As in "Monday 30th": the nearest day of that number that is such a weekday, within a month or so."""
    counted = weekday_number(reader, at)
    start = reader.skip(counted[1], "the") if counted else 0
    day = reader.day_number(start) if counted and reader.word(start)[-2:] in ("st", "nd", "rd", "th") else None
    if counted is None or day is None or reader.word(day[1]) in MONTHS or reader.word(day[1]) == "of":
        return None
    found: list[date] = []
    for offset in (0, 1, -1):
        with suppress(ValueError):
            found.append(reader.calendar.current("month", offset).since.replace(day=day[0]))
    fitting = [one for one in found if one.weekday() == counted[0]]
    today = reader.calendar.today
    return (one_day(min(fitting, key=lambda one: abs(one - today))), day[1]) if fitting else None


def named_weekday(words: Sequence[str], at: int) -> int | None:
    """The weekday that is named at a word, Monday as 0: Friday, 周五, 星期三."""
    word, after = words[at], words[at + 1 : at + 3]
    if word in WEEKDAYS:
        return WEEKDAYS[word]
    name = after[1:2] if [word, *after[:1]] in (["星", "期"], ["礼", "拜"]) else after[:1] if word == "周" else []
    return CN_WEEKDAYS.get(name[0]) if name else None


def weekday_number(reader: Reader, at: int) -> tuple[int, int] | None:
    """Monday is 0."""
    word = reader.word(at)
    if word in WEEKDAYS:
        end = at + 1
        if word in AMBIGUOUS_WEEKDAYS and reader.word(end) == "." and reader.word(end + 1):
            end += 1
        return WEEKDAYS[word], end
    name_end = at + 1 if word == "周" else at + 2
    if word != "周" and reader.words[at:name_end] not in (("星", "期"), ("礼", "拜")):
        return None
    char = reader.word(name_end)
    if char not in CN_WEEKDAYS or (char == "一" and reader.word(name_end + 1) in tuple("个共直样般起些")):
        return None
    if reader.parts[at - 1].script == "number" and at:
        return None
    return CN_WEEKDAYS[char], name_end + 1


Rule = Callable[[Reader, int], Hit | None]
_CODE_RULES: tuple[Rule, ...] = (code, year_word, iso_week)
_CN_NUMBER_RULES: tuple[Rule, ...] = (decade, chinese_month, ordinal_block, bare_year, day_of_this_month, listed_number)
_DIGIT_RULES: tuple[Rule, ...] = (
    decade, iso_date, slashed_date, bare_year, day_then_month, chinese_month, ordinal_block, code, day_of_this_month,
    listed_number,
)  # fmt: skip
_WORD_RULES: dict[str, tuple[Rule, ...]] = {
    **dict.fromkeys(MONTHS, (month_name,)),
    **dict.fromkeys(WEEKDAYS, (weekday_of_month, weekday)),
    **dict.fromkeys(("周", "星", "礼"), (weekday,)),
    **dict.fromkeys(SEASONS, (season_name,)),
    **dict.fromkeys(("nineteen", "twenty", *_DECADES), (decade,)),
    **dict.fromkeys("春夏秋冬", (season_name,)),
    **dict.fromkeys("一二三四五六七八九十", _CN_NUMBER_RULES),
    **dict.fromkeys(("first", "second", "third", "fourth"), (ordinal_block, day_then_month)),
    "第": (ordinal_block, day_then_month, iso_week),
    **dict.fromkeys(("week", "iso", "wk"), (iso_week,)),
    **dict.fromkeys(("fifth", "sixth", "seventh", "eighth", "ninth", "tenth"), (day_then_month,)),
    **dict.fromkeys(("final", "last"), (final_block,)),
    **dict.fromkeys("上下前后", (chinese_half,)),
    **dict.fromkeys(("fy", "fiscal", "financial", "calendar", "year", "cy"), (year_word, iso_week)),
    "quarter": (quarter_then_number,),
    "q": (code,),
    "'": (bare_year,),
}


_FEAST_WORDS = first_words()


def _rules_for(word: str) -> tuple[Rule, ...]:
    feasts: tuple[Rule, ...] = (feast,) if word in _FEAST_WORDS else ()
    if word[0].isascii() and word[0].isdigit():
        return _DIGIT_RULES
    return feasts + _WORD_RULES.get(word, _CODE_RULES if word[-1].isdigit() else ())
