"""What stands beside a word: nouns, names, facts that are named. Shared by the rules."""

from copilot.offline.compose.composer import Composer, entity_of
from copilot.offline.tags import T
from copilot.offline.vocabulary import Name

BUYING = ("buy", "bought", "purchas", "order", "买", "购", "采购", "订")  # how the words begin for what customers do


def find_noun(c: Composer, at: int) -> tuple[str | None, int | None]:
    """The noun at `at`, past a state or a value that stands between ("biggest open deal")."""
    for k in range(at, min(at + 3, len(c.items))):
        item = c.items[k]
        if k > at and item.after_break:
            break
        bucket = c.sense(k, T.BUCKET, T.UNIT)
        entity = c.sense(k, T.ENTITY)
        if entity and not c.sense(k, T.METRIC):
            return str(entity.value), k
        if bucket and not item.before & {"that", "same"}:
            return f"bucket:{bucket.value}", k
        fields = [] if item.is_soft else c.fields_at(k, lambda f: not f.is_numeric and not f.is_date)
        if fields and not c.sense(k, T.METRIC):
            return c.nearest(fields, to=c.about), k
        if not item.tag.get(T.STATE, T.VALUE, T.RECORD, T.DATE, T.MINE, T.AGG, T.NUMBER):
            break
    return None, None


def opens(c: Composer, at: int) -> bool:
    """As in "how many did we open in May": begun, and not still open."""
    item = c.items[at]
    asks = any(c.item(k) is not None and "did" in c.items[k].before for k in (at, at - 1))
    return asks and item.tag.text.lower() == "open" and not item.before and not c.has(at + 1, T.ENTITY)


def named_fact(c: Composer) -> str | None:
    """The kind of fact that is named by its id or title: then its own fields are asked for."""
    found = [r.entity for r in c.reading.records if not r.negated and not r.reference]
    return next((e for e in found if c.vocabulary.schema.entities[e].is_fact), None)


def asked_fact(c: Composer) -> str | None:
    """The kind of fact that is listed or looked up."""
    nouns = [c.reading.target.dotted if c.reading.target else "", c.reading.sup.noun or "" if c.reading.sup else ""]
    found = [entity_of(n) for n in nouns if n and "." not in n and ":" not in n] + [r.entity for r in c.reading.records]
    return next((e for e in found if c.vocabulary.schema.entities[e].is_fact), None)


def names_at(c: Composer, at: int, entity: str) -> tuple[Name, ...]:
    sense = c.sense(at, T.RECORD)
    return tuple(name for name in sense.value if name.entity == entity) if sense else ()


def head(c: Composer, verb: int) -> int | None:
    """As in 没签过单的客户, 买过X的客户: the noun that a relative clause before it is said of."""
    for k in range(verb + 1, min(verb + 7, len(c.items))):
        if c.items[k].after_break:
            return None
        if "的" in c.items[k].before and nouns_at(c, k) and not c.has(k + 1, T.RECORD):
            return k
    return None


def nouns_at(c: Composer, at: int) -> list[str]:
    item = c.item(at)
    return [entity_of(s.value) for s in item.all(T.ENTITY)] if item else []


def is_one_deal(c: Composer) -> bool:
    """As in 最大的一单: a single deal is told, of which more is asked."""
    sup = c.reading.sup
    named = sup is not None and (sup.noun == "deal" or (sup.noun is None and str(sup.by).startswith("deal.")))
    single = sup is not None and named and not sup.sort.endswith("count") and not sup.is_plural
    return single and not c.reading.measures and c.reading.target is None and not c.reading.groups
