"""Rules for words that stand for what is spoken of, or set it apart: everything, both, in days, what was taken."""

from dataclasses import replace

from copilot.offline.compose.aggregating import add_measure
from copilot.offline.compose.composer import FACT, Composer, entity_of
from copilot.offline.compose.neighbours import BUYING, head
from copilot.offline.compose.reading import MeasureNode, StateTest, Target
from copilot.offline.lines import lines_sold
from copilot.offline.tags import T
from copilot.offline.where import are_apart
from crm_core.models import Kind

_EACH = ("each", "每个", "各自", "分别")


def things(c: Composer) -> None:
    """As in "everything we won": the deals; beside a noun of its own it says nothing more."""
    for at, _, _ in list(c.each(T.THING)):
        c.own(at)
        c.reading.thing = True
        if c.reading.states and not c.reading.measures and not c.mentions(T.ENTITY):
            c.reading.target = c.reading.target or Target("deal", "list")
    people = [r.entity for r in c.reading.records if not r.negated]
    several = len(people) > len(set(people)) or any(len(t.values) > 1 for t in c.reading.fields)
    if c.reading.sup and not c.reading.sup.noun and c.reading.measures and several:
        c.reading.sup, c.reading.side_by_side = None, True  # of two that are named, both are shown
    _comparatives(c, several=several)
    for at, _, _ in list(c.each(T.BY)):
        if several and c.reading.measures and at == len(c.items) - 1:
            c.reading.side_by_side = True  # "Mira and Jonas, each"
        if c.reading.side_by_side or _is_thing(c, at + 1) or at == len(c.items) - 1:
            c.reading.each |= at == len(c.items) - 1 and c.items[at].tag.text.lower().endswith(_EACH)
            c.own(at)  # "the win rate for each", "across everything"
        elif c.items[at].tag.text.lower().endswith(_EACH) and c.has(at + 1, T.PRONOUN, "set"):
            c.reading.each = True
            c.own(at)  # "for each of them"


_UNITS = frozenset({"day", "week", "month", "quarter", "year"})


def _comparatives(c: Composer, *, several: bool) -> None:
    """As in "better", "both", of two values that are named: they are told side by side."""
    asks_party = any(item.tag.get(T.ASK) and item.tag.type is T.ASK for item in c.items[:2]) and c.mentions(T.ENTITY)
    asks_party |= any(head(c, at) is not None for at, _, _ in c.each(T.COMPARATIVE) if c.has(at, T.COMPARATIVE, "both"))
    asks_party |= c.reading.target is not None and entity_of(c.reading.target.dotted) == "account"  # A和B都买过的客户
    asks_party |= bool(c.items) and c.has(0, T.ASK, "who")  # "who bought both"
    for at, _, _ in list(c.each(T.COMPARATIVE)):
        both = c.has(at, T.COMPARATIVE, "both")
        if both and asks_party and several:
            continue  # "which accounts bought both": one and the other
        named = any(len(t.values) > 1 for t in c.reading.fields) or len(c.reading.records) > 1
        named = named or (are_apart(c.reading.periods) and not asks_party)
        noun = c.sense(at - 1, T.ENTITY)
        if named and noun and not both and not c.reading.measures and not c.reading.states:
            c.reading.measures.append(MeasureNode(fn="count", dotted=entity_of(str(noun.value))))
            c.own(at - 1)  # 医疗和零售哪个行业的客户多
        if named and c.reading.states and not c.reading.measures and not both:
            sold = at > 0 and c.items[at - 1].tag.get(T.VERB_METRIC)
            if sold:
                c.reading.states, c.reading.measures = [], [MeasureNode(metric=str(sold.value))]
            c.reading.facts.append(FACT)  # "who won more": the number of deals
            c.reading.target = None if c.reading.target and c.reading.target.ask == "who" else c.reading.target
        if named and (c.reading.measures or FACT in c.reading.facts):
            units = {period.span.unit for period in c.reading.periods}
            if len(units & _UNITS) == 1 or not are_apart(c.reading.periods):
                c.reading.side_by_side = True
                c.reading.groups = [g for g in c.reading.groups if g.bucket is None or {g.bucket} != units]
            else:
                c.reading.gap = True  # 上半年和下半年哪个业绩好
            if are_apart(c.reading.periods) and any(item.tag.text == "比" for item in c.items):
                c.reading.change, c.reading.gap, c.reading.side_by_side = "any", False, True  # 下半年比上半年多做了多少
            c.own(at)


def _is_thing(c: Composer, at: int) -> bool:
    item = c.item(at)
    return item is not None and item.tag.get(T.THING) is not None


def units(c: Composer) -> None:
    """As in "in days", "how many days": the unit of a duration that is measured."""
    for at, _, sense in list(c.each(T.UNIT)):
        lasting = [m for m in c.reading.measures if _in_days(c, m.metric, m.dotted)]
        if lasting and sense.value == "day":
            c.own(at)
            for k in (at - 1, at - 2):
                if c.has(k, T.ASK, "how_many"):
                    c.own(k)


def _in_days(c: Composer, metric: str | None, dotted: str | None) -> bool:
    if metric:
        return c.vocabulary.schema.metrics[metric].unit == "days"
    return bool(dotted and "." in dotted) and c.vocabulary.field(str(dotted)).unit == "days"


def lasting(c: Composer) -> None:
    """The age of what is closed is how long it took."""
    kinds = {kind for state in c.reading.states for kind in state.kinds}
    if kinds and kinds <= {"won", "lost"}:
        c.reading.measures = [
            replace(m, dotted="deal.duration_days") if m.dotted == "deal.age_days" else m for m in c.reading.measures
        ]
        if c.reading.sup is not None and c.reading.sup.by == "deal.age_days":
            c.reading.sup = replace(c.reading.sup, by="deal.duration_days")


def lasts(c: Composer) -> None:
    """As in "how many days does a deal last on average": a verb, and no superlative."""
    asked = c.mentions(T.ASK, "how_many") or c.mentions(T.ASK, "how_long")
    for at, item, _ in list(c.each(T.SUP)):
        subject, after = c.sense(at - 1, T.ENTITY, T.METRIC, T.STATE), c.item(at + 1)
        ends = after is None or after.tag.get(T.AGG, T.SHIFT) is not None or after.after_break
        if asked and item.tag.text.lower() in _RUNS and subject is not None and ends:
            c.own(at)


_RUNS = frozenset({"run", "runs", "ran", "run for", "last", "lasts", "drag on", "drags on", "stay open", "stays open"})


def running_on(c: Composer) -> None:
    """As in "how many days does a lost deal run before we lose it": the verb, and the end of what is measured."""
    if not any(_in_days(c, m.metric, m.dotted) for m in c.reading.measures):
        return
    for at, item in enumerate(c.items):
        if item.tag.text.lower() in _RUNS and not item.owned:
            c.own(at)
        ends = item.tag.text.lower() in ("before", "until", "till") and not item.owned
        tail = c.items[at + 1 :]
        kinds = {kind for state in c.reading.states for kind in state.kinds}
        closes = [s.value for other in tail for s in other.tag.all(T.STATE)]
        only = all(other.tag.get(T.MINE, T.STATE, T.PRONOUN) or other.is_soft for other in tail)
        if ends and only and closes and set(closes) <= kinds | {"closed"}:
            c.own(*range(at, len(c.items)))


def lasting_longest(c: Composer) -> None:
    """As in "which region takes longest": of groups it is the average that is compared."""
    sup, target = c.reading.sup, c.reading.target
    ages = sup is not None and sup.by in ("deal.age_days", "deal.duration_days") and sup.noun is None
    if sup is None or target is None or not ages or c.reading.measures:
        return
    if "." in target.dotted or entity_of(target.dotted) in ("user", "account", "product"):
        add_measure(c, MeasureNode(fn="avg", dotted=sup.by))
        c.reading.sup = replace(sup, by=None, noun=target.dotted)


_LIGHT = frozenset({"take", "takes", "took", "taken", "do", "did", "done", "make", "made", "bring", "get", "got"})


def light_verbs(c: Composer) -> None:
    """As in "what has the West taken in Q3": a period and whose it is, and nothing else that is measured."""
    r = c.reading
    asked = bool(r.asks) and set(r.asks) <= {"what", "how_much"}
    free = not (r.measures or r.target or r.columns or r.groups or r.sup or r.states or r.having or r.share)
    said = {word for item in c.items for word in (*item.before, item.tag.text.lower())} & _LIGHT
    if asked and free and said and r.periods and (r.records or r.fields or r.ours or r.mine):
        add_measure(c, MeasureNode(metric="bookings"))


def added_up(c: Composer) -> None:
    """As in "how many seats do we have in Germany": the numbers in a company's own column are added up."""
    named = {r.entity for r in c.reading.records}
    for at, _, _ in list(c.each(T.ASK)):
        fields = c.fields_at(at + 1, lambda f: f.is_custom and f.kind is Kind.INTEGER)
        if c.has(at, T.ASK, "how_many") and fields and not c.reading.measures and fields[0].split(".")[0] not in named:
            add_measure(c, MeasureNode(fn="sum", dotted=c.nearest(fields, to=c.about)))
            c.own(at, at + 1)


def bought(c: Composer) -> None:
    """As in "what has Acme bought", 买过哪些东西: the products, or the deals where they name none; no sum of money."""
    r = c.reading
    verbs = [item for item in c.items if item.tag.get(T.VERB_METRIC)]
    asked = c.mentions(T.ASK, "what", "which") and not c.mentions(T.ASK, "how_much", "how_many", "who", "count")
    plain = not (r.groups or r.sup or r.share or r.change or r.gap or r.having or r.total or r.side_by_side)
    named = {record.entity for record in r.records if not record.negated}
    others = any(
        item.tag.get(T.ENTITY, T.FIELD) and not item.tag.get(T.THING, T.RECORD, T.VERB_METRIC) for item in c.items
    )
    if len(verbs) != 1 or not asked or not plain or named != {"account"} or others:
        return
    sold = len(r.measures) == 1 and r.measures[0].metric in ("bookings", "order_revenue")
    if verbs[0].tag.text.lower().startswith(BUYING) and sold:
        if c.vocabulary.holds("deal.product") or lines_sold(c.vocabulary) is not None:
            r.target = Target("product", "which")
            return
        r.measures, r.asks, r.target = [], [], Target(FACT, "list", is_plural=True)
        r.states = r.states or [StateTest(("won",))]


_PLUS = ("plus", "+", "together with", "combined with", "加", "加上")


def together(c: Composer) -> None:
    """As in "deals won for A or B", "retail plus medical accounts": one figure, where none is set against another."""
    if c.reading.side_by_side or c.mentions(T.COMPARATIVE) or c.mentions(T.VERSUS) or c.mentions(T.BY):
        return
    for at, item, _ in list(c.each(T.OR)) + list(c.each(T.AND)):
        before, after = c.item(at - 1), c.item(at + 1)
        if before is None or after is None or not (item.tag.get(T.OR) or item.tag.text.lower() in _PLUS):
            continue
        kinds = {before.tag.type, after.tag.type}
        if len(kinds) == 1 and kinds <= {T.RECORD, T.VALUE} and not c.has(0, T.ASK, "who", "which"):
            c.reading.total = True


def redundant_units(c: Composer) -> None:
    """As in "in dollars", "as a percentage, not dollars": they restate the answer's unit."""
    for at, _, _ in list(c.each(T.MONEY_WORD)):
        c.own(at)
        if c.has(at - 1, T.BY) or c.has(at - 1, T.SUP) or _is_most(c, at):
            c.reading.measures.append(MeasureNode(metric="bookings"))  # "by $", "the most money", 钱最多
            if c.has(at - 1, T.BY):
                c.own(at - 1)
        if c.has(at - 1, T.NEG, "not"):
            c.own(at - 1)
    for at, _, _ in c.each(T.PERCENT_WORD):
        if c.has(at - 1, T.NEG, "not"):
            c.own(at - 1, at)
        elif c.reading.share is None and not c.mentions(T.CHANGE) and not c.mentions(T.METRIC):
            c.reading.share = "share"
            c.own(at)
        else:
            c.reading.percent = not c.mentions(T.CHANGE)
            c.own(at)
    _onlys(c)


def _is_most(c: Composer, at: int) -> bool:
    """As in "won more money", 给的钱最多: the money is what is compared."""
    after = at + 1 if not c.items[at].tag.text.isascii() else at - 1
    won = not c.mentions(T.STATE, "lost", "open")
    return won and (c.has(after, T.COMPARATIVE, "gt", "lt", "more") or c.has(after, T.SUP)) and not c.mentions(T.NUMBER)


def _onlys(c: Composer) -> None:
    """As in "only the East": a filter says it; what was bought only then, or only of that, is another matter."""
    for at, item, sense in c.each(T.NEG):
        beside = any(c.sense(k, T.VERB_METRIC, T.STATE, T.METRIC) for k in (at - 1, at + 1))
        if sense.value == "only" and item.tag.type is T.NEG and not beside:
            c.own(at)
            bought = c.mentions(T.VERB_METRIC) and any(entity_of(e) == "account" for e in c.about[:1])
            dated = any(c.sense(k, T.DATE) for k in (at + 1, at + 2))
            c.reading.unclear |= bought and dated  # 只在今年买过: and at no other time


def closed_best(c: Composer) -> None:
    """As in "who closed the biggest contract": a deal that was lost is worth nothing, and nobody's best."""
    sup = c.reading.sup
    if sup is None or sup.by or not sup.sort.startswith("max") or sup.noun != FACT:
        return
    asked = [item.tag.get(T.ASK) for item in c.items]
    closed = [item.tag.get(T.STATE) for item in c.items]
    pairs = zip(asked, closed[1:], strict=False)
    if any(a is not None and s is not None and (a.value, s.value) == ("who", "closed") for a, s in pairs):
        won = [replace(s, kinds=("won",)) if set(s.kinds) == {"won", "lost"} else s for s in c.reading.states]
        c.reading.states = won
