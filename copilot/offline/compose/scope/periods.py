"""Dates, and the date field that each is said of."""

from dataclasses import replace
from datetime import timedelta

from copilot.offline.compose.composer import Composer
from copilot.offline.compose.items import Item
from copilot.offline.compose.reading import Doubt, FieldTest, Period
from copilot.offline.dates import DateSpan, find_dates
from copilot.offline.dates.calendar import add_months
from copilot.offline.dates.steps import take_step
from copilot.offline.tags import T
from copilot.offline.tokens import tokenize
from crm_core.models import Kind, Role

_OF_TIME = frozenset(
    {"in", "during", "since", "until", "till", "by", "through", "before", "after", "from", "to", "of", "在"}
)


def periods(c: Composer) -> None:
    """Dates, with the date field beside them if one stands there."""
    for at, item, sense in c.each(T.DATE):
        span = sense.value
        dotted = _field_beside(c, at, span)
        if item.owned:
            continue
        if span.until == c.today == span.since and item.preps & {"到", "to", "until", "till"} and c.reading.fields:
            c.own(at)  # "open for over 90 days up to today"
            continue
        if dotted is None and span.since is None and span.until == c.today and item.tag.get(T.FILLER):
            c.own(at)  # "what have we won by now": what is open has no day of its end
            continue
        if _is_left_out(c, at, item):
            c.reading.periods.append(Period(span, dotted, _state_role(c, at), negated=True))
            c.own(at - 1, at)
            continue
        if _is_left_out_behind(c, at):
            c.reading.periods.append(Period(span, dotted, _state_role(c, at), negated=True))
            c.own(at, at + 1)
            continue
        dotted = dotted or _of_the_last(c, at)
        role = _state_role(c, at)
        if c.has(at - 1, T.OP) and c.items[at - 1].tag.text.lower() in ("over", "within"):
            c.own(at - 1)  # "over the last three months"
        if (c.mentions(T.CHANGE) or c.mentions(T.VERSUS)) and span.relation == "between" and not c.mentions(T.STEP):
            for part in _two_ends(c, item.tag.text):
                c.reading.periods.append(Period(part, dotted, role))
        else:
            step = c.sense(at, T.STEP)
            c.reading.periods.append(Period(span, dotted, role, step=str(step.value) if step else None))
        c.own(at)
    _told_twice(c)
    _of_one_year(c)
    _beside_each_other(c)


def _told_twice(c: Composer) -> None:
    """As in "in the second half of the year, July to December": one period, told twice."""
    told: dict[object, Period] = {}
    for period in c.reading.periods:
        told.setdefault((period.span.since, period.span.until, period.dotted, period.negated, period.step), period)
    c.reading.periods = list(told.values())


def _of_one_year(c: Composer) -> None:
    """As in "January and February bookings this year": the year is that of the months, and no period of its own."""
    years = [p for p in c.reading.periods if p.span.unit == "year" and p.span.relation == "in" and not p.negated]
    out = [p for p in c.reading.periods if p.negated and p.span.year_assumed]
    if out and len(years) == 1 and len(out) + 1 == len(c.reading.periods) and years[0].span.since is not None:
        c.reading.periods = [years[0], *(in_year(p, years[0].span.since.year) for p in out)]  # 10月的不算，去年…
        return
    parts = [p for p in c.reading.periods if p.span.year_assumed and p.span.relation == "in"]
    if len(years) != 1 or len(parts) + 1 != len(c.reading.periods) or not parts or years[0].span.since is None:
        return
    if all((p.dotted, p.role) == (years[0].dotted, years[0].role) for p in parts):
        c.reading.periods = [in_year(p, years[0].span.since.year) for p in parts]


def in_year(period: Period, year: int) -> Period:
    """The period moved into that year, where nothing said which one it is of."""
    since, until = period.span.since, period.span.until
    if not period.span.year_assumed or since is None or until is None or period.span.relation != "in":
        return period
    months = 12 * (year - since.year)
    last = add_months(until + timedelta(days=1), months) - timedelta(days=1)
    return replace(period, span=replace(period.span, since=add_months(since, months), until=last, year_assumed=False))


def _field_beside(c: Composer, at: int, span: DateSpan) -> str | None:
    """The date field that stands beside a date; a field of years is tested at once."""
    if c.has(at - 1, T.FIELD, "task.due_on") and (named := c.dates_at(at - 2)) and not c.items[at - 1].after_break:
        c.own(at - 1, at - 2)  # "renewals due next month"
        return c.nearest(named, to=c.about)
    for k in (at - 1, at + 1):
        fields = c.dates_at(k)
        years = c.fields_at(k, lambda f: f.kind is Kind.YEAR)
        if years:
            _year_test(c, span, years)
            c.own(at, k)
            return None
        ahead = k > at and c.sense(k + 1, T.DATE) is not None  # "begun in Q1, closed in Q2": of the next one
        if fields and not c.items[at].after_break and not ahead:
            c.own(k)
            return c.nearest(fields, to=c.about)
    return None


def _of_the_last(c: Composer, at: int) -> str | None:
    """As in "closed in Q2 or Q3": the field of the date before."""
    joined = _is_date(c, at - 2) and c.items[at - 1].tag.get(T.AND, T.OR)
    return c.reading.periods[-1].dotted if joined and c.reading.periods else None


def _is_date(c: Composer, at: int) -> bool:
    item = c.item(at)
    return item is not None and item.tag.get(T.DATE) is not None


def _beside_each_other(c: Composer) -> None:
    """As in "Q2 and the previous quarter": the one before that, and not before today."""
    plain = [p for p in c.reading.periods if p.step is None]
    if len(plain) != 1:
        return
    for i, period in enumerate(c.reading.periods):
        if period.step and period.span.unit in (plain[0].span.unit, "range"):
            span = take_step(plain[0].span, period.step)
            c.reading.periods[i] = replace(period, span=span or period.span, step=None)
            c.reading.change = "any" if c.mentions(T.VERSUS) else None


def months_or_names(c: Composer) -> None:
    """As in "and Mar?": nothing says whether the month is meant or somebody whose name begins so."""
    for at, item, sense in list(c.each(T.DATE)):
        names = item.tag.get(T.RECORD)
        dated = any(c.has(k, T.DATE) or c.has(k, T.NUMBER) for k in (at - 1, at + 1))
        if names is not None and not dated and not item.before & _OF_TIME:
            labels = tuple(name.label for name in names.value)
            c.reading.doubts.append(Doubt(item.tag.text, (), (*labels, sense.value.text)))
            c.own(at)


def _is_left_out(c: Composer, at: int, item: Item) -> bool:
    """As in "outside Q4", "not in Q4"."""
    if c.has(at - 1, T.NEG, "exclude") and not item.after_break and not _is_rest(c, at - 1):
        return True
    alone = sum(i.tag.type is T.DATE for i in c.items) == 1  # "in Q4 but not in Q3" is two conditions
    return alone and c.has(at - 1, T.NEG, "not") and bool(item.preps & {"in", "during", "on"})


def _is_left_out_behind(c: Composer, at: int) -> bool:
    """As in 10月的不算: what is left out stands before the word, and nothing behind it in its clause."""
    after = c.item(at + 2)
    ends = after is None or after.after_break or c.items[at + 1].tag.text.removesuffix("的") in ("以外", "之外", "除外")
    return c.has(at + 1, T.NEG, "exclude") and not c.items[at + 1].tag.text.isascii() and ends


def _is_rest(c: Composer, at: int) -> bool:
    """As in "the rest of Q4", "another week": no exception."""
    text = c.items[at].tag.text.lower()
    return any(" ".join(words) in text for words in c.vocabulary.lexicon.frames["rest"])


def _two_ends(c: Composer, text: str) -> list[DateSpan]:
    """The two periods of "from Q3 to Q4", each on its own."""
    found: list[DateSpan] = []
    tokens = tokenize(text)
    spans = [s for s in find_dates(tokens, c.today) if s.relation == "in"]
    for span in spans:
        if all(span.start >= other.end or span.end <= other.start for other in found):
            found.append(span)
    return found


def _year_test(c: Composer, span: DateSpan, years: list[str]) -> None:
    since, until = span.since, span.until
    dotted = c.nearest(years, to=c.about)
    if since is not None:
        c.reading.fields.append(FieldTest(dotted, "ge", (since.year,)))
    if until is not None:
        c.reading.fields.append(FieldTest(dotted, "le", (until.year,)))


def _state_role(c: Composer, at: int) -> str | None:
    """The state word nearest to a date decides which date of the deal is meant."""
    best: tuple[int, str] | None = None
    for k, item in enumerate(c.items):
        sense, stage = item.tag.get(T.STATE), item.tag.get(T.RECORD)
        metric = item.get(T.METRIC)
        if metric is not None and metric.value in ("deals_won", "deals_lost"):
            stood = "closed"
        elif stage is not None and stage.value[0].entity == "stage":
            stood = c.vocabulary.stages.get(stage.value[0].label, "")  # "walked away in May"
        elif sense is None or item.tag.type is not T.STATE:
            continue
        else:
            stood = sense.value
        role = {"won": Role.CLOSED, "lost": Role.CLOSED, "closed": Role.CLOSED, "started": Role.OPENED}.get(stood)
        if role and (best is None or abs(k - at) < best[0]):
            best = (abs(k - at), role)
    return best[1] if best else None
