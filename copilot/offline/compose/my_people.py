"""Rules for those whom the asker leads: "my reps", "each of my people"."""

from copilot.offline.compose.composer import Composer
from copilot.offline.compose.reading import GroupNode
from copilot.offline.tags import T


def my_people(c: Composer) -> None:
    """As in "how many deals did | my reps | lose": whose deals they are, where other things are asked for."""
    for at, item, sense in list(c.each(T.MINE)):
        people = {s.value for s in c.items[at + 1].all(T.ENTITY)} if c.item(at + 1) else set()
        asked = c.sense(at - 1, T.ASK, T.BY, T.SUP, T.NUMBER) or (at == 0 and not c.mentions(T.ASK))
        own = sense.value == "mine" and item.tag.text.lower() in ("my", "我的", "我")
        if own and "rep" in people and at > 0 and not asked and not c.items[at + 1].after_break:
            c.reading.mine = "team"
            c.own(at, at + 1)


def my_reps(c: Composer) -> None:
    """As in "which of my reps …", "each of my people": those of one's team."""
    for at, item in enumerate(c.items[:-1]):
        noun = c.items[at + 1]
        if item.tag.text.lower() != "my" or not item.tag.get(T.MINE) or not noun.is_plural:
            continue
        if any(sense.value == "rep" for sense in noun.tag.all(T.ENTITY)) and not item.owned and not c.has(at - 1, T.BY):
            c.reading.mine = "team"
            c.own(at)


def each_of_mine(c: Composer) -> None:
    """As in "how many open deals does each of my people have": by those of one's team."""
    for at, _, _ in list(c.each(T.BY)):
        mine, people = c.item(at + 1), c.item(at + 2)
        if mine is None or people is None or not (mine.owned and people.owned and c.reading.mine == "team"):
            continue
        if mine.tag.get(T.MINE) and people.tag.text.lower() in ("people", "folks", "guys", "sellers", "salespeople"):
            c.reading.groups.append(GroupNode("rep"))
            c.own(at)
