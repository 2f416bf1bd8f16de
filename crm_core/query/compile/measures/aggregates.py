"""The aggregates of a measure as SQL."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Float, and_, case, cast, func

from crm_core.errors import Invalid
from crm_core.query.compile import dialect, fields, filters
from crm_core.query.compile.context import Scope
from crm_core.query.compile.measures.plan import Leaf, Plan, plan
from crm_core.query.spec import Filter, Measure


def simple(scope: Scope, measure: Measure) -> ColumnElement[Any]:
    """A measure over all rows of a scope, with its own filter."""
    planned = plan(scope.context.schema, scope.entity.name, measure)
    if planned.share or planned.running or planned.rank or planned.of_group:
        raise Invalid("A share, a place or a running total needs groups; it cannot be taken over child records.")
    return value(planned, [aggregate(scope, leaf, leaf.where) for leaf in planned.leaves])


def value(planned: Plan, aggregates: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
    """The measure, from its aggregates."""
    if planned.bottom is None:
        return aggregates[0]
    above, below = (cast(each, Float) for each in aggregates)
    return above / func.nullif(below, 0.0)


def aggregate(scope: Scope, leaf: Leaf, where: Sequence[Filter], *, weigh: bool = True) -> ColumnElement[Any]:
    """One aggregate over the rows that match every part of `where`."""
    of = _matching(scope, leaf, where, weigh=weigh)
    if leaf.fn == "count":
        return func.count() if of is None else func.count(of if leaf.path is None else of.distinct())
    assert of is not None
    if leaf.fn == "median":
        return dialect.median(of, scope.context.dialect)
    total: ColumnElement[Any] = getattr(func, leaf.fn)(of)
    return total / 100.0 if leaf.weight and weigh else total


def total(scope: Scope, leaf: Leaf, where: Sequence[Filter]) -> ColumnElement[Any]:
    """The sum of what an average is taken of."""
    return func.sum(_matching(scope, leaf, where))


def filled(scope: Scope, leaf: Leaf, where: Sequence[Filter]) -> ColumnElement[int]:
    """How many of those rows have a value."""
    return func.count(_matching(scope, leaf, where))


def missing(scope: Scope, leaf: Leaf, where: Sequence[Filter]) -> ColumnElement[int]:
    """How many of those rows have no value."""
    of = _operand(scope, leaf)
    assert of is not None
    lacks: ColumnElement[bool] = of.is_(None)
    if where:
        lacks = and_(lacks, *(filters.holds(scope, part) for part in where))
    return func.count(case((lacks, 1)))


def _matching(scope: Scope, leaf: Leaf, where: Sequence[Filter], *, weigh: bool = True) -> ColumnElement[Any] | None:
    """What is aggregated, NULL for rows that do not count; None: the rows themselves."""
    of = _operand(scope, leaf, weigh=weigh)
    if not where:
        return of
    return case((and_(*(filters.holds(scope, part) for part in where)), 1 if of is None else of))


def _operand(scope: Scope, leaf: Leaf, *, weigh: bool = True) -> ColumnElement[Any] | None:
    if leaf.path is None:
        return None
    of = fields.value_at(scope, leaf.path)
    if leaf.weight is None or not weigh:
        return of
    return of * fields.value_at(scope, scope.walk(leaf.weight))
