"""The phrases of both languages, side by side: whatever one can say, the other can."""

from dataclasses import dataclass
from datetime import date

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Phrases:
    """One language. Templates are filled by `str.format`; `comma` joins the parts of the sentence."""

    comma: str
    both: str
    along: str
    either: str
    enumerate: str
    quote: str
    of: str
    paren: str
    tests: dict[str, str]
    dates: dict[str, str]
    counts: dict[str, str]
    functions: dict[str, str]
    buckets: dict[str, str]
    folds: dict[str, str]
    parts: dict[str, str]


ENGLISH = Phrases(
    comma=", ",
    both=" and ",
    along=" and ",
    either=" or ",
    enumerate=", ",
    quote="“{0}”",
    of="{0}'s {1}",
    paren=" ({0})",
    tests={
        "eq": "{f} is {v}",
        "ne": "{f} is not {v} (or missing)",
        "in": "{f} is one of {v}",
        "not_in": "{f} is none of {v} (or missing)",
        "gt": "{f} over {v}",
        "ge": "{f} at least {v}",
        "lt": "{f} under {v}",
        "le": "{f} at most {v}",
        "between": "{f} from {v} to {w}",
        "contains": "{f} contains {v}",
        "starts_with": "{f} starts with {v}",
        "empty": "without {f}",
        "not_empty": "with {f}",
        "under": "{f} is {v} or anything below it",
    },
    dates={
        "eq": "{f} {v}",
        "gt": "{f} after {v}",
        "ge": "{f} from {v} on",
        "lt": "{f} before {v}",
        "le": "{f} until {v}",
        "between": "{f} {v}",
    },
    counts={
        "eq": "with exactly {n} {c}",
        "ne": "with any number of {c} but {n}",
        "gt": "with more than {n} {c}",
        "ge": "with at least {n} {c}",
        "lt": "with fewer than {n} {c}",
        "le": "with at most {n} {c}",
        "none": "without any {c}",
        "some": "with at least one of {c}",
    },
    functions={
        "count": "number of {e}",
        "distinct": "number of different {f} of {e}",
        "sum": "total {f} of {e}",
        "avg": "average {f} of {e}",
        "min": "lowest {f} of {e}",
        "max": "highest {f} of {e}",
        "median": "median {f} of {e}",
        "first": "earliest {f} of {e}",
        "last": "latest {f} of {e}",
    },
    buckets={
        "day": "day",
        "week": "week",
        "month": "month",
        "quarter": "quarter",
        "half": "half year",
        "year": "year",
        "weekday": "day of the week",
    },
    folds={
        "avg": "the average over the groups",
        "median": "the median over the groups",
        "sum": "the sum over the groups",
        "min": "the lowest of the groups",
        "max": "the highest of the groups",
        "count": "how many groups there are",
        "gap": "the gap between the first and the second",
        "spread": "the gap between the highest and the lowest",
    },
    parts={
        "list": "list of {e}",
        "distinct": "each different {c} of {e}",
        "columns": "showing {c}",
        "where": "only {x}",
        "measured_where": "{m}, counting only {x}",
        "over": "{m} divided by {d}",
        "weighted": "{m}, weighted by {f}",
        "share": "share of the total: {m}",
        "within": "{m} of all with the same {f}",
        "running": "running total: {m}",
        "growth": "change since the period before: {m}",
        "bands": "{f} in bands that begin at {c}",
        "sides": "{f} in parts: {c}",
        "not": "not ({0})",
        "per": "per {0}",
        "bucket": "{b} of {f}",
        "having": "only groups with {0}",
        "top": "top {n}",
        "first": "the first {n}",
        "skip": "after the first {n}",
        "ties": " and ties",
        "top_per": "the first {n} of each {f}",
        "highest": "highest {f} first",
        "lowest": "lowest {f} first",
        "latest": "latest {f} first",
        "earliest": "earliest {f} first",
        "ascending": "sorted by {f}",
        "descending": "sorted by {f}, reversed",
        "compare": "comparing {0} with {1}",
        "difference": "difference of {f}",
        "change": "change of {f}",
        "today": "as of {0}",
        "all": "all of them",
        "children_where": "{c} (where {x})",
        "other": "{f} {o} {g}",
        "answer": "{f} {o} [{q}]",
        "rank": "place among all by {m}",
        "rank_low": "place among all by {m}, lowest first",
        "record": "record {0}",
    },
)  # fmt: skip

CHINESE = Phrases(
    comma="，",
    both="且",
    along="和",
    either="或",
    enumerate="、",
    quote="“{0}”",
    of="{0}的{1}",
    paren="（{0}）",
    tests={
        "eq": "{f}为{v}",
        "ne": "{f}不是{v}（含空值）",
        "in": "{f}为{v}之一",
        "not_in": "{f}不是{v}中的任何一个（含空值）",
        "gt": "{f}大于{v}",
        "ge": "{f}不低于{v}",
        "lt": "{f}小于{v}",
        "le": "{f}不高于{v}",
        "between": "{f}在{v}到{w}之间",
        "contains": "{f}包含{v}",
        "starts_with": "{f}以{v}开头",
        "empty": "{f}为空",
        "not_empty": "{f}不为空",
        "under": "{f}为{v}或其下级",
    },
    dates={
        "eq": "{f}为{v}",
        "gt": "{f}在{v}之后",
        "ge": "{f}自{v}起",
        "lt": "{f}在{v}之前",
        "le": "{f}截至{v}",
        "between": "{f}为{v}",
    },
    counts={
        "eq": "恰有{n}个{c}",
        "ne": "{c}数量不是{n}个",
        "gt": "有{n}个以上的{c}",
        "ge": "至少有{n}个{c}",
        "lt": "{c}少于{n}个",
        "le": "最多有{n}个{c}",
        "none": "没有任何{c}",
        "some": "至少有一个{c}",
    },
    functions={
        "count": "{e}的数量",
        "distinct": "{e}中不同{f}的数量",
        "sum": "{e}的{f}合计",
        "avg": "{e}的平均{f}",
        "min": "{e}的最低{f}",
        "max": "{e}的最高{f}",
        "median": "{e}的{f}中位数",
        "first": "{e}的最早{f}",
        "last": "{e}的最晚{f}",
    },
    buckets={
        "day": "日",
        "week": "周",
        "month": "月",
        "quarter": "季度",
        "half": "半年",
        "year": "年",
        "weekday": "星期",
    },
    folds={
        "avg": "各组的平均值",
        "median": "各组的中位数",
        "sum": "各组之和",
        "min": "各组的最小值",
        "max": "各组的最大值",
        "count": "组的个数",
        "gap": "第一名与第二名的差距",
        "spread": "最高与最低的差距",
    },
    parts={
        "list": "{e}列表",
        "distinct": "{e}中各不相同的{c}",
        "columns": "显示{c}",
        "where": "仅限{x}",
        "measured_where": "{m}（仅计{x}）",
        "over": "{m}除以{d}",
        "weighted": "{m}（按{f}加权）",
        "share": "占总数的比例：{m}",
        "within": "同一{f}整体的{m}",
        "running": "累计：{m}",
        "growth": "与上一期相比的变化：{m}",
        "bands": "{f}分段（分界点{c}）",
        "sides": "{f}分为{c}",
        "not": "不满足（{0}）",
        "per": "按{0}分组",
        "bucket": "{f}的{b}",
        "having": "仅保留{0}的组",
        "top": "前{n}名",
        "first": "前{n}条",
        "skip": "跳过前{n}条",
        "ties": "（含并列）",
        "top_per": "每个{f}取前{n}条",
        "highest": "{f}从高到低",
        "lowest": "{f}从低到高",
        "latest": "{f}从晚到早",
        "earliest": "{f}从早到晚",
        "ascending": "按{f}排序",
        "descending": "按{f}倒序",
        "compare": "{0}与{1}对比",
        "difference": "{f}的差",
        "change": "{f}的变化",
        "today": "截至{0}",
        "all": "全部",
        "children_where": "满足（{x}）的{c}",
        "other": "{f}{o}{g}",
        "answer": "{f}{o}[{q}]",
        "rank": "按{m}的名次",
        "rank_low": "按{m}从低到高的名次",
        "record": "记录{0}",
    },
)  # fmt: skip

PHRASES = {"en": ENGLISH, "zh": CHINESE}

COMPARED = {
    "en": {
        "eq": "equal to", "ne": "not equal to", "in": "among", "not_in": "not among",
        "gt": "above", "ge": "at or above", "lt": "below", "le": "at or below",
    },
    "zh": {
        "eq": "等于", "ne": "不等于", "in": "属于", "not_in": "不属于",
        "gt": "大于", "ge": "不低于", "lt": "小于", "le": "不高于",
    },
}  # fmt: skip


def tell_day(day: date, lang: str) -> str:
    """A day: 1 Oct 2017 or 2017年10月1日."""
    if lang == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def tell_span(first: date, last: date, lang: str) -> str:
    """Two days, both inclusive, as short as is clear: 1 Oct – 31 Dec 2017."""
    if first == last:
        return tell_day(first, lang)
    if lang == "zh":
        end = f"{last.month}月{last.day}日" if first.year == last.year else tell_day(last, lang)
        return f"{tell_day(first, lang)}至{end}"
    start = tell_day(first, lang)
    return f"{start.rsplit(' ', 1)[0] if first.year == last.year else start} – {tell_day(last, lang)}"
