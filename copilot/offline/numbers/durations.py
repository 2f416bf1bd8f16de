"""Units of time after a number: days, 周, 个月. Shared by numbers (30 days) and dates (last 30 days)."""

from collections.abc import Sequence
from typing import Literal

from copilot.offline.numbers.cardinals import text_at
from copilot.offline.tokens import Part

DurationUnit = Literal["day", "week", "month", "quarter", "year", "hour", "minute"]

DURATION_UNITS: dict[str, DurationUnit] = {
    **dict.fromkeys(("day", "days", "d"), "day"),
    **dict.fromkeys(("week", "weeks", "wk", "wks"), "week"),
    **dict.fromkeys(("month", "months", "mo", "mos", "mth", "mths"), "month"),
    **dict.fromkeys(("quarter", "quarters", "qtr", "qtrs"), "quarter"),
    **dict.fromkeys(("year", "years", "yr", "yrs"), "year"),
    **dict.fromkeys(("hour", "hours", "hr", "hrs"), "hour"),
    **dict.fromkeys(("minute", "minutes", "min", "mins"), "minute"),
}
_QUALIFIERS = frozenset(("business", "working", "calendar", "full", "fiscal", "whole", "straight"))
_CHINESE: tuple[tuple[str, DurationUnit], ...] = (
    ("工作日", "day"), ("星期", "week"), ("礼拜", "week"), ("季度", "quarter"), ("小时", "hour"),
    ("钟头", "hour"), ("分钟", "minute"), ("天", "day"), ("日", "day"), ("周", "week"), ("月", "month"),
    ("年", "year"),
)  # fmt: skip
# 三月 is March and 三季度 is Q3, but 三个月 and 三个季度 are lengths of time.
_NEEDS_MEASURE_WORD = frozenset(("月", "季度"))


def read_duration_unit(parts: Sequence[Part], at: int, *, is_loose: bool = False) -> tuple[DurationUnit, int] | None:
    """The unit of time at `at` and the index after it, or None.

    Args:
        parts: The request.
        at: Where the word after the number stands.
        is_loose: Take 月 and 季度 without 个 (近3月, where no month can be meant).
    """
    if text_at(parts, at) == "-" or text_at(parts, at) == "of":
        at += 1
    if text_at(parts, at) in _QUALIFIERS:
        at += 1
    word = text_at(parts, at)
    if word in DURATION_UNITS:
        return DURATION_UNITS[word], at + 1
    has_measure_word = word == "个"
    at += has_measure_word
    at += has_measure_word and text_at(parts, at) == "多"  # 一个多月: a month and more
    for name, unit in _CHINESE:
        if all(text_at(parts, at + k) == char for k, char in enumerate(name)):
            if name in _NEEDS_MEASURE_WORD and not (has_measure_word or is_loose):
                return None
            if name in ("天", "日", "年") and has_measure_word:
                return None
            return unit, at + len(name)
    return None
