"""Dates by their own name, and which rule reads which word."""

from collections.abc import Callable

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

_BEFORE_WEEKDAY = BEFORE_BARE_DAY | {"last", "next", "this", "coming", "past", "previous"}


def read_name(reader: Reader, at: int) -> Hit | None:
    """The longest named date at `at`."""
    word = reader.word(at)
    if not word:
        return None
    hits = [hit for rule in _rules_for(word) if (hit := rule(reader, at))]
    return max(hits, key=lambda hit: hit[1], default=None)


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
        return dated[0], reader.skip(dated[1], ")") if reader.word(end) == "(" else dated[1]
    return reader.calendar.weekday(number), end


def _is_reminded(reader: Reader, at: int) -> bool:
    """As in "remind me mon to …"."""
    return reader.word(at - 2) in ("remind", "ping", "nudge") and reader.word(at - 1) in ("me", "us")


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
    **dict.fromkeys(WEEKDAYS, (weekday,)),
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
