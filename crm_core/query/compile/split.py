"""Grouping in two steps: rows by what stands in their own table, then those few groups by what they refer to.

Half a million deals become a few hundred groups by `owner_id` before a single owner is read, so that a region's total
costs no more than an owner's. It works for whatever can be added up from parts: counts, sums, averages, extremes.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Float, Select, cast, func, select

from crm_core.models import Kind
from crm_core.query.compile import fields, hints, measures
from crm_core.query.compile.context import Scope
from crm_core.query.compile.keys import Key
from crm_core.query.compile.measures import Leaf
from crm_core.query.compile.told import Told
from crm_core.query.spec import Filter
from crm_core.schema import Field

Rests = Sequence[Sequence[Filter]]


def can_split(scope: Scope, keys: Sequence[Key], told: Sequence[Told]) -> bool:
    """Whether it is possible, and of any use."""
    if any(one.plan.of_group for one in told):
        return False
    leaves = [leaf for one in told for leaf in one.plan.leaves]
    adds_up = all(leaf.fn != "median" and (leaf.fn != "count" or leaf.path is None) for leaf in leaves)
    weighs = all(leaf.weight is None or _own(scope, leaf.weight) is not None for leaf in leaves)
    leads = any(_first(key) is not None or key.bucket for key in keys) or any(leaf.weight for leaf in leaves)
    return bool(leaves) and adds_up and weighs and leads


def split(
    scope: Scope, keys: Sequence[Key], told: Sequence[Told], rests: Rests, where: Sequence[Filter]
) -> Select[Any]:
    """The groups, with a column for each key and measure, as `grouped` would select them in one step."""
    own: dict[str, Field] = {}
    columns: list[ColumnElement[Any]] = []
    for key in keys:
        field = _first(key) or (key.path.field if _is_day(key) else None)
        if field is None:
            columns.append(hints.unindexed(scope, key.value(scope), key.path.field, where).label(key.key))
        else:
            own[str(field.column)] = field
    weights = {leaf.weight for one in told for leaf in one.plan.leaves if leaf.weight}
    own |= {str(field.column): field for weight in weights if (field := _own(scope, weight))}
    columns += [hints.unindexed(scope, scope.column(f), f, where).label(name) for name, f in own.items()]
    names = [column.name for column in columns]
    columns += [value.label(name) for name, value in _parts(scope, told, rests).items()]
    tests = [*scope.guard(), *hints.hold_all(scope, where)]
    rows = select(*columns).select_from(scope.source()).where(*tests).group_by(*names)
    return _by_key(Scope(scope.context, scope.entity, rows.subquery()), keys, told)


def _by_key(outer: Scope, keys: Sequence[Key], told: Sequence[Told]) -> Select[Any]:
    columns: list[ColumnElement[Any]] = [_outer_key(outer, key).label(key.key) for key in keys]
    columns += [value.label(name) for name, value in _merged(outer, told).items()]
    return select(*columns).select_from(outer.source()).group_by(*(key.key for key in keys))


def _first(key: Key) -> Field | None:
    """The reference that a key starts with."""
    if key.sides:
        return None
    if key.path.steps:
        return key.path.steps[0]
    return key.path.field if key.is_reference else None


def _is_day(key: Key) -> bool:
    return key.bucket is not None and key.path.field.kind is Kind.DATE and key.path.field.column is not None


def _own(scope: Scope, weight: str) -> Field | None:
    path = scope.walk(weight)
    return path.steps[0] if len(path.steps) == 1 and path.field.column is not None else None


def _outer_key(outer: Scope, key: Key) -> ColumnElement[Any]:
    is_inner = _first(key) is None and not _is_day(key)
    return outer.table.c[key.key] if is_inner else key.value(outer)


def _parts(scope: Scope, told: Sequence[Told], rests: Rests) -> dict[str, ColumnElement[Any]]:
    """What each measure is put together from, for each small group."""
    parts: dict[str, ColumnElement[Any]] = {}
    todo = iter(rests)
    for one in told:
        for at, leaf in enumerate(one.plan.leaves):
            rest, name = next(todo), f"{one.key}_{at}"
            if leaf.fn == "avg":
                parts |= {
                    f"{name}_sum": measures.total(scope, leaf, rest),
                    f"{name}_count": measures.filled(scope, leaf, rest),
                }
            else:
                parts[name] = measures.aggregate(scope, leaf, rest, weigh=False)
            if leaf.leaves_out:
                parts.setdefault(one.missing, measures.missing(scope, leaf, rest))
    return parts


def _merged(outer: Scope, told: Sequence[Told]) -> dict[str, ColumnElement[Any]]:
    columns: dict[str, ColumnElement[Any]] = {}
    for one in told:
        leaves = [_merge(outer, leaf, f"{one.key}_{at}") for at, leaf in enumerate(one.plan.leaves)]
        columns[one.key] = measures.value(one.plan, leaves)
        if one.missing in outer.table.c:
            columns[one.missing] = func.sum(outer.table.c[one.missing])
    return columns


def _merge(outer: Scope, leaf: Leaf, name: str) -> ColumnElement[Any]:
    parts = outer.table.c
    if leaf.fn == "avg":
        return cast(func.sum(parts[f"{name}_sum"]), Float) / func.nullif(func.sum(parts[f"{name}_count"]), 0)
    part = parts[name]
    if leaf.fn == "count":
        return func.coalesce(func.sum(part), 0)
    if leaf.weight is not None:
        return func.sum(part * fields.value_at(outer, outer.walk(leaf.weight))) / 100.0
    merged: ColumnElement[Any] = getattr(func, leaf.fn)(part)
    return merged
