"""Rules for what has not come about in Chinese: 过了预计日期还没签的单, 一个联系人都没录的客户."""

from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.negations.missing import child_of
from copilot.offline.compose.neighbours import nouns_at
from copilot.offline.compose.reading import StateTest
from copilot.offline.tags import T

_STILL_NOT = ("还没", "还没有", "还未", "尚未", "仍未")
_NOT = ("没", "没有", "未")
_PARTIES = frozenset({"account", "user", "product", "contact"})


def not_yet(c: Composer) -> None:
    """A deal that has not been signed yet is open; one that is past its expected day and not signed, as well."""
    due = any(test.dotted == "deal.closes_on" for test in c.reading.fields)
    for at, item, _ in list(c.each(T.NEG)):
        verb = c.item(at + 1)
        said = item.tag.text.endswith(_STILL_NOT) or (due and item.tag.text in _NOT)
        if not said or verb is None or not c.has(at + 1, T.STATE, "won") or verb.tag.text.endswith("过"):
            continue
        if any(_PARTIES & set(nouns_at(c, k)) for k in range(len(c.items))):
            continue  # 还没签的客户: whoever has not bought
        if not any(state.kinds == ("open",) for state in c.reading.states):
            c.reading.states.append(StateTest(("open",), at=item.tag.start))
        c.own(at, at + 1)


def not_one(c: Composer) -> None:
    """As in 一个联系人都没有的客户: none of the records of a kind that another kind may have."""
    for at, _, sense in list(c.each(T.NUMBER)):
        kinds = [entity for entity in nouns_at(c, at + 1) if entity != FACT]
        if sense.value.value != 1 or sense.value.unit or not kinds:
            continue
        no = next((k for k in (at + 2, at + 3) if c.sense(k, T.NEG) and _even(c, k)), None)
        others = [e for k in range(len(c.items)) if k != at + 1 for e in nouns_at(c, k)]
        child = next((found for e in others if (found := child_of(c, e, kinds[0]))), None)
        if no is not None and child is not None:
            c.reading.without.append(child)
            c.own(*range(at, no + 1))


def _even(c: Composer, at: int) -> bool:
    """Whether 都 or 也 stands before it."""
    item = c.items[at]
    before = item.before | {c.items[at - 1].tag.text, item.tag.text[:1]}
    return bool(before & {"都", "也"})
