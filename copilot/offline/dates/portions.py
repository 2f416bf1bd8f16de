"""Parts of a period: early March, the end of next quarter, first week of June, 去年底, 今年前三个月."""

from datetime import timedelta

from copilot.offline.dates.calendar import NamedUnit, Period, StepUnit, add_months, one_day, step, week_of, year
from copilot.offline.dates.cuts import Edge, cut_block, cut_edge, cut_half, derive, nth_weekday
from copilot.offline.dates.names import read_name, weekday_number
from copilot.offline.dates.reader import Hit, Reader
from copilot.offline.dates.relative import read_relative
from copilot.offline.dates.words import DAY_PARTS, UNITS, Phrases

_EDGES: Phrases[Edge] = Phrases(
    {"early": "early", "early in": "early", "beginning of": "start", "start of": "start", "mid": "mid",
     "middle of": "mid", "late": "late", "late in": "late", "end of": "end", "the beginning of": "start",
     "the start of": "start", "the middle of": "mid", "the end of": "end"}
)  # fmt: skip
_CN_EDGES: dict[str, Phrases[Edge]] = {
    "month": Phrases({"初": "early", "月初": "early", "上旬": "early", "中旬": "mid", "月中": "mid", "下旬": "late",
                      "底": "end", "末": "end", "月底": "end", "月末": "end"}),
    "quarter": Phrases({"初": "early", "末": "end", "底": "end", "季末": "end"}),
    "year": Phrases({"初": "early", "年初": "early", "中": "mid", "年中": "mid", "底": "end", "末": "end",
                     "年底": "end", "年末": "end"}),
}  # fmt: skip
_STANDING: Phrases[tuple[NamedUnit, Edge]] = Phrases(
    {"month end": ("month", "end"), "quarter end": ("quarter", "end"), "year end": ("year", "end"),
     "the month end": ("month", "end"), "the quarter end": ("quarter", "end"), "the year end": ("year", "end"),
     "月初": ("month", "early"), "月中": ("month", "mid"), "月底": ("month", "end"), "月末": ("month", "end"),
     "季初": ("quarter", "early"), "季末": ("quarter", "end"), "季度初": ("quarter", "early"),
     "季度末": ("quarter", "end"), "季度底": ("quarter", "end"), "年初": ("year", "early"), "年中": ("year", "mid"),
     "年底": ("year", "end"), "年末": ("year", "end"), "上旬": ("month", "early"), "中旬": ("month", "mid"),
     "下旬": ("month", "late")}
)  # fmt: skip
_HALVES = Phrases(
    {
        "first half of": 1,
        "second half of": 2,
        "1st half of": 1,
        "2nd half of": 2,
        "last half of": 2,
        "front half of": 1,
        "back half of": 2,
        "latter half of": 2,
        "later half of": 2,
    }
)
_CN_HALVES = Phrases({"上半月": 1, "上半个月": 1, "下半月": 2, "下半个月": 2})
_SIDES = {"before": "before", "preceding": "before", "after": "after", "following": "after", "ending": "ending",
          "ended": "ending", "to": "ending"}  # fmt: skip
_DEEPEST = 6  # "the end of the first week of March" is three deep
_PERIOD_UNITS = ("week", "month", "quarter", "half", "year")


def read_core(reader: Reader, at: int) -> Hit | None:
    """The longest date at `at`: a name, a relative date, or a part of one. Remembered by place."""
    if at not in reader.memo:
        if reader.depth == _DEEPEST:
            return None
        reader.depth += 1
        reader.memo[at] = _read_core(reader, at)
        reader.depth -= 1
    return reader.memo[at]


def _read_core(reader: Reader, at: int) -> Hit | None:
    best: Hit | None = None
    for rule in _RULES:
        try:
            hit = rule(reader, at)
        except (ValueError, OverflowError, StopIteration):  # 31 February, the year 12017
            return None  # a part of an impossible date means something else
        if hit and (best is None or hit[1] > best[1]):
            best = hit
    return _with_day_tail(reader, _with_chinese_tail(reader, best)) if best else None


def _with_day_tail(reader: Reader, hit: Hit) -> Hit:
    """A day takes in its weekday (Dec 8, Friday; 12月8日（周五）) and the part of the day."""
    day, end = hit
    if day.unit != "day":
        return hit
    start = reader.skip(end, ",", "(")
    named = weekday_number(reader, start)
    if named and named[0] == day.since.weekday():
        end = reader.skip(named[1], ")") if reader.word(end) == "(" else named[1]
    part = DAY_PARTS.match(reader.words, end)
    return day, part[1] if part else end


def standing_edge(reader: Reader, at: int) -> Hit | None:
    """Month end, 年底: of the current month, year."""
    found = _STANDING.match(reader.words, at)
    if found is None:
        return None
    unit, edge = found[0]
    said = reader.said_year(found[1]) if unit == "year" else None
    if said is not None:
        return cut_edge(year(said[0]), edge), said[1]
    return cut_edge(reader.calendar.current(unit), edge), found[1]


def edge_of(reader: Reader, at: int) -> Hit | None:
    """Early March, mid 2017, the end of next quarter, end of month."""
    found = _EDGES.match(reader.words, at)
    if found is None:
        return None
    edge, start = found
    whole = _period_or_unit(reader, start)
    return (derive(whole[0], lambda period: cut_edge(period, edge)), whole[1]) if whole else None


def _period_or_unit(reader: Reader, at: int) -> Hit | None:
    """A period, or a bare unit for the current one ("the month")."""
    at = reader.skip(at, "the")
    whole = read_core(reader, at)
    if whole:
        return whole if whole[0].unit in _PERIOD_UNITS or whole[0].in_year else None
    unit = UNITS.match(reader.words, at)
    if unit is None or unit[0] in ("day", "weekend") or not reader.word(at).isascii():
        return None
    return reader.calendar.current(unit[0]), unit[1]


def half_of(reader: Reader, at: int) -> Hit | None:
    """First half of June (1 to 15), second half of the quarter."""
    if standing := _CN_HALVES.match(reader.words, at):
        return cut_half(reader.calendar.current("month"), standing[0]), standing[1]
    found = _HALVES.match(reader.words, at)
    whole = _period_or_unit(reader, found[1]) if found else None
    if found is None or whole is None or whole[0].unit == "day":
        return None
    return derive(whole[0], lambda period: cut_half(period, found[0])), whole[1]


def counted_part(reader: Reader, at: int) -> Hit | None:
    """First week of June, last two weeks of Q3, second month of the quarter, first 10 days of March."""
    lead = _which(reader, at)
    if lead is None:
        return None
    index, count, unit, end = lead
    if reader.word(end) not in ("of", "in"):
        return None
    whole = _period_or_unit(reader, end + 1)
    if whole is None:
        return None
    return derive(whole[0], lambda period: cut_block(period, index, count, unit)), whole[1]


def _which(reader: Reader, at: int) -> tuple[int, int, StepUnit, int] | None:
    """(index from 0 or -1 for the last, how many, unit, index after it)."""
    is_last = reader.word(at) in ("last", "final")
    if is_last or reader.word(at) == "first":
        length = reader.duration(at + 1)
        if length:
            return (-1 if is_last else 0), length[0], length[1], length[2]
    ranked = (0, at + 1) if is_last else reader.ordinal(at)
    unit = UNITS.match(reader.words, ranked[1]) if ranked else None
    if ranked is None or unit is None or unit[0] not in ("day", "week", "month", "quarter"):
        return None
    return (-1 if is_last else ranked[0] - 1), 1, unit[0], unit[1]


def day_of(reader: Reader, at: int) -> Hit | None:
    """The 15th of next month."""
    ranked = reader.ordinal(at)
    if ranked is None or reader.word(ranked[1]) != "of":
        return None
    whole = _period_or_unit(reader, ranked[1] + 1)
    if whole is None or whole[0].unit != "month":
        return None
    return derive(whole[0], lambda period: one_day(period.since.replace(day=ranked[0]))), whole[1]


def week_of_day(reader: Reader, at: int) -> Hit | None:
    """The week of March 6."""
    start = reader.skip(at, "the")
    if reader.words[start : start + 2] not in (("week", "of"), ("week", "commencing"), ("week", "beginning")):
        return None
    day = read_core(reader, reader.skip(start + 2, "the"))
    if day is None or day[0].unit != "day":
        return None
    return derive(day[0], lambda period: week_of(period.since)), day[1]


def first_quarters(reader: Reader, at: int) -> Hit | None:
    """前三季度: from the first quarter of the year to the third one."""
    counted = reader.count(at + 1) if reader.word(at) == "前" else None
    if counted is None or counted[0] not in (2, 3) or reader.words[counted[1] : counted[1] + 2] != ("季", "度"):
        return None
    last = reader.calendar.block(reader.calendar.fiscal_year_of(reader.calendar.today), "quarter", counted[0])
    return Period(add_months(last.since, 3 - 3 * counted[0]), last.until, "range"), counted[1] + 2


def beside_a_day(reader: Reader, at: int) -> Hit | None:
    """The two weeks before Christmas, the fortnight ending 15 December, the ten days after 1 March."""
    start = reader.skip(at, "the")
    length = reader.duration(start)
    unit = UNITS.match(reader.words, start) if length is None else None
    if length is None and unit is not None and unit[0] in ("day", "week", "month") and start > at:
        length = (1, unit[0], unit[1])
    side = _SIDES.get(reader.word(length[2])) if length else None
    if length and reader.word(length[2]) == "to" and start == at and reader.word(at - 1) != "the":
        return None  # "it took 90 days to August"
    day = read_core(reader, reader.skip(reader.skip(length[2] + 1, "on"), "the")) if length and side else None
    if length is None or day is None or day[0].unit not in ("day", "range", "month")[: 3 if side == "ending" else 2]:
        return None
    count, step_unit = length[0], length[1]
    return derive(day[0], lambda period: _beside(period, count, step_unit, str(side))), day[1]


def _beside(period: Period, count: int, unit: StepUnit, side: str) -> Period:
    one = timedelta(days=1)
    if side == "after":
        return Period(period.until + one, step(period.until, count, unit), "range")
    until = period.until if side == "ending" else period.since - one
    return Period(step(until + one, -count, unit), until, "range")


def weekday_of(reader: Reader, at: int) -> Hit | None:
    """First Monday of June, last Friday of the month."""
    is_last = reader.word(at) == "last"
    ranked = (0, at + 1) if is_last else reader.ordinal(at)
    named = weekday_number(reader, ranked[1]) if ranked else None
    if ranked is None or named is None or reader.word(named[1]) not in ("of", "in"):
        return None
    whole = _period_or_unit(reader, named[1] + 1)
    if whole is None:
        return None
    return derive(whole[0], lambda period: nth_weekday(period, named[0], -1 if is_last else ranked[0] - 1)), whole[1]


def _with_chinese_tail(reader: Reader, whole: Hit) -> Hit:
    """去年 + 底, 6月 + 第一周, 今年 + 前三个月."""
    period, end = whole
    if period.unit not in _CN_EDGES or reader.word(end).isascii():
        return whole
    try:
        return _chinese_tail(reader, period, reader.skip(end, "的")) or whole
    except (ValueError, OverflowError):
        return whole


def _chinese_tail(reader: Reader, period: Period, at: int) -> Hit | None:
    edge = _CN_EDGES[period.unit].match(reader.words, at)
    if edge and not (reader.words[at : edge[1]] == ("中",) and reader.word(at - 1) != "年"):
        return derive(period, lambda whole: cut_edge(whole, edge[0])), edge[1]
    half = _CN_HALVES.match(reader.words, at) if period.unit == "month" else None
    if half:
        return derive(period, lambda whole: cut_half(whole, half[0])), half[1]
    lead, index = at, 0
    for words, value in ((("最", "后"), -1), (("前",), 0), (("头",), 0), (("后",), -1)):
        if reader.words[at : at + len(words)] == words:
            lead, index = at + len(words), value
            break
    if lead > at:
        length = reader.duration(lead)
        if length is None:
            return None
        step_unit = length[1]
        return derive(period, lambda whole: cut_block(whole, index, length[0], step_unit)), length[2]
    return _chinese_rank(reader, period, at)


def _chinese_rank(reader: Reader, period: Period, at: int) -> Hit | None:
    """第一周, 第二个月, 第一个星期一."""
    ranked = reader.ordinal(at) if reader.word(at) == "第" else None
    named = weekday_number(reader, reader.skip(ranked[1], "个")) if ranked else None
    if ranked and named and period.unit == "month":
        return derive(period, lambda whole: nth_weekday(whole, named[0], ranked[0] - 1)), named[1]
    unit = UNITS.match(reader.words, reader.skip(ranked[1], "个")) if ranked else None
    if ranked is None or unit is None or unit[0] not in ("day", "week", "month", "quarter"):
        return None
    step_unit: StepUnit = unit[0]
    return derive(period, lambda whole: cut_block(whole, ranked[0] - 1, 1, step_unit)), unit[1]


_RULES = (
    read_name, read_relative, standing_edge, edge_of, half_of, counted_part, day_of, week_of_day, weekday_of,
    beside_a_day, first_quarters,
)  # fmt: skip
