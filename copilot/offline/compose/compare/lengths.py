"""Bounds on lengths of time: age of what is open, length of what is closed, years since."""

from copilot.offline.compose.bounds import Bound
from copilot.offline.compose.compare.subjects import names_party
from copilot.offline.compose.composer import Composer
from copilot.offline.compose.reading import FieldTest, HavingNode, MeasureNode, StateTest, Target
from copilot.offline.tags import Sense, T
from crm_core.models import Kind, Role

DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}

AGO = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}  # the longer ago, the smaller the year


def lengths(c: Composer) -> None:
    """As in "days between the start date and the close date": how long it took."""
    for at, _, _ in list(c.each(T.OP)):
        if not c.has(at, T.OP, "between") or not c.has(at + 2, T.AND):
            continue
        roles = {c.vocabulary.field(d).role for k in (at + 1, at + 3) for d in c.dates_at(k) if d.startswith("deal.")}
        if {Role.OPENED, Role.CLOSED} <= roles:
            asked = [k for k in (at - 1, at - 2) if c.has(k, T.UNIT, "day") or c.has(k, T.ASK, "count", "how_many")]
            fn = next((str(s.value) for k in range(at) if (s := c.sense(k, T.AGG)) is not None), "avg")
            aggregates = [k for k in range(at) if c.sense(k, T.AGG)]
            c.reading.measures.append(MeasureNode(fn=fn, dotted="deal.duration_days"))
            c.own(*range(at, at + 4), *asked, *aggregates)


def since_start(c: Composer) -> None:
    """As in "lost within 20 days after engaging": from where such a length is counted anyway."""
    for at, item in enumerate(c.items):
        timed = c.item(at - 1)
        verb = c.item(at + 1)
        if item.owned or item.tag.text.lower() not in _AFTER or timed is None or verb is None:
            continue
        lasts = timed.owned and timed.tag.get(T.NUMBER) is not None and timed.tag.senses[0].value.unit in DAYS
        gerund = verb.tag.type is T.RECORD and verb.tag.text.islower() and verb.tag.text.endswith("ing")
        if lasts and (c.has(at + 1, T.STATE, "started") or gerund):
            c.own(at, at + 1)


_AFTER = frozenset({"after", "from", "since"})


def duration(c: Composer, bound: Bound, unit: int) -> None:
    """As in "for more than 90 days", "older than a year": age of what is open, length of what is closed."""
    if _since_year(c, bound, unit) or _lasts_on_average(c, bound, unit):
        return
    ended = ("won", "lost", "closed")
    closed = any(c.has(k, T.STATE, *ended) and not c.has(k - 1, T.NEG) for k in range(len(c.items)))
    closed = closed or c.mentions(T.METRIC, "deals_won", "deals_lost")
    entity = next((e for e in c.about if f"{e}.age_days" in _derived(c)), "deal")
    name, used = "duration_days" if closed and entity == "deal" else "age_days", list(bound.used)
    for k in (bound.left, bound.right):
        fields = c.numeric_at(k)
        metric = c.sense(k, T.METRIC)
        if metric is not None and c.vocabulary.schema.metrics[metric.value].unit == "days":
            entity, name, used = "deal", "duration_days", [*used, k]  # "a sales cycle under two weeks"
            c.reading.states += [] if closed else [StateTest(("won",))]
            break
        if "account.open_deal_count" in c.fields_at(k):
            _of_open(c, k)
            used = [*used, k]
            break
        if fields and c.vocabulary.field(fields[0]).unit == "days":
            entity, name = fields[0].split(".")
            used = [*used, k]
            break
    if (entity, name) == ("deal", "age_days") and _of_another_field(c, bound):
        return
    if (entity, name) == ("deal", "age_days") and _in_stage(c, bound):
        name = "days_in_stage"
    if any(_says_open(c, word) for k in used for word in c.items[k].tag.text.lower().split(" ")):
        c.reading.states.append(StateTest(("open",)))  # "been open for"
    values = tuple(int(value * unit) for value in (bound.value, bound.upper) if value is not None)
    c.reading.fields.append(FieldTest(f"{entity}.{name}", bound.op, values, at=c.items[min(used)].tag.start))
    if name == "age_days" and entity == "deal":
        c.reading.started = True
    c.own(*used)


def _in_stage(c: Composer, bound: Bound) -> bool:
    """As in "stuck in Proposal for over 30 days": how long it has been there, where the store knows."""
    stage = c.item(bound.left)
    named = stage is not None and any(n.entity == "stage" for s in stage.tag.all(T.RECORD) for n in s.value)
    aged = any("old" in c.items[k].tag.text.lower() for k in bound.used)
    return named and not aged and c.vocabulary.holds("deal.days_in_stage")


def _of_another_field(c: Composer, bound: Bound) -> bool:
    """As in "with warranty over 12 months": of a field that counts in months itself; True if so."""
    item = c.item(bound.left)
    if item is None or item.owned or item.tag.type is not T.FIELD or c.items[min(bound.used)].after_break:
        return False
    fields = [d for d in c.numeric_at(bound.left) if c.vocabulary.field(d).unit != "days"]
    unit = str(bound.number.unit)
    if fields and unit in c.vocabulary.field(fields[0]).label.lower():
        values = tuple(int(v) for v in (bound.value, bound.upper) if v is not None)
        c.reading.fields.append(FieldTest(c.nearest(fields, to=c.about), bound.op, values, at=item.tag.start))
        c.own(*bound.used, bound.left)
    return bool(fields)


def _of_open(c: Composer, at: int) -> None:
    """As in "deals open | longer than 120 days", "the number of open deals over 200 days old"."""
    text = tuple(c.items[at].tag.text.lower().split(" "))
    heads = [s for n in (1, 2) for s in c.vocabulary.phrases.get(text[:n], ()) if s.type is T.ASK]
    counts = any(s.value in ("count", "how_many") for s in heads)
    c.reading.facts.append("deal")
    c.reading.asks += ["count"] if counts else []
    c.reading.target = c.reading.target or Target("deal", "count" if counts else "list")


def _says_open(c: Composer, word: str) -> bool:
    return Sense(T.STATE, "open") in c.vocabulary.phrases.get((word,), ())


def _lasts_on_average(c: Composer, bound: Bound, unit: int) -> bool:
    """As in 平均成交周期超过50天的产品: a test on the metric of each group."""
    for k in (bound.left, bound.right) if names_party(c) else ():
        sense = c.sense(k, T.METRIC)
        if sense is not None and c.vocabulary.schema.metrics[str(sense.value)].unit == "days":
            c.reading.having.append(HavingNode(bound.op, bound.value * unit, MeasureNode(metric=str(sense.value))))
            c.own(*bound.used, k)
            return True
    return False


def _since_year(c: Composer, bound: Bound, unit: int) -> bool:
    """As in 成立超过10年: a field that holds a year, so many years ago."""
    days = bound.value * unit
    for k in (bound.left, bound.right):
        years = c.fields_at(k, lambda f: f.kind is Kind.YEAR)
        if years and bound.op in AGO and days >= DAYS["year"]:
            dotted = c.nearest(years, to=c.about)
            c.reading.fields.append(FieldTest(dotted, AGO[bound.op], (c.today.year - round(days / DAYS["year"]),)))
            c.own(*bound.used, k)
            return True
    return False


def _derived(c: Composer) -> set[str]:
    return {f"{f.entity}.{f.name}" for f in c.vocabulary.schema.fields() if f.derived is not None}
