"""Companies and their subsidiaries."""

from dataclasses import replace

from copilot.offline.compose.composer import Composer
from copilot.offline.compose.neighbours import names_at, nouns_at
from copilot.offline.compose.reading import FieldTest, RecordTest, Target
from copilot.offline.tags import T


def subsidiaries(c: Composer) -> None:
    """As in "X and its subsidiaries", "subsidiaries of X", Sonron 旗下有哪些子公司."""
    for at, _, sense in list(c.each(T.MANAGES, T.TREE)):
        names = names_at(c, at - 1, "account")
        firm = c.has(at, T.MANAGES, "has_subsidiaries") and names  # 底下有 is said of people too
        if firm or sense.value in ("has_subsidiaries", "account.subsidiaries"):
            holding(c, at)
        elif sense.value == "account.parent" and names and any("account" in nouns_at(c, k) for k in range(at - 1)):
            c.reading.records.append(RecordTest("account", names, reference="account.parent"))
            c.own(at, at - 1)  # "the companies that X owns"
        elif sense.value == "with_children" and names:
            c.reading.records.append(RecordTest("account", names, below=True, at=c.items[at].tag.start))
            c.own(at, at - 1)


def children_of(c: Composer) -> None:
    """As in X名下所有子公司, X旗下那几个子公司: those below it, without itself."""
    for at, item in enumerate(c.items):
        if not item.tag.text.endswith(_CHILDREN) or not (c.has(at, T.OWNS, _PARENT) or c.has(at, T.TREE)):
            continue
        held = next((k for k in (at - 1, at - 2) if c.item(k) and c.items[k].tag.text in _BELOW), None)
        names = names_at(c, held - 1, "account") if held is not None else ()
        if held is not None and names and all(c.sense(k, T.PRONOUN, T.NUMBER) for k in range(held + 1, at)):
            c.reading.records.append(RecordTest("account", names, reference=_PARENT, at=c.items[held - 1].tag.start))
            c.own(*range(held - 1, at + 1))


_PARENT = "account.parent"
_BELOW = ("名下", "旗下", "底下", "下面", "下属", "手下")
_OTHERS = ("别人", "别家", "别人家", "人家", "其他", "其它", "别的", "别家公司", "另外", "另一")


def of_others(c: Composer) -> None:
    """As in 是别人家的子公司, 别的公司的子公司: they have a parent, whoever that is."""
    for at, item, _ in list(c.each(T.OWNS)):
        if not c.has(at, T.OWNS, "account.parent") or not item.tag.text.endswith(_CHILDREN):
            continue
        noun = "account" in nouns_at(c, at - 1) and "的" in item.before
        other = at - 1 - noun
        if other >= 0 and c.items[other].tag.text in _OTHERS and not c.items[other].owned:
            c.reading.fields.append(FieldTest("account.parent", "not_empty", at=c.items[other].tag.start))
            c.own(*range(other, at + 1))


_CHILDREN = ("子公司", "分公司", "子企业", "下属公司", "下属企业", "附属公司", "旗下公司", "分支")


def holding(c: Composer, at: int) -> None:
    for other in (at + 1, at - 1, at - 2, at - 3, at - 4, at + 2):
        names = names_at(c, other, "account")
        if not names:
            continue
        between = range(other + 1, at)
        joined = c.has(at, T.TREE, "account.subsidiaries") and (
            any(c.sense(k, T.FOLLOW, T.AND) for k in between) or bool(c.items[at].preps & {"including", "incl", "plus"})
        )
        test = (
            RecordTest("account", names, below=True, at=c.items[at].tag.start)
            if joined
            else RecordTest("account", names, reference="account.parent")
        )
        c.reading.records.append(test)
        if not joined:
            c.reading.facts.append("account")
            if c.reading.target is None:
                c.reading.target = Target("account", "which")
        kind = (k for k in range(at + 1, min(at + 4, len(c.items))) if c.has(k, T.OWNS, "account.parent"))
        c.own(at, other, *between, *kind)  # 旗下有哪些子公司
        return


def of_children(c: Composer) -> None:
    """As in "which parent's subsidiaries brought in the most", "rank parents by the revenue of their subsidiaries"."""
    if not c.is_group(_PARENT):
        return
    for at, item, _ in list(c.each(T.TREE)):
        pointed = c.has(at - 1, T.PRONOUN)
        of_them = "'s" in item.before or "的" in item.before or pointed
        if c.has(at, T.TREE, "account.subsidiaries") and of_them:
            c.own(at, *([at - 1] if pointed else []))  # those who have a parent are its subsidiaries


_PARENT = "account.parent"


def of_those_above(c: Composer) -> None:
    """As in "accounts whose parent is in retail", 母公司在零售行业的客户: said of the parent, not of the account."""
    r = c.reading
    at = next((k for k, item in enumerate(c.items) if _is_parent(c, k) and item.owned), None)
    if at is None:
        return
    _has_a_parent_in(c, at)
    if _PARENT not in r.columns:
        return
    item, after = c.items[at], c.item(at + 1)
    said = "whose" in item.before or (after is not None and "在" in after.before) or item.tag.text.startswith("其")
    said = said or (at > 0 and c.items[at - 1].tag.text.lower() == "whose")
    tests = [t for t in r.fields if t.entity == "account" and t.at > item.tag.start and t.above is None]
    if not said or len(tests) != 1:
        return
    r.fields = [replace(t, above=_PARENT) if t is tests[0] else t for t in r.fields]
    r.columns = [dotted for dotted in r.columns if dotted != _PARENT]
    r.asks = [ask for ask in r.asks if str(ask) != "whose"]
    if r.target is None and not r.measures:
        r.target = Target("account", "list")


def _has_a_parent_in(c: Composer, at: int) -> None:
    """As in "accounts that have a parent in retail": of the parent too."""
    r, after = c.reading, c.item(at + 1)
    had = next((t for t in r.fields if (t.dotted, t.op, t.at) == (_PARENT, "not_empty", c.items[at].tag.start)), None)
    said = [t for t in r.fields if t.entity == "account" and after is not None and t.at == after.tag.start]
    if had is not None and len(said) == 1 and after is not None and "in" in after.preps:
        r.fields = [replace(t, above=_PARENT) if t is said[0] else t for t in r.fields if t is not had]


def _is_parent(c: Composer, at: int) -> bool:
    return any(sense.value == _PARENT for sense in c.items[at].tag.all(T.FIELD))
