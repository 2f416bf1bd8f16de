"""Rules for rows of what was shown: "the first one", "the last on that list", 最后一个, "the two West ones"."""

from copilot.offline.compose.composer import FACT, Composer, entity_of
from copilot.offline.compose.items import Item
from copilot.offline.compose.pointers import Pronoun
from copilot.offline.compose.reading import FieldTest, SupNode
from copilot.offline.lexicon import key
from copilot.offline.tags import T

_ENDS = {"first": 1, "1st": 1, "very first": 1, "last": -1, "very last": -1}
_HAN_ENDS = {"第一": 1, "头一": 1, "最后": -1, "末": -1}
_HAN_ONE = ("个", "名", "位", "家", "款")
_ONE = frozenset({"one", "of them", "of those", "of these"})
_ON_LIST = ("on", "in", "from", "of")
_NEXT = frozenset({"next", "next one"})
_MAKES = frozenset({"make", "makes", "made", "making"})
_MOSTLY = frozenset({"mostly", "mainly", "primarily", "chiefly", "predominantly", "主要", "主要是"})
_WHOLE_FOLLOWS = ("as ", "out of", "in relation to", "relative to", "expressed as")
_NARROWING = frozenset({"the", "these", "those", "only", "just"})
_MOST_COUNTED = 20


def counted_ones(c: Composer) -> None:
    """As in "only the two in the West", "the three North ones": how many they are is no test."""
    for at, item, sense in list(c.each(T.NUMBER)):
        number = sense.value
        plain = not (number.is_money or number.is_percent or number.is_ordinal or number.unit or number.or_more)
        only = bool(item.before & _NARROWING) or (at > 0 and c.items[at - 1].tag.get(T.NEG) is not None)
        after = c.sense(at + 1, T.VALUE, T.RECORD)
        if not (plain and only and after and 1 < number.value <= _MOST_COUNTED):
            continue
        ends, said = c.item(at + 2), c.items[at + 1]
        within = bool(said.before & {"in", "from", "at", "of"})
        if within or (ends is not None and c.has(at + 2, T.PRONOUN, "set") and ends.tag.text.lower() == "ones"):
            c.own(at)
            if not within:
                c.own(at + 2)


def only_those(c: Composer) -> None:
    """As in "only those she started before May": "those" is part of the words that narrow."""
    for item in c.items:
        narrows = item.tag.get(T.NEG)
        if narrows is not None and narrows.value == "only" and key(item.tag.text)[-1] in _THOSE:
            c.reading.pronouns.append(Pronoun("set", None, False, item.tag.text))


_THOSE = ("those", "these", "ones")


def having_one(c: Composer) -> None:
    """As in "the ones that have an account": of the same records, those where it is filled in."""
    for at, item, _ in list(c.each(T.ENTITY)):
        asked = c.is_reference_of(FACT, entity_of(str(item.tag.get(T.ENTITY).value)))  # type: ignore[union-attr]
        some = item.before & {"a", "an", "any"} and item.before & {"have", "has", "with", "having", "got"}
        ones = c.sense(at - 1, T.PRONOUN) and at == len(c.items) - 1
        if asked and some and ones and c.has(at - 1, T.PRONOUN, "set"):
            c.reading.fields.append(FieldTest(f"{FACT}.{asked}", "not_empty", at=item.tag.start))
            c.own(at)


def make_it(c: Composer) -> None:
    """As in "make it Q2": what comes takes the place of what was there."""
    made = bool(c.items) and c.items[0].tag.text.lower() == "make" and c.has(1, T.PRONOUN)
    if made and len(c.items) == 3 and c.items[1].tag.text.lower() == "it" and c.sense(2, T.DATE, T.VALUE, T.RECORD):
        c.reading.follow = "replace"
        c.own(0, 1)


def made_up(c: Composer) -> None:
    """As in "what do they make up of our total", "which made up the largest part"; "mostly which product"."""
    for at, item, _ in list(c.each(T.VERB_METRIC)):
        if item.tag.text.lower() in _MAKES and c.has(at + 1, T.CHANGE, "up") and c.items[at + 1].tag.text == "up":
            c.own(at, at + 1)
            if not c.mentions(T.SUP) and not c.mentions(T.SHARE):
                c.reading.share = "share"
                c.reading.share_at = (item.tag.start, c.items[at + 1].tag.end)
    _behind(c)
    said = [at for at, item in enumerate(c.items) if item.tag.text.lower() in _MOSTLY]
    told = bool(said) or any(_MOSTLY & item.before for item in c.items)
    asked = c.mentions(T.ASK, "which") or c.mentions(T.ASK, "who") or c.reading.target is not None
    if told and asked and not c.mentions(T.SUP):
        c.reading.sup = SupNode("max_count" if c.reading.states or c.mentions(T.STATE) else "max_high")
        c.own(*said)


def _behind(c: Composer) -> None:
    """As in "who was behind most of it": nobody trails anybody, and it is what was measured that is divided."""
    for at, item, _ in list(c.each(T.SUP)):
        if c.has(at - 1, T.GAP) and c.items[at - 1].tag.text.lower() == "behind" and c.has(at - 2, T.ASK, "who"):
            c.own(at - 1)
        text, after = item.tag.text.lower(), c.item(at + 1)
        of_it = after is not None and after.tag.get(T.PRONOUN) and after.tag.text.lower() in ("it", "this")
        whole = text.endswith((" part of", " bulk of", "share of")) or (text == "most" and of_it)
        if whole and not any(i.tag.get(T.STATE, T.METRIC) or i.tag.all(T.ENTITY) for i in c.items[at + 1 :]):
            c.reading.sup = SupNode("max_high")
            c.own(at)


def ends(c: Composer) -> None:
    """As in "the first one", "the last of them", 最后一个: the place in a list. Without one it is the first in time."""
    for at, item in enumerate(c.items):
        after = c.item(at + 1)
        place = _end(item) or _end_before_one(item, after)
        if place is None or c.has(at + 1, T.STATE) or c.has(at + 1, T.MINE):
            continue
        if not item.tag.text.isascii():
            c.reading.row = place
            continue
        if not _is_list(c, at + 1) and (after is None or after.tag.text.lower() not in _ONE):
            continue
        if c.sense(at + 2, T.STATE, T.MINE):
            continue  # "the first one we won"
        c.reading.row = place
        listed = [k for k in (at + 1, at + 2) if _is_list(c, k)]
        c.own(*listed, *([at + 1] if after and after.tag.text.lower() == "one" else []))
        if listed and c.reading.sup is not None and c.reading.sup.noun is None:
            c.reading.sup = None


def _end(item: Item) -> int | None:
    text = item.tag.text.lower()
    if text.isascii():
        return _ENDS.get(text) if item.tag.get(T.SUP) else None
    ends = next((place for word, place in _HAN_ENDS.items() if text.startswith(word)), None)
    return ends if text.endswith(_HAN_ONE) and item.tag.get(T.SUP, T.NUMBER) else None


def _end_before_one(item: Item, after: Item | None) -> int | None:
    """As in 第一|家|是谁负责的, where what is counted stands silently behind."""
    one = after is not None and not after.after_break and bool(after.before & set(_HAN_ONE))
    return _HAN_ENDS.get(item.tag.text) if one else None


def _is_list(c: Composer, at: int) -> bool:
    """As in "on that list", "of those"."""
    item = c.item(at)
    return item is not None and bool(item.tag.get(T.PRONOUN)) and key(item.tag.text)[0] in _ON_LIST


def ahead_of(c: Composer) -> None:
    """As in "by how much over the second one", "how far ahead of the next one": the first place against that one."""
    if not c.mentions(T.GAP):
        return
    for at, item in enumerate(c.items):
        number = c.sense(at, T.NUMBER)
        follows = item.tag.text.lower() in _NEXT and item.tag.get(T.RECORD, T.VALUE, T.DATE) is None
        if not follows and not (number and number.value.is_ordinal and number.value.value > 1):
            continue
        over = [at - 1] if c.has(at - 1, T.OP, "gt", "lt") else []
        alone = at == len(c.items) - 1 or (at == len(c.items) - 2 and c.items[at + 1].tag.text.lower() == "one")
        gap = next(k for k, other in enumerate(c.items) if other.get(T.GAP))
        if alone and (over or gap == at - 1) and c.reading.sup is None:
            c.reading.others = (1, 2 if number is None else int(number.value.value))
            c.reading.gap = True
            c.own(gap, at, *over, *([at + 1] if at == len(c.items) - 2 else []))
            return


def of_the_whole(c: Composer) -> None:
    """As in "as a share of all the ones we won": the words say the whole, and what was shown is the part."""
    if sum(item.tag.get(T.SHARE) is not None for item in c.items) > 1:
        return  # "out of everything we closed, what proportion did we lose"
    for first, item in enumerate(c.items):
        share = item.tag.get(T.SHARE)
        if any(not c.items[k].tag.get(T.FOLLOW, T.AND) for k in range(first)):
            return  # its part stands before it
        if item.owned and share is not None and item.tag.text.lower().startswith(_WHOLE_FOLLOWS):
            c.reading.of_whole = True
            c.reading.pronouns = [p for p in c.reading.pronouns if p.text != "ones"]
            for at, _, _ in list(c.each(T.PRONOUN)):
                if c.items[at].tag.text.lower() in ("ones", "the ones"):
                    c.own(at)


def conjunctions(c: Composer) -> None:
    """As in "what do we get for one | when we win": no day is asked for."""
    for at, item, _ in list(c.each(T.ASK)):
        if item.after_break or not item.tag.text.lower().startswith("when"):
            continue  # 是谁签的，哪天签的: a day is asked for
        after = [c.item(k) for k in range(at + 1, len(c.items))]
        ours = [each for each in after if each is not None and not each.tag.get(T.MINE)]
        asked = any(c.sense(k, T.ASK) and not c.has(k, T.ASK, "when") for k in range(at))
        if c.has(at, T.ASK, "when") and asked and len(ours) == 1 and ours[0].get(T.STATE):
            c.own(at)


def long_ago(c: Composer) -> None:
    """As in "how many days ago was that", 距今多少天: how long ago, of the day that was told."""
    for at, _, _ in list(c.each(T.ASK)):
        if c.has(at, T.ASK, "ago"):
            c.reading.ago = True
            c.own(at)


def wider(c: Composer) -> None:
    """As in "include the subsidiaries", 把子公司也算上: the company that was spoken of with those below it."""
    if any(item.tag.get(T.RECORD, T.VALUE, T.METRIC, T.ENTITY) for item in c.items):
        return
    for at, _, sense in list(c.each(T.TREE, T.MANAGES, T.OWNS)):
        told = sense.value == "with_children" or (sense.value == "account.subsidiaries" and c.mentions(T.FOLLOW, "add"))
        if told:
            c.reading.below = True
            c.own(at, *([at - 1] if c.has(at - 1, T.PRONOUN, "single") else []))  # "its subsidiaries", 它子公司
