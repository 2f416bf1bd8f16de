"""Shapes that answer with a number: totals, counts, shares, changes."""

from copilot.offline.compose.reading import Period
from copilot.offline.shapes.builder import COUNT, Builder, Unclear
from copilot.offline.shapes.ranked import top_groups
from copilot.offline.where import both
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
    """Reps and managers are users of that role; calls and emails are interactions of that kind."""
    parts = [b.where(base)]
    target = b.reading.target
    noun = target.dotted if target else ""
    if base == "user" and noun in ("rep", "manager"):
        parts.append(Condition(field="role", op="eq", value=noun))
    elif base == "interaction" and noun != "interaction" and noun:
        parts.append(Condition(field="kind", op="eq", value=noun))
    return both(p for p in parts if p is not None)


def change(b: Builder) -> QuerySpec:
    base = b.measured()
    periods = sorted(b.reading.periods, key=lambda p: str(p.span.since))[:2]
    if len(periods) < 2:
        raise Unclear("compared with which period?", ())
    rest = replace_periods(b, [])
    field = (periods[0].dotted or b.dated_by() or "deal.closed_on").split(".")[1]
    return QuerySpec(
        entity=base,
        where=rest.where(base),
        group_by=b.groups(base),
        measures=b.measures(),
        compare_to=Compare(base=_span(field, periods[0]), against=_span(field, periods[1])),
    )


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
    one = b.measures()[0]
    part = b.part()
    if part is None:
        raise Unclear("what share of what?", ())
    whole = b.without_part()
    ratio = one.model_copy(update={"where": part, "over": one, "name": "share"})
    return QuerySpec(entity=base, where=whole, measures=[ratio])


def mix(b: Builder) -> QuerySpec:
    base = b.measured()
    groups = b.groups(base)
    one = b.measures()[0]
    return QuerySpec(
        entity=base, where=b.where(base), group_by=groups,
        measures=[one, one.model_copy(update={"share": True, "name": "share"})],
    )  # fmt: skip


def top_share(b: Builder) -> QuerySpec:
    """How much of the total the largest few make up."""
    spec = top_groups(b)
    one = spec.measures[0].model_copy(update={"share": True, "name": "share"})
    order = [Order(by="share", descending=True)]
    return spec.model_copy(
        update={"measures": [one], "order_by": order, "summary": "sum", "with_ties": False,
                "where": b.where(spec.entity)}
    )  # fmt: skip
