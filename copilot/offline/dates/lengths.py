"""Lengths of time counted from today: the last 30 days, 未来两周, two weeks ago, 三个月前, in two weeks."""

from dataclasses import replace

from copilot.offline.dates.calendar import Period, StepUnit, one_day, step
from copilot.offline.dates.reader import Hit, Reader
from copilot.offline.dates.words import AGO, HENCE, LEADING, PAST_VERBS, TRAILING, TRAILING_CODES, UNITS

_TIMES = frozenset(("once", "twice", "times"))
_DENIALS = frozenset([
    "no", "not", "n't", "never", "without", "none", "nothing", "nobody", "havent", "hasnt", "untouched",
    "idle", "stale",
])  # fmt: skip


def trailing_code(reader: Reader, at: int) -> Hit | None:
    months = TRAILING_CODES.get(reader.word(at))
    return (reader.calendar.trailing(months, "month"), at + 1) if months else None


def past_unit(reader: Reader, at: int) -> Hit | None:
    """The past year, and within the last year, trail; "last year" is the calendar's."""
    word = reader.word(at)
    before = reader.word(at - 2) if reader.word(at - 1) == "the" else reader.word(at - 1)
    if word != "past" and not (word == "last" and before == "within"):
        return None
    unit = UNITS.match(reader.words, at + 1)
    if unit is None or unit[0] not in ("day", "week", "month", "quarter", "year", "half"):
        return None
    if unit[0] == "half":
        return reader.calendar.trailing(6, "month"), unit[1]
    return reader.calendar.trailing(1, unit[0]), unit[1]


def trailing(reader: Reader, at: int) -> Hit | None:
    """Last 30 days, past couple of weeks, 近半年, 过去三个月."""
    lead = TRAILING.match(reader.words, at)
    length = reader.duration(lead[1], is_loose=reader.word(at) in "近过") if lead else None
    if length is None or (reader.word(at) == "上" and reader.word(at + 1) == "半"):
        return None
    end = length[2]
    if not reader.word(at).isascii():
        end = _skip_inside(reader, end)
    return reader.calendar.trailing(length[0], length[1]), end


def leading(reader: Reader, at: int) -> Hit | None:
    """Next 30 days, 未来两周."""
    lead = LEADING.match(reader.words, at)
    length = reader.duration(lead[1], is_loose=True) if lead else None
    if length is None or (reader.word(at) == "下" and reader.word(at + 1) == "半"):
        return None
    return reader.calendar.leading(length[0], length[1]), _skip_inside(reader, length[2])


def _skip_inside(reader: Reader, at: int) -> int:
    """30天(之)内."""
    if reader.words[at : at + 2] in (("之", "内"), ("以", "内")):
        return at + 2
    return reader.skip(at, "内")


def ago_or_hence(reader: Reader, at: int) -> Hit | None:
    """Two weeks ago, 三个月前, 3 days from now, 两周后, in two weeks."""
    length = reader.duration(at)
    if length is None or reader.word(at - 1) in ("前", "头") or reader.word(length[2] - 1) == "日":
        return None
    count, unit, end = length[0], length[1], length[2]
    if ago := AGO.match(reader.words, end):
        return _period_ago(reader, count, unit), ago[1]
    if hence := HENCE.match(reader.words, end):
        return _day_at(reader, count, unit), hence[1]
    if reader.calendar.prefer == "future" and (inside := _skip_inside(reader, end)) > end:
        return reader.calendar.leading(count, unit), inside
    return None


def in_duration(reader: Reader, at: int) -> Hit | None:
    """In two weeks: that day ahead; "no activity in two weeks" looks back; "closed in two weeks" is no date."""
    length = reader.duration(at + 1) if reader.word(at) == "in" else None
    if length is None:
        return None
    if not _DENIALS.isdisjoint(reader.words[max(0, at - 8) : at]):
        return reader.calendar.trailing(length[0], length[1]), length[2]
    before = reader.word(at - 1)
    if before in _TIMES or before in PAST_VERBS or before.endswith("ed"):
        return None
    ahead = HENCE.match(reader.words, length[2])
    return _day_at(reader, length[0], length[1]), ahead[1] if ahead else length[2]


def _day_at(reader: Reader, count: int, unit: StepUnit) -> Period:
    return replace(one_day(step(reader.calendar.today, count, unit)), is_future_form=True)


def _period_ago(reader: Reader, count: int, unit: StepUnit) -> Period:
    """The whole week, month … of that day, with the day itself as its other reading."""
    day = one_day(step(reader.calendar.today, -count, unit))
    if unit == "day":
        return day
    whole = replace(reader.calendar, today=day.since).current(unit)
    return replace(whole, day_reading=day)
