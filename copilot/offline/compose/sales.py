"""The rule for sales as things that are counted: "how many sales did we close". A sale is a deal that was won."""

from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.reading import MeasureNode, StateTest, Target
from copilot.offline.tags import T

_SALES = frozenset({"sale", "sales"})
_MAKING = (T.VERB_METRIC, T.LINK)


def sales_made(c: Composer) -> None:
    """How many sales: their number; to close, make or book one says nothing more."""
    if c.mentions(T.MONEY_WORD):
        return
    other = c.mentions(T.STATE, "lost", "open")
    for at, _, _ in list(c.each(T.ASK)):
        noun = c.item(at + 1)
        if noun is None or not c.has(at, T.ASK, "how_many", "count") or not _are_sales(c, at + 1):
            continue
        c.reading.target = Target(FACT, "count", is_plural=True)
        c.reading.asks.append("count")
        c.own(at, at + 1)
        if other:
            return  # "how many sales did we lose"
        c.reading.states.append(StateTest(("won",), at=noun.tag.start))
        for k in range(at + 2, len(c.items)):
            if c.items[k].after_break or c.sense(k, T.METRIC, T.SUP):
                break
            if c.sense(k, *_MAKING) or c.has(k, T.STATE, "closed", "won"):
                c.own(k)
                break


def sold_most(c: Composer) -> None:
    """As in "who sold the most": by the money, as 谁卖得最多; "sold most often" and "the most deals" are numbers."""
    r = c.reading
    asked = c.mentions(T.ASK, "who", "which") and not c.mentions(T.ASK, "how_many", "count")
    if not asked or r.measures or c.mentions(T.METRIC):
        return
    for at, item, _ in list(c.each(T.VERB_METRIC)):
        ranked = c.sense(at + 1, T.SUP)
        if item.tag.text.lower() not in _SELLING or ranked is None or not str(ranked.value).endswith("_count"):
            continue
        often = c.items[at + 1].tag.text.lower().endswith(_OFTEN)
        nouns = [
            k for k in (at + 2, at + 3) if c.sense(k, T.ENTITY, T.FIELD, T.STATE, T.RECORD) and not c.items[k].preps
        ]
        if not often and not nouns:
            r.measures.append(MeasureNode(metric="bookings"))
            c.own(at)


def what_each_sold(c: Composer) -> None:
    """As in "what did each of my reps sell in Q4": how many deals, and for how much."""
    r = c.reading
    won = bool(r.states) and all(state.kinds == ("won",) and not state.negated for state in r.states)
    asked = "what" in r.asks and not {"how_many", "how_much", "count"} & set(r.asks)
    told = r.measures or r.columns or r.sup or r.having or r.share or r.pronouns or r.change
    if asked and won and r.groups and not told and (r.target is None or r.target.dotted == FACT):
        r.measures += [MeasureNode(fn="count", dotted=FACT), MeasureNode(metric="bookings")]


_SELLING = frozenset({"sold", "sell", "sells", "selling"})
_OFTEN = ("often", "frequently", "times")


def _are_sales(c: Composer, at: int) -> bool:
    """Whether deals won are meant by the noun: "sales", and "orders" where none are kept as such."""
    item, after = c.items[at], c.item(at + 1)
    if after is not None and after.tag.start == item.tag.end and after.tag.get(T.ENTITY, T.FIELD):
        return False  # "how many sales people"
    orders = c.has(at, T.ENTITY, "order") and not c.vocabulary.holds_records("order")
    return c.vocabulary.holds_records(FACT) and (item.tag.text.lower() in _SALES or orders)
