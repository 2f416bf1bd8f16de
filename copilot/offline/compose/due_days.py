"""Rules for days: what should have closed by now, a company's own days, and where we stand against last year."""

from dataclasses import replace

from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.reading import FieldTest, MeasureNode, Period, StateTest, Target
from copilot.offline.dates import DateSpan
from copilot.offline.dates.steps import coming, year_to
from copilot.offline.tags import T
from copilot.offline.writing.words import small


def should_have_closed(c: Composer) -> None:
    """As in "what should have closed by now and hasn't", 早该关了还没关: still open after the day it was due."""
    if not c.vocabulary.holds("deal.closes_on"):
        return
    for at, item, _ in list(c.each(T.STATE, T.FIELD)):
        due = [k for k in (at - 1, at - 2) if c.item(k) and c.items[k].tag.text.lower() in small("due_by_now")]
        said = c.has(at, T.STATE, "closed", "won") and (due or item.before & small("due_by_now"))
        meant = item.tag.text.lower().split(" ")[0] in small("due_by_now") and "deal.closes_on" in c.fields_at(at)
        if not (said or meant):
            continue
        failed = next((k for k in range(at + 1, len(c.items)) if _failed(c, k)), None)
        by_now = c.sense(at + 1, T.DATE)
        if failed is None and (by_now is None or by_now.value.until != c.today):
            return
        ends = len(c.items) if failed is None else failed  # "open deals that should have closed by now"
        dates = [k for k, _, _ in c.each(T.DATE) if at < k < ends]
        for k in dates:
            span = c.items[k].get(T.DATE).value  # type: ignore[union-attr]
            if span.since is not None or span.until != c.today:
                c.reading.periods.append(Period(span, "deal.closes_on"))
        c.reading.fields.append(FieldTest("deal.closes_on", "lt", (c.today.isoformat(),), at=item.tag.start))
        c.reading.states.append(StateTest(("open",), at=item.tag.start))
        joins = [k for k in range(at + 1, failed or at) if c.sense(k, T.FOLLOW, T.AND) is not None]
        c.own(at, *due, *dates, *joins, *([] if failed is None else [failed]))
        if not c.mentions(T.ENTITY) and c.mentions(T.ASK, "what", "which"):
            c.reading.target = Target(FACT, "list")
        return


def what_should_close(c: Composer) -> None:
    """As in "what should close this month": the deals."""
    r = c.reading
    free = not (r.target or r.measures or r.columns or r.groups or r.sup or r.facts)
    due = any(p.dotted == "deal.closes_on" for p in r.periods) and [s.kinds for s in r.states] == [("open",)]
    if free and due and set(r.asks) & {"what", "which"}:
        r.target = Target(FACT, "list")


def _failed(c: Composer, at: int) -> bool:
    """As in "… and hasn't", 还没关: at the end, and of nothing else."""
    last = at == len(c.items) - 1
    return last and (c.has(at, T.NEG, "not") or (c.has(at, T.STATE, "open") and not c.items[at].tag.text.isascii()))


def ahead_of_then(c: Composer) -> None:
    """As in "are we ahead of where we were this time last year", 比去年同期多还是少: what was booked, both times."""
    gap = next((at for at, _, _ in c.each(T.GAP) if c.has(at, T.GAP, "ahead")), None)
    then = [at for at, _, _ in c.each(T.STEP) if c.has(at, T.STEP, "year_ago")]
    then = then or _last_year_ahead(c, gap)
    either = [at for at, _, _ in c.each(T.COMPARATIVE) if c.sense(at - 1, T.OR) or c.sense(at + 1, T.OR)]
    asked = gap is not None or len(either) == 2 or any(c.items[at].tag.get(T.DATE) for at in then)
    if len(then) != 1 or not asked or c.mentions(T.RECORD) or c.mentions(T.ENTITY) or c.mentions(T.SUP, "max_rank"):
        return
    measured = c.mentions(T.METRIC) or c.mentions(T.FIELD) or _names_measure(c)
    if not measured:
        c.reading.measures.append(MeasureNode(metric="bookings"))
    if all(at in then for at, _, _ in c.each(T.DATE)):
        c.reading.periods.append(Period(year_to(c.today)))
    c.reading.step, c.reading.change = "year_ago", "any"
    c.reading.ours = c.reading.ours or c.mentions(T.MINE, "ours")
    wheres = [k for k, _, _ in c.each(T.ASK) if c.has(k, T.ASK, "where")]
    ors = [k for k, _, _ in c.each(T.OR) if k - 1 in either or k + 1 in either]
    versus = [k for k, _, _ in c.each(T.VERSUS)]
    c.own(*then, *wheres, *ors, *either, *versus, *([gap] if gap is not None else []))


def _names_measure(c: Composer) -> bool:
    return any(s.value for item in c.items for s in item.all(T.VERB_METRIC)) or c.mentions(T.STATE, "lost", "open")


def _last_year_ahead(c: Composer, gap: int | None) -> list[int]:
    """As in "are we ahead of last year", "behind last year": the same time of it; [] where none is said so."""
    if gap is not None:
        dates = [gap + 1] if c.sense(gap + 1, T.DATE) is not None else []
    else:
        dates = [at for at, item, _ in c.each(T.DATE) if item.tag.text.lower().startswith("ahead of ")]
    ours = any(c.has(at - 1, T.MINE) or c.has(at - 2, T.MINE) for at in dates)
    return [at for at in dates if ours and c.items[at].tag.text.lower().endswith("last year")]


def own_day_apart(c: Composer) -> None:
    """As in 明年1月有哪些合同要续约: the only day is that of the company's own date, wherever it stands."""
    days = [at for at, item, _ in c.each(T.FIELD) if not item.is_soft and c.dates_at(at)]
    days = days if all(_own_dates(c, at) for at in days) else []  # "with a renewal date, created in March"
    dates = [at for at, _, _ in c.each(T.DATE)]
    told = c.mentions(T.STATE) or c.mentions(T.METRIC) or c.mentions(T.VERB_METRIC) or c.mentions(T.SUP)
    if len(days) != 1 or len(dates) != 1 or told or abs(days[0] - dates[0]) < 2 or c.mentions(T.ASK, "when"):
        return
    span = c.items[dates[0]].get(T.DATE).value  # type: ignore[union-attr]
    dotted = c.nearest(_own_dates(c, days[0]), to=c.about)
    c.reading.periods.append(Period(_to_come(c, days[0], span), dotted))
    c.own(days[0], dates[0])


def _own_dates(c: Composer, at: int) -> list[str]:
    return c.fields_at(at, lambda f: f.is_custom and f.is_date)


def _to_come(c: Composer, at: int, span: DateSpan) -> DateSpan:
    return coming(span, c.today) if c.items[at].tag.text.lower() in small("recurring") else span


def renewals_to_come(c: Composer) -> None:
    """As in "which contracts renew in January": the next one, where no year is said."""
    if not any(item.owned and item.tag.text.lower() in small("recurring") for item in c.items):
        return
    for i, period in enumerate(c.reading.periods):
        if period.dotted and c.vocabulary.field(period.dotted).is_custom:
            c.reading.periods[i] = replace(period, span=coming(period.span, c.today))
