"""Rules for words that go back to an earlier answer, or put something beside it: "those three from the beginning"."""

from copilot.offline.compose.composer import Composer
from copilot.offline.compose.pointers import Pronoun
from copilot.offline.tags import T

_MOST_COUNTED = 20
_JOINS = frozenset({"add", "adding", "include", "including", "throw", "toss", "bring", "put"})
JOINS_HAN = ("加上", "加进", "加入", "再加", "也加", "算上", "算进", "带上", "连同", "放进", "拉上")
_AFTER_JOINING = frozenset({"进来", "进去", "in", "into", "too", "as well"})
_BEGINNING = frozenset({"beginning", "start", "very beginning", "very start"})
_AT = frozenset({"from", "at", "in", "of"})
_THEIR = ("他们", "她们", "他", "她", "它们")
_FIRM = ("公司", "家公司", "集团", "企业", "单位", "家")
_FIGURE = frozenset({"number", "figure", "total", "amount", "sum"})
_OF_WORDS = (T.FOLLOW, T.MONEY_WORD, T.PRONOUN, T.AND, T.FILLER, T.PREP)


def the_beginning(c: Composer) -> None:
    """As in "those two from the first answer", 回到一开始那三个人: the first answer of the conversation is meant."""
    for at, _, sense in list(c.each(T.FOLLOW)):
        if sense.value == "begin" and not _is_dated(c, at):
            c.reading.first, c.reading.follow = True, "back"
            c.own(at)
    for at, item, _ in list(c.each(T.STATE)):
        begins = item.tag.text.lower() in _BEGINNING and "the" in item.before and item.before & _AT
        if begins and c.sense(at - 1, T.PRONOUN, T.FOLLOW, T.NUMBER) and not _is_dated(c, at):
            c.reading.first, c.reading.follow = True, "back"
            c.own(at)
    if c.reading.first or c.mentions(T.FOLLOW, "back"):
        _counted_there(c)


def _is_dated(c: Composer, at: int) -> bool:
    """As in "at the beginning of May": a time, and no answer."""
    after = c.item(at + 1)
    return after is not None and not after.after_break and ("of" in after.before or after.tag.get(T.DATE) is not None)


def _counted_there(c: Composer) -> None:
    """As in "back to the Central three": the three that were shown."""
    for at, item, sense in list(c.each(T.NUMBER)):
        number, after = sense.value, c.item(at + 1)
        plain = not (number.is_money or number.is_percent or number.is_ordinal or number.unit or number.or_more)
        ends = after is None or item.after_break or after.after_break
        if plain and ends and c.sense(at - 1, T.VALUE, T.RECORD) and 1 < number.value <= _MOST_COUNTED:
            c.reading.shown = int(number.value)
            c.reading.pronouns.append(Pronoun("set", None, False, item.tag.text))
            c.own(at)


def joining(c: Composer) -> None:
    """As in "add Priya and Caleb", 把陈思远也加进来: beside those that were shown, and not in their place."""
    for at, item, sense in list(c.each(T.FOLLOW)):
        text = item.tag.text.lower()
        joins = not _JOINS.isdisjoint(text.split(" ")) or any(word in text for word in JOINS_HAN)
        if sense.value == "add" and joins and (c.mentions(T.RECORD) or c.mentions(T.VALUE)):
            c.reading.joined = True
            after = c.item(at + 1)
            if after is not None and after.tag.text.lower() in _AFTER_JOINING and not after.after_break:
                c.own(at + 1)


def their_firm(c: Composer) -> None:
    """As in 他们公司: the company that was spoken of, and not its people."""
    for at, item, _ in list(c.each(T.PRONOUN)):
        after = c.item(at + 1)
        if item.tag.text in _THEIR and after is not None and after.tag.text in _FIRM and not after.after_break:
            c.reading.pronouns.append(Pronoun("single", "account", False, item.tag.text + after.tag.text))
            c.own(at, at + 1)


def that_figure(c: Composer) -> None:
    """As in "most of that December number": the figure that was shown, and no number of a deal."""
    for at, item in enumerate(c.items):
        dated = c.sense(at - 1, T.DATE) is not None and "that" in c.items[at - 1].before
        if item.tag.text.lower() in _FIGURE and dated:
            c.own(at)


def in_money(c: Composer) -> None:
    """As in "and in money?", after a number: what these come to."""
    words = [at for at, item in enumerate(c.items) if item.tag.get(T.MONEY_WORD)]
    dated = [item for item in c.items if item.tag.get(T.DATE) or (item.tag.get(T.UNIT) and "whole" in item.before)]
    if len(words) == 1 and all(item.tag.get(*_OF_WORDS) or item in dated for item in c.items):
        c.reading.columns.append("deal.amount")
        c.reading.asks.append("how_much")
        c.own(*words)
