"""What a ranking goes by, said beside it: "top five customers by money", 哪个行业最大，按单数."""

from copilot.offline.compose.composer import FACT, Composer
from copilot.offline.compose.neighbours import nouns_at
from copilot.offline.compose.reading import MeasureNode
from copilot.offline.tags import T, Tag
from crm_core.models import Kind
from crm_core.schema import Field

_PARTIES = frozenset({"user", "account", "product"})


def ranked_by_what(c: Composer) -> None:
    """By money or by number, where no measure is named."""
    r = c.reading
    noun = (r.sup.noun or (r.target.dotted if r.target else None)) if r.sup is not None and not r.sup.by else None
    if noun is None or noun == FACT or r.measures or r.columns or r.groups:
        return
    for at, item in enumerate(c.items):
        if item.tag.type is T.MONEY_WORD and item.tag.text.lower().startswith(("by ", "in ", "按")):
            r.measures = [MeasureNode(metric="bookings")]
            c.own(at)
        elif at == len(c.items) - 1 and c.items[at - 1].tag.get(T.BY) and _counts(item.tag):
            r.measures = [MeasureNode(fn="count", dotted=FACT)]
            r.asks = [ask for ask in r.asks if ask != "count"]
            c.own(at - 1, at)


def by_number_of(c: Composer) -> None:
    """As in "which product sells best | by | number of | deals": the deals are counted, and none is listed."""
    at = next((k for k, _, _ in c.each(T.BY) if c.has(k + 1, T.ASK, "count") and c.has(k + 2, T.ENTITY, FACT)), None)
    party = any(set(nouns_at(c, k)) & _PARTIES or c.fields_at(k, _is_group) for k in range(at or 0))
    if at is None or not party or not c.mentions(T.SUP) or any(c.each(T.METRIC, T.STATE)):
        return
    sells = [k for k, _, sense in c.each(T.VERB_METRIC) if sense.value == "bookings"]
    good = any(
        str(sense.value).endswith("_good") for _, _, sense in c.each(T.SUP)
    )  # "did best": won, and not only begun
    node = MeasureNode(metric="deals_won") if sells or good else MeasureNode(fn="count", dotted=FACT)
    c.reading.measures.append(node)
    c.own(at, at + 1, at + 2, *sells)


def _is_group(field: Field) -> bool:
    return field.kind is Kind.CHOICE


def _counts(tag: Tag) -> bool:
    """As in 单数, "number of deals"."""
    return any(s.type is T.ASK and s.value == "count" for s in tag.senses)
