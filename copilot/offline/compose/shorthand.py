"""Rules for signs that stand for words, as typed on a phone: "$ won", "deals / rep", "won vs lost", "min max"."""

from copilot.offline.compose.aggregating import says_amount
from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.neighbours import find_noun
from copilot.offline.compose.reading import GroupNode, MeasureNode, Target
from copilot.offline.tags import Sense, T
from crm_core.models import Role

_SIGNS = frozenset("$€£¥")
_MONEY = frozenset({"dollars", "dollar", "euros", "money"})
_COUNTED = {"won": "deals_won", "lost": "deals_lost"}
_SPLITS = frozenset({"breakdown", "split"})
_MEASURED = (T.METRIC, T.VERB_METRIC)


def signs(c: Composer) -> None:
    """All of them."""
    _revenue_of_sellers(c)
    _by_how_much(c)
    _money(c)
    _outcomes(c)
    _extremes(c)
    _per(c)
    _wise(c)
    _dropped(c)
    _minus(c)


def _revenue_of_sellers(c: Composer) -> None:
    """As in "reps w/ >300k rev": what they sold, and not how large their customers are, of whom nothing is said."""
    told = {str(s.value) for i in c.items for s in i.tag.senses if s.type in (T.ENTITY, T.FIELD)}
    named = {s.value[0].entity for i in c.items for s in i.tag.senses if s.type is T.RECORD and s.value}
    valued = {str(s.value[0]) for i in c.items for s in i.tag.senses if s.type is T.VALUE}
    sellers = {"rep", "user", "manager", "product"} & told
    if not sellers or "account" in told | named or any(v.startswith("account.") for v in valued):
        return
    for at, item, _ in list(c.each(T.METRIC)):
        numbered = any(c.sense(k, T.NUMBER) for k in (at - 2, at - 1, at + 1, at + 2))
        kept = [s for s in item.tag.senses if s.type is not T.FIELD or not str(s.value).startswith("account.")]
        if numbered and item.tag.type is T.METRIC:
            item.tag = item.tag.only(*kept)


def _by_how_much(c: Composer) -> None:
    """As in "top 5 reps by how much they won": what they sold ranks them."""
    for at, item, _ in list(c.each(T.GAP)):
        verb = at + 2 if c.has(at + 1, T.PRONOUN, "set") else at + 1
        won = c.has(verb, T.STATE, "won") or c.has(verb, T.VERB_METRIC, "bookings")
        if item.tag.text.lower() == "by how much" and won and c.mentions(T.SUP):
            c.reading.measures.append(MeasureNode(metric="bookings"))
            c.own(*range(at, verb + 1))


def _money(c: Composer) -> None:
    """As in "$ won": what was sold, where nothing else is measured. "$ lost" has no such measure and stays open."""
    sign = next((at for at, item, _ in c.each(T.MONEY_WORD) if item.tag.text in _SIGNS or _is_of_wins(c, at)), None)
    states = {s.value for item in c.items for s in item.all(T.STATE)}
    counted = c.mentions(T.ASK, "how_many", "count")
    measured = counted or any(c.sense(k, *_MEASURED) for k in range(len(c.items)) if not c.sense(k - 1, T.BY))
    if sign is None or measured or any(c.numeric_at(k) for k in range(len(c.items))):
        return
    if not states <= {"won"}:
        c.reading.unclear = True
        return
    if c.has(sign - 1, T.BY) or c.has(sign - 1, T.SUP):
        return
    mean = next((k for k in (sign - 1, sign + 1) if c.has(k, T.AGG, "avg")), None)
    each = next((at for at, _, _ in c.each(T.BY) if c.has(at + 1, T.ENTITY, FACT) or c.has(at + 1, T.METRIC)), None)
    slashed = c.has(sign + 1, T.ENTITY, FACT) and "/" in c.items[sign + 1].before
    if mean is not None or each is not None or slashed:
        c.reading.measures.append(MeasureNode(metric="average_deal_size"))  # "avg $ per win", "$/deal"
        c.own(sign, *([mean] if mean is not None else []), *([each, each + 1] if each is not None else []))
        c.own(*([sign + 1] if slashed else []))
        return
    c.reading.measures.append(MeasureNode(metric="bookings"))
    c.own(sign, *(k for k in (sign - 1, sign + 1) if c.has(k, T.AGG, "sum")))


def _is_of_wins(c: Composer, at: int) -> bool:
    """As in "won dollars by rep"."""
    return c.items[at].tag.text.lower() in _MONEY and any(c.has(k, T.STATE, "won") for k in (at - 1, at + 1))


def _outcomes(c: Composer) -> None:
    """As in "won vs lost in Q2": how many deals ended either way, told side by side."""
    for at, _, _ in list(c.each(T.VERSUS)):
        pair = [_outcome(c, at - 1), _outcome(c, at + 1)]
        averaged = any(i.tag.type is T.AGG for i in c.items)  # "average discount on won vs lost deals"
        if (
            set(pair) == {"won", "lost"}
            and not averaged
            and not any(i.tag.get(T.CHANGE, T.SHARE, T.GAP, T.COMPARATIVE) for i in c.items)
        ):
            c.reading.measures += [MeasureNode(metric=_COUNTED[str(kind)]) for kind in pair]
            c.own(at - 1, at, at + 1)
            c.own(*(k for k, _, s in list(c.each(T.ASK)) if s.value in ("how_many", "count")))
            c.own(*(k for k, item, s in list(c.each(T.ENTITY)) if s.value == FACT and abs(k - at) <= 2))


def _outcome(c: Composer, at: int) -> str | None:
    """Won or lost, said as a state or as the number of deals in it."""
    state, metric = c.sense(at, T.STATE), c.sense(at, T.METRIC)
    named = {name: kind for kind, name in _COUNTED.items()}
    if metric is not None and metric.value in named:
        return named[str(metric.value)]
    return str(state.value) if state is not None and state.value in _COUNTED else None


def _extremes(c: Composer) -> None:
    """As in "min max deal", "the min and max amount": both ends of one number."""
    for at, _, _ in list(c.each(T.AGG)):
        nearer = at + 2 if c.has(at + 1, T.AND) or c.has(at + 1, T.FOLLOW, "add") else at + 1
        ends = [s.value for k in (at, nearer) if (s := c.sense(k, T.AGG)) is not None]
        if set(ends) != {"min", "max"}:
            continue
        noun = nearer + 1
        fields = c.numeric_at(noun)
        if not fields and not c.has(noun, T.ENTITY, FACT):
            continue
        amount = c.vocabulary.schema.entities[FACT].by_role(Role.AMOUNT)
        dotted = c.nearest(fields, to=c.about) if fields else f"{FACT}.{amount.name}" if amount else None
        if dotted is None:
            continue
        c.reading.measures += [MeasureNode(fn=str(end), dotted=dotted) for end in ends]
        c.own(*range(at, noun + 1))
        return


def _per(c: Composer) -> None:
    """As in "deals / rep": per rep."""
    for at, item in enumerate(c.items):
        noun, noun_at = find_noun(c, at)
        counted = c.has(at - 1, T.ENTITY, FACT) or c.sense(at - 1, T.METRIC)
        if "/" in item.before and noun_at == at and noun is not None and counted:
            bucket = noun.removeprefix("bucket:") if noun.startswith("bucket:") else None
            c.reading.groups.append(GroupNode(bucket=bucket) if bucket else GroupNode(dotted=noun))
            c.own(at)


def _wise(c: Composer) -> None:
    """As in "region-wise, what did we sell": per region, where nothing is ranked or chosen."""
    if c.mentions(T.SUP) or c.mentions(T.ASK, "which", "who"):
        return
    for at, item, _ in list(c.each(T.FIELD)):
        fields = [d for d in c.fields_at(at, lambda f: not f.is_numeric and not f.is_date) if c.is_choice(d)]
        if item.tag.text.lower().endswith("wise") and fields:
            c.reading.groups.append(GroupNode(dotted=c.nearest(fields, to=c.about)))
            c.own(at)


def _dropped(c: Composer) -> None:
    """As in "the deals we dropped", "deals Anna dropped": those that were lost, and no number that fell."""
    for at, item, _ in list(c.each(T.CHANGE)):
        agent = c.sense(at - 1, T.MINE, T.RECORD)
        if item.tag.text.lower() == "dropped" and agent is not None and c.has(at - 2, T.ENTITY, FACT):
            item.tag = item.tag.only(Sense(T.STATE, "lost"))


def _minus(c: Composer) -> None:
    """As in "q4 revenue minus q3 revenue": how far they are apart."""
    for at, item, _ in list(c.each(T.NEG)):
        if item.tag.text.lower() != "minus":
            continue
        dated = [any(c.sense(k, T.DATE) for k in side) for side in ((at - 1, at - 2), (at + 1, at + 2))]
        if all(dated) and any(c.sense(k, *_MEASURED) for k in (at - 1, at - 2)):
            c.reading.gap = True
            c.own(at)


def mix_of_values(c: Composer) -> None:
    """As in "revenue split east / west": by the field whose values are named."""
    several = [test.dotted for test in c.reading.fields if test.op == "in" and len(test.values) > 1]
    if c.reading.share == "mix" and not c.reading.groups and len(several) == 1:
        c.reading.groups.append(GroupNode(dotted=several[0]))


def courtesies(c: Composer) -> None:
    """As in "…, cheers": thanks at the end, also where a company is called so; without the comma it may be either."""
    if len(c.items) < 3:
        return
    last = c.items[-1]
    if last.get(T.RECORD) and last.tag.get(T.SMALLTALK) and last.tag.text.islower() and not last.preps:
        c.reading.unclear |= not last.after_break
        last.owned = True


def breakdowns(c: Composer) -> None:
    """As in "deal stage breakdown": by the noun before it."""
    for at, item, _ in list(c.each(T.ASK)):
        noun, noun_at = find_noun(c, at - 1)
        if item.tag.text.lower() not in _SPLITS:
            continue
        if noun_at == at - 1 and noun is not None and at > 1 and not c.has(at + 1, T.BY):
            c.reading.groups.append(GroupNode(dotted=noun))
            c.own(noun_at)
        c.own(at)


def total_number(c: Composer) -> None:
    """As in "total deals", "total open opps": how many there are."""
    for at, _, _ in list(c.each(T.AGG)):
        following = c.item(at + 1)
        noun_at = at + 1 + bool(following and following.tag.type is T.STATE)
        noun = c.sense(noun_at, T.ENTITY)
        last = c.item(noun_at + 1) is None or not (c.numeric_at(noun_at + 1) or c.sense(noun_at + 1, *_MEASURED))
        plain = c.has(at, T.AGG, "sum") and not says_amount(c, at)
        if plain and noun is not None and last and not c.reading.measures and not c.reading.groups:
            c.reading.asks.append("count")
            c.reading.target = Target(str(noun.value), "count", is_plural=True)
            c.reading.facts += [FACT] if noun.value == FACT else []
            c.own(at, noun_at)


def digits_for_words(c: Composer) -> None:
    """As in "wins 4 darcel": for; a number that nothing else took, before a name."""
    for at, _, sense in list(c.each(T.NUMBER)):
        bare = c.items[at].tag.text == "4" and sense.value.unit is None
        after = c.item(at + 1)
        if bare and at and after is not None and after.tag.get(T.RECORD, T.VALUE) and after.owned:
            c.own(at)


def half_read(c: Composer) -> None:
    """What looks like a plain question and is another: a share of the wins, revenue "of accounts"."""
    for at, item in enumerate(c.items):
        text, after = item.tag.text.lower(), c.item(at + 1)
        part = text.endswith("of wins") and after is not None and "from" in after.preps
        c.reading.unclear |= part
    means = [m.metric for m in c.reading.measures] == ["average_deal_size"]
    nouns = [i for i in c.items if i.tag.get(T.ENTITY) and "of" in i.preps]
    c.reading.unclear |= means and any(s.value == "account" for i in nouns for s in i.tag.all(T.ENTITY))
