"""Rules for comparisons: "over 50k", "100+ wins", "more than 90 days", "below list price"."""

from dataclasses import replace

from copilot.offline.compose.composer import Composer, entity_of
from copilot.offline.compose.reading import FieldTest, HavingNode, MeasureNode, StateTest
from copilot.offline.numbers import Number
from copilot.offline.tags import T
from crm_core.models import Kind, Role

DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
_COUNTERS = frozenset({"次", "回", "笔", "单", "趟"})
_AN_AMOUNT = 1000
FLIP = {"gt": "gt", "ge": "ge", "lt": "lt", "le": "le", "eq": "eq"}


def field_comparisons(c: Composer) -> None:
    """As in "below list price": the amount of the fact against another money field."""
    for at, _, sense in c.each(T.OP):
        if sense.value not in FLIP or c.has(at + 1, T.NUMBER):
            continue
        fields = c.fields_at(at + 1, lambda f: f.kind is Kind.MONEY and f.role is not Role.AMOUNT)
        if fields:
            percent = c.sense(at - 1, T.NUMBER)
            if percent is not None and percent.value.is_percent and sense.value in ("gt", "lt"):
                _off_price(c, at, sense.value, float(percent.value.value))
                continue
            other = c.nearest(fields, to=c.about)
            c.reading.fields.append(FieldTest("deal.amount", sense.value, other=other, at=c.items[at].tag.start))
            c.own(at, at + 1)


def _off_price(c: Composer, at: int, side: str, percent: float) -> None:
    """As in "more than 15 % under list price": the amount is less than 85 % of it."""
    bound = c.sense(at - 2, T.OP)
    further = bound is None or bound.value in ("gt", "ge")
    lower = (side == "lt") == further
    ratio = (100 - percent if side == "lt" else 100 + percent) / 100
    node = FieldTest("deal.price_ratio", "lt" if lower else "gt", (ratio,), at=c.items[at].tag.start)
    c.reading.fields.append(node)
    c.own(at - 1, at, at + 1, *([at - 2] if bound else []))


def comparisons(c: Composer) -> None:
    """A number with an operator before or after it, tied to what it measures."""
    for at, item, sense in list(c.each(T.NUMBER)):
        number: Number = sense.value
        if item.owned or number.is_ordinal:
            continue
        op, used = _operator(c, at, number)
        if op is None:
            continue
        upper = None
        if op == "between" and (c.has(at + 1, T.AND) or c.has(at + 1, T.OR)) and c.has(at + 2, T.NUMBER):
            upper = float(c.items[at + 2].get(T.NUMBER).value.value)  # type: ignore[union-attr]
            used += [at + 1, at + 2]
        _tie(c, at, number, op, upper, used)


def stray(c: Composer) -> None:
    """As in "how many exactly", "about how much": of nothing, they say nothing."""
    for at, _, sense in list(c.each(T.OP)):
        beside = c.has(at + 1, T.NUMBER) or c.has(at - 1, T.NUMBER)
        if not beside and (sense.value in ("eq", "approx") or (sense.value == "between" and c.mentions(T.GAP))):
            c.own(at)


def _operator(c: Composer, at: int, number: Number) -> tuple[str | None, list[int]]:
    before, after = c.sense(at - 1, T.OP), c.sense(at + 1, T.POST_OP)
    if after:
        return str(after.value), [at, at + 1]
    if before:
        return str(before.value), [at, at - 1]
    if number.or_more:
        return "ge", [at]
    for k in (at + 2,):  # "10 deals or more"
        late = c.sense(k, T.POST_OP)
        if late:
            return str(late.value), [at, k]
    if number.is_money and _verb_just_before(c, at):
        return "ge", [at]  # "cleared $400K"
    return None, []


def _verb_just_before(c: Composer, at: int) -> bool:
    return c.has(at - 1, T.VERB_METRIC) and (c.mentions(T.ASK, "which") or c.mentions(T.ASK, "who"))


def _tie(c: Composer, at: int, number: Number, op: str, upper: float | None, used: list[int]) -> None:
    value = float(number.value)
    if op == "approx":
        op, value, upper = "between", value * 0.9, value * 1.1
    if number.unit in DAYS:
        _duration(c, op, value * DAYS[str(number.unit)], used)
        return
    left, right = min(used) - 1, max(used) + 1
    for k in (right, left):
        fields = [f for f in c.numeric_at(k) if c.items[k].tag.type is not T.METRIC or not f.endswith(".won_amount")]
        if fields and not c.items[max(k, at)].after_break:
            dotted = c.nearest(fields, to=c.about)
            again = [j for j in (right, left) if j != k and dotted in c.numeric_at(j)]  # 员工超过一万人
            _field(c, dotted, op, value, upper, number, [*used, k, *again])
            return
    if any(_metric(c, k, number, HavingNode(op, value, upper=upper), used) for k in (right, left)):
        return
    if not number.is_money and _number_of(c, op, value, upper, used):
        return
    if number.is_money or value >= 1000:
        _money(c, op, value, upper, used)
    elif number.unit is None and (c.has(right, T.PRONOUN) or c.item(right) is None):
        c.reading.having.append(HavingNode(op, value, None, upper=upper))  # "the ones with more than 27 of them"
        c.own(*used)


def _metric(c: Composer, k: int, number: Number, bound: HavingNode, used: list[int]) -> bool:
    """A test on the metric at `k`, if one stands there."""
    sense = c.sense(k, T.METRIC, T.VERB_METRIC)
    metric = c.vocabulary.schema.metrics[sense.value] if sense else None
    if metric is None or (number.is_money and metric.kind is not Kind.MONEY):
        return False
    if metric.kind is Kind.MONEY and not number.is_money and bound.value < 1000:
        _times(c, bound, [*used, k])
        return True
    if metric.name in ("deals_won", "deals_lost") and k < min(used) and bound.value >= _AN_AMOUNT and not _grouped(c):
        return False  # "won deals > 20k": no number of deals
    scale = 0.01 if number.is_percent or (metric.name.endswith("rate") and bound.value > 1) else 1
    subject = MeasureNode(metric=metric.name)
    c.reading.having.append(HavingNode(bound.op, bound.value * scale, subject, number.is_money, bound.upper))
    c.own(*used, k)
    return True


def _times(c: Composer, bound: HavingNode, used: list[int]) -> None:
    """As in 买过两次以上: a number of deals. Without its counter it may be either, and is asked about."""
    after = c.item(max(used) + 1)
    counted = any(c.items[k].before & _COUNTERS for k in used) or (after is not None and after.before & _COUNTERS)
    c.reading.unclear |= not counted
    c.reading.states.append(StateTest(("won",)))
    c.reading.having.append(replace(bound, subject=MeasureNode(fn="count", dotted="deal")))
    c.reading.facts.append("deal")
    c.own(*used)


def _number_of(c: Composer, op: str, value: float, upper: float | None, used: list[int]) -> bool:
    """As in "more than 200 deals", "ten or more open deals": a test on how many there are."""
    at = max(used) + 1
    at += c.has(at, T.STATE)
    noun = c.sense(at, T.ENTITY)
    entity = entity_of(str(noun.value)) if noun else ""
    if not entity or not c.vocabulary.schema.entities[entity].is_fact:
        return False
    c.reading.having.append(HavingNode(op, value, MeasureNode(fn="count", dotted=entity), upper=upper))
    c.reading.facts.append(entity)
    c.own(*used, at)
    return True


def _field(
    c: Composer, dotted: str, op: str, value: float, upper: float | None, number: Number, used: list[int]
) -> None:
    kind = c.vocabulary.field(dotted).kind
    values = (value, upper) if op == "between" and upper is not None else (value,)
    whole = tuple(int(v) if v == int(v) and kind is not Kind.MONEY else v for v in values)
    c.reading.fields.append(FieldTest(dotted, op, whole))
    c.own(*used)


def _money(c: Composer, op: str, value: float, upper: float | None, used: list[int]) -> None:
    """Money without a noun of its own: the deal's amount when deals are asked for, else the group's total."""
    asks_for_deals = any(entity_of(s.value) == "deal" for i in c.items for s in i.tag.all(T.ENTITY))
    if asks_for_deals or not _grouped(c):
        values = (value, upper) if upper is not None else (value,)
        c.reading.fields.append(FieldTest("deal.amount", op, values))
    else:
        c.reading.having.append(HavingNode(op, value, None, True, upper))
    c.own(*used)


def _grouped(c: Composer) -> bool:
    """Whether people, companies or products are asked for."""
    nouns = [entity_of(s.value) for i in c.items for s in i.tag.all(T.ENTITY)]
    other = any(s.type is T.FIELD and not str(s.value).startswith("deal.") for i in c.items for s in i.tag.senses)
    return other or bool({"user", "account", "product"}.intersection(nouns))


def _duration(c: Composer, op: str, days: float, used: list[int]) -> None:
    """As in "for more than 90 days", "older than a year": age of what is open, length of what is closed."""
    closed = any(s.value in ("won", "lost", "closed") for i in c.items for s in i.tag.all(T.STATE) if not i.owned)
    entity = next((e for e in c.about if f"{e}.age_days" in _derived(c)), "deal")
    name = "duration_days" if closed and entity == "deal" else "age_days"
    for k in (min(used) - 1, max(used) + 1):
        fields = c.numeric_at(k)
        if fields and c.vocabulary.field(fields[0]).unit == "days":
            entity, name = fields[0].split(".")
            used = [*used, k]
            break
    c.reading.fields.append(FieldTest(f"{entity}.{name}", op, (int(days),)))
    if name == "age_days" and entity == "deal":
        c.reading.started = True
    c.own(*used)


def _derived(c: Composer) -> set[str]:
    return {f"{f.entity}.{f.name}" for f in c.vocabulary.schema.fields() if f.derived is not None}
