"""Superlatives and orderings as nodes."""

from dataclasses import replace

from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.neighbours import find_noun
from copilot.offline.compose.ranks.measures import (
    TIMES,
    is_first_of_several,
    occasion,
    ranked_by,
    ranked_periods,
    size_of,
    won_or_lost,
)
from copilot.offline.compose.ranks.numbers import after_measure, how_many, number_before, ordinals, ranked_noun
from copilot.offline.compose.reading import MeasureNode, StateTest, SupNode
from copilot.offline.tags import T


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
            and "the" not in after.before  # "sold the most to | the first one"
            and (at > 0 or len(c.items) == 2)
        ):
            sort = str(sense.value)
            if sort in ("old", "new"):
                c.reading.order = f"{sort}_first"
            else:
                c.reading.order = "high_first" if sort.startswith("max") else "low_first"
            c.own(at, at + 1)


_PLAIN_SIZES = ("small", "big", "large", "tiny", "little")

_PLACES = {"first": "max_rank", "top": "max_rank", "last": "min_rank", "bottom": "min_rank"}


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
        if item.tag.text.lower() == "first" and c.has(at + 1, T.STATE) and is_first_of_several(c, at + 1):
            c.reading.sup = occasion(c, at, "old")
        elif item.tag.text.lower() == "first" and c.has(at + 1, T.STATE):
            c.own(at)  # "when did we first engage"
        else:
            pct = _percent(c, at)
            c.reading.sup = replace(_superlative(c, at, str(sense.value)), pct=pct)
            _told_again(c, at)
    last = len(c.items) - 1
    if c.reading.sup is None and c.has(last, T.COMPARATIVE, "more") and _is_most(c, last):
        c.reading.sup = SupNode("max_good")  # 谁业绩好
        c.own(last)
    ordinals(c)
    _part_of_top(c)


def _percent(c: Composer, at: int) -> float | None:
    """As in "the top 20% of accounts", "the biggest 10 percent"; of those that are ranked."""
    for k in (at + 1, at - 1):
        number, word = c.sense(k, T.NUMBER), c.sense(k + 1, T.PERCENT_WORD, T.SHARE)
        said = word is not None and c.items[k + 1].tag.text.lower().startswith(("percent", "pct", "per cent"))
        if number is not None and (number.value.is_percent or said) and 0 < number.value.value <= 100:
            c.own(k, *([k + 1] if said else []))
            return float(number.value.value)
    return None


def _told_again(c: Composer, at: int) -> None:
    """As in "the top 20% of accounts, i.e. our 17 biggest": how many that are."""
    again = [k for k, item, _ in c.each(T.SUP) if k > at + 1 and not item.get(T.COMPARATIVE)]
    sup = c.reading.sup
    if sup is None or sup.pct is None or len(again) != 1 or not c.sense(again[0] - 1, T.NUMBER):
        return
    after = again[0] + 1
    measured = c.sense(after, T.BY) and c.sense(after + 1, T.METRIC)
    c.own(*again, again[0] - 1, *([after] if measured else []))


def _part_of_top(c: Composer) -> None:
    """As in "how much of our bookings came from the top five customers": their share."""
    sup = c.reading.sup
    if sup is None or not (sup.limit or sup.pct) or sup.noun in (None, FACT) or c.reading.share:
        return
    for at, item, _ in list(c.each(T.ASK)):
        if c.has(at, T.ASK, "how_much") and item.tag.text.lower().endswith(" of"):
            c.reading.share = "share"
            c.own(at)


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
    limit, owned = how_many(c, at)
    if text in _PLACES and c.has(at - 1, T.STAND) and not c.sense(at - 1, T.ASK) and limit is None:
        c.own(at, at - 1)  # "who came first in Q3"
        return SupNode(_PLACES[text], None)
    doing = c.sense(at + 1, T.VERB_METRIC)
    if doing and c.items[at + 1].tag.text.endswith("ing") and find_noun(c, at + 2)[1] == at + 2:
        c.reading.measures.append(MeasureNode(metric=str(doing.value)))  # "the worst converting reps"
        owned.append(at + 1)
    wins = won_or_lost(c, at + 1 if at + 1 not in owned else at + 2)
    if wins is not None and not sort.endswith("count"):
        c.own(*owned, wins)
        return SupNode(sort, limit, FACT, c.items[wins].is_plural)
    if text.endswith(TIMES):
        return occasion(c, at, sort)
    by, by_at = size_of(c, at)
    owned += [by_at] if by_at is not None else []
    noun, noun_at = ranked_noun(c, at, owned, limit)
    if noun is None:
        noun, noun_at = after_measure(c, at)
    owned += [noun_at] if noun_at is not None else []
    if noun == "order" and not c.vocabulary.holds_records("order"):
        noun = FACT  # "the biggest order we ever took": of those who keep none, a deal won
        c.reading.states.append(StateTest(("won",)))
    if noun is None and by is None and sort in ("old", "new") and is_first_of_several(c, at + 1):
        return occasion(c, at, sort)  # 第一单是哪天赢的
    if (periods := ranked_periods(c, at, SupNode(sort, limit, noun), owned)) is not None:
        return periods
    if limit is None and noun_at is not None and noun_at - 1 not in (at, *owned):
        limit = number_before(c, noun_at, owned)
    by, sort = ranked_by(c, at, sort, by, noun)
    c.own(*owned)
    return SupNode(sort, limit, noun, noun_at is not None and c.items[noun_at].is_plural, by=by)
