"""Words that a rule for others would take the wrong way round: "everyone but X", "almost", 赢了我们."""

from dataclasses import replace

from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.reading import GroupNode, MeasureNode, StateTest
from copilot.offline.tags import Sense, T

_ALL = frozenset({"everyone", "everybody", "anyone", "anybody", "all", "all reps", "every rep", "everything"})
_NEARLY = frozenset(
    {"almost", "nearly", "just about", "near", "close to", "nearing", "approaching", "几乎", "接近", "将近"}
)
_JUST_NOT = ("差点", "差一点", "险些")
_US = ("我们", "咱们", "咱", "我方")
_HEADS = frozenset({"person", "people", "head", "capita", "人", "个人", "位"})


def all_but(c: Composer) -> None:
    """As in "everyone but Anna": all of them without her, and not she as well."""
    for at, item, _ in list(c.each(T.FOLLOW)):
        before, after = c.item(at - 1), c.item(at + 1)
        if item.tag.text.lower() != "but" or before is None or after is None or item.after_break:
            continue
        if before.tag.text.lower() in _ALL and after.tag.get(T.RECORD, T.VALUE, T.STATE):
            item.tag = item.tag.only(Sense(T.NEG, "exclude"))
            c.own(at - 1)


def nearly(c: Composer) -> None:
    """As in "deals we almost lost", 差一点就签的: what did not happen, of which nothing is recorded."""
    for at, item in enumerate(c.items):
        text = item.tag.text.lower()
        said = text in _NEARLY or text.startswith(_JUST_NOT)
        verb = c.item(at + 1)
        if said and verb is not None and verb.tag.get(T.STATE, T.NEG, T.VERB_METRIC):
            item.tag = item.tag.only(Sense(T.UNKNOWN))


def capitals(c: Composer) -> None:
    """As in "Plus 那款": within Chinese a capitalised word is a name that nobody knows, and no "plus"."""
    if not any(any("\u4e00" <= sign <= "\u9fff" for sign in item.tag.text) for item in c.items):
        return
    for item in c.items:
        if item.tag.text.isascii() and item.tag.text.istitle() and item.tag.type in (T.AND, T.OR, T.POST_OP, T.OP):
            item.tag = item.tag.only(Sense(T.UNKNOWN))


def beaten(c: Composer) -> None:
    """As in 安捷伦赢了我们几次: what a competitor won from us we lost."""
    for at, item, sense in list(c.each(T.STATE)):
        after = c.item(at + 1)
        if sense.value == "won" and "赢" in item.tag.text and after is not None and after.tag.text in _US and at:
            item.tag = item.tag.only(Sense(T.STATE, "lost"))


def each_person(c: Composer) -> None:
    """As in 每人各多少钱: by rep, where no noun follows that says of whom."""
    for at, item, _ in list(c.each(T.BY)):
        if item.tag.text.startswith("每人") and not c.reading.groups and not c.sense(at + 1, T.ENTITY):
            c.reading.groups.append(GroupNode("rep"))
            c.own(at)


def per_head(c: Composer) -> None:
    """As in "calls per person": by those who made them, and not by those who were called."""
    for at, item in enumerate(c.items[1:], 1):
        by = c.items[at - 1].tag
        if item.tag.text.lower() in _HEADS and by.get(T.BY) and item.tag.get(T.ENTITY):
            groups = c.reading.groups
            c.reading.groups = [GroupNode("rep") if group.dotted == "contact" else group for group in groups]


def counted_pipeline(c: Composer) -> None:
    """As in "how many coolers are in the pipe": their number, and not what they are worth."""
    r = c.reading
    asked = any(i.tag.text.lower() in ("how many", "几个", "多少个", "几单") for i in c.items)
    if asked and [m.metric for m in r.measures] == ["pipeline"] and not r.sup:
        r.measures, r.facts = [], [*r.facts, FACT]
        r.states.append(StateTest(("open",)))


def keeper_of_account(c: Composer) -> None:
    """As in "hospitals without a rep": of an account that has none, where no deal is spoken of."""
    r = c.reading
    of_account = r.target is not None and r.target.dotted == "account" and FACT not in r.facts and not r.states
    if of_account and c.vocabulary.holds("account.owner"):
        r.fields = [
            replace(t, dotted="account.owner") if (t.dotted, t.op) == ("deal.owner", "empty") else t for t in r.fields
        ]


def bigger_deals(c: Composer) -> None:
    """As in "do we lose bigger deals to X than to Y": how large they are on average, and not how many."""
    r = c.reading
    sized = any(
        item.tag.get(T.COMPARATIVE) and any(str(s.value).endswith("_size") for s in item.tag.all(T.SUP))
        for at, item in enumerate(c.items[:-1])
        if c.items[at + 1].tag.get(T.ENTITY)
    )
    if sized and r.side_by_side and not r.measures and FACT in r.facts:
        r.measures = [MeasureNode(fn="avg", dotted=f"{FACT}.amount")]
