"""Rules for numbers of pieces where the data keeps none, and for rankings "by what they bought"."""

import prompts
from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.reading import MeasureNode, StateTest, Target
from copilot.offline.lexicon import key
from copilot.offline.tags import T
from copilot.offline.writing.words import small

_QUANTITIES = frozenset({"order_line.quantity", "deal_line.quantity"})


def pieces(c: Composer) -> None:
    """As in "by units", "how many units of X": where no quantity is kept, a deal is a unit, and that is told."""
    if any(c.vocabulary.holds(dotted) for dotted in _QUANTITIES) or not c.vocabulary.holds_records(FACT):
        return
    for at, item, _ in list(c.each(T.FIELD)):
        if not {s.value for s in item.all(T.FIELD)} <= _QUANTITIES:
            continue
        lost = c.mentions(T.STATE, "lost", "open")
        if c.has(at - 1, T.BY):
            c.own(at - 1)
        if c.has(at - 1, T.ASK, "how_many", "count"):
            c.reading.target = Target(FACT, "count", is_plural=True)
            c.reading.asks.append("count")
            c.own(at - 1)
        elif lost:
            c.reading.measures.append(MeasureNode(fn="count", dotted=FACT))
        else:
            c.reading.measures.append(MeasureNode(metric="deals_won"))
        if not lost and not c.reading.measures:
            c.reading.states.append(StateTest(("won",), at=item.tag.start))
        lang = "en" if item.tag.text.isascii() else "zh"
        c.reading.notes.append(prompts.load_yaml("planner")[lang]["deal_is_unit"])
        c.own(at)


def sold_by_the_piece(c: Composer) -> None:
    """As in 卖了多少台, counted as deals: that is told."""
    if any(c.vocabulary.holds(dotted) for dotted in _QUANTITIES):
        return
    for _, item, sense in c.each(T.METRIC):
        if sense.value == "deals_won" and item.tag.text.endswith(tuple(small("goods_counter"))):
            c.reading.notes.append(prompts.load_yaml("planner")["zh"]["deal_is_unit"])


def by_what_they_bought(c: Composer) -> None:
    """As in "the three biggest accounts, by what they bought": by the money, and not by the things."""
    for at, _, _ in list(c.each(T.BY)):
        item = c.item(at + 1)
        words = key(item.tag.text) if item is not None else ()
        verbs = [s for s in c.vocabulary.phrases.get(words[-1:], ()) if s.type is T.VERB_METRIC]
        if len(words) > 1 and words[0] in ("what", "how") and verbs and c.mentions(T.SUP):
            c.reading.measures.append(MeasureNode(metric=str(verbs[0].value)))
            c.own(at, at + 1)
