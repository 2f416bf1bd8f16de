"""Rules for a narrowing that is let go: "drop the industry filter", "across all regions", 不限行业, "all time"."""

from copilot.offline.compose.composer import Composer, entity_of
from copilot.offline.tags import T

_WHOLE = ("all", "any", "every", "所有", "所有的", "全部", "全部的", "任何")
_FOR = frozenset({"for", "in", "across", "on", "from"})
_FILTERS = ("filter", "filters", "restriction", "restrictions", "condition", "conditions", "criterion", "criteria")
_SAYS_MORE = (T.METRIC, T.VERB_METRIC, T.STATE, T.AGG, T.BUCKET)


def widenings(c: Composer) -> None:
    """What the message no longer narrows by."""
    for at, _, sense in list(c.each(T.NEG, T.WHOLE)):
        if sense.type is T.WHOLE and sense.value != "all":
            of_one = c.mentions(T.ASK, "place")  # 在全公司排第几: a place among all is still somebody's own
            c.reading.drop += [] if of_one else [str(sense.value)]
            c.own(at)
        elif sense.value in ("exclude", "none", "all"):
            _let_go(c, at, needs_filter=sense.value == "none")
    _for_all(c)


def _let_go(c: Composer, at: int, *, needs_filter: bool) -> None:
    """As in "ignore the region", "without the date filter"; "excluding the region East" names a value."""
    named, last = _narrowing(c, at + 1), c.item(at + 2)
    is_filter = last is not None and last.tag.text.lower() in _FILTERS
    told = (T.RECORD, T.VALUE, T.DATE, T.OP, T.NUMBER)  # "leave out amounts below 20k"
    names_value = last is not None and not last.after_break and last.tag.get(*told) is not None
    names_value |= not c.items[at].tag.text.isascii() and c.sense(at - 1, *told) is not None  # X以外的|产品
    if named and (is_filter or not (needs_filter or names_value)):
        c.reading.drop += named
        c.own(at, at + 1, *([at + 2] if is_filter else []))


def _for_all(c: Composer) -> None:
    """As in "for all industries", where nothing else is asked; "back to all products: …" whatever comes after it."""
    for at, item, _ in list(c.each(T.ASK)):
        named = _narrowing(c, at + 1) if c.has(at - 1, T.FOLLOW, "back") and item.tag.text.lower() in _WHOLE else []
        if named:
            c.reading.drop += named
            c.own(at, at + 1)
    if any(c.mentions(kind) for kind in _SAYS_MORE):
        return
    for at, item, _ in list(c.each(T.ASK)):
        by = c.has(at - 1, T.BY)
        said = item.tag.text.lower() in _WHOLE and (by or item.before & _FOR or not item.tag.text.isascii())
        named = _narrowing(c, at + 1) if said and len(c.items) == at + 2 else []
        if named:
            c.reading.drop += named
            c.own(at, at + 1, *([at - 1] if by else []))


def _narrowing(c: Composer, at: int) -> list[str]:
    """What the noun at `at` may narrow by: fields, kinds of records, the time."""
    item = c.item(at)
    if item is None or item.tag.get(T.RECORD, T.VALUE, T.STATE):
        return []
    if item.tag.get(T.UNIT, T.BUCKET):
        return ["period"]
    nouns = [entity_of(str(s.value)) for s in item.all(T.ENTITY)]
    parties = [noun for noun in nouns if not c.vocabulary.schema.entities[noun].is_fact]
    return [*parties, *(str(s.value) for s in item.all(T.FIELD))]
