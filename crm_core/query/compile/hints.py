"""Keeping SQLite's planner, which has no statistics, from indexes that cost more than they save.

It takes any index that matches a condition, however many rows that leaves, and any index that spares it a sort. A unary
plus hides a column from it. PostgreSQL needs none of this.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Index, UnaryExpression
from sqlalchemy.sql.operators import custom_op

from crm_core.access import Scope as Reach
from crm_core.models import Role
from crm_core.query.compile import dialect, filters
from crm_core.query.compile.context import Context, Scope
from crm_core.query.spec import All, Condition, Filter, QuerySpec
from crm_core.schema import DATES, NUMERIC, Field, Path

Test = ColumnElement[bool]
_PICKS = frozenset({"eq", "in", "under"})


def hold_all(scope: Scope, parts: Sequence[Filter], *, in_order: bool = False) -> list[Test]:
    """Every one of these filters.

    With `in_order` an index gives the rows in the order that is asked for, and only the first ones are wanted: then
    only a condition that leaves few rows may choose another index.
    """
    flat = [one for part in parts for one in _flat(part)]
    has_pick = any(_picks(scope, one) for one in flat)
    broad = scope.context.dialect == dialect.SQLITE and (has_pick or in_order)
    return [filters.holds(scope, one, is_hidden=broad and not _picks(scope, one)) for one in flat]


def is_wide(context: Context, spec: QuerySpec) -> bool:
    """Whether a question looks at many rows: it names none of them."""
    scope = context.scope(spec.entity)
    return not any(_picks(scope, one) for one in ([] if spec.where is None else _flat(spec.where)))


def hidden(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """A column that no index is looked up for."""
    return UnaryExpression(column, operator=custom_op("+"), type_=column.type)


def unindexed(scope: Scope, value: ColumnElement[Any], field: Field, where: Sequence[Filter]) -> ColumnElement[Any]:
    """What rows are grouped by: an index in its order is of use only when it also finds the rows."""
    if scope.context.dialect != dialect.SQLITE or field.column is None:
        return value
    found_by = {one.field.split(".")[0] for part in where for one in _flat(part) if isinstance(one, Condition)}
    return value if field.name in found_by else hidden(value)


def is_in_order(scope: Scope, path: Path, where: Sequence[Filter]) -> bool:
    """Whether an index gives the rows in the order of a field of their own, and no better one finds them in order."""
    table, column = scope.entity.table, scope.entity.table.c.get(path.field.column or "")
    if not has_order(scope, path):
        return False
    found_by = {scope.entity.table.c.get(field.column or "") for field in _tested(scope, where)} - {None}
    return not any(index.columns[0] in found_by and index.columns[1:2] == [column] for index in table.indexes)


def has_order(scope: Scope, path: Path) -> bool:
    """Whether an index gives the rows in the order of a field of their own."""
    return not path.steps and any(_leads(index, path.field) for index in scope.entity.table.indexes)


def may_walk(context: Context, spec: QuerySpec) -> bool:
    """Whether records may be looked at in the order of an index until enough match: where nothing says they are few."""
    scope = context.scope(spec.entity)
    are_few = context.actor.reads is Reach.OWN and bool(scope.entity.owned_by)
    if context.dialect != dialect.SQLITE or are_few or not is_wide(context, spec):
        return False
    return not spec.order_by or has_order(scope, scope.walk(spec.order_by[0].by))


def _tested(scope: Scope, where: Sequence[Filter]) -> list[Field]:
    """The records' own fields that conditions begin at."""
    flat = [one for part in where for one in _flat(part) if isinstance(one, Condition)]
    return [scope.walk(one.field.split(".")[0]).field for one in flat]


def _leads(index: Index, field: Field) -> bool:
    if index.table is None or field.column is None:
        return False
    if field.kind in NUMERIC | DATES:
        return index.expressions[0] is index.table.c[field.column]
    return field.role is Role.TITLE and index.name == f"ix_{index.table.name}_label"


def _flat(where: Filter) -> list[Filter]:
    if not isinstance(where, All) or not where.all:
        return [where]
    return [one for part in where.all for one in _flat(part)]


def _picks(scope: Scope, one: Filter) -> bool:
    """Whether it names the records that it wants, and so leaves few."""
    if not isinstance(one, Condition) or one.op not in _PICKS or one.other is not None or one.answer is not None:
        return False
    path = scope.walk(one.field)
    named = path.field if path.field.target else path.steps[-1] if path.steps else None
    if path.field.target is None and path.field.role not in filters.NAMES:
        return False
    if named is None or named.target is None:
        return True
    return bool(scope.context.schema.entities[named.target].owned_by) or named.role in (Role.OWNER, Role.PARENT)
