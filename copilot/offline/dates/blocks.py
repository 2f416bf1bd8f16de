"""Quarters, halves, years and seasons by name: Q4, 第四季度, the first half of 2017, FY17, 2017, the summer."""

import re
from dataclasses import replace
from datetime import date

from copilot.offline.dates.calendar import NamedUnit, Period, season, week_of, year
from copilot.offline.dates.reader import Hit, Reader, full_year, yearly
from copilot.offline.dates.words import COUNTED, SEASONS, Phrases

_CODE = re.compile(
    r"(?:fy'?|cy)?(?P<before>[0-9]{4}|[0-9]{2})?f?(?P<kind>[qh])(?P<index>[1-4])"
    r"(?:(?:'|fy'?|cy)?(?P<after>[0-9]{4}|[0-9]{2}))?\Z"
)
_TURNED_CODE = re.compile(r"(?P<index>[1-4])(?P<kind>[qh])(?:(?:'|fy'?|cy)?(?P<after>[0-9]{4}|[0-9]{2}))?\Z")
_ORDINAL_BLOCKS: Phrases[NamedUnit] = Phrases(
    {"quarter": "quarter", "qtr": "quarter", "fiscal quarter": "quarter", "half": "half", "季度": "quarter",
     "季": "quarter", "财季": "quarter"}
)  # fmt: skip
_WEEKS = Phrases(dict.fromkeys(("week", "calendar week", "week number", "week no", "iso week", "wk", "第"), 0))
_DECADES = {
    "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70, "eighties": 80,
    "nineties": 90,
}  # fmt: skip
_CN_HALVES = Phrases({"上半年": 1, "下半年": 2, "前半年": 1, "后半年": 2})
_CN_SEASONS = Phrases({name: number for name, number in SEASONS.items() if not name.isascii()})
_BEFORE_SEASON = frozenset([
    "this", "last", "next", "since", "in", "during", "before", "after", "by", "until", "through", "past",
    "previous", "of",
])  # fmt: skip
_YEAR_LEADS = frozenset([
    "in", "since", "before", "after", "during", "from", "to", "until", "till", "through", "thru", "by",
    "of", "for", "year", "between", "throughout", "and", "or", "vs", "-", "–", "versus", "within",
    "calendar", "mid", "early", "late", ",", "在", "从", "到", "自", "至", "和",
])  # fmt: skip
_NUMBER_LEADS = frozenset([
    "above", "over", "than", "least", "most", "under", "below", "exceeding", "exactly", ">", "<", ">=",
    "<=", "=", "#", "top", "first",
])  # fmt: skip
_DURATION_LEADS = frozenset("近去超过于已了作满约够")
_DURATION_TAILS = frozenset("前后以之多来半内的经合历老期保免质")


def code(reader: Reader, at: int) -> Hit | None:
    """Q4, Q4'17, 2017Q4, 4Q17, FY17Q4, H1, H2FY18."""
    word = reader.word(at)
    if word == "q" and reader.word(at + 1) in ("1", "2", "3", "4"):
        index, at = int(reader.word(at + 1)), at + 1
        return yearly(reader, at + 1, lambda number: reader.calendar.block(number, "quarter", index))
    match = _CODE.match(word) or _TURNED_CODE.match(word)
    if match is None:
        return None
    unit: NamedUnit = "quarter" if match["kind"] == "q" else "half"
    index = int(match["index"])
    if unit == "half" and index > 2:
        return None
    said = match.groupdict().get("before") or match["after"]
    end = reader.skip(at + 1, "季") if reader.word(at + 2) == "度" else at + 1
    end = reader.skip(end, "度") if end > at + 1 else end
    if said:
        return replace(reader.calendar.block(full_year(int(said)), unit, index), says_year=True), end
    return yearly(reader, end, lambda number: reader.calendar.block(number, unit, index))


def ordinal_block(reader: Reader, at: int) -> Hit | None:
    """Fourth quarter, 2nd half, 第四季度, 四季度, quarter four."""
    ranked = reader.ordinal(at)
    if ranked is None and reader.parts[at].script != "latin":
        ranked = reader.count(at)
    if ranked is None:
        return None
    end = reader.skip(ranked[1], "个") if reader.word(at) == "第" else ranked[1]
    found = _ORDINAL_BLOCKS.match(reader.words, end)
    if found is None:
        return None
    return _block(reader, ranked[0], found[0], found[1])


def quarter_then_number(reader: Reader, at: int) -> Hit | None:
    counted = reader.count(reader.skip(at + 1, "no", "number"))
    return _block(reader, counted[0], "quarter", counted[1]) if counted else None


def final_block(reader: Reader, at: int) -> Hit | None:
    """The final quarter (of 2016), and "last quarter of 2016", which is no relative date."""
    found = _ORDINAL_BLOCKS.match(reader.words, at + 1)
    if found is None:
        return None
    has_year = reader.word(found[1]) in ("of", "in") and reader.said_year(found[1])
    if reader.word(at) == "last" and not has_year:
        return None
    return _block(reader, 4 if found[0] == "quarter" else 2, found[0], found[1])


def _block(reader: Reader, index: int, unit: NamedUnit, end: int) -> Hit | None:
    if not 1 <= index <= (4 if unit == "quarter" else 2):
        return None
    if unit == "half" and reader.word(end) == "of" and not reader.said_year(end):
        return None
    return yearly(reader, end, lambda number: reader.calendar.block(number, unit, index))


def chinese_half(reader: Reader, at: int) -> Hit | None:
    found = _CN_HALVES.match(reader.words, at)
    if found is None:
        return None
    return yearly(reader, found[1], lambda number: reader.calendar.block(number, "half", found[0]))


def bare_year(reader: Reader, at: int) -> Hit | None:
    """2017, 2017年, 17年; four digits that count something, or that a comparison precedes, are no year."""
    found = reader.year_number(at)
    if found is None:
        return None
    number, end = found
    before, after = reader.word(at - 1), reader.word(end)
    if reader.word(at + 1) == "年" and len(reader.word(at)) == 2:
        near = abs(number - reader.calendar.today.year) <= 15
        is_length = before in _DURATION_LEADS or after in _DURATION_TAILS
        return None if is_length or not near else (year(number), end)
    is_marked = reader.word(end - 1) == "年" or before in _YEAR_LEADS or reader.word(at) == "'"
    is_year = is_marked or (1990 <= number < 2050 and before not in _NUMBER_LEADS)
    if reader.word(at) == "'" and before not in _YEAR_LEADS:
        return None
    if not is_year or (after in COUNTED and not is_marked):
        return None
    if reader.words[end : end + 2] == ("财", "年"):
        return reader.calendar.block(number, "fiscal year", 1), end + 2
    return year(number), reader.skip(end, "度")


def decade(reader: Reader, at: int) -> Hit | None:
    """The 1980s, the 80s, the eighties, the nineteen eighties, 80年代."""
    word = reader.word(at)
    counted = reader.count(at)
    if counted is not None and reader.words[counted[1] : counted[1] + 2] == ("年", "代"):
        return _chinese_decade(reader, *counted)
    if word in ("nineteen", "twenty") and reader.word(at + 1) in _DECADES:
        return _ten_years((1900 if word == "nineteen" else 2000) + _DECADES[reader.word(at + 1)]), at + 2
    match = re.fullmatch(r"((?:19|20)?[0-9]0)(?:'?s)?", word)
    end = at + 2 if match and reader.word(at + 1) == "'s" and reader.word(at - 1) == "the" else at + 1
    if match and end == at + 1 and not word.endswith("s"):
        return None
    number = int(match[1]) if match else _DECADES.get(word)
    if number is None or (match is None and reader.word(at - 1) != "the"):
        return None
    if number < 100:
        number += 2000 if number <= reader.calendar.today.year % 100 else 1900
    return _ten_years(number), end


def _chinese_decade(reader: Reader, number: int, end: int) -> Hit | None:
    if number % 10 or not (0 < number < 100 or 1900 <= number < 2100):
        return None
    if number < 100:
        number += 2000 if number <= reader.calendar.today.year % 100 else 1900
    return _ten_years(number), end + 2


def _ten_years(first: int) -> Period:
    return replace(year(first), until=year(first + 9).until)


def year_word(reader: Reader, at: int) -> Hit | None:
    """Fiscal year 2017, FY17, calendar year 2017, the year 2017."""
    if fiscal := reader.fiscal_year(at):
        return reader.calendar.block(fiscal[0], "fiscal year", 1), fiscal[1]
    if reader.word(at) == "fiscal" and reader.word(at + 1)[:1] in ("q", "h"):
        return code(reader, at + 1)
    if reader.word(at) in ("calendar", "year", "cy"):
        found = reader.year_number(reader.skip(reader.skip(at + 1, "year"), "of"))
        return (year(found[0]), found[1]) if found else None
    if match := re.fullmatch(r"cy'?([0-9]{2}|[0-9]{4})", reader.word(at)):
        return year(full_year(int(match[1]))), at + 1
    return None


def iso_week(reader: Reader, at: int) -> Hit | None:
    """Week 50, calendar week 50 of 2017, CW50, 第50周."""
    joined = re.fullmatch(r"(?:w|cw|kw|wk)([0-9]{1,2})", reader.word(at))
    lead = _WEEKS.match(reader.words, at)
    counted = (int(joined[1]), at + 1) if joined else reader.count(lead[1]) if lead else None
    if counted is None or not 1 <= counted[0] <= 53:
        return None
    number, end = counted
    if reader.word(at) == "第":
        if reader.word(end) not in ("周", "星") or number < 6:
            return None  # 第一周 is a month's
        end += 1 if reader.word(end) == "周" else 2
    return yearly(reader, end, lambda year_number: week_of(date.fromisocalendar(year_number, number, 1)))


def season_name(reader: Reader, at: int) -> Hit | None:
    chinese = _CN_SEASONS.match(reader.words, at)
    first_month, end = chinese or (SEASONS.get(reader.word(at), 0), at + 1)
    if not first_month:
        return None
    before = reader.word(at - 2) if reader.word(at - 1) == "the" else reader.word(at - 1)
    if not chinese and before not in _BEFORE_SEASON and not reader.said_year(end):
        return None
    return yearly(reader, end, lambda number: season(number, first_month))
