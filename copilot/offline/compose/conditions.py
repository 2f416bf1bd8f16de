"""Rules for words that state a whole condition by themselves: overdue, no activity for 30 days, closing this month."""

from dataclasses import replace
from datetime import date, timedelta

import prompts
from copilot.offline.compose.compare import DAYS
from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.items import Item
from copilot.offline.compose.neighbours import nouns_at, opens
from copilot.offline.compose.reading import WHOLE, FieldTest, Period, StateTest, Target
from copilot.offline.dates import DateSpan, find_dates
from copilot.offline.dates.steps import coming, is_ahead
from copilot.offline.tags import T
from copilot.offline.tokens import tokenize

_SOON = 30  # days
_SILENCE = ("no", "not", "without", "n't", "never", "quiet", "silent", "dark", "stale", "cold", "没", "未", "无", "不")
_NONE = ("no", "without", "never", "zero", "没有", "无", "从未", "从没")


def overdue(c: Composer) -> None:
    """Overdue: the due date has passed and it is still open."""
    for at, _, _ in list(c.each(T.FIELD)):
        if "task.overdue_days" not in c.fields_at(at) or c.sense(at + 1, T.NUMBER, T.OP) or c.sense(at - 1, T.NUMBER):
            continue
        lasts = "deal.age_days" in c.fields_at(at) and (c.mentions(T.STATE, "won") or c.mentions(T.STATE, "lost"))
        if lasts and not _names(c, "task"):
            continue  # 丢掉的单拖了几天: how long it lasted
        today = c.today.isoformat()
        no_tasks = not (c.vocabulary.holds_records("task") or _names(c, "task"))
        deals = c.about[0] == "deal" and _names(c, "deal")
        if (deals or no_tasks) and c.vocabulary.holds("deal.closes_on"):
            c.reading.fields.append(FieldTest("deal.closes_on", "lt", (today,)))
            c.reading.states.append(StateTest(("open",)))
        else:
            c.reading.fields += [FieldTest("task.due_on", "lt", (today,)), FieldTest("task.status", "in", ("open",))]
            c.reading.facts.append("task")
            if not _names(c, "task"):
                c.reading.target = Target("task", "list")
        c.own(at)


def gone_by(c: Composer) -> None:
    """As in "open deals past their close date", "whose renewal date has passed": the day lies before today."""
    for at, item, _ in list(c.each(T.FIELD)):
        dates = c.dates_at(at)
        owner = at - 1 if c.has(at - 1, T.PRONOUN) else at
        long = c.has(at + 1, T.SMALLTALK) and c.items[at + 1].tag.text == "早"  # 早过了
        before = c.has(owner - 1, T.OP, "gt") and not c.sense(at + 1, T.NUMBER, T.DATE)
        k = at + 1 + long
        after = c.has(k, T.POST_OP, "gt") or (c.has(k, T.OP, "gt") and not c.sense(k + 1, T.NUMBER, T.DATE))
        if not dates or item.owned or before == after:
            continue
        dotted = c.nearest(dates, to=c.about)
        waits = c.mentions(T.STATE, "open") or (before and not c.mentions(T.STATE) and _names(c, FACT))
        if dotted == "deal.closed_on" and waits and c.vocabulary.holds("deal.closes_on"):
            dotted = "deal.closes_on"
        c.reading.fields.append(FieldTest(dotted, "lt", (c.today.isoformat(),), at=item.tag.start))
        if dotted == "deal.closes_on" and not c.mentions(T.STATE):
            c.reading.states.append(StateTest(("open",)))  # what has closed waits for no day
        c.own(*(range(owner - 1, at + 1) if before else range(at, k + 1)))


def inactivity(c: Composer) -> None:
    """No activity for 30 days, not contacted since March, gone quiet: no interaction in that time."""
    for at, item, _ in list(c.each(T.FIELD)):
        silent = item.tag.text.lower().startswith(_SILENCE) or item.tag.text.lower().endswith(_SILENCE)
        active = c.has(at - 1, T.ASK, "who") and bool(nouns_at(c, at + 1))  # "who hasn't contacted a customer"
        if silent and not active and any(f.endswith(".last_interaction_at") for f in c.fields_at(at)):
            _no_interaction(c, at)
    if "interaction" in c.reading.without:
        _no_interaction(c, -1)


def _no_interaction(c: Composer, at: int) -> None:
    """The time that the silence lasts: a period, or a number of days until today."""
    spans = [(k, s.value) for k, _, s in c.each(T.DATE)]
    lasting = [(k, s.value) for k, _, s in c.each(T.NUMBER) if s.value.unit in DAYS]
    if not (spans or lasting) and at >= 0 and _says_never(c.items[at].tag.text.lower()):
        c.reading.without.append("interaction")  # "no activity at all"
        c.own(at)
        return
    if spans:
        where, span = spans[0]
    elif lasting:
        where, number = lasting[0]
        since = c.today - timedelta(days=int(number.value * DAYS[str(number.unit)]))
        span = DateSpan(0, 0, since, c.today, "range", str(number.value), False, "in", False)
    elif at >= 0 and _has_gone(c, at):
        where, span = at, _lately(c, at)
    else:
        return
    if "interaction" not in c.reading.without:
        c.reading.without.append("interaction")
    is_over = span.until is not None and span.until < c.today  # "not contacted in Q1", and not since
    c.reading.periods.append(Period(span if is_over else replace(span, until=None), "interaction.happened_on"))
    c.own(where, *([at] if at >= 0 else []))
    for k in (where - 1,):
        if c.has(k, T.OP):
            c.own(k)  # "for more than 30 days"


def _has_gone(c: Composer, at: int) -> bool:
    """As in "gone quiet", "went cold", of what is not said to be lost: no reason for losing it."""
    first, *_, last = ("", *c.items[at].tag.text.lower().split(" "))[-2:] or ("", "")
    return first in ("gone", "went", "going") and last in _SILENCE and not c.mentions(T.STATE, "lost")


def _lately(c: Composer, at: int) -> DateSpan:
    """The last 30 days, which is told; of deals it is the open ones that matter."""
    told = prompts.load_yaml("planner")["en"]["silent_for"]
    c.reading.notes.append(prompts.fill(told, word=c.items[at].tag.text, days=str(_SOON)))
    if c.about[0] == FACT and not c.mentions(T.STATE) and _names(c, FACT):
        c.reading.states.append(StateTest(("open",)))
    since = c.today - timedelta(days=_SOON)
    return DateSpan(0, 0, since, c.today, "range", str(_SOON), True, "in", False)


def _says_never(text: str) -> bool:
    """As in "no activity at all", 没人跟过."""
    return text.split(" ")[0] in _NONE or (text.startswith("没人"))


def closing(c: Composer) -> None:
    """Deals that close this month: open, and expected to close then. In a period that is over they have closed."""
    if not c.vocabulary.holds("deal.closes_on"):
        return
    _nearing(c)
    for at, item, _ in list(c.each(T.STATE)):
        spans = [_to_come(c, item, s.value) for _, _, s in c.each(T.DATE)]
        if not _is_to_close(c, at, item) or not (spans or item.before & _words("soon")):
            continue
        if spans and not any(is_ahead(span, c.today) for span in spans):
            continue
        for (k, _, _), span in zip(list(c.each(T.DATE)), spans, strict=True):
            c.reading.periods.append(Period(span, "deal.closes_on"))
            c.own(k)
        if not spans:
            c.reading.periods.append(Period(_soon(c), "deal.closes_on"))
        c.reading.states.append(StateTest(("open",), at=item.tag.start))
        c.own(at)


def expected(c: Composer) -> None:
    """As in 下个月预计能签的单子: the open deals that are to close then, and not what they would bring."""
    if not c.vocabulary.holds("deal.closes_on"):
        return
    for at, _, sense in list(c.each(T.VERB_METRIC)):
        dates = [(k, coming(date.value, c.today)) for k, _, date in c.each(T.DATE)]
        of_deals = sense.value == "weighted_pipeline" and c.has(at + 1, T.ENTITY, "deal")
        if of_deals and len(dates) == 1 and is_ahead(dates[0][1], c.today) and not c.mentions(T.ASK, "how_much"):
            c.reading.periods.append(Period(dates[0][1], "deal.closes_on"))
            c.reading.states.append(StateTest(("open",)))
            c.own(at, dates[0][0])


def _to_come(c: Composer, item: Item, span: DateSpan) -> DateSpan:
    """As in "should close before Christmas", 月底前能签: the next one, where no year is said."""
    ahead = coming(span, c.today) if item.before & _words("coming") or span.relation == "before" else span
    return _from_today(c, item, ahead)


def _from_today(c: Composer, item: Item, span: DateSpan) -> DateSpan:
    """As in 月底前能签: what can still be signed, from today on."""
    open_ended = span.since is None and span.until is not None and span.until >= c.today
    return replace(span, since=c.today) if open_ended and not item.tag.text.isascii() else span


def _nearing(c: Composer) -> None:
    """Deals "expected to close in May", 预计关闭的: open ones, in the coming May; such as are "about to", soon."""
    fields = [(at, item) for at, item, _ in c.each(T.FIELD) if c.has(at, T.FIELD, "deal.closes_on")]
    near = [(at, item) for at, item in fields if any(word in item.tag.text.lower() for word in _words("nearing"))]
    others = any(s.type is T.ENTITY and s.value != "deal" for item in c.items for s in item.tag.senses[:1])
    if len(near) != 1 or c.mentions(T.STATE) or others:
        return
    at, item = near[0]
    dates = list(c.each(T.DATE))
    if not dates and any(word in item.tag.text.lower() for word in _words("soon")):
        c.reading.periods.append(Period(_soon(c), "deal.closes_on"))
    elif len(dates) == 1 and is_ahead(coming(dates[0][2].value, c.today), c.today):
        span = _from_today(c, item, coming(dates[0][2].value, c.today))
        c.reading.periods.append(Period(span, "deal.closes_on"))
        c.own(dates[0][0])
    else:
        return
    c.reading.states.append(StateTest(("open",), at=item.tag.start))
    c.own(at)


def _soon(c: Composer) -> DateSpan:
    """The next 30 days."""
    until = c.today + timedelta(days=_SOON)
    return DateSpan(0, 0, c.today, until, "range", f"{c.today} – {until}", True, "in", True)


def _is_to_close(c: Composer, at: int, item: Item) -> bool:
    """As in "closing", "will close", 要成交: by the word itself or by one before it."""
    if c.has(at, T.STATE, "closed"):
        return item.tag.text.lower() in _words("closing") or bool(item.before & _words("coming"))
    return c.has(at, T.STATE, "won") and bool(item.before & _words("coming")) and not item.tag.text.isascii()


def _words(kind: str) -> frozenset[str]:
    return frozenset(prompts.load_yaml("lexicon/small_words")[kind])


_AT_END = ("末", "底", "时", "当天", "那天")
_AT_START = ("start of", "beginning of")
_STILL = frozenset({"still", "now", "今", "现在", "仍", "还"})
_WERE = frozenset({"were", "was", "had", "did"})


def as_of(c: Composer) -> None:
    """As in "open as of 30 June", "at the end of Q3": started by then, and not closed by then."""
    opened, closed = "deal.started_on", "deal.closed_on"
    if c.mentions(T.STATE, "started") or not (c.vocabulary.holds(opened) and c.vocabulary.holds(closed)):
        return
    states = [at for at, item, _ in c.each(T.STATE) if _is_open(c, at, item)]
    counted = [at for at, _, _ in c.each(T.FIELD) if c.has(at, T.FIELD, "account.open_deal_count")]
    counted = counted if not c.mentions(T.ENTITY, "account") else []  # "the number of open deals on 1 October"
    for at, item, sense in list(c.each(T.DATE)):
        day = _moment(item, sense.value)
        if day is not None and day < c.today and c.mentions(T.METRIC, "pipeline", "weighted_pipeline"):
            c.reading.unclear = True  # what it was worth at that time is not kept
        if not (states or counted) or sense.value.until is None or sense.value.until >= c.today:
            continue
        if day is None:  # "how many were open in May": at some time in it, or started in it?
            c.reading.unclear |= bool(states) and any(i.before & _WERE for i in c.items[: at + 1])
            continue
        c.reading.fields.append(FieldTest(opened, "le", (day.isoformat(),)))
        c.reading.fields.append(FieldTest(closed, "le", (day.isoformat(),), negated=True))
        c.reading.facts.append(FACT)
        if counted and not states:
            c.reading.asks.append("count")
            c.reading.target = Target(FACT, "count")
        c.own(at, *states, *counted)


def _is_open(c: Composer, at: int, item: Item) -> bool:
    return c.has(at, T.STATE, "open") and not item.before & _STILL and not opens(c, at)


def _moment(item: Item, span: DateSpan) -> date | None:
    """The day that is meant by a day, or by the end or the start of a period; None for "since" and "in"."""
    text = item.tag.text.lower()
    if span.relation == "until":
        return span.until
    if span.relation != "in":
        return None
    if any(word in text for word in _AT_START):
        return span.since
    on = span.unit == "day" and (bool(item.preps & {"on", "at"}) or text.startswith(("on ", "at ")))
    return span.until if on or "end" in text.split(" ") or text.endswith(_AT_END) else None


_IN_A_TIME = frozenset({"in", "during", "over", "for"})


def of_the_year(c: Composer) -> None:
    """As in "the biggest wins of the year", "won in the year": the one that today is in."""
    for at, item, sense in list(c.each(T.UNIT)):
        over = "the" in item.before and c.has(at - 1, T.OP) and c.items[at - 1].tag.text.lower() == "over"
        inside = "the" in item.before and not item.before.isdisjoint(_IN_A_TIME) and sense.value in ("quarter", "year")
        of = {"of", "the"} <= item.before or inside
        if (of or over) and not c.mentions(T.DATE):
            c.own(*([at - 1] if over else []))
            span = find_dates(tokenize(f"this {sense.value}"), c.today)[0]
            c.reading.periods.append(Period(span, step=WHOLE if item.before & {"whole", "full", "entire"} else None))
            c.own(at)


def _names(c: Composer, entity: str) -> bool:
    return any(s.type is T.ENTITY and s.value == entity for item in c.items for s in item.tag.senses)


_AUXILIARIES = frozenset({"did", "do", "does", "is", "was", "were", "are", "will", "has", "have", "had", "and"})


def when_it_ends(c: Composer) -> None:
    """As in "the average deal size when we win": which deals the mean is of; the day is not asked for."""
    metrics = [c.vocabulary.schema.metrics[m.metric] for m in c.reading.measures if m.metric]
    means = c.mentions(T.AGG, "avg", "median") or any(m.fn in ("avg", "median") for m in c.reading.measures)
    means = means or (bool(metrics) and not any(metric.additive for metric in metrics))
    if not means or (c.has(0, T.FOLLOW) and c.has(1, T.ASK, "when")):
        return
    for at, item, _ in list(c.each(T.ASK)):
        actor, verb = c.item(at + 1), next((other for other in c.items[at + 2 :] if not other.is_soft), None)
        if not c.has(at, T.ASK, "when") or at == 0 or actor is None or verb is None:
            continue
        joined = item.after_break or (item.before | actor.before) & _AUXILIARIES or c.items[at - 1].tag.get(T.AND)
        if not joined and actor.tag.get(T.MINE, T.PRONOUN, T.RECORD) and verb.tag.type is T.STATE:
            c.own(at)
