"""How many different customers somebody sold to or saw: "who visited the most customers", 谁签下的A级客户最多."""

from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.neighbours import nouns_at
from copilot.offline.compose.reading import MeasureNode, StateTest
from copilot.offline.lines import of_deals
from copilot.offline.tags import T

TALK = "interaction"
_BETWEEN = (T.VALUE, T.STATE)
_COUNTS = ("max_count", "min_count")


def reached(c: Composer) -> None:
    """The customers are counted, each once; neither the deals nor what they came to."""
    noun = next((at for at, _, _ in c.each(T.ENTITY) if "account" in nouns_at(c, at)), None)
    if noun is None or c.reading.measures:
        return
    before = noun - 1
    while c.sense(before, *_BETWEEN):
        before -= 1
    asked = c.has(before, T.ASK, "how_many", "count")
    most = c.has(before, T.SUP, *_COUNTS) or (c.has(noun + 1, T.SUP, *_COUNTS) and not c.items[noun].tag.text.isascii())
    mine = c.mentions(T.MINE) and _is_met(c) and not c.mentions(T.NEG)  # 我今年拜访了几家
    if not ((asked and (c.mentions(T.BY) or mine)) or (most and _asks_for_people(c))):
        return
    fact = _fact(c)
    if fact is not None:
        dotted = of_deals(c.vocabulary, f"{FACT}.account") if fact == FACT else f"{fact}.account"
        c.reading.measures.append(MeasureNode(fn="count", dotted=dotted))
        c.own(noun, *([before] if asked else []))


def _asks_for_people(c: Composer) -> bool:
    which = c.mentions(T.ASK, "which") and any("user" in nouns_at(c, at) for at in range(len(c.items)))
    return c.mentions(T.ASK, "who") or which


def _is_met(c: Composer) -> bool:
    return any(str(s.value).startswith(f"{TALK}.") for item in c.items for s in item.all(T.OWNS))


def _fact(c: Composer) -> str | None:
    """What was done with the customers: sold to, or met; None: nothing that is known."""
    met = [at for at, item, _ in c.each(T.OWNS) if str(item.all(T.OWNS)[0].value).startswith(f"{TALK}.")]
    if met:
        c.reading.facts.append(TALK)
        c.own(*met)
        return TALK
    sold = [at for at, _, s in c.each(T.VERB_METRIC) if s.value == "bookings"]
    if sold:
        c.reading.states.append(StateTest(("won",), at=c.items[sold[0]].tag.start))
        c.own(*sold)
    return FACT if sold or c.mentions(T.STATE, "won") else None
