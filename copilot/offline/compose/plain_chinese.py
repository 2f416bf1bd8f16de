"""Everyday Chinese whose words mean one thing beside some words and another beside others.

没人跟 is an empty owner, and with a time beside it silence; 还没定 is an open deal, and before 金额 an empty field; 跑
is a deal that got away, and before customers a visit.
"""

from dataclasses import replace

from copilot.offline.compose.composer import Composer, entity_of
from copilot.offline.compose.reading import FieldTest, StateTest, SupNode, Target
from copilot.offline.numbers import Number
from copilot.offline.tags import Sense, T
from copilot.offline.writing.words import small
from crm_core.models import Kind

TALK = "interaction"
_TOUCHED = ("account", "contact", "lead", "deal")
_REASON = "deal.lost_reason"
_LASTS = frozenset({"day", "week", "month", "quarter", "year"})


def silent_for(c: Composer) -> None:
    """As in 三个月没人跟过的客户, 没人跟…半年了: silence that lasts, and no empty owner."""
    lasts = any(isinstance(s.value, Number) and s.value.unit in _LASTS for _, _, s in c.each(T.NUMBER))
    for at, item, _ in list(c.each(T.NEG)):
        apart = item.tag.text in small("nobody") and c.sense(at + 1, T.OWNS) is not None
        keeps = any(str(s.value).endswith(".owner") for s in c.items[at + 1].all(T.OWNS)) if apart else False
        if not keeps and item.tag.text not in small("nobody_follows"):
            continue
        if lasts or c.mentions(T.DATE):
            item.tag = item.tag.only(*(Sense(T.FIELD, f"{kind}.last_interaction_at") for kind in _TOUCHED))
            item.tag = replace(item.tag, text=f"没人{item.tag.text.removeprefix('没人')}")
        else:
            _without_owner(c, at)
        if keeps:
            c.own(at + 1)


def _without_owner(c: Composer, at: int) -> None:
    """As in 没人跟的客户有几家: nobody has them."""
    nouns = [entity_of(s.value) for item in c.items for s in item.all(T.ENTITY)]
    kept = next((noun for noun in nouns if noun in _TOUCHED and c.vocabulary.holds(f"{noun}.owner")), None)
    if kept is not None:
        c.reading.fields.append(FieldTest(f"{kept}.owner", "empty", at=c.items[at].tag.start))
        c.own(at)


def silent_ones(c: Composer) -> None:
    """As in 一个多月没动静的商机: open ones, for of what is over nobody expects to hear."""
    r = c.reading
    asked = r.target.dotted if r.target is not None else ""
    told = r.states or any(test.entity == "stage" for test in r.records) or "deal" not in (asked, *r.facts)
    if TALK not in r.without or told:
        return
    if any(not item.tag.text.isascii() and item.tag.text.startswith("没") for item in c.items if item.owned):
        r.states.append(StateTest(("open",)))


def not_set(c: Composer) -> None:
    """As in 还没定金额的商机, 预计签约日期还没定的: the field is empty."""
    for at, item, _ in list(c.each(T.STATE)):
        if item.tag.text not in small("not_set"):
            continue
        after, before = c.item(at + 1), c.item(at - 1)
        field = after is not None and c.fields_at(at + 1) and not after.after_break and not after.get(T.ENTITY)
        behind = before is not None and c.fields_at(at - 1) and not item.after_break and not before.get(T.ENTITY)
        if field or behind:
            item.tag = item.tag.only(Sense(T.NEG, "none"))


def stuck_at(c: Composer) -> None:
    """As in 样机测试还卡着的, 卡在那儿: of the stage beside it; without one nobody knows how long is meant."""
    for at, item in enumerate(c.items):
        if item.tag.text in small("stuck") and not item.owned:
            stage = next((k for k in (at - 1, at + 1, at - 2) if is_stage(c, k)), None)
            item.tag = item.tag.only(Sense(T.OWNS, "deal.stage") if stage is not None else Sense(T.UNKNOWN))
            if stage is not None:  # and not the yes or no of a column that is called like it
                c.items[stage].tag = c.items[stage].tag.only(*c.items[stage].tag.all(T.RECORD))


def is_stage(c: Composer, at: int) -> bool:
    """Whether a stage is named there."""
    item = c.item(at)
    return item is not None and any(n.entity == "stage" for s in item.tag.all(T.RECORD) for n in s.value)


def beside_its_stage(c: Composer) -> None:
    """As in 商务谈判|卡着的: the stage is said already."""
    for at, item, _ in list(c.each(T.OWNS)):
        if item.tag.text in small("stuck"):
            c.own(at)


def amounts_to(c: Composer) -> None:
    """As in 有几个，涉及|多少钱: a verb that only leads to the sum."""
    for at, item in enumerate(c.items[:-1]):
        if item.tag.text in small("amounts_to") and not item.owned and _asks_sum(c, at + 1):
            c.own(at)


def _asks_sum(c: Composer, at: int) -> bool:
    money = any(c.vocabulary.field(s.value).is_numeric for s in c.items[at].all(T.FIELD))
    asked = c.has(at, T.ASK, "how_many") and bool(c.numeric_at(at + 1))
    return asked or c.has(at, T.ASK, "how_much") or c.has(at, T.MONEY_WORD) or (money and c.has(at + 1, T.ASK))


def how_it_sold(c: Composer) -> None:
    """As in PLC卖得怎么样: how much of it was sold."""
    for at, item, _ in list(c.each(T.ASK)):
        verb = c.item(at - 1)
        if verb is not None and item.tag.text in small("how_well") and verb.get(T.VERB_METRIC):
            c.own(at)


def main_reason(c: Composer) -> None:
    """As in 丢单最主要的原因是什么: the one given most often."""
    for at, item in enumerate(c.items):
        why = c.has(at + 1, T.ASK, "why") or _REASON in c.fields_at(at + 1)
        first = next((s for s in item.all(T.SUP) if str(s.value).startswith("max_")), None)
        if first is not None and not item.tag.text.isascii() and why and c.reading.sup is None:
            c.reading.sup = SupNode("max_count", limit=1, noun=_REASON)
            c.reading.target = Target(_REASON, "which", is_plural=False)
            if not c.mentions(T.STATE, "lost") and not c.mentions(T.METRIC, "deals_lost"):
                c.reading.fields.append(FieldTest(_REASON, "not_empty"))
            c.own(at, at + 1)


def our_team(c: Composer) -> None:
    """As in 我们部门今年签了多少: ours, in whose place the asker's own team is put."""
    for at, _, _ in list(c.each(T.MINE)):
        if c.has(at + 1, T.FIELD, "user.team") and c.items[at + 1].tag.text in small("team_noun"):
            c.own(at + 1)


def how_many_of_them(c: Composer) -> None:
    """As in 初步接洽的占几个: how many of those that were spoken of, and no share."""
    for at, item, _ in list(c.each(T.SHARE)):
        if item.tag.text == "占" and c.has(at + 1, T.ASK, "how_many"):
            item.tag = item.tag.only(Sense(T.PRONOUN, "set"))


def points_given(c: Composer) -> None:
    """As in 给了几个点的折扣: how high the percentage is, and no share."""
    for at, item, _ in list(c.each(T.PERCENT_WORD)):
        rates = c.fields_at(at + 1, lambda f: f.kind is Kind.PERCENT)
        if item.tag.text.endswith("点") and rates and c.has(at - 1, T.ASK, "how_many"):
            c.reading.asks.append("what")
            c.own(at - 1, at)
