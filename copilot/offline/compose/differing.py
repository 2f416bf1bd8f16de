"""How many different ones: "the most different accounts", "different products per account"; and every one of them."""

from dataclasses import replace

from copilot.offline.compose.composer import FACT, Composer, entity_of
from copilot.offline.compose.reading import HavingNode, MeasureNode, StateTest, Target
from copilot.offline.lines import of_deals
from copilot.offline.tags import Sense, T

_MOST = frozenset({"at the most"})
_EVERY = ("every", "each and every", "每")
_ALL = ("all", "all of", "所有", "全部", "全")
_NAMED = ("account", "rep", "manager", "user", "contact", "product")


def different(c: Composer) -> None:
    """So many different ones of what deals name: "how many different accounts did Anna win business from"."""
    for at, _, sense in list(c.each(T.AGG)):
        noun = c.sense(at + 1, T.ENTITY)
        reference = c.is_reference_of(FACT, entity_of(str(noun.value))) if noun else None
        if sense.value != "distinct" or reference is None or not _speaks_of_deals(c):
            continue
        before = c.item(at - 1)
        if before is not None and before.tag.text.lower() in _MOST:
            before.tag = replace(before.tag, senses=(Sense(T.SUP, "max_count"),))
        asked = c.has(at - 1, T.ASK, "how_many", "count")
        if not (asked or c.has(at - 1, T.SUP, "max_count", "min_count")):
            continue
        c.reading.measures.append(MeasureNode(fn="count", dotted=of_deals(c.vocabulary, f"{FACT}.{reference}")))
        c.own(at, at + 1, *([at - 1] if asked else []))
        _sold(c)
        _and_how_many(c)
        return
    _business_from(c)


def every_one(c: Composer) -> None:
    """As in "accounts that bought all seven of our products", 每种产品都买过的客户: as many as there are."""
    for at, _, sense in list(c.each(T.ENTITY)):
        start = _all_before(c, at)
        if start is None:
            continue
        reference = c.is_reference_of(FACT, entity_of(str(sense.value)))
        asked = [k for k, _, s in c.each(T.ENTITY) if s.value in _NAMED and s.value != sense.value]
        if reference is None or len(asked) != 1 or not _is_bought(c, start, at):
            continue
        counted = MeasureNode(fn="count", dotted=of_deals(c.vocabulary, f"{FACT}.{reference}"))
        c.reading.having.append(HavingNode("ge", 0, counted, every=entity_of(str(sense.value))))
        c.reading.unclear |= c.mentions(T.NEG) or c.mentions(T.SUP)
        c.own(*range(start, at + 1))
        offered = [k for k in (at + 1, at + 2) if c.sense(at + 1, T.MINE) and c.sense(k, T.MINE, T.VERB_METRIC)]
        c.own(*offered, *(k for k, _, s in list(c.each(T.COMPARATIVE)) if s.value == "both"))
        _sold(c)
        party = c.items[asked[0]]
        if not c.mentions(T.ASK, "which", "who", "how_many", "count"):
            c.reading.target = Target(str(c.sense(asked[0], T.ENTITY).value), "list", party.is_plural)  # type: ignore[union-attr]
            c.own(asked[0])
        return


def _all_before(c: Composer, at: int) -> int | None:
    """Where "all seven of our", "every", 我们所有的 begins."""
    k = at - 1
    while c.sense(k, T.NUMBER, T.MINE):
        k -= 1
    item = c.item(k)
    if item is None or item.owned:
        return None
    text = item.tag.text.lower()
    says_all = text.startswith(_ALL) and item.tag.get(T.ASK, T.AGG, T.THING, T.WHOLE)
    says_every = item.tag.get(T.BY) and text.startswith(_EVERY)
    mine = k - 1 if c.sense(k - 1, T.MINE) else k
    return mine if says_all or says_every else None


def _is_bought(c: Composer, start: int, at: int) -> bool:
    """Whether what was done with all of them stands right before, or behind 都."""
    before = c.sense(start - 1, T.VERB_METRIC, T.STATE)
    late = c.has(at + 1, T.COMPARATIVE, "both") and c.sense(at + 2, T.VERB_METRIC, T.STATE)
    verb = before or late
    return bool(verb) and verb.value in ("won", "bookings")  # type: ignore[union-attr]


def _speaks_of_deals(c: Composer) -> bool:
    return c.mentions(T.STATE) or c.mentions(T.VERB_METRIC) or c.mentions(T.METRIC, "bookings", "deals_won")


def _sold(c: Composer) -> None:
    """A verb of buying or selling says that the deals were won, and measures nothing."""
    for at, item, sense in list(c.each(T.VERB_METRIC)):
        if sense.value == "bookings" and not item.get(T.STATE):
            c.reading.states.append(StateTest(("won",), at=item.tag.start))
            c.own(at)
    _business_from(c)


def _business_from(c: Composer) -> None:
    """As in "how many accounts did we win business from": no sum is asked for."""
    counted = c.mentions(T.ASK, "how_many", "count") or bool(c.reading.measures)
    for at, item, _ in list(c.each(T.METRIC)):
        if (
            c.has(at, T.METRIC, "bookings")
            and counted
            and item.tag.text.lower() == "business"
            and c.sense(at - 1, T.STATE)
        ):
            c.own(at)


def _and_how_many(c: Composer) -> None:
    """As in "…, and at how many?": the number that is told anyway."""
    last = len(c.items) - 1
    if c.has(last, T.ASK, "how_many") and c.items[last - 1].tag.text.lower().startswith("and") and last > 1:
        c.own(last, last - 1)
