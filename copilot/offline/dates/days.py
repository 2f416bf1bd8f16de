"""Days and months by name or number: 2017-12-31, December 6th, 6 Dec, 12月6号, March, "the 15th"."""

import re
from dataclasses import replace
from datetime import date

from copilot.offline.dates.calendar import month, one_day
from copilot.offline.dates.reader import Hit, Reader, counts_something, full_year, yearly
from copilot.offline.dates.words import CN_WEEKDAYS, LIST_WORDS, MONTHS, RANGE_WORDS

_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})(?:[-/.]([0-9]{1,2}))?\Z")
_SLASHED = re.compile(r"([0-9]{1,2})[-/.]([0-9]{4}\Z|[0-9]{1,2})(?:[-/.]([0-9]{4}|[0-9]{2}))?\Z")
_PLAIN_NUMBER = re.compile(r"[0-9]{1,2}\Z")
_BEFORE_MAY = frozenset([
    "in", "of", "since", "last", "next", "through", "thru", "by", "until", "till", "from", "before",
    "after", "between", "during", "early", "mid", "late", "'s",
])  # fmt: skip
BEFORE_BARE_DAY = frozenset(["on", "by", "before", "since", "until", "till", "after", "from", "to", "through"])
_BEFORE_CN_DAY = frozenset("到在于从自至截")
_AFTER_CN_DAY = frozenset(("之", "以", "前", "后", "起", "到", "至", "", "。", "，", ",", "."))
_NOT_A_RANK = frozenset(["top", "first", "last", "bottom", "best", "worst", "biggest", "largest", "than", "#", "over"])


def iso_date(reader: Reader, at: int) -> Hit | None:
    match = _ISO.match(reader.word(at))
    if match is None:
        return None
    number, month_number = int(match[1]), int(match[2])
    if match[3] is None:
        return month(number, month_number), at + 1
    return one_day(date(number, month_number, int(match[3]))), at + 1


def slashed_date(reader: Reader, at: int) -> Hit | None:
    """12/31 and 31/12/2017: the day first only where the first number cannot be a month."""
    match = _SLASHED.match(reader.word(at))
    if match is None or match[0] == "24/7" or ("." in match[0] and not match[3]):
        return None
    first, second = int(match[1]), int(match[2])
    if second > 1000:
        return month(second, first), at + 1
    month_number, day = (second, first) if first > 12 or _is_day_first(reader) else (first, second)
    if match[3]:
        return one_day(date(full_year(int(match[3])), month_number, day)), at + 1
    if "-" in match[0] or reader.word(at + 1) in ("of", "的"):
        return None
    return reader.calendar.assume(lambda number: one_day(date(number, month_number, day))), at + 1


def _is_day_first(reader: Reader) -> bool:
    """As in "from 1/10/2017 to 15/10/2017": another date of the request can be read in no other way."""
    found = [match for word in reader.words if (match := _SLASHED.match(word)) and match[3]]
    return any(int(match[1]) > 12 for match in found) and all(int(match[2]) <= 12 for match in found)


def month_name(reader: Reader, at: int) -> Hit | None:
    """March, Mar., March 2017, March 6th, 2017."""
    number = MONTHS[reader.word(at)]
    if number == 5 and not _is_may(reader, at):
        return None
    end = reader.skip(at + 1, ".") if _month_goes_on(reader, at + 1) else at + 1
    if (day := reader.day_number(reader.skip(end, "the"))) and not counts_something(reader, day[1]):
        return yearly(reader, day[1], lambda year_number: one_day(date(year_number, number, day[0])))
    return yearly(reader, end, lambda year_number: month(year_number, number))


def _month_goes_on(reader: Reader, dot: int) -> bool:
    return reader.word(dot) == "." and reader.word(dot + 1)[:1].isdigit()


def _is_may(reader: Reader, at: int) -> bool:
    """Whether "may" is the month: a cue before it or after it, or a capital in mid-sentence."""
    before, after = reader.word(at - 1), reader.word(at + 1)
    if before in _BEFORE_MAY or before in MONTHS or after in MONTHS or after in ("'s", "of"):
        return True
    if reader.is_stop(at + 1) and before not in ("they", "we", "i", "you", "it", "he", "she"):
        return True
    if reader.is_typed_capitalised(at) or reader.year_number(at + 1) or reader.said_year(at + 1):
        return True
    if after in RANGE_WORDS | LIST_WORDS and reader.word(at + 2) in MONTHS:
        return True
    if before in RANGE_WORDS | LIST_WORDS and (reader.word(at - 2) in MONTHS or before == "to"):
        return True
    day = reader.day_number(at + 1)
    return bool(day) and not counts_something(reader, at + 2)


def day_then_month(reader: Reader, at: int) -> Hit | None:
    """6 December 2017, the 6th of December."""
    day = reader.day_number(at)
    if day is None:
        return None
    month_at = reader.skip(day[1], "of")
    month_at = reader.skip(month_at, "-") if reader.word(month_at + 1) in MONTHS else month_at
    number = MONTHS.get(reader.word(month_at))
    is_bare = bool(_PLAIN_NUMBER.match(reader.word(at)))
    if number is None or (is_bare and reader.word(at - 1) in _NOT_A_RANK):
        return None
    is_led = reader.is_stop(month_at + 1) or reader.said_year(month_at + 1) or reader.word(at - 1) in _BEFORE_MAY
    if number == 5 and is_bare and not is_led:
        return None
    return yearly(reader, month_at + 1, lambda year_number: one_day(date(year_number, number, day[0])))


def day_of_this_month(reader: Reader, at: int) -> Hit | None:
    """On "the 15th", and 15号 where something around it says that a date is meant."""
    day = reader.day_number(at) if reader.word(at)[-2:] in ("st", "nd", "rd", "th") else None
    if day and reader.word(at - 1) == "the" and reader.word(at - 2) in BEFORE_BARE_DAY:
        end = day[1]
        if not reader.is_stop(end) and reader.word(end) not in RANGE_WORDS | LIST_WORDS:
            return None
    else:
        counted = reader.count(at)
        if counted is None or reader.word(counted[1]) not in ("号", "日") or not 1 <= counted[0] <= 31:
            return None
        end = counted[1] + 1
        if reader.word(at - 1) == "月":
            return None
        if reader.word(at - 1) not in _BEFORE_CN_DAY and reader.word(end) not in _AFTER_CN_DAY:
            return None
        day = counted
    number = day[0]
    calendar = reader.calendar
    months = (0, 1, 2) if calendar.prefer == "future" else (0, -1, -2)
    for offset in months:
        first = calendar.current("month", offset).since
        try:
            found = first.replace(day=number)
        except ValueError:
            continue
        if (found >= calendar.today) if calendar.prefer == "future" else (found <= calendar.today):
            return replace(one_day(found), year_assumed=True), end
    return None


def chinese_month(reader: Reader, at: int) -> Hit | None:
    """3月, 十二月份, 12月6日."""
    counted = reader.count(at)
    if counted is None or reader.word(counted[1]) != "月" or not 1 <= counted[0] <= 12:
        return None
    number = counted[0]
    end = reader.skip(counted[1] + 1, "份")
    day = chinese_day(reader, end)
    if day:
        return yearly(reader, day[1], lambda year_number: one_day(date(year_number, number, day[0])))
    return yearly(reader, end, lambda year_number: month(year_number, number))


def chinese_day(reader: Reader, at: int) -> tuple[int, int] | None:
    """6日, 6号, 十五号: the number and the index after it."""
    counted = reader.count(at)
    if counted is None or reader.word(counted[1]) not in ("日", "号") or not 1 <= counted[0] <= 31:
        return None
    return counted[0], counted[1] + 1


def listed_number(reader: Reader, at: int) -> Hit | None:
    """The 3 of 3、4月, the 一 of 一二季度: a number that shares the noun of the next ones."""
    counted = reader.count(at)
    if counted is None or not 1 <= counted[0] <= 12:
        return None
    following, end = counted, counted[1]
    for _ in range(3):
        is_joined = reader.word(following[1]) in tuple("、和与及")
        after = reader.count(following[1] + is_joined)
        if after is None or not (is_joined or reader.word(at) in CN_WEEKDAYS):
            return None
        following = after
        if reader.word(following[1]) == "月":
            return yearly(reader, end, lambda number: month(number, counted[0]))
        if reader.words[following[1] : following[1] + 2] == ("季", "度") and counted[0] <= 4:
            return yearly(reader, end, lambda number: reader.calendar.block(number, "quarter", counted[0]))
    return None
