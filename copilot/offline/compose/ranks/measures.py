"""What ranks: a field, a length of time, when it closed, wins; periods that are ranked."""

from copilot.offline.compose.compare import DAYS
from copilot.offline.compose.composer import FACT, Composer, entity_of
from copilot.offline.compose.neighbours import find_noun, named_fact
from copilot.offline.compose.ranks.numbers import ONE_DEAL
from copilot.offline.compose.reading import MeasureNode, StateTest, SupNode
from copilot.offline.lexicon import key
from copilot.offline.tags import T
from crm_core.models import Role
from crm_core.schema import pluralize

_IN_TIME_HAN = ("最早", "最近", "最后", "第一", "首", "头一", "上一")

_IN_TIME = ("first", "earliest", "last", "latest", "most recent", "最早", "最近", "第一")

TIMES = ("time", "次")


def is_first_of_several(c: Composer, at: int) -> bool:
    """As in "when did we first win with Konex", of no single deal."""
    return c.mentions(T.ASK, "when") and named_fact(c) is None and not c.has(at, T.STATE, "started")


def occasion(c: Composer, at: int, sort: str) -> SupNode:
    """As in "the last time we won": the deal by which that happened, where its date is asked for."""
    by = _closing(c)
    asked = c.mentions(T.ASK, "when") or any(i.tag.get(T.BUCKET) and i.tag.get(T.ASK) for i in c.items)
    c.reading.unclear |= by is None or (not asked and (c.mentions(T.ASK, "which") or c.mentions(T.ASK, "who")))
    c.own(at)
    if asked and not c.mentions(T.ASK, "when"):
        c.reading.columns.append(str(by))
    return SupNode(sort, 1, FACT, by=by)


def ranked_periods(c: Composer, at: int, sup: SupNode, owned: list[int]) -> SupNode | None:
    """As in "top 3 months by revenue", "the week with the most wins": periods are ranked, and not what is counted."""
    ranked = None if c.items[at].tag.text.lower() in _IN_TIME else _periods(c, at)
    if ranked is None:
        return None
    unit, many, place = ranked
    c.own(*owned, place)
    c.reading.facts += [sup.noun] if sup.noun in c.vocabulary.schema.entities else []
    plural = sup.limit is not None or many is not None
    return SupNode(sup.sort, sup.limit or many, f"bucket:{unit}", plural)


def ranked_by(c: Composer, at: int, sort: str, by: str | None, noun: str | None) -> tuple[str | None, str]:
    """The field that ranks, where the words say it, and the sort: by price, by age, by when it closed."""
    text = c.items[at].tag.text.lower()
    if sort.endswith("_price"):
        by, sort = (by or "product.list_price") if noun == "product" else by, sort.replace("price", "high")
    _counted(c, at, sort, noun)
    if by == "deal.age_days" and not c.mentions(T.STATE) and c.item(at) is not None and not text.isascii():
        c.reading.states.append(StateTest(("open",)))  # 挂得最久的: it still is
    if text.endswith(("often", "frequently", "常", "频繁")):
        c.reading.measures.append(MeasureNode(fn="count", dotted=FACT))
    if text in _IN_TIME or text.startswith(_IN_TIME_HAN):
        by = by or _closing(c)
    return by, sort


def _periods(c: Composer, at: int) -> tuple[str, int | None, int] | None:
    """As in "top 3 months", 哪三个月赢单最多, "the week with the most wins": (unit, how many, place)."""
    asked = [k + 1 for k in range(at) if c.has(k, T.ASK, "which")]
    for k in (at + 1, at - 1, *asked):
        number = c.sense(k, T.NUMBER)
        if number and number.value.unit in DAYS and number.value.value == int(number.value.value):
            return str(number.value.unit), int(number.value.value), k
    unit = c.sense(at - 1, T.UNIT)
    if unit is not None and "with" in c.items[at].before:
        return str(unit.value), None, at - 1
    return None


def _closing(c: Composer) -> str | None:
    """As in "the first deal we won", "the latest one closed in Q3", "when did Konex last buy": by when it closed."""
    closed = any(p.dotted == "deal.closed_on" or p.role == Role.CLOSED for p in c.reading.periods)
    closed = closed or c.mentions(T.STATE, "won", "lost", "closed")
    bought = [k for k, _, sense in c.each(T.VERB_METRIC) if sense.value == "bookings"]
    if bought and not closed and c.mentions(T.ASK, "when"):
        c.reading.states.append(StateTest(("won",)))
        c.own(*bought)
        return "deal.closed_on"
    return "deal.closed_on" if closed else None


def _counted(c: Composer, at: int, sort: str, noun: str | None) -> None:
    """As in 客户最多的行业, "the industry with the most customers": they are counted, and not their deals."""
    asked = [find_noun(c, k + 1)[0] for k in range(at) if c.has(k, T.ASK, "which")] if noun is None else []
    field = next((dotted for dotted in (noun, *asked) if dotted and "." in dotted), None)
    counted = c.sense(at - 1, T.ENTITY) if field and (asked or "的" in c.items[at + 1].before) else None
    entity = entity_of(str(counted.value)) if counted else ""
    if sort.endswith("_count") and field and field.split(".")[0] == entity and not c.items[at].after_break:
        c.reading.measures.append(MeasureNode(fn="count", dotted=entity))
        c.own(at - 1)


def won_or_lost(c: Composer, at: int) -> int | None:
    """As in "the five biggest wins": the deals themselves, and not how many there are."""
    item = c.item(at)
    if item is not None and item.preps & _ON:
        return None  # "who is leading on wins": their number
    metric = c.sense(at, T.METRIC)
    if metric is None and item is not None and c.has(at, T.STATE):  # "the biggest win": its plural is the metric
        several = c.vocabulary.phrases.get(key(pluralize(item.tag.text.lower())), ())
        metric = next((s for s in several if s.type is T.METRIC), None)
    if metric is None or metric.value not in ("deals_won", "deals_lost"):
        return None
    c.reading.states.append(StateTest(("won",) if metric.value == "deals_won" else ("lost",)))
    return at


_ON = frozenset({"on", "by", "for", "in", "in terms of"})


def size_of(c: Composer, at: int) -> tuple[str | None, int | None]:
    """The numeric field right beside a superlative: "most employees", 员工最少."""
    metric = c.sense(at + 1, T.METRIC)
    if metric is not None and _is_length(c, str(metric.value)):
        c.reading.states.append(StateTest(("won",)))
        return "deal.duration_days", at + 1  # "the shortest sales cycle of any deal"
    for k in (at + 1, at - 1):
        fields = c.numeric_at(k)
        near = k > at or (c.items[k].tag.end >= c.items[at].tag.start - 1)
        if near and (own := _of_each_deal(c, k, at)):
            return own, k
        if fields and c.is_total(fields[0]) and _ranks_party(c):
            continue  # "the reps with the most ACV": their total
        if fields and near and not c.sense(k, T.METRIC) and not c.items[max(k, at)].after_break:
            return c.nearest(fields, to=c.about), k
    return None, None


def _asks_for_values(c: Composer, at: int) -> bool:
    """As in "which depot", "what segment": values of a field that groups are made by."""
    return c.has(at, T.ASK, "which", "what") and bool(c.fields_at(at + 1, lambda f: not f.is_numeric and not f.is_date))


def _is_length(c: Composer, metric: str) -> bool:
    """Whether it is how long single deals took."""
    nouns = {entity_of(str(s.value)) for item in c.items for s in item.tag.all(T.ENTITY)}
    alone = not any(item.tag.get(T.BY, T.BUCKET, T.UNIT) for item in c.items)
    return c.vocabulary.schema.metrics[metric].unit == "days" and nouns == {FACT} and alone


def _of_each_deal(c: Composer, k: int, at: int) -> str | None:
    """As in 成交周期最长的单子: what the metric is the average of, where single deals are ranked by it."""
    metric = c.sense(k, T.METRIC)
    declared = c.vocabulary.schema.metrics.get(str(metric.value)) if metric else None
    text = c.items[at].tag.text
    ranked = find_noun(c, at + 1)[0] == FACT or (text.endswith(ONE_DEAL) and not text.endswith("次"))
    party = _ranks_party(c) and not text.endswith(ONE_DEAL)
    if declared is None or declared.measure.fn != "avg" or not ranked or party or k > at:
        return None
    c.reading.states.append(StateTest(("won",)))
    return f"{declared.entity}.{declared.measure.field}"


def _ranks_party(c: Composer) -> bool:
    """Whether people, companies or products are ranked, and no single deals."""
    nouns = {entity_of(str(s.value)) for item in c.items for s in item.tag.all(T.ENTITY)}
    asks = any(c.has(k, T.ASK, "who") or _asks_for_values(c, k) for k in range(len(c.items)))
    return FACT not in nouns and bool(asks or nouns & {"user", "account", "product"})
