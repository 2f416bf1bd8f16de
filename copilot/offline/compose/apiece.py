"""Whose records, and how many each has: 都在谁手上，各几个; "who are they with, how many each"."""

from copilot.offline.compose.composer import FACT, Composer, entity_of
from copilot.offline.compose.neighbours import nouns_at
from copilot.offline.compose.reading import GroupNode, StateTest
from copilot.offline.tags import T

_OWNER = "deal.owner"
_EACH = ("各", "各自", "每", "每个", "每位", "每人", "分别", "each", "apiece")
_THERE = ("那儿", "那里", "那边")
_PEOPLE = ("人", "个人", "位")


def held_by(c: Composer) -> None:
    """Whoever has such deals, with the number that each has: the owners are what it is grouped by."""
    whose = _whose(c)
    if not whose or c.reading.groups:
        return
    for at, _, _ in list(c.each(T.ASK)):
        if not c.has(at, T.ASK, "how_many", "count") or at < whose[-1]:
            continue
        each = _each(c, at)
        noun = at + 1 if FACT in nouns_at(c, at + 1) else None
        if each and (c.item(at + 1) is None or c.items[at + 1].after_break or noun or not _goes_on(c, at)):
            c.reading.groups.append(GroupNode("user"))
            c.reading.facts.append(FACT)
            _in_hand(c, whose)
            c.own(*whose, *each, at, *([noun] if noun else []))
            _own_noun(c)
            return


def not_of_itself(c: Composer) -> None:
    """Nobody counts how many of each person there are: the deals are counted, where they are spoken of."""
    r = c.reading
    grouped = {entity_of(group.dotted or "") for group in r.groups}
    if r.target is None or r.measures or entity_of(r.target.dotted) not in grouped or "count" not in r.asks:
        return
    r.unclear |= FACT not in r.facts
    r.target = None


def _whose(c: Composer) -> list[int]:
    """As in 在|谁|手上, 归谁, 谁在跟: the places of the words that ask for the owner of deals."""
    for at, _, _ in c.each(T.ASK, T.FIELD):
        if c.has(at, T.FIELD, _OWNER) and "谁" in c.items[at].tag.text:
            return [at]
        if c.has(at, T.ASK, "who"):
            near = [k for k in (at - 1, at + 1) if c.has(k, T.OWNS, _OWNER) or _is_place(c, k)]
            theirs = (
                c.items[at].tag.text.endswith("谁") and c.item(at + 1) is not None and "的" in c.items[at + 1].before
            )
            return sorted([at, *near]) if near or theirs or c.items[at].tag.text.endswith("谁的") else []
    return []


def _is_place(c: Composer, at: int) -> bool:
    """As in 在谁|那儿: with whom they are."""
    return c.has(at, T.PRONOUN) and c.items[at].tag.text in _THERE


def _each(c: Composer, at: int) -> list[int]:
    """The words for "each" before a number that is asked for: 各|几个, 每|人|几个, 分别有多少."""
    back = []
    k = at - 1
    while k >= 0 and c.items[k].tag.text in (*_EACH, *_PEOPLE) and not c.items[k + 1].after_break:
        back.append(k)
        k -= 1
    told = [*(c.items[j].tag.text for j in back), *c.items[at].before]
    return back if any(text in _EACH for text in told) else []


def _goes_on(c: Composer, at: int) -> bool:
    """Whether more is asked in the same clause."""
    return c.sense(at + 1, T.ENTITY, T.FIELD, T.METRIC, T.STATE, T.SUP) is not None


def _in_hand(c: Composer, whose: list[int]) -> None:
    """What is in somebody's hands is open, unless another word says what it is."""
    told = any(c.items[k].tag.get(T.STATE) for k in range(len(c.items)) if k not in whose and not c.items[k].owned)
    staged = any(s.value[0].entity == "stage" for item in c.items for s in item.tag.all(T.RECORD))
    if not told and not staged and any(c.has(k, T.STATE, "open") for k in whose):
        c.reading.states.append(StateTest(("open",)))


def _own_noun(c: Composer) -> None:
    """The deals that are counted are named before."""
    for at, _, _ in list(c.each(T.ENTITY)):
        if FACT in nouns_at(c, at) and not c.sense(at, T.RECORD):
            c.own(at)
            return
