"""Which of the customers that were shown bought something: "how many of them have bought labels"."""

from dataclasses import replace

from copilot.offline.compose.reading import FieldTest, Reading, RecordTest, StateTest, Target
from copilot.offline.follow_up.context import Context
from copilot.offline.follow_up.shown import MAX_SET
from copilot.offline.vocabulary import Name

_GOODS = ("product", "order_line", "deal")


def as_buyers(context: Context, current: Reading) -> Reading:
    """The message with the customers counted, and not the deals that they won us."""
    points = any(p.kind == "set" for p in current.pronouns)
    bought = [m.metric for m in current.measures] == ["deals_won"]
    more = current.groups or current.sup or current.target or current.columns or current.having or current.share
    if not (points and bought and _names_goods(current)) or more or context.last.entity != "account":
        return current
    target = Target("account", "count")
    return replace(current.copy(), target=target, asks=["count"], measures=[], states=[StateTest(("won",))])


def buyers_among(context: Context, current: Reading) -> Reading | None:
    """The customers shown that have a won deal with these goods, counted; None where that is not asked."""
    last = context.last
    points = any(p.kind == "set" for p in current.pronouns)
    asked = current.target == Target("account", "count") and current.states == [StateTest(("won",))]
    if not (points and asked and _names_goods(current)) or last.entity != "account" or len(last.ids) > MAX_SET:
        return None
    names = zip(last.ids, last.labels, strict=False)
    shown = [RecordTest("account", (Name("account", id_, label),)) for id_, label in names]
    return replace(current.copy(), records=[*shown, *current.records], pronouns=[], facts=["deal"])


def _names_goods(current: Reading) -> bool:
    tests: list[FieldTest | RecordTest] = [*current.fields, *current.records]
    return bool(tests) and all(test.entity in _GOODS for test in tests)
