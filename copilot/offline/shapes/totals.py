"""Shapes that answer with a number: totals, counts, shares, changes."""

from copilot.offline.compose.reading import FieldTest, GroupNode, Period, Reading, RecordTest, Side, StateTest
from copilot.offline.filters import both
from copilot.offline.shapes.builder import COUNT, DEFAULT_TOP, Builder
from copilot.offline.shapes.ranked import top_groups
from copilot.offline.shapes.unclear import Unclear
from copilot.offline.vocabulary import Name
from copilot.offline.where import WhereBuilder
from crm_core.query.spec import Compare, Condition, Filter, Measure, Order, QuerySpec
from crm_core.query.spec import Period as SpecPeriod


def scalar(b: Builder) -> QuerySpec:
    base = b.measured()
    return QuerySpec(entity=base, where=b.where(base), measures=b.measures())


def count(b: Builder) -> QuerySpec:
    base = b.target_entity or b.fact()
    target = b.reading.target
    if target and "." in target.dotted:
        base = b.fact()
        group = b.group(target.dotted, base)
        return QuerySpec(
            entity=base, where=b.where(base), measures=[Measure(fn="count", field=group.field, name=COUNT)]
        )
    return QuerySpec(entity=base, where=with_people(b, base), measures=[Measure(fn="count", name=COUNT)])


def with_people(b: Builder, base: str) -> Filter | None:
    """Reps and managers are users of that role."""
    parts = [b.where(base)]
    target = b.reading.target
    noun = target.dotted if target else ""
    if base == "user" and noun in ("rep", "manager"):
        parts.append(Condition(field="role", op="eq", value=noun))
    return both(p for p in parts if p is not None)


def change(b: Builder) -> QuerySpec:
    base = b.measured()
    periods = sorted(b.reading.periods, key=lambda p: str(p.span.since))[:2]
    if len(periods) < 2:
        raise Unclear("compared with which period?", ())
    target = b.reading.target
    opened = b.reading.started and target is not None and target.dotted == "deal"  # 新开的商机同比是涨是跌
    if not b.reading.measures and "count" not in b.reading.asks and not opened:
        raise Unclear("by which measure?", ("bookings", "deals_won", "win_rate"))
    rest = replace_periods(b, [])
    dotted = periods[0].dotted or b.dated_by()
    dotted = dotted or ("deal.closed_on" if base == "deal" or b.lines else b.where_builder(base).only_date())
    field = dotted.split(".")[1]
    field = f"{b.lines.up}.{field}" if b.lines else field
    return QuerySpec(
        entity=base,
        where=rest.where(base),
        group_by=b.groups(base),
        measures=b.measures(),
        compare_to=Compare(base=_span(field, periods[0]), against=_span(field, periods[1])),
    )


def top_change(b: Builder) -> QuerySpec:
    """Whoever changed most from the first period to the second."""
    reading = b.reading.copy()
    noun, down = b.group_target(), reading.change == "down"
    if noun is None and not reading.groups:
        raise Unclear("the gap between whom?", ())
    reading.groups = [GroupNode(noun)] if noun else reading.groups[:1]
    grouped = Builder(reading, b.vocabulary, b.actor)
    spec = change(grouped)
    rate = any(one.metric and b.vocabulary.schema.metrics[one.metric].is_ratio for one in spec.measures)
    by = "change" if rate else reading.most_changed
    limit = (reading.sup.limit if reading.sup else None) or (DEFAULT_TOP if _asks_several(b) else 1)
    return spec.model_copy(
        update={
            "where": both(f for f in (spec.where, *(b.named_group(g) for g in spec.group_by)) if f is not None),
            "order_by": [Order(by=f"{spec.measures[0].name}@{by}", descending=not down)],
            "limit": limit,
        }
    )


def _asks_several(b: Builder) -> bool:
    target = b.reading.target
    return target is not None and target.ask in ("which", "list") and target.is_plural


def _span(field: str, period: Period) -> SpecPeriod:
    since, until = period.span.since, period.span.until
    return SpecPeriod(
        field=field, since=since.isoformat() if since else None, until=until.isoformat() if until else None
    )


def replace_periods(b: Builder, periods: list[Period]) -> Builder:
    """The same question over other periods."""
    other = b.reading.copy()
    other.periods = periods
    return Builder(other, b.vocabulary, b.actor)


def share(b: Builder) -> QuerySpec:
    """A part of a whole: the last narrowing test is the part, what stands before it the whole."""
    base = b.measured()
    one = _shared_out(b)
    told = b.reading.part
    if b.reading.me:
        told = Side(records=(RecordTest("user", (Name("user", b.actor.id, b.actor.name),)),))
    if told is not None:
        part, whole = where_of(b, told), b.where(base)
    else:
        part, whole = part_of(b), without_part(b)
    if part is None:
        raise Unclear("what share of what?", ())
    ratio = one.model_copy(update={"where": _narrowed(one, part), "over": one, "name": "share"})
    return QuerySpec(entity=base, where=whole, group_by=b.groups(base), measures=[ratio])


def _shared_out(b: Builder) -> Measure:
    """The measure that a share is of; averages and rates are no whole with parts."""
    one = b.measures()[0]
    ratio = one.metric is not None and b.vocabulary.schema.metrics[one.metric].is_ratio
    if ratio or one.fn not in (None, "count", "sum"):
        raise Unclear("what share of what?", ())
    return one


def _narrowed(measure: Measure, part: Filter) -> Filter | None:
    """The part of what the measure counts; a metric holds its own filter besides."""
    return both(f for f in (measure.where, part) if f is not None)


def where_of(b: Builder, side: Side) -> Filter | None:
    """The tests of one side, as a filter on what is measured."""
    return WhereBuilder(b.vocabulary, b.measured(), b.actor).add_side(side, dated_by=b.dated_by()).filter()


def mix(b: Builder) -> QuerySpec:
    """How a total falls into groups; or, where the words name a part, that part of each group."""
    if (
        b.reading.part is not None
        or b.reading.part_from >= 0
        or any(t.at > b.reading.share_at[1] and t.op != "in" for t in b.reading.fields)
    ):
        return share(b)
    base = b.measured()
    groups = b.groups(base)
    one = _shared_out(b)
    return QuerySpec(
        entity=base, where=b.where(base), group_by=groups,
        measures=[one, one.model_copy(update={"share": True, "name": "share"})],
    )  # fmt: skip


def top_share(b: Builder) -> QuerySpec:
    """How much of the total the largest few make up; what has no name is in the total, and none of them."""
    spec = top_groups(b)
    (group,) = spec.group_by
    metric = b.vocabulary.schema.metrics.get(spec.measures[0].metric or "")
    if metric is not None and metric.is_ratio:
        raise Unclear("what share of what?", ())
    if group.bucket is None:
        theirs = Condition(field=group.field, op="in", answer=spec.model_copy(update={"with_ties": False}))
        part = spec.measures[0].model_copy(
            update={"where": _narrowed(spec.measures[0], theirs), "over": spec.measures[0], "name": "share"}
        )
        return QuerySpec(entity=spec.entity, where=b.where(spec.entity), measures=[part])
    one = spec.measures[0].model_copy(update={"share": True, "name": "share"})
    order = [Order(by="share", descending=True)]
    return spec.model_copy(
        update={"measures": [one], "order_by": order, "summary": "sum", "with_ties": False,
                "where": b.where(spec.entity)}
    )  # fmt: skip


def part_of(b: Builder) -> Filter | None:
    """The part of a share, as a filter."""
    test = _part_test(b)
    if test is None:
        return None
    only = Reading()
    if isinstance(test, StateTest):
        only.states = [test]
    elif isinstance(test, RecordTest):
        only.records = [r for r in b.reading.records if _is_like(r, test)]
    else:
        only.fields = [test]
    return Builder(only, b.vocabulary, b.actor).where(b.measured())


def without_part(b: Builder) -> Filter | None:
    """The whole of a share: every condition but the part."""
    test = _part_test(b)
    rest = b.reading.copy()
    rest.states = [s for s in rest.states if s is not test]
    rest.fields = [f for f in rest.fields if f is not test]
    if isinstance(test, RecordTest):
        rest.records = [r for r in rest.records if not _is_like(r, test)]
    whole = Builder(rest, b.vocabulary, b.actor)
    return (
        WhereBuilder(b.vocabulary, b.measured(), b.actor)
        .add_all(whole.reading, dated_by=whole.dated_by() if isinstance(test, StateTest) else b.dated_by())
        .filter()
    )


def _is_like(one: RecordTest, test: RecordTest) -> bool:
    """Whether it is an alternative to the part: "Anna's and Boris's share", but not the team that they are of."""
    return (one.entity, one.reference) == (test.entity, test.reference) and not one.negated


def _part_test(b: Builder) -> StateTest | RecordTest | FieldTest | None:
    tests: list[StateTest | RecordTest | FieldTest] = [
        *b.reading.fields,
        *b.reading.records,
        *b.reading.states,
    ]
    if b.reading.part_from >= 0:
        named = [t for t in tests if t.at >= b.reading.part_from]
        return named[0] if len(named) == 1 else None
    before = [t for t in tests if 0 <= t.at < b.reading.share_at[0]]
    close = [t for t in before if t.at >= b.reading.share_at[0] - 3]
    after = [t for t in tests if t.at > b.reading.share_at[0]]
    pool = after if after and not (close and len(before) == 1) else before
    compared = [t for t in pool if isinstance(t, FieldTest) and t.op not in ("in", "empty", "not_empty")]
    last = max(pool, key=lambda t: t.at, default=None)
    if compared and not isinstance(last, StateTest):  # "what share of deals over 50k do we win": what is won of them
        return max(compared, key=lambda t: t.at)
    if last is not None and any(isinstance(t, StateTest) and t.at == last.at - 1 for t in pool):
        return None  # "what percentage of deals did we lose because of price": of all deals, or of the lost ones?
    return last
