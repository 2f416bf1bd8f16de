"""The period that a spec is about, as a person says it: "in Q4 2017", "in 2017", "from 2017-03-01 to 2017-03-15"."""

import calendar
from collections.abc import Iterable
from datetime import date

from copilot.context import Lang
from copilot.recorded import conditions
from copilot.words import sentence
from crm_core.query.spec import Condition, QuerySpec


def period_of(spec: QuerySpec, lang: Lang) -> str | None:
    """The only closed period among the conditions of `spec`; None where there is none, or more than one."""
    spans = {span for field, span in _spans(conditions(spec.where)).items() if None not in span}
    if len(spans) != 1:
        return None
    ((since, until),) = spans
    return _told(since, until, lang) if since and until else None


def tell_span(since: str | None, until: str | None, lang: Lang) -> str:
    """A span with ISO ends, either of which may be open."""
    first, last = _day(since), _day(until)
    if first and last:
        return _told(first, last, lang)
    if first or last:
        return sentence("since" if first else "until", lang, day=(first or last))
    return sentence("always", lang)


def _spans(tested: Iterable[Condition]) -> dict[str, tuple[date | None, date | None]]:
    """By field, the first and the last day that its conditions let through."""
    spans: dict[str, tuple[date | None, date | None]] = {}
    for condition in tested:
        since, until = spans.get(condition.field, (None, None))
        values = condition.value if isinstance(condition.value, list) else [condition.value]
        days = [_day(value) for value in values]
        if condition.op == "between" and len(days) == 2:
            since, until = days
        elif condition.op == "ge":
            since = days[0]
        elif condition.op == "le":
            until = days[0]
        spans[condition.field] = (since, until)
    return spans


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _told(since: date, until: date, lang: Lang) -> str:
    year, months = since.year, until.month - since.month + 1
    is_whole = since.day == 1 and year == until.year and until.day == calendar.monthrange(year, until.month)[1]
    if is_whole and months == 12:
        return sentence("year", lang, year=year)
    if is_whole and months == 6 and since.month in (1, 7):
        half = 1 if since.month == 1 else 2
        return sentence("half", lang, year=year, half=half if lang == "en" else ("上半年", "下半年")[half - 1])
    if is_whole and months == 3 and since.month % 3 == 1:
        return sentence("quarter", lang, year=year, quarter=since.month // 3 + 1)
    if is_whole and months == 1:
        month = calendar.month_name[since.month] if lang == "en" else since.month
        return sentence("month", lang, year=year, month=month)
    if since == until:
        return sentence("day", lang, day=since.isoformat())
    return sentence("span", lang, since=since.isoformat(), until=until.isoformat())
