"""Rules for superlatives and orderings: top 5, oldest, number two, best first."""

from collections.abc import Iterator
from dataclasses import replace

from copilot.offline.compose.compare import DAYS
from copilot.offline.compose.composer import FACT, Composer, entity_of
from copilot.offline.compose.neighbours import find_noun, named_fact
from copilot.offline.compose.reading import FieldTest, MeasureNode, StateTest, SupNode, Target
from copilot.offline.lexicon import key
from copilot.offline.numbers import Number
from copilot.offline.tags import T
from crm_core.models import Role
from crm_core.schema import pluralize


def orderings(c: Composer) -> None:
    """As in "best first", "lowest first": the order of the answer, not another ranking."""
    for at, _, sense in list(c.each(T.SUP)):
        after = c.item(at + 1)
        if at and c.items[at].after_break and c.mentions(T.ASK, "rank"):
            c.reading.order = "high_first" if str(sense.value).startswith("max") else "low_first"
            c.own(at, *(k for k in (at + 1, at + 2) if c.has(k, T.SUP) or c.has(k, T.NUMBER)))
            continue  # "rank them …, the best one on top"
        if (
            after
            and not after.owned
            and after.tag.text.lower() in ("first", "1st", "to")
            and (at > 0 or len(c.items) == 2)
        ):
            sort = str(sense.value)
            if sort in ("old", "new"):
                c.reading.order = f"{sort}_first"
            else:
                c.reading.order = "high_first" if sort.startswith("max") else "low_first"
            c.own(at, at + 1)


MAX_LIMIT = 1000
_ONE_DEAL = ("一笔", "一单", "那单", "那笔", "一张", "一票", "一次", "首单", "首笔", "第一单", "第一笔")
_FIRST = ("前", "top")
_LAST = ("后", "倒数")
_PARTIES = ("user", "account", "product")
_PLAIN_SIZES = ("small", "big", "large", "tiny", "little")
_PLACES = {"first": "max_rank", "top": "max_rank", "last": "min_rank", "bottom": "min_rank"}
_IN_TIME_HAN = ("最早", "最近", "最后", "第一", "首", "头一", "上一")
_IN_TIME = ("first", "earliest", "last", "latest", "most recent", "最早", "最近", "第一")


def two_places(c: Composer) -> None:
    """As in "the gap between the first and the second", "the best and the worst": two places of one ranking."""
    marks = list(_marks(c)) if c.mentions(T.GAP) else []
    if len(marks) != 2:
        return
    kinds = {kind for kind, _ in marks}
    used = [k for _, places in marks for k in places]
    nouns = [find_noun(c, max(places) + 1) for _, places in marks]
    noun = next((found for found, _ in reversed(nouns) if found), None)
    if kinds in ({1, 2}, {1, -1}):
        c.reading.gap, c.reading.spread = True, kinds == {1, -1}
        c.reading.sup = SupNode("max_rank", noun=noun)
    else:
        c.reading.unclear = True  # "between the second and the fifth"
    c.own(*used, *[at for found, at in nouns if at is not None and found == noun])
    c.own(*(k for k, _, _ in list(c.each(T.AND)) if k - 1 in used or k + 1 in used))


def _marks(c: Composer) -> Iterator[tuple[int, list[int]]]:
    """The places that are named, from the top (1, 2 …) or the bottom (-1 …), and where."""
    at = 0
    while at < len(c.items):
        sup, number = c.sense(at, T.SUP), c.sense(at, T.NUMBER)
        after = c.sense(at + 1, T.NUMBER)
        if number and number.value.is_ordinal and c.has(at + 1, T.SUP) and not c.items[at + 1].after_break:
            place = int(number.value.value)  # "the second largest"
            yield place if str(c.sense(at + 1, T.SUP).value).startswith("max") else -place, [at, at + 1]  # type: ignore[union-attr]
            at += 1
        elif number and number.value.is_ordinal:
            yield int(number.value.value), [at]
        elif sup and not c.items[at].tag.get(T.COMPARATIVE):
            last = str(sup.value).startswith("min") or sup.value == "new"
            yield -1 if last else 1, [at]
        elif after and c.items[at].tag.text.lower() in _NUMBER and not after.value.is_ordinal:
            yield int(after.value.value), [at, at + 1]
            at += 1
        at += 1


_NUMBER = ("number", "no", "no.", "place", "rank")


_TIMES = ("time", "次")


def _is_first_of_several(c: Composer, at: int) -> bool:
    """As in "when did we first win with Konex", of no single deal."""
    return c.mentions(T.ASK, "when") and named_fact(c) is None and not c.has(at, T.STATE, "started")


def _occasion(c: Composer, at: int, sort: str) -> SupNode:
    """As in "the last time we won": the deal by which that happened, where its date is asked for."""
    by = _closing(c)
    asked = c.mentions(T.ASK, "when") or any(i.tag.get(T.BUCKET) and i.tag.get(T.ASK) for i in c.items)
    c.reading.unclear |= by is None or (not asked and (c.mentions(T.ASK, "which") or c.mentions(T.ASK, "who")))
    c.own(at)
    if asked and not c.mentions(T.ASK, "when"):
        c.reading.columns.append(str(by))
    return SupNode(sort, 1, FACT, by=by)


def superlatives(c: Composer) -> None:
    """Top 5 reps, the oldest deal, best month, the three weakest accounts, number two."""
    for at, item, sense in list(c.each(T.SUP)):
        if item.owned or c.reading.sup is not None or (item.get(T.COMPARATIVE) and not _stands_out(c, at)):
            continue
        if c.has(at + 1, T.ASK, "list") and item.tag.text.lower() in _PLAIN_SIZES:
            c.own(at)  # "a small table with …"
            continue
        if item.tag.text in ("最后", "finally") and c.has(at + 1, T.STATE):
            c.own(at)  # 最后输掉的: in the end
            continue
        if item.tag.text == "头" and not c.has(at + 1, T.NUMBER):
            continue  # 手里头
        if item.tag.text.lower() == "first" and c.has(at + 1, T.STATE) and _is_first_of_several(c, at + 1):
            c.reading.sup = _occasion(c, at, "old")
        elif item.tag.text.lower() == "first" and c.has(at + 1, T.STATE):
            c.own(at)  # "when did we first engage"
        else:
            c.reading.sup = _superlative(c, at, str(sense.value))
    last = len(c.items) - 1
    if c.reading.sup is None and c.has(last, T.COMPARATIVE, "more") and _is_most(c, last):
        c.reading.sup = SupNode("max_good")  # 谁业绩好
        c.own(last)
    _ordinals(c)


def _stands_out(c: Composer, at: int) -> bool:
    """As in 第二高的, and 谁签得多."""
    before = c.sense(at - 1, T.NUMBER)
    return _is_most(c, at) or (before is not None and before.value.is_ordinal and not c.items[at].after_break)


def _is_most(c: Composer, at: int) -> bool:
    """As in 谁签得多, 哪个区业绩高: of all of them, where no two are named that stand side by side."""
    asked = any(c.has(k, T.ASK, "who", "which") for k in range(at)) and not c.items[at].tag.text.isascii()
    named = [item for item in c.items[:at] if item.tag.type in (T.RECORD, T.VALUE, T.VERSUS)]
    dates = sum(item.tag.type is T.DATE for item in c.items)
    measured = c.sense(at - 1, T.METRIC, T.VERB_METRIC, T.STATE) is not None
    return at == len(c.items) - 1 and asked and measured and len(named) < 2 and dates < 2


def _superlative(c: Composer, at: int, sort: str) -> SupNode:
    """The superlative at `at` with its number, the field it is about and the noun it stands with."""
    text = c.items[at].tag.text.lower()
    limit, owned = _how_many(c, at)
    if text in _PLACES and c.has(at - 1, T.STAND) and not c.sense(at - 1, T.ASK) and limit is None:
        c.own(at, at - 1)  # "who came first in Q3"
        return SupNode(_PLACES[text], None)
    doing = c.sense(at + 1, T.VERB_METRIC)
    if doing and c.items[at + 1].tag.text.endswith("ing") and find_noun(c, at + 2)[1] == at + 2:
        c.reading.measures.append(MeasureNode(metric=str(doing.value)))  # "the worst converting reps"
        owned.append(at + 1)
    wins = _won_or_lost(c, at + 1 if at + 1 not in owned else at + 2)
    if wins is not None and not sort.endswith("count"):
        c.own(*owned, wins)
        return SupNode(sort, limit, FACT, c.items[wins].is_plural)
    if text.endswith(_TIMES):
        return _occasion(c, at, sort)
    by, by_at = _size_of(c, at)
    owned += [by_at] if by_at is not None else []
    noun, noun_at = _ranked_noun(c, at, owned, limit)
    if noun is None:
        noun, noun_at = _after_measure(c, at)
    owned += [noun_at] if noun_at is not None else []
    if noun is None and by is None and sort in ("old", "new") and _is_first_of_several(c, at + 1):
        return _occasion(c, at, sort)  # 第一单是哪天赢的
    if (periods := _ranked_periods(c, at, SupNode(sort, limit, noun), owned)) is not None:
        return periods
    if limit is None and noun_at is not None and noun_at - 1 not in (at, *owned):
        limit = _number_before(c, noun_at, owned)
    by, sort = _ranked_by(c, at, sort, by, noun)
    c.own(*owned)
    return SupNode(sort, limit, noun, noun_at is not None and c.items[noun_at].is_plural, by=by)


def _ranked_periods(c: Composer, at: int, sup: SupNode, owned: list[int]) -> SupNode | None:
    """As in "top 3 months by revenue", "the week with the most wins": periods are ranked, and not what is counted."""
    ranked = None if c.items[at].tag.text.lower() in _IN_TIME else _periods(c, at)
    if ranked is None:
        return None
    unit, many, place = ranked
    c.own(*owned, place)
    c.reading.facts += [sup.noun] if sup.noun in c.vocabulary.schema.entities else []
    plural = sup.limit is not None or many is not None
    return SupNode(sup.sort, sup.limit or many, f"bucket:{unit}", plural)


def _ranked_by(c: Composer, at: int, sort: str, by: str | None, noun: str | None) -> tuple[str | None, str]:
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


def _after_measure(c: Composer, at: int) -> tuple[str | None, int | None]:
    """As in "the highest revenue month", "the lowest win rate region"."""
    after = c.item(at + 2)
    if not c.sense(at + 1, T.METRIC) or after is None or after.preps or after.after_break:
        return None, None
    noun, noun_at = find_noun(c, at + 2)
    return (noun, noun_at) if noun_at == at + 2 and noun != FACT else (None, None)


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


def _how_many(c: Composer, at: int) -> tuple[int | None, list[int]]:
    """The number beside a superlative, or after the question word ("which three … the longest"), and its place."""
    for k in (at + 1, at - 1, *(k + 1 for k in range(at) if c.has(k, T.ASK))):
        number = c.sense(k, T.NUMBER)
        of_shown = k > 0 and c.items[k - 1].tag.text.lower().endswith(("of the", "of these", "of those"))
        if number and not _is_amount(number.value) and not of_shown:
            limit = int(number.value.value)
            c.reading.unclear |= not 0 < limit <= MAX_LIMIT
            return limit, [at, k]
    for k in range(at):
        number = c.sense(k, T.NUMBER)
        named = find_noun(c, k + 1) == (None, None)
        if number and not _is_amount(number.value) and not named and find_noun(c, k + 1)[1] == k + 1:
            plural = c.items[k + 1].is_plural or not c.items[k + 1].tag.text.isascii()
            if plural and not c.has(k - 1, T.OP) and not c.has(k - 1, T.ASK, "count"):
                return int(number.value.value), [at, k]  # "the ten customers that spent least"
    return None, [at]


def _ranked_noun(c: Composer, at: int, owned: list[int], limit: int | None) -> tuple[str | None, int | None]:
    """The noun that a superlative stands with, and its place; 最大的赢单 and 最大的一笔 say it themselves."""
    text = c.items[at].tag.text.lower()
    noun, noun_at = find_noun(c, next(k for k in range(at + 1, at + 5) if k not in owned))
    if noun is None and limit and text in (*_FIRST, *_LAST) and c.item(at + 2) is None:
        return _party_before(c, at)
    won = c.has(at + 1, T.STATE) and c.items[at + 1].tag.text.endswith("单")
    single = text.endswith(_ONE_DEAL) and (not text.endswith("次") or c.mentions(T.STATE, "won", "lost"))
    return (FACT, None) if noun is None and (won or single) else (noun, noun_at)


def _party_before(c: Composer, at: int) -> tuple[str | None, int | None]:
    """As in 北京客户签单金额前三: the noun that stands before what is measured."""
    for k in range(at - 1, -1, -1):
        noun = c.sense(k, T.ENTITY)
        if c.items[k].after_break and k < at - 1:
            break
        if noun is not None and not c.sense(k, T.METRIC) and entity_of(str(noun.value)) in _PARTIES:
            return str(noun.value), k
    return None, None


def _number_before(c: Composer, noun_at: int, owned: list[int]) -> int | None:
    """As in 最近成交的三单: the number that stands with the noun."""
    number = c.sense(noun_at - 1, T.NUMBER)
    if number is None or _is_amount(number.value) or not 0 < number.value.value <= MAX_LIMIT:
        return None
    owned.append(noun_at - 1)
    return int(number.value.value)


def _counted(c: Composer, at: int, sort: str, noun: str | None) -> None:
    """As in 客户最多的行业, "the industry with the most customers": they are counted, and not their deals."""
    asked = [find_noun(c, k + 1)[0] for k in range(at) if c.has(k, T.ASK, "which")] if noun is None else []
    field = next((dotted for dotted in (noun, *asked) if dotted and "." in dotted), None)
    counted = c.sense(at - 1, T.ENTITY) if field and (asked or "的" in c.items[at + 1].before) else None
    entity = entity_of(str(counted.value)) if counted else ""
    if sort.endswith("_count") and field and field.split(".")[0] == entity and not c.items[at].after_break:
        c.reading.measures.append(MeasureNode(fn="count", dotted=entity))
        c.own(at - 1)


def _won_or_lost(c: Composer, at: int) -> int | None:
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


def _is_amount(number: Number) -> bool:
    """Whether a number says how much, when or which one, and not how many."""
    return bool(number.unit or number.is_money or number.is_percent or number.is_ordinal)


def _size_of(c: Composer, at: int) -> tuple[str | None, int | None]:
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
    ranked = find_noun(c, at + 1)[0] == FACT or (text.endswith(_ONE_DEAL) and not text.endswith("次"))
    party = _ranks_party(c) and not text.endswith(_ONE_DEAL)
    if declared is None or declared.measure.fn != "avg" or not ranked or party or k > at:
        return None
    c.reading.states.append(StateTest(("won",)))
    return f"{declared.entity}.{declared.measure.field}"


def _ranks_party(c: Composer) -> bool:
    """Whether people, companies or products are ranked, and no single deals."""
    nouns = {entity_of(str(s.value)) for item in c.items for s in item.tag.all(T.ENTITY)}
    asks = any(c.has(k, T.ASK, "who") or _asks_for_values(c, k) for k in range(len(c.items)))
    return FACT not in nouns and bool(asks or nouns & {"user", "account", "product"})


def _limits(c: Composer) -> None:
    """As in "who has the most wins, top 5": how many are told of what is ranked already."""
    for at, _, sense in list(c.each(T.NUMBER)):
        sup, ordinal = c.reading.sup, sense.value.is_ordinal or _is_amount(sense.value)
        if sup is not None and sup.limit is None and not ordinal and c.has(at - 1, T.SUP, "max_rank"):
            c.reading.sup = replace(sup, limit=int(sense.value.value))
            c.own(at - 1, at)


def _ranges(c: Composer) -> None:
    """As in "the reps ranked 6 to 10", 第6到第10名: the places from one to the other."""
    ranked = c.mentions(T.ASK, "rank", "place") or c.mentions(T.STAND) or c.reading.sup is not None
    for at, _, sense in list(c.each(T.NUMBER)):
        last, bounds = c.sense(at + 1, T.NUMBER), c.item(at + 1)
        if last is None or bounds is None or not bounds.before & _UP_TO:
            continue
        since, until = int(sense.value.value), int(last.value.value)
        plain = not any(n.unit or n.is_money or n.is_percent for n in (sense.value, last.value))
        plain = plain and (ranked or (sense.value.is_ordinal and last.value.is_ordinal))
        if plain and 0 < since < until <= MAX_LIMIT and (c.reading.sup is None or c.reading.sup.limit is None):
            noun, noun_at = find_noun(c, at + 2)
            sup = c.reading.sup or SupNode("max_rank", noun=noun)
            c.own(*([noun_at] if noun_at and c.reading.sup is None else []))
            c.reading.sup = replace(sup, nth=since, limit=until - since + 1)
            c.own(at, at + 1)


_UP_TO = frozenset({"to", "through", "thru", "-", "till", "until", "–", "到", "至", "~"})


def counted(c: Composer) -> None:
    """As in "which rep has the most customers", "the smallest sector by number of accounts": so many different ones."""
    reading, sup = c.reading, c.reading.sup
    if sup is None or reading.measures or sup.by:
        return
    target = reading.target.dotted if reading.target else None
    if target and sup.sort.endswith("_count") and sup.noun in PARTIES and target != sup.noun:
        of, ranked = str(sup.noun), target
    elif target in PARTIES and reading.target and reading.target.ask == "count" and sup.noun and sup.noun != target:
        of, ranked = str(target), sup.noun
    else:
        return
    entity = entity_of(of)
    own = (ranked.split(".")[0] == entity and "." in ranked) or (entity, ranked) == ("user", "manager")
    reading.measures.append(MeasureNode(fn="count" if own else "distinct", dotted=entity))
    reading.target = Target(ranked, "which", is_plural=bool(reading.target and reading.target.is_plural))
    reading.sup = replace(sup, noun=None, is_plural=False)
    reading.asks = [ask for ask in reading.asks if ask != "count"]
    if own and of in ("rep", "manager"):
        reading.fields.append(FieldTest("user.role", "in", (of,)))


PARTIES = ("rep", "manager", "user", "account", "product", "contact")


def by_group(c: Composer) -> None:
    """As in "the highest win rate by product", "shortest cycle by rep, top 5": the groups are what is ranked."""
    reading, sup = c.reading, c.reading.sup
    if sup is None or sup.noun or sup.by or len(reading.groups) != 1 or reading.target or not reading.measures:
        return
    (group,) = reading.groups
    reading.sup = replace(sup, noun=group.dotted or f"bucket:{group.bucket}")
    reading.groups = []


def _ordinals(c: Composer) -> None:
    """Number two, the second largest, "came in second"."""
    _limits(c)
    _ranges(c)
    for at, _, sense in c.each(T.NUMBER):
        ordinal = sense.value.is_ordinal
        if ordinal or c.has(at - 1, T.ASK, "count") or c.has(at - 1, T.SUP, "max_rank"):
            nth = int(sense.value.value)
            c.own(*(k for k in (at - 1, at + 1) if ordinal and c.has(k, T.STAND)))
            c.reading.unclear |= c.reading.sup is not None and c.reading.sup.limit is not None
            if c.reading.sup is None:
                c.reading.sup = SupNode("max_rank", None, None, nth=nth)
            else:
                c.reading.sup = replace(c.reading.sup, nth=nth)
            c.own(at)
            if c.has(at - 1, T.ASK, "count"):
                c.own(at - 1)
