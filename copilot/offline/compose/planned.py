"""Rules for the day of the next contact with a customer, where files keep it: 下周约了哪些客户, 明天要跟进谁."""

from dataclasses import replace

from copilot.offline.compose.composer import Composer
from copilot.offline.compose.neighbours import nouns_at
from copilot.offline.compose.reading import Period, Target
from copilot.offline.dates import DateSpan
from copilot.offline.dates.steps import is_ahead
from copilot.offline.lexicon import key
from copilot.offline.tags import T

_TALK = "interaction"
_NEXT = key("下次跟进")
_ARRANGED = ("约了", "约好", "约的", "约过", "约见", "安排")


def planned(c: Composer) -> None:
    """The day that stands in the sentence is that of the next contact, wherever its verb stands."""
    field = _next_day(c)
    dates = list(c.each(T.DATE))
    if field is None or len(dates) != 1:
        return
    at, _, sense = dates[0]
    told = [k for k in range(len(c.items)) if _is_planned(c, k, field)]
    told += [k for k in range(len(c.items)) if k not in told and _arranges(c, k)] if _is_coming(c, sense.value) else []
    named = any(item.tag.text.startswith("下次") for item in c.items)
    if not told or named or not any("account" in nouns_at(c, k) or c.has(k, T.ASK, "who") for k in range(len(c.items))):
        return
    c.reading.periods.append(Period(_from_today(c, sense.value), field))
    c.own(at, *told)
    whom = [k for k in range(len(c.items)) if c.has(k, T.ASK, "who") and k > min(told)]
    if whom:  # 明天要跟进|谁
        c.reading.target = Target("account", "list")
        c.own(whom[0])


def _next_day(c: Composer) -> str | None:
    """The own column of the day of the next contact."""
    fields = [str(s.value) for s in c.vocabulary.phrases.get(_NEXT, ()) if s.type is T.FIELD]
    return next((dotted for dotted in fields if dotted.startswith(f"{_TALK}.")), None)


def _is_planned(c: Composer, at: int, field: str) -> bool:
    return c.has(at, T.FIELD, field) and c.items[at].tag.get(T.ENTITY) is None


def _arranges(c: Composer, at: int) -> bool:
    """As in 约了哪些客户, said of a day to come."""
    return c.has(at, T.OWNS, f"{_TALK}.user") and c.items[at].tag.text.startswith(_ARRANGED)


def _is_coming(c: Composer, span: DateSpan) -> bool:
    return is_ahead(span, c.today)


def _from_today(c: Composer, span: DateSpan) -> DateSpan:
    """As in 月底前要跟进: what is still to be done."""
    return replace(span, since=c.today) if span.since is None and _is_coming(c, span) else span
