"""The shape of groups that the question itself makes."""

from itertools import pairwise

from copilot.offline.compose.reading import FieldTest, Parted, Side
from copilot.offline.filters import both
from copilot.offline.routes import find_route
from copilot.offline.shapes.builder import Builder
from copilot.offline.shapes.totals import where_of
from copilot.offline.where import Unreachable
from crm_core.query.spec import Any, Condition, Filter, Group, QuerySpec
from crm_core.query.spec import Side as SpecSide

_BELOW, _ABOVE = ("lt", "le"), ("gt", "ge")


def parted(b: Builder) -> QuerySpec:
    """One group a part; what lies in none of them is left out."""
    base, parts = b.measured(), b.reading.parted
    first = parts[0].tests[0]
    route = find_route(b.vocabulary, base, first.entity)
    if route is None or route.child:
        raise Unreachable(first.dotted)
    sides = [SpecSide(where=_tests(b, part), name=part.name) for part in parts]
    field = route.dotted(first.dotted.split(".")[1])
    inside: list[Filter] = [] if _covers_all(parts) else [Any(any=[side.where for side in sides])]
    if route.through and not inside:
        inside = [Condition(field=".".join(route.through), op="not_empty")]  # of those accounts that there are
    return QuerySpec(
        entity=base,
        where=both(part for part in (b.where(base), *inside) if part is not None),
        group_by=[Group(field=field, sides=sides), *b.groups(base)],
        measures=b.measures(),
    )


def _tests(b: Builder, part: Parted) -> Filter:
    where = where_of(b, Side(fields=part.tests))
    assert where is not None, "a part has a test"
    return where


def _covers_all(parts: list[Parted]) -> bool:
    """Whether nothing lies between, below or above them; with and without something is all there is."""
    first, last = parts[0].tests[0], parts[-1].tests[-1]
    if {first.op, last.op} == {"empty", "not_empty"}:
        return True
    ends = [(one.tests[-1], other.tests[0]) for one, other in pairwise(parts)]
    joined = all(high.op in _BELOW and low.op in _ABOVE and _meet(high, low) for high, low in ends)
    return joined and first.op in _BELOW and last.op in _ABOVE


def _meet(high: FieldTest, low: FieldTest) -> bool:
    return low.values[0] == high.values[0] and "e" in high.op[1] + low.op[1]
