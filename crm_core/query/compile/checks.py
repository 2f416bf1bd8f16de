"""Bounds on the size of a question: a hostile or broken one is refused before it costs anything."""

from collections.abc import Iterator

from crm_core.errors import Invalid
from crm_core.query.spec import All, Any, Children, Filter, Measure, Not, QuerySpec

DEEPEST = 20
MOST_NODES = 200
MOST_PARTS = {"group_by": 6, "measures": 30, "columns": 60, "order_by": 10, "having": 20}


def check_size(spec: QuerySpec) -> None:
    """Refuse a question that is nested too deeply or holds too much.

    Raises:
        Invalid: names what is too large.
    """
    for nodes, depth in enumerate(_depths(spec), start=1):
        if depth > DEEPEST:
            raise Invalid(f"The filter is nested more than {DEEPEST} deep; write it flatter.")
        if nodes > MOST_NODES:
            raise Invalid(f"The filter has more than {MOST_NODES} parts; use 'in' with a list of values.")
    for name, most in MOST_PARTS.items():
        if len(getattr(spec, name)) > most:
            raise Invalid(f"At most {most} {name} fit into one question.")


def _depths(spec: QuerySpec) -> Iterator[int]:
    if spec.where is not None:
        yield from _of_filter(spec.where, 1)
    for measure in spec.measures:
        yield from _of_measure(measure, 1)


def _of_filter(where: Filter, depth: int) -> Iterator[int]:
    yield depth
    if isinstance(where, All | Any):
        for part in where.all if isinstance(where, All) else where.any:
            yield from _of_filter(part, depth + 1)
    elif isinstance(where, Not):
        yield from _of_filter(where.none, depth + 1)
    elif isinstance(where, Children):
        if where.where is not None:
            yield from _of_filter(where.where, depth + 1)
        if where.measure is not None:
            yield from _of_measure(where.measure, depth + 1)


def _of_measure(measure: Measure, depth: int) -> Iterator[int]:
    yield depth
    if measure.where is not None:
        yield from _of_filter(measure.where, depth + 1)
    if measure.over is not None:
        yield from _of_measure(measure.over, depth + 1)
