"""What somebody still has, of which no kind is named: "is anything left with Anna", 她名下还剩什么."""

import prompts
from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.reading import StateTest, Target
from copilot.offline.tags import Sense, T
from copilot.offline.writing.words import small

_ASKS = frozenset({"exists", "what", "which", "list"})


def kept(c: Composer) -> None:
    """Their open deals, and the answer says so; only where the words name nothing else."""
    rests = [at for at, item, _ in c.each(T.OWNS) if all(str(s.value).endswith(".owner") for s in item.all(T.OWNS))]
    whose = [at for at, _, s in c.each(T.RECORD) if all(name.entity == "user" for name in s.value)]
    asked = [at for at, _, _ in c.each(T.ASK) if c.has(at, T.ASK, *_ASKS)]
    left = [at for at, item in enumerate(c.items) if item.tag.text.lower() in small("left_over")]
    named = c.items[whose[0]].tag if len(whose) == 1 else None
    if named is None or not (asked or left):
        return
    rests += [at for at in (whose[0] + 1,) if c.has(at, T.FIELD) and c.items[at].tag.text.lower() in ("name", "names")]
    if not rests or any(abs(at - whose[0]) > 1 for at in rests):
        return
    others = set(range(len(c.items))) - {*rests, *whose, *asked, *left}
    if any(not c.items[at].is_soft for at in others):
        return
    c.reading.target = Target(FACT, "list")
    c.reading.states.append(StateTest(("open",)))
    zh = any("\u4e00" <= mark <= "\u9fff" for at in rests for mark in c.items[at].tag.text)
    c.reading.notes.append(prompts.load_yaml("planner")["zh" if zh else "en"]["anything_is_deals"])
    c.own(*rests, *asked, *left)


def still_on(c: Composer) -> None:
    """As in "which clinics are still on paper": what they use, and no open deal."""
    for at, item, _ in list(c.each(T.STATE)):
        value = c.sense(at + 1, T.VALUE)
        if item.tag.text.lower() == "still on" and value is not None and not value.value[0].startswith(f"{FACT}."):
            c.own(at)


def anyone(c: Composer) -> None:
    """As in "has anyone in my team not won a deal": who has not."""
    for at, item, _ in list(c.each(T.ASK)):
        person = c.has(at, T.ASK, "exists") and item.tag.text.lower().endswith(("one", "body"))
        if person and c.mentions(T.TREE, "team") and c.mentions(T.NEG, "not", "never", "none"):
            item.tag = item.tag.only(Sense(T.ASK, "who"))
