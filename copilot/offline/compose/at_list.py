"""What deals would come to at their products' list prices: "my open deals at list price", 按标价算值多少."""

from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.reading import MeasureNode, StateTest
from copilot.offline.tags import T

LIST_PRICE = "product.list_price"
_AT = frozenset({"at", "by", "按", "按照", "以"})
_STATE_OF = {"pipeline": "open", "bookings": "won"}


def at_list_price(c: Composer) -> None:
    """The list price of each deal's product, added up: as often as there are deals, and not once a product."""
    at = next((k for k in range(len(c.items)) if LIST_PRICE in c.fields_at(k) and _is_way(c, k)), None)
    if at is None or not c.vocabulary.holds(LIST_PRICE) or any(c.each(T.OP, T.COMPARATIVE, T.SUP, T.CHANGE)):
        return
    if any(sense.value == "which" for _, _, sense in c.each(T.ASK)):
        return  # "which deals did we win at list price"
    metric = next((k for k, _, s in c.each(T.METRIC, T.VERB_METRIC) if s.value in _STATE_OF), None)
    led = [at - 1] if c.has(at - 1, T.BY) and c.items[at - 1].tag.text in _AT else []
    worth = [
        k for k in range(len(c.items)) if f"{FACT}.amount" in c.fields_at(k) or c.has(k, T.ASK, "how_much", "how_many")
    ]
    summed = [k for k, _, _ in c.each(T.AGG) if c.has(k, T.AGG, "sum")]
    spoken = (
        metric is not None or FACT in [s.value for i in c.items for s in i.all(T.ENTITY)] or c.mentions(T.STATE, "open")
    )
    points = any(c.each(T.PRONOUN)) or any(s.value == "rest" for _, _, s in c.each(T.NEG))
    if not (spoken or points):
        return
    if metric is not None:
        c.reading.states.append(StateTest((_STATE_OF[str(c.items[metric].tag.get(T.METRIC, T.VERB_METRIC).value)],)))  # type: ignore[union-attr]
    c.reading.measures.append(MeasureNode(fn="sum", dotted=f"{FACT}.{LIST_PRICE}"))
    c.own(at, *led, *worth, *summed, *([metric] if metric is not None else []))
    for k, _, _ in list(c.each(T.ASK)):
        if c.has(k, T.ASK, "what"):
            c.own(k)


def _is_way(c: Composer, at: int) -> bool:
    """As in "at list price", 按标价: by which price it is reckoned."""
    item = c.items[at]
    text = item.tag.text.lower()
    led = at > 0 and c.has(at - 1, T.BY) and c.items[at - 1].tag.text in _AT
    return led or bool((item.preps | item.before) & _AT) or text.startswith(("at ", "by ", "按"))
