"""Whole date expressions: a date, and the words before and after that bound it."""

from copilot.offline.dates.calendar import one_day
from copilot.offline.dates.expression import Expression, bound
from copilot.offline.dates.portions import read_core
from copilot.offline.dates.ranges import ranged
from copilot.offline.dates.reader import Reader
from copilot.offline.dates.span import Relation
from copilot.offline.dates.words import (
    AFTER_WORDS,
    BEFORE_WORDS,
    CLOSING,
    INSIDE,
    NOW,
    PAST_VERBS,
    UNTIL_NOW,
    Phrases,
)

_ONLY_NOW = frozenset(("now", "present", "date", "现", "目", "如", "当"))
_BEYOND: Phrases[Relation] = Phrases(
    {"more than": "before", "over": "before", "longer than": "before", "at least": "until", "less than": "after",
     "under": "after"}
)  # fmt: skip
_NOT_AFTER_BEFORE = frozenset("面任提台端者几十") | frozenset("一二三四五六七八九两")
_NOT_AFTER_AFTER = frozenset("半面续来期台")


def read_expression(reader: Reader, at: int) -> Expression | None:
    """The longest expression at `at`; where two are as long, the plainer one."""
    found = (one for rule in _RULES if (one := rule(reader, at)))
    return max(found, key=lambda one: one.end, default=None)


def plain(reader: Reader, at: int) -> Expression | None:
    """A date, with a relation after it: March, 3月之前, 2017 onwards, 年初至今."""
    core = read_core(reader, at)
    if core is None:
        return None
    period, end = core
    if until_now := UNTIL_NOW.match(reader.words, end):
        return Expression(at, until_now[1], period.since, reader.calendar.today, period, "since")
    after = AFTER_WORDS.match(reader.words, end)
    if after and _is_relation(reader, at, end, after[0]):
        return bound(at, after[1], period, after[0])
    inside = INSIDE.match(reader.words, end)
    return bound(at, inside[1] if inside else end, period, "in")


def chinese_until(reader: Reader, at: int) -> Expression | None:
    """到12月为止; 到12月 alone is where something is put off to."""
    if reader.word(at) != "到":
        return None
    core = read_core(reader, at + 1)
    closing = CLOSING.match(reader.words, core[1]) if core else None
    return bound(at, closing[1], core[0], "until") if core and closing else None


def _is_relation(reader: Reader, at: int, end: int, relation: Relation) -> bool:
    """前 may begin 前三名, and "on" belongs to a date only after "from"."""
    word, following = reader.word(end), reader.word(end + 1)
    if word == "前":
        return following not in _NOT_AFTER_BEFORE and not following[:1].isdigit()
    if word == "后":
        return following not in _NOT_AFTER_AFTER
    if word in ("on", "forward") or (word == "and" and following == "on"):
        return reader.word(at - 1) in ("from", "since")
    return True


def bounded(reader: Reader, at: int) -> Expression | None:
    """A relation before a date: before March, by the end of Q4, since last Friday, 截至12月31日."""
    found = BEFORE_WORDS.match(reader.words, at)
    if found is None:
        return None
    relation, start = found
    start = reader.skip(start, "the")
    if relation in ("since", "until") and reader.word(start) in _ONLY_NOW:
        now = NOW.match(reader.words, start)
        return bound(at, now[1], one_day(reader.calendar.today), relation) if now else None
    leaning = _leaning(reader, at, relation)
    core = read_core(leaning, start)
    if core is None:
        return None
    period = core[0].day_reading or core[0]
    after = AFTER_WORDS.match(reader.words, core[1])
    closes = after is not None and after[0] in (relation, "before" if relation == "until" else relation)
    return bound(at, after[1] if after and closes and reader.word(core[1]) != "on" else core[1], period, relation)


def beyond_ago(reader: Reader, at: int) -> Expression | None:
    """More than 30 days ago: before that day; less than 30 days ago: since the day after it."""
    found = _BEYOND.match(reader.words, at)
    ago = read_core(reader, found[1]) if found else None
    if found is None or ago is None or reader.word(ago[1] - 1) != "ago":
        return None
    return bound(at, ago[1], ago[0].day_reading or ago[0], found[0])


def _leaning(reader: Reader, at: int, relation: Relation) -> Reader:
    """Since looks back; by looks ahead, unless a verb of the past stands before it ("won by March")."""
    if reader.calendar.prefer is not None:
        return reader
    if relation == "since":
        return reader.leaning("past")
    before = reader.word(at - 1)
    if before.endswith("ed") or before in PAST_VERBS:
        return reader.leaning("past")
    return reader.leaning("future") if reader.word(at) in ("by", "no", "not") else reader


def chinese_from(reader: Reader, at: int) -> Expression | None:
    """从3月起, 自2017年以来, 从3月."""
    if reader.word(at) not in ("从", "自", "打"):
        return None
    core = read_core(reader.leaning("past"), at + 1)
    if core is None:
        return None
    period = core[0].day_reading or core[0]
    if until_now := UNTIL_NOW.match(reader.words, core[1]):
        return Expression(at, until_now[1], period.since, reader.calendar.today, period, "since")
    after = AFTER_WORDS.match(reader.words, core[1])
    end = after[1] if after and after[0] in ("since", "after") else core[1]
    return bound(at, end, period, "since")


_RULES = (plain, bounded, ranged, chinese_from, chinese_until, beyond_ago)
