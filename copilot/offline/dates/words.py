"""The words of the calendar, both languages, as tables from phrase to meaning."""

import re
from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

from copilot.offline.dates.calendar import NamedUnit
from copilot.offline.dates.span import Relation

T = TypeVar("T")
_PIECES = re.compile(r"[\u3007\u4e00-\u9fff]|[^\s\u3007\u4e00-\u9fff]+")


class Phrases(Generic[T]):
    """A dictionary from phrases to values, matched longest first; each Chinese character is a word."""

    def __init__(self, entries: Mapping[str, T]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        for phrase, value in entries.items():
            words = tuple(_PIECES.findall(phrase))
            self._by_first.setdefault(words[0], []).append((words, value))
        for choices in self._by_first.values():
            choices.sort(key=lambda choice: -len(choice[0]))

    def match(self, words: Sequence[str], at: int) -> tuple[T, int] | None:
        """The value of the longest phrase at `at` and the index after it, or None."""
        for phrase, value in self._by_first.get(words[at] if at < len(words) else "", ()):
            if tuple(words[at : at + len(phrase)]) == phrase:
                return value, at + len(phrase)
        return None

    def first_words(self) -> set[str]:
        """The words that a phrase begins with."""
        return set(self._by_first)

    def words(self) -> set[str]:
        return {word for choices in self._by_first.values() for phrase, _ in choices for word in phrase}


def _spread(groups: Mapping[str, T]) -> dict[str, T]:
    """{"a, b": 1} as {"a": 1, "b": 1}."""
    return {phrase.strip(): value for names, value in groups.items() for phrase in names.split(",")}


MONTHS: dict[str, int] = _spread({
    "january, jan": 1, "february, feb": 2, "march, mar": 3, "april, apr": 4, "may": 5, "june, jun": 6,
    "july, jul": 7, "august, aug": 8, "september, sep, sept": 9, "october, oct": 10, "november, nov": 11,
    "december, dec": 12,
})  # fmt: skip
WEEKDAYS: dict[str, int] = _spread({
    "monday, mon": 0, "tuesday, tue, tues": 1, "wednesday, wed, weds": 2, "thursday, thu, thur, thurs": 3,
    "friday, fri": 4, "saturday, sat": 5, "sunday, sun": 6,
})  # fmt: skip
AMBIGUOUS_WEEKDAYS = frozenset(("sat", "sun", "wed", "mon"))
CN_WEEKDAYS = {char: number for number, char in enumerate("一二三四五六日")} | {"天": 6}
SEASONS: dict[str, int] = _spread({
    "spring, 春天, 春季": 3, "summer, 夏天, 夏季": 6, "autumn, fall, 秋天, 秋季": 9, "winter, 冬天, 冬季": 12,
})  # fmt: skip
NAMED_DAYS = Phrases(_spread({
    "the day before yesterday, day before yesterday, 前天, 前日": -2, "大前天": -3,
    "yesterday, yday, yest, last night, 昨天, 昨日, 昨晚, 昨": -1,
    "today, tonight, this morning, this afternoon, this evening, eod, cob, end of day, end of the day, end of today, "
    "close of business, close of play, 今天, 今日, 今早, 今晚, 今儿": 0,
    "tomorrow, tmrw, tmr, 明天, 明日, 明早, 明晚, 明儿": 1,
    "the day after tomorrow, day after tomorrow, 后天": 2, "大后天": 3,
}))  # fmt: skip
NOW = Phrases(_spread({"now, today, date, present, 现在, 今天, 目前, 今, 如今, 当前": 0}))
DAY_PARTS = Phrases(_spread({"morning, afternoon, evening, night, eod, cob, 上午, 下午, 晚上, 早上, 中午": 0}))
SHIFTS = Phrases(_spread({
    "this, current, present, the current, 本, 这, 这个, 这一, 这一个, 当, 本个, 当前": 0,
    "last, previous, prior, preceding, prev, last full, last complete, last completed, last whole, most recent full, "
    "most recent complete, 上, 上个, 上一, 上一个, 上个完整, 上一个完整, 最近一个完整": -1,
    "上上, 上上个": -2, "上上上, 上上上个": -3,
    "next, coming, upcoming, following, this coming, the coming, 下, 下个, 下一, 下一个": 1, "下下, 下下个": 2,
}))  # fmt: skip
UNITS: Phrases[NamedUnit] = Phrases(_spread({
    "day": "day", "week, wk, 周, 星期, 礼拜": "week", "weekend, 周末": "weekend",
    "month, mo, mth, calendar month, 月, 月份": "month", "quarter, qtr, calendar quarter, 季度, 季": "quarter",
    "half, half-year, half year, 半年": "half", "year, yr, calendar year, 年, 年度": "year",
    "fiscal year, financial year, fy, 财年, 财政年度": "fiscal year", "fiscal quarter, 财季": "quarter",
}))  # fmt: skip
NAMED_YEARS = Phrases(_spread({
    "今年, 本年, 今年度, 本年度": 0, "去年, 上年, 上年度, 去年度": -1, "前年": -2, "大前年": -3, "明年": 1,
    "后年": 2, "this year, the year, the current year": 0,
    "last year, previous year, prior year, the previous year": -1, "next year": 1, "the year before last": -2,
}))  # fmt: skip
TRAILING = Phrases(_spread({
    "last, past, previous, trailing, preceding, prior, recent, most recent, this past, this last, "
    "最近, 最近的, 近, 过去, 过去的, 这, 上, 前段, 最近这": 0,
}))  # fmt: skip
LEADING = Phrases(_spread({
    "next, coming, upcoming, following, 未来, 未来的, 接下来, 接下来的, 今后, 往后, 下, 后续": 0,
}))  # fmt: skip
AGO = Phrases(_spread({"ago, back, before today, before now, 前, 之前, 以前": 0}))
HENCE = Phrases(_spread({"from now, from today, later, hence, 后, 之后, 以后, 过后": 0}))
TO_DATE = Phrases[NamedUnit](_spread({
    "mtd, month to date, so far this month, this month so far, this month to date, 本月至今, 月初至今, 这个月至今, "
    "本月以来, 这个月以来, 月初以来": "month",
    "qtd, quarter to date, so far this quarter, this quarter so far, this quarter to date, 本季度至今, 季初至今, "
    "本季至今, 本季度以来, 这个季度以来, 这个季度至今": "quarter",
    "ytd, year to date, so far this year, this year so far, this year to date, 年初至今, 今年至今, 今年以来, 年初以来, "
    "今年到现在, 今年到现在为止, 今年到目前, 今年到目前为止, 今年年初至今": "year",
    "wtd, week to date, so far this week, this week so far, this week to date, 本周至今, 本周以来, 这周以来": "week",
    "fytd, so far this fiscal year, fiscal year to date, 本财年至今, 本财年以来": "fiscal year",
}))  # fmt: skip
LAST_DAY_OF = Phrases[NamedUnit](_spread({
    "eom": "month", "eoq": "quarter", "eoy": "year", "eow": "week",
}))  # fmt: skip
TRAILING_CODES = {"ltm": 12, "ttm": 12, "t12m": 12, "l12m": 12, "l6m": 6, "l3m": 3}

BEFORE_WORDS: Phrases[Relation] = Phrases(_spread({
    "before, prior to, earlier than, ahead of, older than": "before",
    "by, no later than, not later than, on or before, up to, up until, up to and including, until, till, til, "
    "through, thru, as of, as at, not after": "until",
    "after, later than, following, past, beyond": "after",
    "since, ever since, on or after, starting, starting from, starting in, starting on, beginning, beginning in, "
    "as from, no earlier than, not before, 自从": "since",
    "截至, 截止, 截止到, 截至到, 直到, 直至": "until",
}))  # fmt: skip
AFTER_WORDS: Phrases[Relation] = Phrases(_spread({
    "之前, 以前, 前": "before", "及之前, 及以前, 或之前, 或以前, 为止, 止": "until",
    "and earlier, or earlier, and before, or before": "until",
    "之后, 以后, 后, 过后": "after", "及之后, 及以后, 或之后, 或以后, 以来, 起, 开始": "since",
    "onwards, onward, and onwards, and onward, on, and on, forward, and later, or later, and after, or after, "
    "and beyond": "since",
}))  # fmt: skip
UNTIL_NOW = Phrases(
    _spread({"so far, to date, 至今, 到现在, 到现在为止, 到今天, 到目前, 到目前为止, 到今天为止, 以来至今": 0})
)
PAST_VERBS = frozenset(["won", "lost", "had", "made", "sold", "got", "did", "was", "were", "been", "spoke", "met"])
CLOSING = Phrases({"为止": 0, "止": 0})
INSIDE = Phrases(_spread({"期间, 之间, 之内, 以内, 那天, 当天, 那一天, 当日, 这天, 这一天": 0}))
COUNTED = frozenset([
    "employees", "people", "staff", "users", "seats", "units", "deals", "accounts", "dollars", "usd",
    "euros", "percent", "%", "k", "m", "million", "thousand", "days", "weeks", "months", "years", "hours",
    "points", "licenses", "customers", "calls", "leads", "家", "个", "人", "名", "位", "笔", "单", "元",
    "块", "万", "亿", "天", "台", "美",
])  # fmt: skip
RANGE_WORDS = frozenset(("to", "through", "thru", "until", "till", "til", "-", "–", "—", "~", "到", "至"))
PLACE_WORDS = frozenset(
    ("in", "on", "during", "over", "within", "for", "throughout", "across", "at", "from", "在", "于", "the")
)
LIST_WORDS = frozenset([
    "and", "or", "vs", "versus", ",", "&", "with", "/", "和", "与", "跟", "及", "、", "对", "比", "或",
    "against", "to",
])  # fmt: skip
STOPS = frozenset(("", ".", "?", "!", ",", ";", ":", ")", "？", "。", "！", "，"))

# What a spelling corrector may repair towards; closed, so it can be audited.
VOCABULARY: frozenset[str] = frozenset(
    word
    for word in {*MONTHS, *WEEKDAYS, *SEASONS}.union(
        *(table.words() for table in (NAMED_DAYS, SHIFTS, UNITS, TRAILING, LEADING, AGO, HENCE, TO_DATE, BEFORE_WORDS))
    )
    if word.isascii() and len(word) > 3
)
