"""Rules for what is measured: metrics, verbs that mean one, aggregates, how much, how long."""

from dataclasses import replace

from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.neighbours import find_noun, named_fact
from copilot.offline.compose.reading import MeasureNode, StateTest, SupNode, Target
from copilot.offline.lexicon import key
from copilot.offline.tags import Sense, T
from crm_core.models import Kind, Role


def measures(c: Composer) -> None:
    """Metrics, verbs that mean one, aggregates of fields, how much, how long."""
    for at, item, sense in list(c.each(T.METRIC)):
        if _is_noun(c, at, str(sense.value)):
            kind = "won" if sense.value == "deals_won" else "lost"
            c.reading.states.append(StateTest((kind,), at=item.tag.start))
            c.reading.facts.append(FACT)
            if not _asks_for_party(c):
                c.reading.target = c.reading.target or Target(FACT, "list", item.is_plural)
            c.own(at)
        elif sense.value == "pipeline" and (counted := [k for k in (at - 1, at + 1) if c.has(k, T.ASK, "count")]):
            c.reading.states.append(StateTest(("open",), at=item.tag.start))  # "pipeline count"
            c.reading.facts.append(FACT)
            c.reading.asks.append("count")
            c.own(at, *counted)
        elif not item.is_soft:
            add_measure(c, MeasureNode(metric=str(sense.value)))
            c.own(at)
            _aggregate_of(c, at, str(sense.value))
    _verbs(c)
    _aggregates(c)
    for at, _, _ in list(c.each(T.ASK)):
        if c.has(at, T.ASK, "how_long") and not c.reading.measures:
            add_measure(c, MeasureNode(fn="avg", dotted="deal.duration_days"))
            c.reading.asks.append("how_long")
            c.own(at)
        elif c.has(at, T.ASK, "how_much"):
            _how_much(c, at)


def _verbs(c: Composer) -> None:
    """Verbs that mean a metric: "who sold the most"."""
    for at, _, sense in list(c.each(T.VERB_METRIC)):
        if sense.value == "bookings" and _asks_for_deals(c):
            c.reading.states.append(StateTest(("won",)))  # "which deals did we sell below list price"
        elif not c.reading.measures and not c.reading.having and not named_fact(c):
            counted = sense.value == "bookings" and _counts_deals(c)
            add_measure(c, MeasureNode(metric="deals_won" if counted else str(sense.value)))
        c.own(at)


_PLAIN_TOTALS = ("total", "totals", "overall", "总", "总的", "gross")


def _is_noun(c: Composer, at: int, metric: str) -> bool:
    """Whether "won deals" are meant as records: not where their number is ranked, grouped or counted."""
    if metric not in ("deals_won", "deals_lost") or not _names_deals(c, at):
        return False
    before = any(c.numeric_at(k) for k in range(at)) or any(m.metric != metric for m in c.reading.measures)
    if c.items[at].preps & {"for", "of", "among", "on"} and before:
        return True  # "the average ticket per product for won deals"
    counted = c.has(at - 1, T.BY) or c.mentions(T.ASK, "count", "how_many") or c.reading.groups
    ranked = c.reading.sup is not None and c.reading.sup.sort.endswith(("count", "high", "rank"))
    return not counted and not ranked and not c.reading.change and not c.reading.side_by_side


_DEAL = Sense(T.ENTITY, FACT)


def _asks_for_deals(c: Composer) -> bool:
    """Whether "which deals" or "list the deals" is asked."""
    for at, _, sense in c.each(T.ASK):
        if sense.value in ("which", "list"):
            noun, _ = find_noun(c, at + 1)
            return noun == FACT
    return False


def _counts_deals(c: Composer) -> bool:
    """As in "how many of those did we sell": nothing else is counted."""
    asked = next((at for at, _, _ in c.each(T.ASK) if c.has(at, T.ASK, "how_many", "count")), None)
    if asked is not None and c.items[asked].tag.text.endswith("多少"):
        return False  # 买了多少: how much as well as how many
    return asked is not None and find_noun(c, asked + 1)[0] in (None, FACT, "product")


def _asks_for_party(c: Composer) -> bool:
    """Whether "which reps won deals" asks for people or companies."""
    for at, _, sense in c.each(T.ASK):
        if sense.value == "which":
            noun, _ = find_noun(c, at + 1)
            return noun in ("rep", "manager", "account", "contact")
    return False


def _names_deals(c: Composer, at: int) -> bool:
    """Whether the words of a metric are a noun with its state before it: "won deals", not "wins" or "deals won"."""
    words = key(c.items[at].tag.text)
    agent, name = c.item(at + 1), c.item(at + 2)
    said_of = agent is not None and agent.tag.text.lower() == "by" and name is not None and name.tag.get(T.RECORD)
    noun = words[0] if said_of else words[-1]  # "deals lost by Caleb" are deals too
    senses = c.vocabulary.phrases.get((noun,), ()) if noun.isascii() else ()
    return len(words) == 2 and any(sense == _DEAL for sense in senses)


def _aggregate_of(c: Composer, at: int, metric: str) -> None:
    """An aggregate beside a metric: "total bookings" says it twice, "average bookings per rep" and a median do not."""
    for k in (at - 1, at + 1):
        agg = c.sense(k, T.AGG)
        if agg is None:
            continue
        c.reading.total |= agg.value == "sum" and c.items[k].tag.text.lower() not in _PLAIN_TOTALS
        if agg.value == "avg":
            _average_of(c, metric)
        if agg.value in ("sum", "avg") or (agg.value == "median" and _median_of(c, metric)):
            c.own(k)


def _how_much(c: Composer, at: int) -> None:
    """How much: the amount of the fact that is named, else bookings, unless something else is measured."""
    fact = named_fact(c)
    if fact:
        c.reading.columns.append(f"{fact}.amount")
        c.own(at)
        return
    things = {r.entity for r in c.reading.records}
    sold = c.mentions(T.STATE) or c.reading.states or c.reading.measures or c.reading.periods
    if things == {"product"} and not sold:
        c.reading.columns.append("product.list_price")  # "how much is a GTX Pro"
        c.own(at)
        return
    says_money = any(word in c.items[at].tag.text.lower() for word in ("钱", "money", "dollar"))
    money = any(_is_money(c, m) for m in c.reading.measures)
    if c.reading.measures:
        is_missing = says_money and not money and not c.reading.sup
    else:
        is_missing = not any(c.numeric_at(k) for k in range(len(c.items)))
    if is_missing:
        add_measure(c, MeasureNode(metric="bookings"))
    c.reading.asks.append("how_much")
    c.own(at)


def _is_money(c: Composer, node: MeasureNode) -> bool:
    if node.metric:
        return c.vocabulary.schema.metrics[node.metric].kind is Kind.MONEY
    return bool(node.dotted and "." in node.dotted) and c.vocabulary.field(str(node.dotted)).kind is Kind.MONEY


def add_measure(c: Composer, node: MeasureNode) -> None:
    if node not in c.reading.measures:
        c.reading.measures.append(node)


def _median_of(c: Composer, metric: str) -> bool:
    """As in "the median sales cycle": the metric's own field, in the middle instead of on average."""
    measure = c.vocabulary.schema.metrics[metric].measure
    if measure.field is None or measure.fn not in ("avg", "sum"):
        return False
    entity = c.vocabulary.schema.metrics[metric].entity
    c.reading.measures[-1] = MeasureNode(fn="median", dotted=f"{entity}.{measure.field}")
    return True


def _average_of(c: Composer, metric: str) -> None:
    declared = c.vocabulary.schema.metrics[metric]
    if declared.additive and (c.reading.groups or c.reading.sup):
        c.reading.average_per = True
    elif declared.additive and declared.kind is Kind.MONEY:
        c.reading.measures[-1] = MeasureNode(metric="average_deal_size")
    elif declared.additive:
        c.reading.average_per = True


def _aggregates(c: Composer) -> None:
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
    return bool(r.share or r.groups or ranked or won or c.mentions(T.ASK, "how_much"))


def _asks_for_records(c: Composer) -> bool:
    """Whether deals are listed or looked up, so that an amount is a column of theirs."""
    listed = {FACT} & {str(s.value) for item in c.items if not item.owned for s in item.all(T.ENTITY)}
    deals = any(entity in ("deal", "order", "lead") for entity in (r.entity for r in c.reading.records))
    sup = c.reading.sup
    return bool(listed or deals or (sup is not None and sup.noun == FACT))


def _bare_aggregate(c: Composer, at: int, fn: str) -> None:
    """An aggregate without a field: of the deal's amount, of durations ("average days"), of counts."""
    won = any("won" in s.kinds for s in c.reading.states)
    c.reading.unclear |= fn == "median" and c.mentions(T.ASK, "who", "which") and c.sense(at + 1, T.ENTITY) is not None
    if fn == "sum":
        fact = named_fact(c)
        c.reading.total = True
        if "额" in c.items[at].tag.text and not c.reading.measures:
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


def _mean(c: Composer, fn: str) -> bool:
    """What an average or a median without a field is taken of; False: it does not fit what is measured."""
    sup, measured = c.reading.sup, c.reading.measures
    counting = [k for k, _, _ in list(c.each(T.ASK)) if c.has(k, T.ASK, "count", "how_many")]
    if counting and not measured and fn == "avg" and c.reading.groups:
        add_measure(c, MeasureNode(fn="count", dotted=FACT))
        c.reading.average_per = True  # "average number of deals per rep"
        c.own(*counting)
        return True
    if measured and measured[0].metric and fn == "median":
        return _median_of(c, measured[0].metric)
    if measured and measured[0].metric and not c.reading.groups:
        if any(c.mentions(T.ENTITY, noun) for noun in ("account", "contact", "rep")):
            return False  # "what do customers pay on average": of each sale, or of each customer?
        _average_of(c, measured[0].metric)
    elif measured:
        c.reading.average_per = bool(c.reading.groups)
        if not c.reading.groups and measured[0].fn:
            measured[0] = replace(measured[0], fn=fn)
        elif not c.reading.groups and measured[0].metric:
            _average_of(c, measured[0].metric)  # "what did those bring in on average"
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
