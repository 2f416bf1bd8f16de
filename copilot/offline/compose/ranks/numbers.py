"""How many are ranked, which places, and the noun that is ranked: top 5, ranked 6 to 10, the first and the second."""

from collections.abc import Iterator
from dataclasses import replace

from copilot.offline.compose.composer import FACT, Composer, entity_of
from copilot.offline.compose.neighbours import find_noun
from copilot.offline.compose.reading import SupNode
from copilot.offline.numbers import Number
from copilot.offline.tags import T

MAX_LIMIT = 1000

ONE_DEAL = ("一笔", "一单", "那单", "那笔", "一张", "一票", "一次", "首单", "首笔", "第一单", "第一笔")

_FIRST = ("前", "top")

_LAST = ("后", "倒数")

_PARTIES = ("user", "account", "product")


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
    c.reading.others = (marks[0][0], marks[1][0])
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


def after_measure(c: Composer, at: int) -> tuple[str | None, int | None]:
    """As in "the highest revenue month", "the lowest win rate region"."""
    after = c.item(at + 2)
    if not c.sense(at + 1, T.METRIC) or after is None or after.preps or after.after_break:
        return None, None
    noun, noun_at = find_noun(c, at + 2)
    return (noun, noun_at) if noun_at == at + 2 and noun != FACT else (None, None)


def how_many(c: Composer, at: int) -> tuple[int | None, list[int]]:
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


def ranked_noun(c: Composer, at: int, owned: list[int], limit: int | None) -> tuple[str | None, int | None]:
    """The noun that a superlative stands with, and its place; 最大的赢单 and 最大的一笔 say it themselves."""
    text = c.items[at].tag.text.lower()
    noun, noun_at = find_noun(c, next(k for k in range(at + 1, at + 5) if k not in owned))
    if noun is None and limit and text in (*_FIRST, *_LAST) and c.item(at + 2) is None:
        return _party_before(c, at)
    won = c.has(at + 1, T.STATE) and c.items[at + 1].tag.text.endswith("单")
    single = text.endswith(ONE_DEAL) and (not text.endswith("次") or c.mentions(T.STATE, "won", "lost"))
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


def number_before(c: Composer, noun_at: int, owned: list[int]) -> int | None:
    """As in 最近成交的三单: the number that stands with the noun."""
    number = c.sense(noun_at - 1, T.NUMBER)
    if number is None or _is_amount(number.value) or not 0 < number.value.value <= MAX_LIMIT:
        return None
    owned.append(noun_at - 1)
    return int(number.value.value)


def _is_amount(number: Number) -> bool:
    """Whether a number says how much, when or which one, and not how many."""
    return bool(number.unit or number.is_money or number.is_percent or number.is_ordinal)


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


def ordinals(c: Composer) -> None:
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
