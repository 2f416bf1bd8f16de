"""Shapes that set two sides of one measure against each other."""

from copilot.offline.compose.reading import MeasureNode
from copilot.offline.compose.reading import Side as Part
from copilot.offline.filters import both
from copilot.offline.shapes.builder import Builder
from copilot.offline.shapes.totals import where_of
from copilot.offline.shapes.unclear import Unclear
from crm_core.query.spec import Compare, Having, Period, QuerySpec, Side


def sides(b: Builder) -> QuerySpec:
    """Both sides, their difference and their relation; per group where groups are asked for."""
    if not b.reading.measures:
        b.reading.measures.append(MeasureNode(fn="count", dotted=b.fact()))
    base = b.measured()
    contrast = b.reading.contrast
    assert contrast is not None
    return QuerySpec(
        entity=base,
        where=b.where(base),
        group_by=b.groups(base),
        measures=b.measures()[:1],
        compare_to=Compare(base=_side(b, base, contrast.right), against=_side(b, base, contrast.left)),
    )


def groups(b: Builder) -> QuerySpec:
    """The groups of which one side is larger than the other, or how many there are."""
    contrast, noun = b.reading.contrast, b.group_target()
    assert contrast is not None
    assert noun is not None
    spec = sides(b)
    group = b.group(noun, spec.entity)
    tested = f"{spec.measures[0].name}@difference"
    if spec.measures[0].metric and b.vocabulary.schema.metrics[spec.measures[0].metric].is_ratio:
        tested = f"{spec.measures[0].name}@change"
    counted = b.reading.target is not None and b.reading.target.ask == "count"
    return spec.model_copy(
        update={
            "where": both(f for f in (spec.where, b.named_group(group)) if f is not None),
            "group_by": [group],
            "having": [Having(measure=tested, op="lt" if contrast.sign == "lt" else "gt", value=0)],
            "summary": "count" if counted else None,
        }
    )


def _side(b: Builder, base: str, part: Part) -> Side | Period:
    """One side as a filter, or as a period where it is nothing but that."""
    dated_by = part.periods and (part.periods[0].dotted or b.dated_by())
    if part.kinds == {"periods"} and len(part.periods) == 1 and dated_by and dated_by.split(".")[0] == base:
        since, until = part.periods[0].span.since, part.periods[0].span.until
        return Period(
            field=dated_by.split(".")[1],
            since=since.isoformat() if since else None,
            until=until.isoformat() if until else None,
        )
    where = where_of(b, part)
    if where is None:
        raise Unclear("what should be compared with what?", ())
    return Side(where=where, name=side_name(part))


def side_name(part: Part) -> str | None:
    """What a side is called; None where it is only told by what it leaves out."""
    named = [name.label for test in part.records for name in test.names]
    named += [str(value) for test in part.fields for value in test.values]
    named += [kind for test in part.states for kind in test.kinds]
    left_out = [
        *(test.negated for test in part.records),
        *(test.negated for test in part.fields),
        *(test.negated for test in part.states),
    ]
    return ", ".join(named) if named and not any(left_out) else None
