"""The shape of groups that are held against the one they are in."""

from copilot.offline.filters import both
from copilot.offline.shapes.builder import Builder
from copilot.offline.shapes.unclear import Unclear
from crm_core.query.spec import Having, Order, QuerySpec


def own_group(b: Builder) -> QuerySpec:
    """Each with its own measure and that of all in its region, team, industry."""
    noun = b.group_target()
    assert b.reading.own_group is not None
    sign, dotted = b.reading.own_group
    if noun is None or noun == dotted:
        raise Unclear("what should be compared with what?", ())
    base, (measure, *_) = b.measured(), b.measures()
    group, whole = b.group(noun, base), b.group(dotted, base)
    tested = b.with_having() if b.reading.having else []
    theirs = measure.model_copy(update={"within": whole.field, "name": dotted.split(".")[1]})
    others = [one for one in tested if one.name != measure.name]
    counted = b.reading.target is not None and b.reading.target.ask == "count"
    named = (b.where(base), b.named_group(group), b.named_group(whole))
    return QuerySpec(
        entity=base,
        where=both(part for part in named if part is not None),
        group_by=[group, whole],
        measures=[measure, theirs, *others],
        having=[Having(measure=str(measure.name), op=sign, other=theirs.name), *b.having()],
        order_by=[] if counted else [Order(by=str(measure.name), descending=sign in ("gt", "ge"))],
        summary="count" if counted else None,
    )
