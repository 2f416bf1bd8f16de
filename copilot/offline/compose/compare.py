"""Rules for comparisons: "over 50k", "100+ wins", "more than 90 days", "below list price"."""

from dataclasses import replace

from copilot.offline.compose.bounds import Bound, counts_deals, is_amount, read_bound
from copilot.offline.compose.composer import Composer, entity_of
from copilot.offline.compose.reading import FieldTest, HavingNode, MeasureNode, StateTest, Target
from copilot.offline.tags import Sense, T
from crm_core.models import Kind, Role
from crm_core.schema import Field

DAYS = {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365}
_COUNTERS = frozenset({"次", "回", "笔", "单", "趟"})
AGO = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}  # the longer ago, the smaller the year
FLIP = {"gt": "gt", "ge": "ge", "lt": "lt", "le": "le", "eq": "eq"}


def field_comparisons(c: Composer) -> None:
    """As in "below list price": the amount of the fact against another money field."""
    for at, _, sense in c.each(T.OP):
        if sense.value in FLIP and c.has(at + 1, T.NUMBER):
            _part_of_price(c, at, str(sense.value))
        if sense.value not in FLIP or c.has(at + 1, T.NUMBER):
            continue
        fields = c.fields_at(at + 1, _is_price)
        if fields:
            percent = c.sense(at - 1, T.NUMBER)
            if percent is not None and percent.value.is_percent and sense.value in ("gt", "lt"):
                _off_price(c, at, sense.value, float(percent.value.value))
                continue
            other = c.nearest(fields, to=c.about)
            c.reading.fields.append(FieldTest("deal.amount", sense.value, other=other, at=c.items[at].tag.start))
            c.own(at, at + 1)


def _is_price(field: Field) -> bool:
    return field.kind is Kind.MONEY and field.role is not Role.AMOUNT


def _part_of_price(c: Composer, at: int, op: str) -> None:
    """As in "for less than half of list price"."""
    number = c.sense(at + 1, T.NUMBER)
    if number is not None and number.value.is_percent and c.fields_at(at + 2, _is_price):
        ratio = float(number.value.value) / 100
        c.reading.fields.append(FieldTest("deal.price_ratio", op, (ratio,), at=c.items[at].tag.start))
        c.own(at, at + 1, at + 2)


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
    bounds = [read_bound(c, at) for at, _, s in c.each(T.NUMBER) if not s.value.is_ordinal]
    chains: list[list[Bound]] = []
    for bound in bounds:
        if bound is None or (chains and set(bound.used) & set(chains[-1][-1].used)):
            continue  # the second number of a range
        if chains and _goes_on(c, chains[-1][-1], bound):
            chains[-1].append(bound)
        else:
            chains.append([bound])
    for chain in chains:
        _tie_all(c, chain)


def _goes_on(c: Composer, one: Bound, other: Bound) -> bool:
    """As in "at least 1000 and at most 2000", "above 5k or below 100": nothing but a connective between two bounds."""
    own = [
        c.numeric_at(one.left) or c.sense(one.left, T.METRIC),
        c.numeric_at(other.right) or c.sense(other.right, T.METRIC),
    ]
    if all(own):
        return False  # "revenue of at least 2bn and no more than 2000 staff"
    joined = c.has(one.right, T.AND) or c.has(one.right, T.OR) or c.has(one.right, T.FOLLOW, "add")
    return one.number.unit == other.number.unit and other.left == one.right - (not joined)


def _tie_all(c: Composer, chain: list[Bound]) -> None:
    """Tie the bound that stands beside the subject; the others are of the same."""
    last = chain[-1]
    after = c.item(last.right)
    behind = after is not None and not after.after_break and c.sense(last.right, T.FIELD, T.METRIC, T.ENTITY)
    first, *rest = chain[::-1] if behind else chain
    fields, having = len(c.reading.fields), len(c.reading.having)
    _tie(c, first)
    made: list[FieldTest | HavingNode] = [*c.reading.fields[fields:], *c.reading.having[having:]]
    if len(made) != 1:
        return
    said = made[0]
    c.own(*(b.right for b in chain[:-1] if c.has(b.right, T.FOLLOW)))
    for bound in rest:
        if isinstance(said, FieldTest):
            _field(c, said.dotted, bound)
        elif not any(c.has(b.right, T.OR) for b in chain):
            c.reading.having.append(replace(said, op=bound.op, value=bound.value, upper=bound.upper))
            c.own(*bound.used)


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


def stray(c: Composer) -> None:
    """As in "how many exactly", "about how much": of nothing, they say nothing."""
    for at, _, sense in list(c.each(T.OP)):
        beside = c.has(at + 1, T.NUMBER) or c.has(at - 1, T.NUMBER)
        if not beside and (sense.value in ("eq", "approx") or (sense.value == "between" and c.mentions(T.GAP))):
            c.own(at)


def _tie(c: Composer, bound: Bound) -> None:
    number, left, right = bound.number, bound.left, bound.right
    if number.unit in DAYS:
        _duration(c, bound, DAYS[str(number.unit)])
        return
    head = c.item(right) is not None and "的" in c.items[right].before  # 业绩超过20万的|人: it is said of them
    for k in (left,) if head else (right, left):
        fields = [f for f in c.numeric_at(k) if c.items[k].tag.type is not T.METRIC or not f.endswith(".won_amount")]
        fields = [f for f in fields if not number.is_percent or _is_rate(c, f)]
        if fields and not c.items[max(k, min(bound.used))].after_break:
            dotted = c.nearest(fields, to=c.about)
            inside = [j for j in range(left + 1, right) if j not in bound.used]  # 员工500|人|以下
            again = [j for j in (right, left, *inside) if j != k and dotted in c.numeric_at(j)]  # 员工超过一万人
            _field(c, dotted, bound, k, *again)
            return
    if _different(c, bound) or any(_metric(c, k, bound) for k in (right, left)):
        return
    if not any(c.has(k, T.NUMBER) and is_amount(c, k) for k in bound.used) and _number_of(c, bound):
        return
    deals = any(counts_deals(c, k) for k in (left, right)) and not _grouped(c)
    if number.is_money or bound.value >= 1000 or deals:
        _money(c, bound)
    elif number.unit is None and (c.has(right, T.PRONOUN) or c.item(right) is None):
        scale = 0.01 if number.is_percent else 1  # "the ones with more than 27 of them", "over 60 %"
        c.reading.having.append(_having(bound, scale=scale))
        c.own(*bound.used)


def _different(c: Composer, bound: Bound) -> bool:
    """As in "sold to more than 60 different accounts": how many others each has to do with."""
    noun = c.sense(bound.right + 1, T.ENTITY)
    reference = c.is_reference_of("deal", entity_of(str(noun.value))) if noun else None
    if not c.has(bound.right, T.AGG, "distinct") or reference is None:
        return False
    c.reading.having.append(_having(bound, MeasureNode(fn="count", dotted=f"deal.{reference}")))
    c.own(*bound.used, bound.right, bound.right + 1)
    return True


def _having(
    bound: Bound, subject: MeasureNode | None = None, *, is_money: bool = False, scale: float = 1
) -> HavingNode:
    return HavingNode(bound.op, bound.value * scale, subject, is_money, bound.upper)


def _is_rate(c: Composer, dotted: str) -> bool:
    field = c.vocabulary.field(dotted)
    return field.kind is Kind.PERCENT or field.is_ratio


def _metric(c: Composer, k: int, bound: Bound) -> bool:
    """A test on the metric at `k`, if one stands there."""
    sense = c.sense(k, T.METRIC, T.VERB_METRIC)
    metric = c.vocabulary.schema.metrics[sense.value] if sense else None
    number = bound.number
    if metric is None or (number.is_money and metric.kind is not Kind.MONEY):
        return False
    amount = any(c.has(j, T.NUMBER) and is_amount(c, j) for j in bound.used)
    if amount and counts_deals(c, k):
        return False  # "wins over 10k": their amounts, and not how many they are
    if metric.name == "bookings" and c.has(k, T.METRIC) and not _grouped(c) and _asks_for_deals(c):
        _field(c, "deal.amount", bound, k)  # 成交额不低于1万的单子
        return True
    if metric.unit == "days" and c.mentions(T.ENTITY, "deal") and not _names_party(c):
        c.reading.states.append(StateTest(("won",)))  # "deals that took over 60 days to win"
        _field(c, "deal.duration_days", bound, k)
        return True
    if metric.kind is Kind.MONEY and metric.additive and not number.is_money and bound.value < 1000:
        _times(c, _having(bound), [*bound.used, k])
        return True
    if counts_deals(c, k) and k < min(bound.used) and not _grouped(c) and not c.mentions(T.UNIT, T.BUCKET):
        return False  # "won deals smaller than 60": no number of deals
    scale = 0.01 if number.is_percent or (metric.name.endswith("rate") and bound.value > 1) else 1
    upper = bound.upper * scale if bound.upper is not None else None
    subject = MeasureNode(metric=metric.name)
    c.reading.having.append(HavingNode(bound.op, round(bound.value * scale, 6), subject, number.is_money, upper))
    c.own(*bound.used, k)
    return True


def _names_party(c: Composer) -> bool:
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


def _number_of(c: Composer, bound: Bound) -> bool:
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
        _field(c, "deal.amount", bound)  # 超过2万的单子: their amount, and not how many
        return True
    c.reading.having.append(_having(bound, MeasureNode(fn="count", dotted=entity)))
    c.reading.facts.append(entity)
    c.own(*bound.used, at)
    return True


def _field(c: Composer, dotted: str, bound: Bound, *nouns: int) -> None:
    kind = c.vocabulary.field(dotted).kind
    values = (bound.value,) if bound.upper is None else (bound.value, bound.upper)
    whole = tuple(int(v) if v == int(v) and kind is not Kind.MONEY else v for v in values)
    c.reading.fields.append(FieldTest(dotted, bound.op, whole, at=c.items[min(bound.used)].tag.start))
    c.own(*bound.used, *nouns)


def _money(c: Composer, bound: Bound) -> None:
    """Money without a noun of its own: the deal's amount when deals are asked for, else the group's total."""
    deals = any(entity_of(s.value) == "deal" for i in c.items for s in i.tag.all(T.ENTITY))
    deals = deals or any(counts_deals(c, k) for k in (bound.left, bound.right))
    if deals or not _grouped(c):
        _field(c, "deal.amount", bound)
        big = bound.right
        if c.has(big, T.COMPARATIVE, "gt", "lt") and c.has(big + 1, T.ENTITY, "deal"):
            c.own(big)  # 50万以上的大单
    else:
        c.reading.having.append(_having(bound, is_money=True))
        c.own(*bound.used)


def _asks_for_deals(c: Composer) -> bool:
    nouns = [s.value for item in c.items if not item.is_soft for s in item.tag.all(T.ENTITY)]
    return "deal" in nouns and not c.mentions(T.UNIT, T.BUCKET, T.BY)


def _grouped(c: Composer) -> bool:
    """Whether people, companies or products are asked for."""
    nouns = [entity_of(s.value) for i in c.items for s in i.tag.all(T.ENTITY)]
    other = any(s.type is T.FIELD and not str(s.value).startswith("deal.") for i in c.items for s in i.tag.senses)
    return other or bool({"user", "account", "product"}.intersection(nouns))


def _duration(c: Composer, bound: Bound, unit: int) -> None:
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
    if any(_says_open(c, word) for k in used for word in c.items[k].tag.text.lower().split(" ")):
        c.reading.states.append(StateTest(("open",)))  # "been open for"
    values = tuple(int(value * unit) for value in (bound.value, bound.upper) if value is not None)
    c.reading.fields.append(FieldTest(f"{entity}.{name}", bound.op, values, at=c.items[min(used)].tag.start))
    if name == "age_days" and entity == "deal":
        c.reading.started = True
    c.own(*used)


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
    for k in (bound.left, bound.right) if _names_party(c) else ():
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
