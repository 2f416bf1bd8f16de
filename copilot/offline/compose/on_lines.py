"""Words for what stands on the lines of deals: units sold, the products of a deal, deals that hold several."""

from dataclasses import replace

from copilot.offline.compose.composer import FACT, Composer, entity_of
from copilot.offline.compose.reading import MeasureNode, StateTest, Target
from copilot.offline.lexicon import key
from copilot.offline.lines import PRODUCT, UNITS, find_lines, lines_sold, of_deals, units_of
from copilot.offline.routes import find_route
from copilot.offline.tags import T, Tag
from prompts import load_yaml


def units_sold(c: Composer) -> None:
    """As in "units sold", "by units", 销量: what is measured; sold ones, where no other state is said."""
    field = _units(c)
    if field is None or _lists_lines(c):
        return
    for at, item, _ in list(c.each(T.FIELD, T.METRIC)):
        tested = c.sense(at + 1, T.OP, T.NUMBER) or c.sense(at - 1, T.NUMBER, T.OP)
        if tested or not (_names_units(c, at) or _counts_pieces(item.tag)):
            continue
        _measure(c, field)
        c.own(at, *(k for k in (at - 1,) if c.has(k, T.BY) or c.has(k, T.ASK, "how_many", "count")))
        c.own(*(k for k, _, sense in c.each(T.VERB_METRIC) if sense.value in _SOLD))
        if not _is_of_deals(c):
            c.own(*(k for k, _, sense in c.each(T.STATE) if sense.value == "won"))  # "were sold"
        elif not c.mentions(T.STATE):
            c.reading.states.append(StateTest(("won",)))


def how_many_sold(c: Composer) -> None:
    """As in "how many ovens did we sell", "who sold the most ovens": pieces are counted, unless deals are named."""
    field, r = _units(c), c.reading
    counts = [m.metric for m in r.measures] == ["deals_won"] or _asks_how_many(c)
    most = not r.measures and r.sup is not None and r.sup.sort in ("max_count", "min_count") and r.sup.noun is None
    asked = _how_many_of_it(c)
    sold = asked or any(s.value in _SOLD for item in c.items for s in item.tag.all(T.VERB_METRIC))
    named = any(s.value in (FACT, "order") for item in c.items for s in item.tag.all(T.ENTITY))
    if field is None or not sold or (named and not asked) or not (counts or most or asked) or not _of_lines(c):
        return
    r.measures, r.asks = [], [ask for ask in r.asks if ask != "count"]
    _measure(c, field)
    if not _is_of_deals(c):
        r.states = []
    elif not r.states or not asked:
        r.states = [replace(s, kinds=("won",)) for s in r.states] or [StateTest(("won",))]
    r.target = None if asked and r.target is not None and r.target.dotted == FACT else r.target


_SOLD = ("bookings", "order_revenue")


def _asks_how_many(c: Composer) -> bool:
    """As in "how many stools did we sell", of orders."""
    counted = any(s.value in ("how_many", "count") for item in c.items for s in item.tag.all(T.ASK))
    return counted and [m.metric for m in c.reading.measures] == ["order_revenue"]


def _how_many_of_it(c: Composer) -> bool:
    """As in "how many ovens were sold", "how many ovens are in open deals": what is named is what is counted."""
    r = c.reading
    told = any(s.value in _SOLD for i in c.items for s in i.tag.all(T.VERB_METRIC)) or bool(r.states)
    for at, item in enumerate(c.items[:-1]):
        counted = item.tag.get(T.ASK) is not None and item.tag.get(T.ASK).value in ("how_many", "count")  # type: ignore[union-attr]
        after = c.items[at + 1].tag
        product = _is_product(after) or any(_is_on_lines(c, s.value[0]) for s in after.all(T.VALUE))
        if counted and product and told and item.tag.text.isascii():
            return not r.having and r.sup is None and [m.metric for m in r.measures] in ([], ["deals_won"], [_SOLD[1]])
    return False


def _is_on_lines(c: Composer, dotted: str) -> bool:
    route = find_route(c.vocabulary, FACT, dotted.split(".")[0])
    return route is not None and route.part is not None


def _is_of_deals(c: Composer) -> bool:
    lines = lines_sold(c.vocabulary)
    return lines is not None and lines.whole == FACT


def whole_deals(c: Composer) -> None:
    """As in "the amount of won deals with X": a set phrase that ends in the noun speaks of deals as well."""
    if find_lines(c.vocabulary, FACT) is None or not _of_lines(c):
        return
    for item in c.items:
        last = key(item.tag.text)[-1:]
        named = any(s.type is T.ENTITY and s.value == FACT for s in c.vocabulary.phrases.get(last, ()))
        if item.tag.get(T.METRIC) and named and last != key(item.tag.text):
            c.reading.facts.append(FACT)


def products_of_a_deal(c: Composer) -> None:
    """As in "the products in the Konex deal": those of its lines, where the deal names none itself."""
    r, own = c.reading, f"{FACT}.{PRODUCT}"
    named = [record.entity for record in r.records if not record.negated]
    if r.columns == [own] and named == [FACT] and of_deals(c.vocabulary, own) != own:
        r.columns, r.target = [], Target(PRODUCT, "list")


def each_of_them(c: Composer) -> None:
    """As in "deals with X and Y", "both X and Y": a deal that holds the one and the other, not either of them."""
    r = c.reading
    products = [i for i, item in enumerate(c.items) if _is_product(item.tag)]
    if len(products) < 2 or not (r.target and r.target.dotted == FACT) or r.measures or r.groups or r.share:
        return
    if find_lines(c.vocabulary, FACT) is None or any(item.tag.get(T.OR) for item in c.items):
        return
    r.each_line = True
    c.own(*(k for k, _, sense in c.each(T.COMPARATIVE) if sense.value == "both"), *(k for k, _, _ in c.each(T.AND)))


def _is_product(tag: Tag) -> bool:
    return any(s.type is T.RECORD and {name.entity for name in s.value} == {PRODUCT} for s in tag.senses)


def _names_units(c: Composer, at: int) -> bool:
    return any(dotted.split(".")[1] == UNITS for dotted in c.fields_at(at))


def _counts_pieces(tag: Tag) -> bool:
    """As in 卖了多少台, 销量: of what was sold, how many pieces."""
    words, sold = load_yaml("lexicon/small_words"), {s.value for s in tag.all(T.METRIC)} & {*_SOLD, "deals_won"}
    said = tag.text.endswith(tuple(words["goods_counter"])) or tag.text in words["units_sold"]
    return bool(sold) and said and not tag.text.isascii()


def _measure(c: Composer, field: str) -> None:
    node = MeasureNode(fn="sum", dotted=field)
    if node not in c.reading.measures:
        c.reading.measures.append(node)


def _units(c: Composer) -> str | None:
    """The field with how many a line holds."""
    lines = lines_sold(c.vocabulary)
    name = units_of(c.vocabulary, lines) if lines else None
    return f"{lines.entity}.{name}" if lines and name else None


def _lists_lines(c: Composer) -> bool:
    lines = lines_sold(c.vocabulary)
    return lines is not None and any(s.value == lines.entity for i in c.items for s in i.tag.all(T.ENTITY))


def _of_lines(c: Composer) -> bool:
    """Whether a product, or what else only lines tell, is named."""
    named = [r.entity for r in c.reading.records] + [t.entity for t in c.reading.fields]
    routes = [find_route(c.vocabulary, FACT, entity_of(entity)) for entity in dict.fromkeys(named)]
    return PRODUCT in named or any(route is not None and route.part for route in routes)
