"""Several conditions on one party: "bought X but never Y", "both in Q1 and in Q4", "a win in every quarter".

Each clause is composed by itself and tests the party's deals by itself: a company that bought X and never Y is no
company with a deal of X that is not of Y.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from copilot.offline.compose.composer import Composer, entity_of
from copilot.offline.compose.reading import Clause, Period, Reading, RecordTest, StateTest
from copilot.offline.dates import DateSpan
from copilot.offline.dates.calendar import step
from copilot.offline.dates.steps import year_to
from copilot.offline.tags import SILENT, Sense, T, Tag
from copilot.offline.where import are_apart

Compose = Callable[[Sequence[Tag]], Reading]
_CONTRASTS = ("but", "yet", "但", "但是", "却", "可是", "不过", "而")
_BUT_NOT = ("but not", "yet not", "but n't")
_NOT_DONE = ("没", "未")
_DENIES = ("not", "never", "none")
MAX_CLAUSES = 12
PARTIES = ("account", "user", "contact")


def compose_clauses(tags: Sequence[Tag], compose: Compose) -> Reading | None:
    """The reading of a question in clauses; None where it is none."""
    parts = _parts(tags)
    if not 1 < len(parts) <= MAX_CLAUSES:
        return None
    denied = [any(_denies(tag) for tag in part) for part in parts]
    readings = [compose([tag for tag in part if not _denies(tag) and not _stresses(tag)]) for part in parts]
    asking = next((r for r in readings if _asks_party(r)), None)
    if asking is None or not _is_about_deals(readings[0]) or not all(map(_tests_deals, readings[1:])):
        return None
    measured = {m.metric for r in readings for m in r.measures}
    if measured - {"bookings", "deals_won"} or any(r.sup or r.groups or "how_much" in r.asks for r in readings):
        return None
    out = Reading(target=asking.target, asks=list(asking.asks))
    for part, is_denied, reading in zip(parts, denied, readings, strict=True):
        out.loose += reading.loose
        out.not_held += reading.not_held
        out.notes += reading.notes
        out.unclear |= reading.unclear or bool(reading.also or (reading.without and not is_denied))
        out.unclear |= is_denied and bool(reading.meant or reading.having)
        out.unclear |= _has_no_time_of_its_own(part, reading, readings[0])
        out.also.append(Clause(is_denied, _of_deals(reading, readings[0])))
    return out


def trivial(c: Composer) -> None:
    """As in "per rep, only those with at least one": a group without any is not there anyway."""
    r = c.reading
    counted = r.target is not None and r.target.ask == "count"
    if (r.groups or r.measures) and not counted:
        r.having = [h for h in r.having if not (h.subject is None and (h.op, h.value) in (("ge", 1), ("gt", 0)))]


def each_of(c: Composer) -> None:
    """As in "both X and Y", "in every quarter of 2017", asked of a party: one clause for each."""
    reading = c.reading
    bought = {m.metric for m in reading.measures} <= {"bookings", "deals_won"} and "how_much" not in reading.asks
    if not _asks_party(reading) or not bought or reading.sup:
        return
    both = [at for at, _, _ in c.each(T.COMPARATIVE) if c.has(at, T.COMPARATIVE, "both")]
    kinds = [r for r in reading.records if not r.negated and r.entity == "product"]
    own = [t for t in reading.fields if t.entity == "deal" and t.op == "in" and len(t.values) == 2 and not t.negated]
    bucket = reading.groups[-1].bucket if reading.groups else None
    every = any(item.owned and _says_every(item.tag) for item in c.items)
    counted = _all_of(c)
    if counted is not None and not bucket:
        bucket, every = counted, True
    if bucket and every and len(reading.periods) < 2 and (reading.states or reading.measures):
        period = reading.periods[0] if reading.periods else Period(year_to(c.today))
        spans = list(_steps(replace(period.span, until=period.span.until or c.today), bucket))
        if 1 < len(spans) <= MAX_CLAUSES:
            reading.groups, reading.having = [], []
            _spread(reading, [{"periods": [replace(period, span=span)]} for span in spans])
    elif len(reading.periods) == 2 and are_apart(reading.periods) and (both or _joined(c, reading)):
        _spread(reading, [{"periods": [period]} for period in reading.periods])
        c.own(*both)
    elif len(reading.states) == 1 and len(reading.states[0].kinds) == 2 and len(kinds) < 2 and (both or _and_ends(c)):
        _spread(reading, [{"states": [StateTest((kind,))]} for kind in reading.states[0].kinds])
        c.own(*both)
    elif both and len(own) == 1 and not kinds:
        rest_of = [t for t in reading.fields if t is not own[0]]
        _spread(reading, [{"fields": [*rest_of, replace(own[0], values=(one,))]} for one in own[0].values])
        c.own(*both)
    elif len(kinds) == 2 and (both or _and_between(c, kinds)):
        both += [at for at, _, _ in c.each(T.FOLLOW) if c.has(at, T.FOLLOW, "add")]  # 既…又
        rest = [r for r in reading.records if r not in kinds]
        _spread(reading, [{"records": [*rest, kind]} for kind in kinds])
        c.own(*both)


def _and_ends(c: Composer) -> bool:
    """As in "accounts that have won and lost deals": of either kind."""
    return any(item.owned and item.tag.type is T.STATE and "and" in item.tag.text.lower().split() for item in c.items)


def _joined(c: Composer, reading: Reading) -> bool:
    """As in "customers who bought in Q1 and in Q4": only "and" between the periods, and nothing measured."""
    first, last = sorted(reading.periods, key=lambda p: p.span.start)
    between = [i for i in c.items if first.span.end <= i.tag.start < last.span.start]
    named = any(item.tag.type is T.METRIC or item.tag.get(T.VERSUS) for item in c.items)
    return bool(between) and all(i.tag.get(T.AND) for i in between) and not named and not reading.side_by_side


def _and_between(c: Composer, tests: Sequence[RecordTest]) -> bool:
    """As in "accounts that bought X and Y", "X as well as Y": nothing but "and" between the two."""
    first, last = sorted(tests, key=lambda t: t.at)
    between = [item.tag for item in c.items if first.at < item.tag.start < last.at]
    plain = not any(item.tag.type is T.METRIC for item in c.items)
    return plain and len(between) == 1 and between[0].get(T.AND, T.FOLLOW) is not None and not between[0].get(T.OR)


_PER_YEAR = {"quarter": 4, "month": 12, "half": 2}


def _all_of(c: Composer) -> str | None:
    """As in "in all four quarters", 四个季度都: the unit of which the year has that many."""
    for at, _, sense in list(c.each(T.NUMBER)):
        both = c.has(at + 1, T.COMPARATIVE, "both")
        whole = both or c.has(at - 1, T.AGG, "sum") or "all" in c.items[at].before
        owned = c.item(at - 1)
        whole = whole or (owned is not None and owned.tag.text.lower() in ("all", "in all"))
        if whole and sense.value.value == _PER_YEAR.get(str(sense.value.unit)):
            c.own(at, *([at + 1] if both else []))
            return str(sense.value.unit)
    return None


def _says_every(tag: Tag) -> bool:
    """As in "in every quarter", 每个季度, and not "by quarter"."""
    text = tag.text.lower()
    return text.startswith(("every", "each", "in every", "in each", "all")) or "每" in text


def _steps(span: DateSpan, bucket: str) -> Iterator[DateSpan]:
    """The months, quarters … of a span that has both ends."""
    since, until = span.since, span.until
    if since is None or until is None or bucket not in ("week", "month", "quarter", "year"):
        return
    while since <= until:
        after = step(since, 1, bucket)  # type: ignore[arg-type]
        yield replace(span, since=since, until=after - timedelta(days=1))
        since = after


def _spread(reading: Reading, ones: Sequence[dict[str, list[Any]]]) -> None:
    """One clause for each; what is of the party itself stays with the question."""
    also = []
    for one in ones:
        clause = replace(reading.copy(), target=None, asks=[], facts=[], pronouns=[], having=[], follow=None)
        for name, tests in one.items():
            setattr(clause, name, tests)
        clause.states, clause.measures = clause.states or [StateTest(("won",))], []
        clause.fields = [t for t in clause.fields if t.entity not in PARTIES]
        clause.unclear = clause.side_by_side = clause.thing = False
        also.append(Clause(False, clause))
    reading.also, reading.unclear, reading.side_by_side = also, False, False
    reading.records, reading.states, reading.periods = [], [], []
    reading.fields = [t for t in reading.fields if t.entity in PARTIES]
    reading.started, reading.mine, reading.measures = False, None, []


def _parts(tags: Sequence[Tag]) -> list[list[Tag]]:
    """The clauses: parted by "but", by "and never", "and no", and by "and" before a further verb."""
    out: list[list[Tag]] = [[]]
    for at, tag in enumerate(tags):
        after = tags[at + 1] if at + 1 < len(tags) else None
        if tag.text.lower() == "yet" and any(map(_denies, out[-1])):
            continue  # "has not won yet"
        if tag.text.lower().split(" ")[0] in _CONTRASTS and tag.type is not T.NEG and out[-1]:
            out.append([])
        elif tag.text[-1:] in _NOT_DONE and tag.type is T.NEG and _tells_done(out[-1]):
            out.append([out[-1].pop(), tag] if _is_dated_anew(out[-1]) else [tag])  # 买过X没买过Y, 去年签过|今年没签
            continue
        elif tag.text.lower().split(" ")[0] in _CONTRASTS and out[-1]:
            out.append([tag])
            continue
        elif after is not None and _joins(tag) and _begins_clause(out[-1], after):
            out.append([])
            continue
        elif after is None and any(map(_stresses, out[-1])):
            pass  # 一个在跟的都没有
        elif _denies(tag) and not tag.text.isascii() and _begins_clause(out[-1], after or tag):
            out.append([])  # 买过X没买过Y
        out[-1].append(tag)
    return [part for part in out if part]


def _joins(tag: Tag) -> bool:
    return tag.get(T.AND) is not None or (tag.type is T.FOLLOW and tag.senses[0].value == "add") or tag.text in ",，"


def _begins_clause(so_far: Sequence[Tag], after: Tag) -> bool:
    """Whether a further condition begins with `after`: what came before has its verb, and does not end with it."""
    told = any(_tells_deals(tag) for tag in so_far)
    last = next((tag for tag in reversed(so_far) if tag.type not in SILENT), None)
    ends = last is not None and _tells_deals(last) and last.type is T.STATE and after.type is T.STATE
    return told and not ends and (_denies(after) or (_tells_deals(after) and after.type is not T.METRIC))


def _tells_deals(tag: Tag) -> bool:
    """Whether the words say what was done with deals: a verb, a state, wins."""
    return (
        tag.type is T.STATE
        or tag.get(T.VERB_METRIC) is not None
        or _DEALS & {s.value for s in tag.all(T.METRIC)} != set()
    )


_DEALS = frozenset({"deals_won", "deals_lost"})


def _tells_done(tags: Sequence[Tag]) -> bool:
    """As in 买过X: a verb of the past and what it was done with, and no noun yet that it is said of."""
    verb = any(tag.text.endswith(("过", "了")) and tag.get(T.VERB_METRIC, T.STATE) for tag in tags)
    return verb and tags[-1].type in (T.RECORD, T.VALUE, T.DATE, T.PUNCT)


def _is_dated_anew(tags: Sequence[Tag]) -> bool:
    """As in 去年签过|今年: a time of its own behind a verb that has one."""
    *before, last = tags
    done = before[-1:] and before[-1].text.endswith(("过", "了")) and before[-1].get(T.VERB_METRIC, T.STATE)
    return last.type is T.DATE and bool(done) and any(tag.type is T.DATE for tag in before)


def _denies(tag: Tag) -> bool:
    if tag.type is T.NUMBER:
        return bool(tag.senses[0].value.value == 0 and not tag.senses[0].value.is_money)
    denial = tag.get(T.NEG)
    said = denial is not None and (tag.type is T.NEG or tag.text.lower() == "no")
    return said and (denial.value in _DENIES or tag.text.lower() in _BUT_NOT)  # type: ignore[union-attr]


def _stresses(tag: Tag) -> bool:
    """As in 一个都没有, "not a single one", 既…又…: they only stress what stands beside them."""
    return (tag.type is T.NUMBER and tag.text == "一") or tag.get(T.COMPARATIVE) == Sense(T.COMPARATIVE, "both")


def _asks_party(reading: Reading) -> bool:
    target = reading.target
    return target is not None and "." not in target.dotted and entity_of(target.dotted) in PARTIES


def _is_about_deals(reading: Reading) -> bool:
    metrics = {m.metric for m in reading.measures}
    products = any(r.entity in ("product", "stage") for r in reading.records)
    return bool(reading.states or products or metrics & {"bookings", "deals_won"} or "deal" in reading.facts)


def _has_no_time_of_its_own(part: Sequence[Tag], reading: Reading, first: Reading) -> bool:
    """As in "lost deals in December and won none": in that time, or ever? "Never" says it."""
    none = any(_denies(tag) and tag.senses[0].value == "none" for tag in part)
    if reading.states and all(state.kinds == ("open",) for state in reading.states):
        return False  # what is open is open now
    return none and bool(first.periods) and not reading.periods


def _tests_deals(reading: Reading) -> bool:
    """Whether a further clause says anything that a deal can be tested for: "but not in Q2"."""
    tests = reading.periods or reading.records or any(t.entity not in PARTIES for t in reading.fields)
    return _is_about_deals(reading) or (bool(tests or reading.having) and reading.target is None)


def _of_deals(reading: Reading, first: Reading) -> Reading:
    """The tests of one clause. What a first clause says was bought, later ones need not say again."""
    out = reading.copy()
    bought = any(m.metric in ("bookings", "deals_won") for r in (out, first) for m in r.measures)
    if not out.states and (bought or first.states or any(r.entity == "product" for r in out.records)):
        out.states = list(first.states) or [StateTest(("won",))]
    if reading.periods and not (reading.states or reading.measures or reading.records or reading.fields):
        out.records, out.fields = list(first.records), list(first.fields)  # "bought X in Q2 but not in Q3"
    if any(p.kind == "same" for p in out.pronouns):
        out.periods = out.periods or list(first.periods)
    out.target, out.asks, out.measures, out.facts, out.pronouns, out.columns = None, [], [], [], [], []
    out.follow, out.side_by_side, out.thing = None, False, False
    return out
