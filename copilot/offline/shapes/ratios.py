"""The shape of a ratio: one measure divided by another, in all or per group."""

from copilot.offline.filters import both
from copilot.offline.routes import find_route
from copilot.offline.shapes.builder import Builder
from copilot.offline.shapes.unclear import Unclear
from copilot.offline.where import WhereBuilder
from crm_core.query.spec import All, Filter, Measure, Order, QuerySpec


def ratio(b: Builder) -> QuerySpec:
    """Both are measured over the records of the first; what they have in common narrows the question."""
    assert b.reading.ratio is not None
    top, under = (Builder(part, b.vocabulary, b.actor) for part in b.reading.ratio)
    base = top.measured()
    above, below = top.measures(), [_seen_from(base, under)]
    if len(above) != 1 or len(under.measure_nodes()) != 1:
        raise Unclear("what should be compared with what?", ())
    if any(one.metric and not b.vocabulary.schema.metrics[one.metric].additive for one in (*above, *below)):
        raise Unclear("what should be compared with what?", ())  # a rate and a mean are ratios already
    seen = WhereBuilder(b.vocabulary, base, b.actor).add_all(under.reading, dated_by=under.dated_by() or top.dated_by())
    tests = [_parts(top.where(base)), _parts(seen.filter())]
    common = [part for part in tests[0] if part in tests[1]]
    first, second = (
        _only(one, [part for part in own if part not in common])
        for one, own in zip((above[0], below[0]), tests, strict=True)
    )
    where = both(part for part in (b.where(base), both(common)) if part is not None)
    sup, noun = b.reading.sup, b.reading.sup.noun if b.reading.sup else None
    ranked = [b.group(noun, base)] if noun and not b.reading.groups else []
    return QuerySpec(
        entity=base,
        where=where,
        group_by=[*ranked, *b.groups(base)],
        order_by=[Order(by="ratio", descending=sup.descending)] if sup else [],
        limit=b.limit() if sup else None,
        measures=[first.model_copy(update={"over": second, "name": "ratio", "percent": b.reading.percent})],
    )


def _seen_from(base: str, b: Builder) -> Measure:
    """The denominator over the records of the numerator: "total list price" over the deals that are divided."""
    if b.measured() == base:
        return b.measures()[0]
    node = b.measure_nodes()[0]
    route = find_route(b.vocabulary, base, b.measured())
    if route is None or route.child or node.fn not in ("sum", "avg") or "." not in str(node.dotted):
        raise Unclear("what should be compared with what?", ())
    return Measure(fn=node.fn, field=route.dotted(str(node.dotted).split(".")[1]))


def _parts(where: Filter | None) -> list[Filter]:
    return [] if where is None else where.all if isinstance(where, All) else [where]


def _only(measure: Measure, tests: list[Filter]) -> Measure:
    """A measure over those records only."""
    where = both(part for part in (measure.where, both(tests)) if part is not None)
    return measure.model_copy(update={"where": where, "name": None})
