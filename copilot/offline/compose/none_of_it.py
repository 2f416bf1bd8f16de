"""Chinese ways to say none and how many of them: 一条商机都没有的销售, 结束的单里几成赢了, 最近这个季度."""

from dataclasses import replace

from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.neighbours import nouns_at
from copilot.offline.compose.reading import Target
from copilot.offline.tags import T

_EVEN = frozenset({"都", "也"})
_PARTIES = ("user", "account")
_INSIDE = frozenset({"里", "中", "里面", "当中", "其中"})
_RECENT = ("最近", "最新")


def not_one_of(c: Composer) -> None:
    """As in 一条商机都没有的销售, 哪些销售一个商机都没有: those without any, and no deals without an owner."""
    for at, _, number in list(c.each(T.NUMBER)):
        noun, none = at + 1, at + 3 if c.has(at + 2, T.COMPARATIVE) else at + 2
        facts = [e for e in nouns_at(c, noun) if c.vocabulary.schema.entities[e].is_fact]
        even = c.item(none) is not None and bool(_EVEN & {*c.items[none].before, c.items[none - 1].tag.text})
        if number.value.value != 1 or number.value.unit or not facts or not even or not c.has(none, T.NEG, "none"):
            continue
        party = next((k for k in (none + 1, *range(at)) if set(nouns_at(c, k)) & set(_PARTIES)), None)
        if party is None or (party > none and "的" not in c.items[party].before) or c.items[none].tag.text[0] != "没":
            continue
        entity = next(s.value for s in c.items[party].all(T.ENTITY))
        c.reading.target = Target(str(entity), "list")
        c.reading.without.append(facts[0])
        asks = [k for k, _, _ in c.each(T.ASK)]
        named = [none + 2] if party == none + 1 and _is_their_name(c, none + 2) else []
        named += [k for k in (none + 2, none + 3) if _is_their_name(c, k)]
        held = [k for k, _, _ in c.each(T.OWNS)]
        c.own(*range(at, none + 1), party, *asks, *dict.fromkeys(named), *held)
        return


def open_not_counted(c: Composer) -> None:
    """As in 赢单率…，没结的别算进去, "win rate, leave out the open ones": a rate counts none of those anyway."""
    if not any(s.value in _OF_CLOSED for _, _, s in c.each(T.METRIC)):
        return
    for at, _, _ in list(c.each(T.NEG)):
        if not c.has(at, T.NEG, "exclude"):
            continue
        told = [k for k in (at - 2, at - 1, at + 1, at + 2) if c.sense(k, T.STATE) or c.has(k, T.NEG, "not")]
        states = [k for k in told if c.sense(k, T.STATE)]
        denied = any(c.has(k, T.NEG, "not") for k in told)
        if len(states) == 1 and c.has(states[0], T.STATE, "closed" if denied else "open"):
            deals = [k for k in range(states[0] + 1, states[0] + 2) if FACT in nouns_at(c, k)]
            c.own(at, *told, *deals)


_OF_CLOSED = ("win_rate", "loss_rate")


def _is_their_name(c: Composer, at: int) -> bool:
    """As in 列一下|名字: what a list of them tells anyway."""
    return bool(c.fields_at(at, lambda f: f.name == "name"))


def part_of_deals(c: Composer) -> None:
    """As in 医疗客户结束的单里几成赢了: the deals are the whole, and the customers say whose."""
    r = c.reading
    share = next((k for k in range(1, len(c.items)) if c.items[k].tag.get(T.SHARE)), None)
    inside = share is not None and _said_inside(c, share)
    if inside and r.share == "share" and r.target is not None and r.target.dotted == "account" and r.states:
        r.target = replace(r.target, dotted=FACT)
        r.facts = [fact for fact in r.facts if fact != "account"]


def _said_inside(c: Composer, share: int) -> bool:
    """Whether the deals stand before 里, and the part after it."""
    for k in range(share, max(share - 3, 0), -1):
        noun = c.items[k - 1].tag
        inside = any(word in _INSIDE or word[:1] in ("里", "中") for word in c.items[k].before)
        if inside or noun.text.endswith(tuple(_INSIDE)):
            return any(s.value == FACT for s in noun.all(T.ENTITY))
    return False


def recent_time(c: Composer) -> None:
    """As in 最近|这个季度: the time is told, and nothing is ranked."""
    for at, item, _ in list(c.each(T.SUP)):
        if item.tag.text in _RECENT and c.sense(at + 1, T.DATE) is not None and not c.items[at + 1].before:
            c.own(at)


def plain_total(c: Composer) -> None:
    """As in 今年累计成交几单: one figure, and no running total over periods."""
    r = c.reading
    told_apart = r.groups or r.sup or r.target is not None or any(c.each(T.BUCKET, T.UNIT))
    if r.running and r.measures and not told_apart and len(r.periods) == 1:
        r.running = False
