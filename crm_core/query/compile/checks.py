"""Bounds on the size of a question: a hostile or broken one is refused before it costs anything."""

from collections.abc import Iterator
from dataclasses import dataclass

from crm_core.errors import Invalid
from crm_core.query.spec import All, Any, Children, Condition, Filter, Measure, Not, Period, QuerySpec, Side

DEEPEST = 20
MOST_NODES = 200
MOST_VALUES = 3000
MOST_STEPS = 8
MOST_PARTS = {"group_by": 6, "measures": 30, "columns": 60, "order_by": 10, "having": 20}


@dataclass(frozen=True)
class _Node:
    """One part of a question: how deep it lies, the fields that it names and how many values it holds."""

    depth: int
    names: tuple[str | None, ...] = ()
    values: int = 0


def check_size(spec: QuerySpec) -> None:
    """Refuse a question that is nested too deeply or holds too much.

    Raises:
        Invalid: names what is too large.
    """
    values = 0
    for count, node in enumerate(_nodes(spec, 0), start=1):
        values += node.values
        if node.depth > DEEPEST:
            raise Invalid(f"The filter is nested more than {DEEPEST} deep; write it flatter.")
        if count > MOST_NODES:
            raise Invalid(f"The filter has more than {MOST_NODES} parts; use 'in' with a list of values.")
        if values > MOST_VALUES:
            raise Invalid(f"The filters hold more than {MOST_VALUES} values; ask for fewer at a time.")
        if any(name is not None and name.count(".") > MOST_STEPS for name in node.names):
            raise Invalid(f"A field is at most {MOST_STEPS} references away.")


def _check_parts(spec: QuerySpec) -> None:
    for part, most in MOST_PARTS.items():
        if len(getattr(spec, part)) > most:
            raise Invalid(f"At most {most} {part} fit into one question.")


def _nodes(spec: QuerySpec, depth: int) -> Iterator[_Node]:
    """The parts of a question, and of those within it."""
    _check_parts(spec)
    names = [*spec.columns, *(group.field for group in spec.group_by), *(order.by for order in spec.order_by)]
    if spec.compare_to is not None:
        names += [side.field for side in _sides(spec) if isinstance(side, Period)]
    yield _Node(depth, tuple(names))
    for side in _sides(spec):
        if isinstance(side, Side):
            yield from _of_filter(side.where, depth + 1)
    if spec.where is not None:
        yield from _of_filter(spec.where, depth + 1)
    for part in (side for group in spec.group_by for side in group.sides):
        yield from _of_filter(part.where, depth + 1)
    for measure in spec.measures:
        yield from _of_measure(measure, depth + 1)
    for test in spec.having:
        if test.answer is not None:
            yield from _nodes(test.answer, depth + 1)


def _sides(spec: QuerySpec) -> tuple[Period | Side, ...]:
    return (spec.compare_to.base, spec.compare_to.against) if spec.compare_to else ()


def _of_filter(where: Filter, depth: int) -> Iterator[_Node]:
    if isinstance(where, Condition):
        yield _Node(depth, (where.field, where.other), len(where.value) if isinstance(where.value, list) else 1)
        if where.answer is not None:
            yield from _nodes(where.answer, depth + 1)
        return
    yield _Node(depth)
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


def _of_measure(measure: Measure, depth: int) -> Iterator[_Node]:
    yield _Node(depth, (measure.field, measure.weight))
    if measure.where is not None:
        yield from _of_filter(measure.where, depth + 1)
    if measure.over is not None:
        yield from _of_measure(measure.over, depth + 1)
