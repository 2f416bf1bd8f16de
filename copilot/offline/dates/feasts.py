"""Feasts and shopping days whose date a rule gives. Those of the moon (春节, Diwali) have none here: it asks."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta

from dateutil.easter import easter

from copilot.offline.dates.calendar import Period, month, one_day
from copilot.offline.dates.cuts import nth_weekday
from copilot.offline.dates.reader import Hit, Reader, yearly
from copilot.offline.dates.words import Phrases

_THURSDAY = 3
_MONDAY = 0


def _fixed(month_number: int, day: int, days: int = 1) -> Callable[[int], Period]:
    first = (month_number, day)
    return lambda year: _days(date(year, *first), days)


def _days(since: date, count: int) -> Period:
    return one_day(since) if count == 1 else Period(since, since + timedelta(days=count - 1), "range")


def _after_easter(days: int) -> Callable[[int], Period]:
    return lambda year: one_day(easter(year) + timedelta(days=days))


def _after_thanksgiving(days: int) -> Callable[[int], Period]:
    """Source: the fourth Thursday of November (5 U.S.C. 6103)."""
    return lambda year: one_day(nth_weekday(month(year, 11), _THURSDAY, 3).since + timedelta(days=days))


def _nth_monday(month_number: int, index: int) -> Callable[[int], Period]:
    return lambda year: nth_weekday(month(year, month_number), _MONDAY, index)


_FEASTS: Phrases[Callable[[int], Period]] = Phrases(
    {
        name: rule
        for names, rule in (
            ("christmas, christmas day, xmas, xmas day, x-mas, 圣诞, 圣诞节, 圣诞节当天", _fixed(12, 25)),
            ("christmas eve, xmas eve, 平安夜, 圣诞前夜", _fixed(12, 24)),
            ("boxing day, 节礼日", _fixed(12, 26)),
            ("new year's eve, new years eve, nye, 跨年夜, 除夕夜跨年", _fixed(12, 31)),
            ("new year's day, new years day, 元旦, 元旦节", _fixed(1, 1)),
            ("valentine's day, valentines day, valentine's, 情人节", _fixed(2, 14)),
            ("st patrick's day, saint patrick's day", _fixed(3, 17)),
            ("halloween, 万圣节", _fixed(10, 31)),
            ("independence day, fourth of july, the fourth of july, july fourth", _fixed(7, 4)),
            ("singles' day, singles day, double eleven, double 11, 双十一, 双11, 光棍节", _fixed(11, 11)),
            ("double twelve, double 12, 双十二, 双12", _fixed(12, 12)),
            ("劳动节, 五一节, 五一劳动节, 五一当天", _fixed(5, 1)),
            ("妇女节, 三八妇女节", _fixed(3, 8)),
            ("儿童节, 六一儿童节", _fixed(6, 1)),
            ("教师节", _fixed(9, 10)),
            ("国庆, 国庆节, 国庆期间, 十一黄金周, 国庆黄金周, 国庆长假, 国庆假期", _fixed(10, 1, 7)),
            ("国庆当天, 国庆节当天, 国庆那天", _fixed(10, 1)),
            ("good friday", _after_easter(-2)),
            ("easter, easter sunday, 复活节", _after_easter(0)),
            ("easter monday", _after_easter(1)),
            ("thanksgiving, thanksgiving day, 感恩节", _after_thanksgiving(0)),
            ("black friday, 黑五, 黑色星期五", _after_thanksgiving(1)),
            ("cyber monday, 网购星期一, 网络星期一", _after_thanksgiving(4)),
            ("labor day", _nth_monday(9, 0)),
        )
        for name in names.split(", ")
    }
)  # fmt: skip


def feast(reader: Reader, at: int) -> Hit | None:
    """Christmas, Black Friday 2016, 去年双十一."""
    found = _FEASTS.match(reader.words, at)
    return yearly(reader, found[1], found[0]) if found else None


def is_feast(words: Sequence[str]) -> bool:
    """Whether the words name a feast and nothing more."""
    found = _FEASTS.match(words, 0)
    return found is not None and found[1] == len(words)


def first_words() -> set[str]:
    """The words that feasts begin with."""
    return _FEASTS.first_words()
