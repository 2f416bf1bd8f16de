"""The second half of a Chinese question: 最大的是哪家的，预计什么时候签; 有几个，都是谁的; 三个月前就建了的."""

from dataclasses import replace
from datetime import timedelta

from copilot.offline.compose.composer import Composer
from copilot.offline.compose.plain_chinese import is_stage
from copilot.offline.compose.reading import Period, StateTest, Target
from copilot.offline.dates.span import describe
from copilot.offline.tags import T
from copilot.offline.writing.words import small


def whose_each(c: Composer) -> None:
    """As in 没填金额的商机有几个，都是谁的; 这几单分别是谁跟的: the deals, each with whom it is with."""
    deal = next((at for at, item in enumerate(c.items) if any(s.value == "deal" for s in item.all(T.ENTITY))), None)
    deal = deal if deal is not None else next((at for at in range(len(c.items)) if _tells_deals(c, at)), None)
    if deal is None or c.mentions(T.SUP) or c.mentions(T.METRIC):
        return
    for at in range(deal + 1, len(c.items)):
        each = c.has(at - 1, T.BY) and c.items[at - 1].tag.text in small("each")
        plural = each or c.items[at].tag.text.startswith("都") or "都" in c.items[at].before
        owns = at + 1 if c.has(at + 1, T.OWNS, "deal.owner") else None
        if plural and c.has(at, T.ASK, "who") and at == (owns or at + 1) - 1 and (owns or at) == len(c.items) - 1:
            counted = [k for k in range(deal, at) if c.has(k, T.ASK, "how_many", "count")]
            c.reading.target, c.reading.asks = Target("deal", "list"), ["list"]
            c.reading.facts.append("deal")
            c.reading.columns.append("deal.owner")
            c.own(
                *([] if _tells_deals(c, deal) else [deal]),
                at,
                *counted,
                *([at - 1] if each else []),
                *([owns] if owns else []),
            )


def which_each(c: Composer) -> None:
    """As in 卡在需求调研的有几个，都哪几个: the deals, and how many of them the list says itself."""
    deal = any(s.value == "deal" for item in c.items for s in item.all(T.ENTITY))
    last = len(c.items) - 1
    counted = [k for k in range(last) if c.has(k, T.ASK, "how_many", "count")]
    if (
        not deal
        or not counted
        or not c.has(last, T.ASK, "which")
        or c.items[last].tag.text not in small("which_of_them")
    ):
        return
    if c.mentions(T.METRIC) or c.mentions(T.SUP) or c.items[last].owned:
        return
    c.reading.target, c.reading.asks = Target("deal", "list"), ["list"]
    c.reading.facts.append("deal")
    c.own(last, *counted, *([last - 1] if c.items[last - 1].tag.text == "都" else []))


def _tells_deals(c: Composer, at: int) -> bool:
    """As in 方案报价那几个, 未结单: deals without their noun."""
    return is_stage(c, at) or (c.has(at, T.STATE) and c.items[at].tag.text.endswith(("单", "单子")))


def whose_deal(c: Composer) -> None:
    """As in 最大的商机是哪家的: the deal with its customer, and no customer by itself."""
    largest = next((at for at, _, _ in c.each(T.SUP)), None)
    if largest is None or c.mentions(T.METRIC) or c.mentions(T.VERB_METRIC):
        return
    said = c.items[largest].tag.text
    pointed = c.sense(largest + 1, T.PRONOUN) is not None or said.endswith(
        ("那个", "一个", "那单", "一单", "那笔", "一笔")
    )
    deal = any(s.value == "deal" for k in (1, 2) if c.item(largest + k) for s in c.items[largest + k].all(T.ENTITY))
    for at in range(largest + 1, len(c.items)):
        if (pointed or deal) and c.has(at, T.ASK, "which") and c.items[at].tag.text in small("which_company"):
            c.reading.columns.append("deal.account")
            c.reading.target = Target("deal", "which", is_plural=False) if pointed and not deal else None
            c.own(at)
            return


def will_sign(c: Composer) -> None:
    """As in 最大的商机预计什么时候签: of what has not closed yet."""
    r = c.reading
    asked = any("deal.closes_on" in [s.value for s in i.tag.all(T.FIELD)] and "什么时候" in i.tag.text for i in c.items)
    if asked and r.sup is not None and "deal.closes_on" in r.columns and not r.states and not r.records:
        r.states.append(StateTest(("open",)))


def their_customers(c: Composer) -> None:
    """As in 我名下客户总欠款: of whoever's orders are added up, which are with those customers."""
    for at, item, _ in list(c.each(T.FIELD)):
        owned = at > 0 and c.items[at - 1].owned and c.items[at - 1].tag.get(T.OWNS, T.MINE) is not None
        named = any(s.value == "order.account" for s in item.all(T.FIELD)) and not item.tag.text.isascii()
        money = any(m.fn == "sum" and str(m.dotted).startswith("order.") for m in c.reading.measures)
        if named and owned and money:
            c.own(at)


def before_then(c: Composer) -> None:
    """As in 三个月前就建了的, 半年前建的还没关的: begun before that day, and not in that month."""
    for at, item, _ in list(c.each(T.DATE)):
        days = [s.value for s in item.all(T.DATE) if s.value.unit == "day" and s.value.until is not None]
        ago = days and not item.tag.text.isascii() and item.tag.text.endswith("前") and days[0].until < c.today
        if not ago or not c.has(at + 1, T.STATE, "started"):
            continue
        stays = c.mentions(T.STATE, "open") or any(is_stage(c, k) for k in range(len(c.items)))
        if stays or c.items[at + 1].before & {"就", "已经", "早就"}:
            last = days[0].until - timedelta(days=1)
            span = replace(days[0], since=None, until=last, relation="before", text=describe(None, last))
            c.reading.periods.append(Period(span, "deal.started_on"))
            c.own(at, at + 1)
