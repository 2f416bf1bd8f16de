"""Shapes that answer with groups: ranked, tested, side by side, or folded into one number."""

from copilot.offline.compose.reading import GroupNode, MeasureNode
from copilot.offline.filters import both
from copilot.offline.shapes.builder import Builder
from copilot.offline.shapes.unclear import Unclear
from crm_core.query.metrics import Metric
from crm_core.query.spec import Group, Order, QuerySpec, TopPer


def top_groups(b: Builder) -> QuerySpec:
    sup = b.reading.sup
    noun = b.group_target()
    assert sup is not None
    assert noun is not None
    _needs_measure(b)
    base = b.measured_with_having()
    group = b.group(noun, base)
    measures = b.with_having()
    if b.reading.measures:
        measures = [*b.measures(), *(m for m in measures if m.name not in {x.name for x in b.measures()})]
    limit = b.limit() or (None if sup.pct else 1)
    where = both(f for f in (b.where(base), b.named_group(group)) if f is not None)
    adds_up = (metric := _metric(b)) is None or metric.additive
    if b.reading.share is not None and len(measures) == 1 and adds_up and not b.having() and b.asks_for_party():
        where = b.where(base)  # "which product, and what share of all is that": of them all
        measures = [*measures, measures[0].model_copy(update={"share": True, "name": "share"})]
    return QuerySpec(
        entity=base,
        where=where,
        group_by=[group],
        measures=measures,
        having=b.having(),
        order_by=[Order(by=str(measures[0].name), descending=_descending(b))],
        limit=limit,
        limit_pct=sup.pct,
        offset=(sup.nth - 1) if sup.nth else 0,
        with_ties=limit == 1 and not sup.nth,
    )


def _descending(b: Builder) -> bool:
    sup = b.reading.sup
    assert sup is not None
    metric = _metric(b)
    if sup.sort in ("max_good", "max_rank") and metric and metric.less_is_better:
        return False
    if sup.sort in ("min_good", "min_rank") and metric and metric.less_is_better:
        return True
    if sup.sort in ("max_long", "min_long"):
        return sup.sort == "max_long"
    return sup.descending


def ranks_down(b: Builder) -> bool:
    """Whether the first place is that of the highest value."""
    if b.reading.sup is not None:
        return _descending(b)
    metric = _metric(b)
    return metric is None or not metric.less_is_better


def _metric(b: Builder) -> Metric | None:
    return b.vocabulary.schema.metrics.get(b.measure_nodes()[0].metric or "")


def _needs_measure(b: Builder) -> None:
    """As in "best rep" and "top accounts" say no measure: ask, for they differ."""
    sup = b.reading.sup
    if b.reading.measures or b.reading.having or sup is None:
        return
    if sup.sort in ("max_count", "min_count") or b.counts_facts():
        return
    if sup.sort in ("max_long", "min_long"):
        b.reading.measures.append(MeasureNode(metric="sales_cycle_days"))
        return
    raise Unclear("by which measure?", ("bookings", "deals_won", "win_rate"))


def grouped(b: Builder) -> QuerySpec:
    base = b.measured()
    groups = b.groups(base) or [b.group(b.group_target() or "", base)]
    measures = b.with_having()
    order: list[Order] = []
    if b.reading.order in ("high_first", "low_first") or (b.reading.target and b.reading.target.ask == "rank"):
        order = [Order(by=str(measures[0].name), descending=b.reading.order != "low_first")]
    where = b.where(base)
    if b.reading.having or order or not b.reading.groups:
        where = both(f for f in (where, *(b.named_group(g) for g in groups)) if f is not None)
    return QuerySpec(
        entity=base, where=where, group_by=groups, measures=measures, having=b.having(), order_by=order,
    )  # fmt: skip


def ranked_values(b: Builder) -> QuerySpec:
    """The values of a field, the most frequent first."""
    b.reading.groups.append(GroupNode(dotted=b.group_target()))
    return grouped(b)


def gap(b: Builder) -> QuerySpec:
    base = b.measured()
    target = b.group_target()
    measures = b.measures()
    if target is None:
        raise Unclear("the gap between whom?", ())
    group = b.group(target, base)
    return QuerySpec(
        entity=base,
        where=both(f for f in (b.where(base), b.named_group(group)) if f is not None),
        group_by=[group],
        measures=measures[:1],
        order_by=[Order(by=str(measures[0].name), descending=True)],
        limit=None if b.reading.spread else 2,
        summary="spread" if b.reading.spread else "gap",
    )


def average_per(b: Builder) -> QuerySpec:
    base = b.measured()
    groups = b.groups(base)
    where = both(f for f in (b.where(base), *(b.named_group(g) for g in groups)) if f is not None)
    return QuerySpec(entity=base, where=where, group_by=groups, measures=b.measures()[:1], summary="avg")


def side_by_side(b: Builder) -> QuerySpec:
    base = b.measured()
    group = next((Group(field=_group_of_test(b, base)) for _ in (0,)), None)
    assert group is not None
    return QuerySpec(entity=base, where=b.where(base), group_by=[group], measures=b.measures())


def _group_of_test(b: Builder, base: str) -> str:
    for test in b.reading.fields:
        if len(test.values) > 1 and test.op == "in":
            return b.group(test.dotted, base).field
    named = next((r for r in b.reading.records if b.names_several(r.entity)), None)
    seen = {r.reference for r in b.reading.records if named is not None and r.entity == named.entity}
    if named is None or len(seen) > 1:  # one's own deals beside another's team's
        raise Unclear("what should be compared with what?", ())
    return b.group(named.reference or named.entity, base).field  # two people, or two people's teams


def top_per(b: Builder) -> QuerySpec:
    spec = top_groups(b)
    outer = b.group(b.reading.groups[0].dotted or f"bucket:{b.reading.groups[0].bucket}", spec.entity)
    return spec.model_copy(
        update={
            "group_by": [outer, *spec.group_by],
            "limit": None,
            "with_ties": False,
            "top_per": TopPer(field=outer.field, limit=b.limit() or 1),
            "where": both(f for f in (spec.where, b.named_group(outer)) if f is not None),
        }
    )


def periods_side_by_side(b: Builder) -> QuerySpec:
    """As in "wins in Q2 and Q3": one row a period."""
    base = b.measured()
    if len({period.dotted for period in b.reading.periods}) > 1:
        raise Unclear("what should be compared with what?", ())  # "changed in August", closed in September
    unit = b.reading.periods[0].span.unit
    return QuerySpec(
        entity=base, where=b.where(base), group_by=[b.group(f"bucket:{unit}", base)], measures=b.measures()
    )


def count_of_groups(b: Builder) -> QuerySpec:
    """How many accounts bought for over 150,000: the number of groups that pass the test."""
    return grouped(b).model_copy(update={"summary": "count", "order_by": []})
