"""Rules for words that state a whole condition by themselves: overdue, no activity for 30 days, closing this month."""

from dataclasses import replace
from datetime import timedelta

from copilot.offline.compose.compare import DAYS
from copilot.offline.compose.composer import Composer
from copilot.offline.compose.reading import FieldTest, Period, StateTest, Target
from copilot.offline.dates import DateSpan, find_dates
from copilot.offline.tags import T
from copilot.offline.tokens import tokenize

_SILENCE = ("no", "not", "without", "n't", "never", "quiet", "silent", "dark", "stale", "cold", "没", "未", "无", "不")
_CLOSING = ("close", "closes", "closing", "due to close", "要关", "关", "要关的", "该关", "关单")


def overdue(c: Composer) -> None:
    """Overdue: the due date has passed and it is still open."""
    for at, _, _ in list(c.each(T.FIELD)):
        if "task.overdue_days" not in c.fields_at(at) or c.sense(at + 1, T.NUMBER, T.OP) or c.sense(at - 1, T.NUMBER):
            continue
        today = c.today.isoformat()
        if c.about[0] == "deal" and c.vocabulary.holds("deal.closes_on") and _names(c, "deal"):
            c.reading.fields.append(FieldTest("deal.closes_on", "lt", (today,)))
            c.reading.states.append(StateTest(("open",)))
        else:
            c.reading.fields += [FieldTest("task.due_on", "lt", (today,)), FieldTest("task.status", "in", ("open",))]
            c.reading.facts.append("task")
            if not _names(c, "task"):
                c.reading.target = Target("task", "list")
        c.own(at)


def inactivity(c: Composer) -> None:
    """No activity for 30 days, not contacted since March, gone quiet: no interaction in that time."""
    for at, item, _ in list(c.each(T.FIELD)):
        silent = item.tag.text.lower().startswith(_SILENCE) or item.tag.text.lower().endswith(_SILENCE)
        if silent and any(f.endswith(".last_interaction_at") for f in c.fields_at(at)):
            _no_interaction(c, at)
    if "interaction" in c.reading.without:
        _no_interaction(c, -1)


def _no_interaction(c: Composer, at: int) -> None:
    """The time that the silence lasts: a period, or a number of days until today."""
    spans = [(k, s.value) for k, _, s in c.each(T.DATE)]
    lasting = [(k, s.value) for k, _, s in c.each(T.NUMBER) if s.value.unit in DAYS]
    if spans:
        where, span = spans[0]
    elif lasting:
        where, number = lasting[0]
        since = c.today - timedelta(days=int(number.value) * DAYS[str(number.unit)])
        span = DateSpan(0, 0, since, c.today, "range", str(number.value), False, "in", False)
    else:
        return
    if "interaction" not in c.reading.without:
        c.reading.without.append("interaction")
    c.reading.periods.append(Period(replace(span, until=None), "interaction.happened_on"))
    c.own(where, *([at] if at >= 0 else []))
    for k in (where - 1,):
        if c.has(k, T.OP):
            c.own(k)  # "for more than 30 days"


def closing(c: Composer) -> None:
    """Deals that close this month: open, and expected to close then. In a period that is over they have closed."""
    spans = [s.value for _, _, s in c.each(T.DATE)]
    ahead = any(span.until is None or span.until >= c.today for span in spans)
    if not ahead or not c.vocabulary.holds("deal.closes_on"):
        return
    for at, item, _ in list(c.each(T.STATE)):
        if c.has(at, T.STATE, "closed") and item.tag.text.lower() in _CLOSING:
            for k, _, sense in list(c.each(T.DATE)):
                c.reading.periods.append(Period(sense.value, "deal.closes_on"))
                c.own(k)
            c.reading.states.append(StateTest(("open",), at=item.tag.start))
            c.own(at)


def of_the_year(c: Composer) -> None:
    """As in "the biggest wins of the year": the one that today is in."""
    for at, item, sense in list(c.each(T.UNIT)):
        if {"of", "the"} <= item.before and not c.mentions(T.DATE):
            c.reading.periods.append(Period(find_dates(tokenize(f"this {sense.value}"), c.today)[0]))
            c.own(at)


def _names(c: Composer, entity: str) -> bool:
    return any(s.type is T.ENTITY and s.value == entity for item in c.items for s in item.tag.senses)
