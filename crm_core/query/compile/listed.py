"""Questions without measures: a page of records in order, then their columns.

The page is cut first, by ids alone; columns, joins and worked-out fields are only read for what is shown.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from crm_core.errors import Invalid
from crm_core.models import Kind, Role
from crm_core.query import defaults
from crm_core.query.compile import fields, filters
from crm_core.query.compile.context import Context, Scope
from crm_core.query.compile.outputs import Compiled, Output, field_column
from crm_core.query.compile.stage import Stage, Term, Window, cut
from crm_core.query.spec import Order, QuerySpec
from crm_core.schema import NUMERIC, Path

COUNTED_UP_TO = 10_000


def compile_list(context: Context, spec: QuerySpec) -> Compiled:
    """The records that match, a row each."""
    if spec.having or spec.summary or spec.compare_to:
        raise Invalid("having, summary and compare_to need measures; add some, or leave them out.")
    page = _page(context, spec).subquery("page")
    scope = context.scope(spec.entity, is_base=True)
    names = spec.columns or defaults.columns(scope.entity)
    columns: dict[str, ColumnElement[Any]] = {"record_id": scope.id}
    outputs = [_column(scope, scope.walk(name), at, columns) for at, name in enumerate(dict.fromkeys(names))]
    if "total" in page.c:
        columns["total"] = page.c.total
    source = scope.source(page.join(scope.table, scope.id == page.c.record_id))
    stage = Stage.of(columns, context.dialect, source)
    statement = stage.statement.order_by(page.c.place)
    return Compiled(
        statement,
        tuple(outputs),
        record_id="record_id",
        total="total" if "total" in columns else None,
        money_of=frozenset(context.money_of),
    )


def _page(context: Context, spec: QuerySpec) -> Select[Any]:
    """Ids in order, cut to what is asked for."""
    scope = context.scope(spec.entity, is_base=True)
    orders = spec.order_by or defaults.order(scope.entity)
    keys: dict[str, ColumnElement[Any]] = {"record_id": scope.id}
    leading = [term for order in orders for term in _sort_key(scope, order, keys)]
    top_key = _top_key(scope, spec, keys)
    where = [*scope.guard(), *([filters.holds(scope, spec.where)] if spec.where is not None else [])]
    stage = Stage.of(keys, context.dialect, scope.source())
    stage.keep(*where)
    terms = (*leading, Term("record_id"))
    window = Window(
        terms, len(leading), spec.limit, spec.offset, spec.with_ties,
        spec.top_per.limit if spec.top_per else None, top_key,
    )  # fmt: skip
    stage = cut(stage, window)
    if spec.limit is not None and spec.top_per is None:
        stage.add("total", _total(context, spec))
    stage.add("place", func.row_number().over(order_by=stage.order(terms)))
    return stage.statement


def _total(context: Context, spec: QuerySpec) -> ColumnElement[Any]:
    """How many match, counted up to a bound that costs next to nothing."""
    scope = context.scope(spec.entity, is_base=True)
    where = [*scope.guard(), *([filters.holds(scope, spec.where)] if spec.where is not None else [])]
    some = select(scope.id).select_from(scope.source()).where(*where).limit(COUNTED_UP_TO + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def _column(scope: Scope, path: Path, at: int, columns: dict[str, ColumnElement[Any]]) -> Output:
    key, holder, field = f"value_{at}", scope.reach(path.steps), path.field
    column = field_column(path, currency=scope.context.money.currency)
    if field.target is not None:
        target = holder.reach([field])
        columns |= {key: fields.label_of(target), f"id_{at}": target.id}
        return Output(column, key, id=f"id_{at}")
    if field.kind is Kind.MONEY and field.derived is None:  # each record in its own currency
        columns |= {key: fields.stored(holder, field), f"currency_{at}": fields.currency_of(holder)}
        return Output(column, key, currency=f"currency_{at}")
    columns[key] = fields.label_of(holder) if field.role is Role.TITLE else fields.value_of(holder, field)
    return Output(column, key)


def _sort_key(scope: Scope, order: Order, keys: dict[str, ColumnElement[Any]]) -> Sequence[Term]:
    path = scope.walk(order.by)
    holder, key = scope.reach(path.steps), f"order_{len(keys)}"
    field, terms = path.field, []
    if field.target is not None:
        holder = holder.reach([field])
        if "position" in holder.entity.fields:
            keys[f"place_{len(keys)}"] = holder.table.c.position
            terms = [Term(list(keys)[-1], order.descending)]
        keys[key] = fields.label_of(holder)
        return [*terms, Term(key, order.descending, is_text=True)]
    keys[key] = fields.label_of(holder) if field.role is Role.TITLE else fields.value_of(holder, field)
    is_text = field.kind not in NUMERIC | {Kind.DATE, Kind.DATETIME, Kind.BOOLEAN}
    return [Term(key, order.descending, is_text=is_text)]


def _top_key(scope: Scope, spec: QuerySpec, keys: dict[str, ColumnElement[Any]]) -> str | None:
    if spec.top_per is None:
        return None
    keys["top"] = fields.value_at(scope, scope.walk(spec.top_per.field))
    return "top"
