"""What a bound is said of: a field, a metric, a number of records, an amount of money."""

from dataclasses import replace

from copilot.offline.compose.bounds import Bound, counts_deals, is_amount
from copilot.offline.compose.composer import Composer, entity_of
from copilot.offline.compose.reading import FieldTest, HavingNode, MeasureNode, StateTest
from copilot.offline.tags import T
from crm_core.models import Kind

_COUNTERS = frozenset({"次", "回", "笔", "单", "趟"})


def different(c: Composer, bound: Bound) -> bool:
    """As in "sold to more than 60 different accounts": how many others each has to do with."""
    noun = c.sense(bound.right + 1, T.ENTITY)
    reference = c.is_reference_of("deal", entity_of(str(noun.value))) if noun else None
    if not c.has(bound.right, T.AGG, "distinct") or reference is None:
        return False
    c.reading.having.append(having(bound, MeasureNode(fn="count", dotted=f"deal.{reference}")))
    c.own(*bound.used, bound.right, bound.right + 1)
    return True


def having(bound: Bound, subject: MeasureNode | None = None, *, is_money: bool = False, scale: float = 1) -> HavingNode:
    return HavingNode(bound.op, bound.value * scale, subject, is_money, bound.upper)


def is_rate(c: Composer, dotted: str) -> bool:
    field = c.vocabulary.field(dotted)
    return field.kind is Kind.PERCENT or field.is_ratio


def metric(c: Composer, k: int, bound: Bound) -> bool:
    """A test on the metric at `k`, if one stands there."""
    sense = c.sense(k, T.METRIC, T.VERB_METRIC)
    metric = c.vocabulary.schema.metrics[sense.value] if sense else None
    number = bound.number
    if metric is None or (number.is_money and metric.kind is not Kind.MONEY):
        return False
    amount = any(c.has(j, T.NUMBER) and is_amount(c, j) for j in bound.used)
    if amount and counts_deals(c, k):
        return False  # "wins over 10k": their amounts, and not how many they are
    if amount and metric.name == "deals_won" and grouped(c):
        c.reading.having.append(having(bound, MeasureNode(metric="bookings"), is_money=True))
        c.own(*bound.used, k)  # 哪些客户签单超两万: what they come to
        return True
    if metric.name == "bookings" and c.has(k, T.METRIC) and not grouped(c) and _asks_for_deals(c):
        field(c, "deal.amount", bound, k)  # 成交额不低于1万的单子
        return True
    if metric.unit == "days" and c.mentions(T.ENTITY, "deal") and not names_party(c):
        c.reading.states.append(StateTest(("won",)))  # "deals that took over 60 days to win"
        field(c, "deal.duration_days", bound, k)
        return True
    if metric.kind is Kind.MONEY and metric.additive and not number.is_money and bound.value < 1000:
        _times(c, having(bound), [*bound.used, k])
        return True
    if counts_deals(c, k) and k < min(bound.used) and not grouped(c) and not _by_time(c):
        return False  # "won deals smaller than 60": no number of deals
    scale = 0.01 if number.is_percent or (metric.name.endswith("rate") and bound.value > 1) else 1
    upper = bound.upper * scale if bound.upper is not None else None
    subject = MeasureNode(metric=metric.name)
    c.reading.having.append(HavingNode(bound.op, round(bound.value * scale, 6), subject, number.is_money, upper))
    c.own(*bound.used, k)
    return True


def names_party(c: Composer) -> bool:
    """Whether people, companies or products are spoken of."""
    nouns = {entity_of(str(s.value)) for item in c.items for s in item.tag.all(T.ENTITY)}
    return bool(nouns & {"user", "account", "product"})


def _times(c: Composer, bound: HavingNode, used: list[int]) -> None:
    """As in 买过两次以上: a number of deals. Without its counter it may be either, and is asked about."""
    after = c.item(max(used) + 1)
    counted = any(c.items[k].before & _COUNTERS for k in used) or (after is not None and after.before & _COUNTERS)
    c.reading.unclear |= not counted
    c.reading.states.append(StateTest(("won",)))
    c.reading.having.append(replace(bound, subject=MeasureNode(fn="count", dotted="deal")))
    c.reading.facts.append("deal")
    c.own(*used)


def number_of(c: Composer, bound: Bound) -> bool:
    """As in "more than 200 deals", "ten or more open deals": a test on how many there are."""
    at = bound.right
    while c.sense(at, T.STATE, T.RECORD, T.VALUE) is not None and not c.sense(at, T.ENTITY):
        at += 1
    if c.has(bound.left, T.ENTITY, "deal") and c.item(at) is not None and c.items[at].before & (_COUNTERS | {"个"}):
        at = bound.left  # 在谈商机超过5个的销售
    noun = c.sense(at, T.ENTITY)
    entity = entity_of(str(noun.value)) if noun else ""
    if not entity or not c.vocabulary.schema.entities[entity].is_fact:
        return False
    if entity == "deal" and at == bound.right and "的" in c.items[at].before:
        field(c, "deal.amount", bound)  # 超过2万的单子: their amount, and not how many
        return True
    c.reading.having.append(having(bound, MeasureNode(fn="count", dotted=entity)))
    c.reading.facts.append(entity)
    c.own(*bound.used, at)
    return True


def field(c: Composer, dotted: str, bound: Bound, *nouns: int) -> None:
    kind = c.vocabulary.field(dotted).kind
    values = (bound.value,) if bound.upper is None else (bound.value, bound.upper)
    whole = tuple(int(v) if v == int(v) and kind is not Kind.MONEY else v for v in values)
    c.reading.fields.append(FieldTest(dotted, bound.op, whole, at=c.items[min(bound.used)].tag.start))
    c.own(*bound.used, *nouns)


def money(c: Composer, bound: Bound) -> None:
    """Money without a noun of its own: the deal's amount when deals are asked for, else the group's total."""
    deals = any(entity_of(s.value) == "deal" for i in c.items for s in i.tag.all(T.ENTITY))
    deals = deals or any(counts_deals(c, k) for k in (bound.left, bound.right))
    if deals or not grouped(c):
        field(c, "deal.amount", bound)
        big = bound.right
        if c.has(big, T.COMPARATIVE, "gt", "lt") and c.has(big + 1, T.ENTITY, "deal"):
            c.own(big)  # 50万以上的大单
    else:
        c.reading.having.append(having(bound, is_money=True))
        c.own(*bound.used)


def _asks_for_deals(c: Composer) -> bool:
    nouns = [s.value for i in c.items if not i.is_soft or "的" in i.before for s in i.tag.all(T.ENTITY)]
    return "deal" in nouns and not (_by_time(c) or c.mentions(T.BY))


def _by_time(c: Composer) -> bool:
    """Whether months, quarters … are asked for."""
    return c.mentions(T.UNIT) or c.mentions(T.BUCKET)


def grouped(c: Composer) -> bool:
    """Whether people, companies or products are asked for."""
    nouns = [entity_of(s.value) for i in c.items for s in i.tag.all(T.ENTITY)]
    other = any(s.type is T.FIELD and not str(s.value).startswith("deal.") for i in c.items for s in i.tag.senses)
    return other or bool({"user", "account", "product"}.intersection(nouns))
