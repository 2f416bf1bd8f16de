"""The shape of several comparisons of one measure: groups of which each of them holds."""

from copilot.offline.compose.reading import Side
from copilot.offline.dates import DateSpan
from copilot.offline.filters import both
from copilot.offline.shapes.builder import Builder
from copilot.offline.shapes.contrasts import side_name
from copilot.offline.shapes.totals import where_of
from copilot.offline.shapes.unclear import Unclear
from crm_core.query.spec import Having, Measure, Order, QuerySpec


def chain(b: Builder) -> QuerySpec:
    """One measure a side, and a test of one against another for each comparison."""
    noun, one = b.group_target(), b.measures()[0]
    if noun is None or len(b.reading.measures) != 1:
        raise Unclear("by which measure?", ("bookings", "deals_won", "win_rate"))
    base = b.measured()
    group = b.group(noun, base)
    sides = sorted({_name(side): side for c in b.reading.chain for side in (c.left, c.right)}.items())
    measures = [_of_side(b, one, name, side) for name, side in sides]
    tests = [
        Having(measure=_name(c.left), op="lt" if c.sign == "lt" else "gt", other=_name(c.right))
        for c in b.reading.chain
    ]
    counted = b.reading.target is not None and b.reading.target.ask == "count"
    return QuerySpec(
        entity=base,
        where=both(f for f in (b.where(base), b.named_group(group)) if f is not None),
        group_by=[group],
        measures=measures,
        having=tests,
        order_by=[] if counted else [Order(by=str(measures[-1].name), descending=True)],
        summary="count" if counted else None,
    )


def _of_side(b: Builder, measure: Measure, name: str, side: Side) -> Measure:
    where = both(part for part in (measure.where, where_of(b, side)) if part is not None)
    return measure.model_copy(update={"where": where, "name": name})


def _name(side: Side) -> str:
    """What a side is called: "2017-Q4", or by what tells it from the others."""
    if side.kinds == {"periods"} and len(side.periods) == 1:
        return period_name(side.periods[0].span)
    name = side_name(side)
    if name is None:
        raise Unclear("what should be compared with what?", ())
    return name


def period_name(span: DateSpan) -> str:
    """A period as buckets call it: 2017-Q4, 2017-12; else in words."""
    since = span.since
    if since is None or span.unit not in ("month", "quarter", "year"):
        return span.text
    if span.unit == "year":
        return str(since.year)
    return f"{since.year}-Q{(since.month + 2) // 3}" if span.unit == "quarter" else f"{since.year}-{since.month:02d}"
