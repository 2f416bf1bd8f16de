"""Rules for totals, averages and medians: of a metric, of a field, or of what goes without saying."""

from dataclasses import replace

from copilot.offline.compose.composer import FACT, Composer, entity_of
from copilot.offline.compose.neighbours import find_noun, named_fact, nouns_at
from copilot.offline.compose.reading import MeasureNode, SupNode
from copilot.offline.tags import T
from crm_core.models import Kind, Role

_PLAIN_TOTALS = ("total", "totals", "overall", "总", "总的", "gross")


def aggregate_of(c: Composer, at: int, metric: str) -> None:
    """An aggregate beside a metric: "total bookings" says it twice, "average bookings per rep" and a median do not."""
    for k in (at - 1, at + 1):
        agg = c.sense(k, T.AGG)
        if agg is None or (k > at and c.items[k].after_break and c.numeric_at(k + 1)):
            continue  # 签了几单，总|金额
        summed = agg.value == "sum" and c.items[k].tag.text.lower() not in _PLAIN_TOTALS
        c.reading.unclear |= summed and k > at and _ranks_some(c)  # 前五客户的业绩合计: of those five
        c.reading.total |= summed
        if agg.value == "avg":
            _average_of(c, metric)
        if agg.value in ("sum", "avg") or (agg.value == "median" and _median_of(c, metric)):
            c.own(k)
        elif agg.value in ("min", "max") and k > at and _median_of(c, metric, str(agg.value)):
            c.own(k)
            _second_end(c, k, metric)


def _ranks_some(c: Composer) -> bool:
    return c.reading.sup is not None and c.reading.sup.limit is not None


def add_measure(c: Composer, node: MeasureNode) -> None:
    if node not in c.reading.measures:
        c.reading.measures.append(node)


def _second_end(c: Composer, at: int, metric: str) -> None:
    """As in 最大值和最小值: both ends."""
    other = c.sense(at + 2, T.AGG) if c.has(at + 1, T.AND) else None
    if other is not None and other.value in ("min", "max"):
        c.reading.measures.append(MeasureNode(metric=metric))
        _median_of(c, metric, str(other.value))
        c.own(at + 1, at + 2)


def _median_of(c: Composer, metric: str, fn: str = "median") -> bool:
    """As in "the median sales cycle", 赢单金额的最大值: of the metric's own field, another function."""
    measure = c.vocabulary.schema.metrics[metric].measure
    if measure.field is None or measure.fn not in ("avg", "sum"):
        return False
    entity = c.vocabulary.schema.metrics[metric].entity
    c.reading.measures[-1] = MeasureNode(fn=fn, dotted=f"{entity}.{measure.field}")
    return True


def _average_of(c: Composer, metric: str) -> None:
    declared = c.vocabulary.schema.metrics[metric]
    if declared.additive and (c.reading.groups or c.reading.sup):
        c.reading.average_per = True
    elif declared.additive and declared.kind is Kind.MONEY:
        c.reading.measures[-1] = MeasureNode(metric="average_deal_size")
    elif declared.additive:
        c.reading.average_per = True


def aggregates(c: Composer) -> None:
    for at, _, _ in list(c.each(T.NEG)):
        if c.has(at, T.NEG, "not") and c.sense(at + 1, T.AGG) and c.items[at].after_break:
            c.own(at, at + 1)  # "the median, not the average"
    _functions(c)
    for at, _, _ in list(c.each(T.FIELD)):
        fields = c.numeric_at(at)
        if fields and not c.reading.measures and _is_measured(c, at):
            dotted = c.nearest(fields, to=c.about)
            fn = "avg" if c.vocabulary.field(dotted).kind in (Kind.PERCENT,) else "sum"
            add_measure(c, MeasureNode(fn=fn, dotted=dotted))
            c.own(at)


def _functions(c: Composer) -> None:
    """Average, median, total: of the field beside it, or of what goes without saying."""
    for at, item, sense in list(c.each(T.AGG)):
        if item.owned:
            continue
        fn = str(sense.value)
        if fn == "distinct":
            c.reading.distinct = True
            c.own(at)
            continue
        for k in (at + 1, at - 1, at + 2):
            fields = c.numeric_at(k)
            if fields and _is_restated(c, fn, fields):
                c.own(at, k)
                break
            if fields and _is_their_total(c, fn, fields):
                add_measure(c, MeasureNode(metric="bookings"))
                c.own(at, k)
                break
            if fields:
                add_measure(c, MeasureNode(fn=fn, dotted=c.nearest(fields, to=c.about)))
                c.own(at, k)
                break
        else:
            _bare_aggregate(c, at, fn)


def _is_restated(c: Composer, fn: str, fields: list[str]) -> bool:
    """As in "the total value of our pipeline": the metric is that total already."""
    money = [m.metric for m in c.reading.measures if m.metric]
    schema = c.vocabulary.schema
    return (
        fn == "sum"
        and any(schema.metrics[m].kind is Kind.MONEY for m in money)
        and any(c.vocabulary.field(f).role is Role.AMOUNT for f in fields)
    )


def _is_measured(c: Composer, at: int) -> bool:
    """A numeric field that is totalled: per group; an amount also of what is won, shared or ranked."""
    r = c.reading
    if r.groups and not r.sup:
        return True
    amounts = [dotted for dotted in c.numeric_at(at) if c.is_total(dotted)]
    if not amounts or _asks_for_records(c):
        return False
    won = r.states and not any(item.tag.get(T.OP) or item.tag.get(T.NUMBER) for item in c.items)
    ranked = r.sup is not None and r.sup.by is None
    asked = (
        c.mentions(T.ASK, "how_much")
        or c.items[at].tag.text.endswith("多少")
        or any(_asks_amount(c, k) for k in (at - 1, at + 1))
    )
    return bool(r.share or r.groups or ranked or won or asked or _is_headline(c, at))


_TELLING = (T.ENTITY, T.ASK, T.SUP, T.OP, T.POST_OP, T.NUMBER, T.PRONOUN, T.NEG, T.OWNS, T.METRIC)


def _is_headline(c: Composer, at: int) -> bool:
    """As in 2025年的合同金额, 合同金额同比去年涨了多少: a sum of money and its time, and nothing that is listed."""
    changed = c.mentions(T.CHANGE)
    others = [item for k, item in enumerate(c.items) if k != at and not item.owned and item.tag.get(*_TELLING)]
    others = [item for item in others if not (changed and item.tag.get(T.ASK))]
    return bool(c.reading.periods) and not c.items[at].tag.text.isascii() and not others


def _asks_amount(c: Composer, at: int) -> bool:
    """As in 还有|多少|没回款, 未回款|多少: of a sum of money 多少 asks how much."""
    return c.has(at, T.ASK, "how_many") and c.items[at].tag.text == "多少"


def _asks_for_records(c: Composer) -> bool:
    """Whether deals are listed or looked up, so that an amount is a column of theirs."""
    listed = {FACT} & {str(s.value) for item in c.items if not item.owned for s in item.all(T.ENTITY)}
    deals = any(entity in ("deal", "order", "lead") for entity in (r.entity for r in c.reading.records))
    sup = c.reading.sup
    return bool(listed or deals or (sup is not None and sup.noun == FACT))


def _is_their_total(c: Composer, fn: str, fields: list[str]) -> bool:
    """As in 签了几单，总金额是多少: of the deals whose number is told."""
    counted = [m.metric for m in c.reading.measures] == ["deals_won"]
    return fn == "sum" and counted and any(c.vocabulary.field(f).role is Role.AMOUNT for f in fields)


def _bare_aggregate(c: Composer, at: int, fn: str) -> None:
    """An aggregate without a field: of the deal's amount, of durations ("average days"), of counts."""
    won = any("won" in s.kinds for s in c.reading.states)
    c.reading.unclear |= fn == "median" and c.mentions(T.ASK, "who", "which") and c.sense(at + 1, T.ENTITY) is not None
    if fn == "sum":
        fact = named_fact(c)
        c.reading.total = True
        if says_amount(c, at) and not c.reading.measures:
            add_measure(c, MeasureNode(fn="sum", dotted="deal.amount"))  # 总额多少
            c.own(*(k for k, _, _ in list(c.each(T.ASK)) if c.has(k, T.ASK, "how_many")))
        elif fact and not c.reading.measures and "amount" in c.vocabulary.schema.entities[fact].fields:
            c.reading.columns.append(f"{fact}.amount")  # "date, customer and total of order X"
        elif not c.reading.measures and won and not c.mentions(T.ASK, "how_many"):
            add_measure(c, MeasureNode(metric="bookings"))
        c.own(at)
    elif fn in ("avg", "median"):
        if _mean(c, fn):
            c.own(at)
    elif c.reading.sup is None:
        c.reading.sup = SupNode(f"{fn}_size")
        c.own(at)


def says_amount(c: Composer, at: int) -> bool:
    """As in 总额多少, "the total value of deals with X": what they come to, and not how many there are."""
    text = c.items[at].tag.text.lower()
    return "额" in text or (text.endswith(("value of", "worth of", "amount of")) and find_noun(c, at + 1)[0] == FACT)


def _counted(c: Composer) -> str:
    """The one kind of facts that is spoken of; deals, where it is none or more."""
    spoken = {entity_of(noun) for at in range(len(c.items)) for noun in nouns_at(c, at)}
    facts = [entity for entity in spoken if c.vocabulary.schema.entities[entity].is_fact]
    return facts[0] if len(facts) == 1 else FACT


_PARTIES = ("account", "contact", "rep")


def _is_mean_days(c: Composer, metric: str) -> bool:
    """Whether the metric is an average of days by itself, so that "on average" only says so again."""
    declared = c.vocabulary.schema.metrics[metric]
    return declared.measure.fn == "avg" and declared.unit == "days"


def _is_mean(c: Composer, metric: str | None) -> bool:
    """Whether the metric is an average by itself: each group's is told."""
    return metric is not None and c.vocabulary.schema.metrics[metric].measure.fn == "avg"


def _mean(c: Composer, fn: str) -> bool:
    """What an average or a median without a field is taken of; False: it does not fit what is measured."""
    sup, measured = c.reading.sup, c.reading.measures
    counting = [k for k, _, _ in list(c.each(T.ASK)) if c.has(k, T.ASK, "count", "how_many")]
    counted = _counted(c)
    if (counting or counted != FACT) and not measured and fn == "avg" and c.reading.groups:
        add_measure(c, MeasureNode(fn="count", dotted=counted))
        c.reading.average_per = True  # "average number of deals per rep", "average calls per rep"
        c.own(*counting)
        return True
    if measured and measured[0].metric and fn == "median":
        if any(i.owned and i.tag.get(T.AGG) and i.tag.type is T.AGG for i in c.items):
            measured.append(measured[0])  # 均值和中位数: both
        return _median_of(c, str(measured[0].metric))
    if measured and measured[0].metric and not c.reading.groups:
        if not _is_mean_days(c, measured[0].metric) and any(c.mentions(T.ENTITY, noun) for noun in _PARTIES):
            return False  # "what do customers pay on average": of each sale, or of each customer?
        _average_of(c, measured[0].metric)
    elif measured:
        c.reading.average_per = bool(c.reading.groups) and not _is_mean(c, measured[0].metric)
        if not c.reading.groups and measured[0].fn:
            measured[0] = replace(measured[0], fn=fn)
    elif sup and sup.sort in ("max_long", "min_long"):
        add_measure(c, MeasureNode(metric="sales_cycle_days"))
    elif c.mentions(T.ASK, "how_long") or c.mentions(T.UNIT, "day"):
        is_open = any(set(s.kinds) == {"open"} for s in c.reading.states)
        add_measure(c, MeasureNode(fn=fn, dotted="deal.age_days" if is_open else "deal.duration_days"))
        c.own(*(k for k, _, _ in list(c.each(T.ASK)) if c.has(k, T.ASK, "how_long")))
    else:
        add_measure(c, MeasureNode(fn=fn, dotted="deal.amount"))
        c.reading.mean = True
    return True
