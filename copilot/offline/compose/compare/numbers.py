"""Numbers with an operator before or after them."""

from dataclasses import replace

import prompts
from copilot.offline.compose.bounds import Bound, counts_deals, is_amount, read_bound
from copilot.offline.compose.compare.lengths import DAYS, duration
from copilot.offline.compose.compare.subjects import (
    different,
    field,
    grouped,
    having,
    is_rate,
    metric,
    money,
    number_of,
)
from copilot.offline.compose.composer import Composer
from copilot.offline.compose.reading import FieldTest, HavingNode
from copilot.offline.tags import T


def at_least_one(c: Composer) -> None:
    """As in "reps who sold at least one GTX Pro": it says no more than that there is such a deal."""
    for at, _, sense in list(c.each(T.NUMBER)):
        one = (
            sense.value.value == 1 and sense.value.unit is None and not (sense.value.is_money or sense.value.is_percent)
        )
        if one and c.has(at - 1, T.OP, "ge") and c.sense(at + 1, T.RECORD, T.VALUE) and _did(c, at - 2):
            c.own(at - 1, at)
    for at, item, _ in list(c.each(T.OP)):
        repeated = c.sense(at + 1, T.BY, T.BUCKET, T.UNIT, T.ASK)  # "at least once a month"
        if item.tag.text.lower() in words("ever") and c.mentions(T.VERB_METRIC) and not repeated:
            c.own(at)


def _did(c: Composer, at: int) -> bool:
    """Whether a verb of buying or selling stands there, also where a rule has taken it."""
    item = c.item(at)
    return item is not None and item.tag.get(T.VERB_METRIC) is not None


def signed(c: Composer) -> None:
    """As in "accounts with a negative NPS", NPS为负: below nothing, or above it."""
    for at, item in enumerate(c.items):
        said = item.tag.text.lower()
        op = "lt" if said in words("below_zero") else "gt" if said in words("above_zero") else None
        beside = next((k for k in (at + 1, at - 1) if c.numeric_at(k)), None) if op else None
        if op and beside is not None and not item.owned:
            c.reading.fields.append(FieldTest(c.nearest(c.numeric_at(beside), to=c.about), op, (0,), at=item.tag.start))
            c.own(at, beside)


def words(kind: str) -> frozenset[str]:
    """A closed list of small words."""
    return frozenset(prompts.load_yaml("lexicon/small_words")[kind])


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
            field(c, said.dotted, bound)
        elif not any(c.has(b.right, T.OR) for b in chain):
            c.reading.having.append(replace(said, op=bound.op, value=bound.value, upper=bound.upper))
            c.own(*bound.used)


def stray(c: Composer) -> None:
    """As in "how many exactly", "about how much": of nothing, they say nothing."""
    for at, _, sense in list(c.each(T.OP)):
        beside = c.has(at + 1, T.NUMBER) or c.has(at - 1, T.NUMBER)
        if not beside and (sense.value in ("eq", "approx") or (sense.value == "between" and c.mentions(T.GAP))):
            c.own(at)


def _tie(c: Composer, bound: Bound) -> None:
    number, left, right = bound.number, bound.left, bound.right
    if number.unit in DAYS:
        duration(c, bound, DAYS[str(number.unit)])
        return
    head = c.item(right) is not None and "的" in c.items[right].before  # 业绩超过20万的|人: it is said of them
    for k in (left,) if head else (right, left):
        fields = [f for f in c.numeric_at(k) if c.items[k].tag.type is not T.METRIC or not f.endswith(".won_amount")]
        fields = [f for f in fields if not number.is_percent or is_rate(c, f)]
        if fields and not c.items[max(k, min(bound.used))].after_break:
            dotted = c.nearest(fields, to=c.about)
            inside = [j for j in range(left + 1, right) if j not in bound.used]  # 员工500|人|以下
            again = [j for j in (right, left, *inside) if j != k and dotted in c.numeric_at(j)]  # 员工超过一万人
            field(c, dotted, bound, k, *again)
            return
    if different(c, bound) or any(metric(c, k, bound) for k in (right, left)):
        return
    if not any(c.has(k, T.NUMBER) and is_amount(c, k) for k in bound.used) and number_of(c, bound):
        return
    deals = any(counts_deals(c, k) for k in (left, right)) and not grouped(c)
    if number.is_money or bound.value >= 1000 or deals:
        money(c, bound)
    elif number.unit is None and (c.has(right, T.PRONOUN) or c.item(right) is None):
        scale = 0.01 if number.is_percent else 1  # "the ones with more than 27 of them", "over 60 %"
        c.reading.having.append(having(bound, scale=scale))
        c.own(*bound.used)
