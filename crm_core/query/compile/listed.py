"""Questions without measures: a page of records in order, then their columns.

The page is cut first, by ids alone; columns, joins and worked-out fields are only read for what is shown.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Any as Value

from sqlalchemy import ColumnElement, Select, func, select

from crm_core.errors import Invalid
from crm_core.models import Kind, Role
from crm_core.query import defaults
from crm_core.query.compile import dialect, fields, hints
from crm_core.query.compile.context import Context, Scope
from crm_core.query.compile.dialect import SQLITE
from crm_core.query.compile.outputs import Compiled, Output, Parts, field_column
from crm_core.query.compile.stage import Stage, Term, Window, cut, filled_first
from crm_core.query.spec import All, Any, Children, Filter, Not, Order, QuerySpec
from crm_core.schema import NUMERIC, Field, Path

_COUNTED, _COUNTED_BY_CHILDREN = 10_000, 1_000  # matches; where each costs look-ups among its children, fewer


def compile_list(context: Context, spec: QuerySpec) -> Compiled:
    """The records that match, a row each."""
    if spec.having or spec.summary or spec.compare_to:
        raise Invalid("having, summary and compare_to need measures; add some, or leave them out.")
    if spec.limit_pct is not None:
        raise Invalid("limit_pct is of groups by a measure; a list takes limit.")
    is_wide = not _is_cut(spec) and not context.is_few and hints.is_wide(context, spec)
    scope = context.scope(spec.entity, is_base=True, is_wide=is_wide)
    columns, outputs = _columns(scope, spec)
    statement = _page_of(context, spec, scope, columns) if _is_cut(spec) else _whole(context, spec, scope, columns)
    return Compiled(
        statement,
        tuple(outputs),
        record_id="record_id",
        version="version",
        total="total" if _tells_total(context, spec) else None,
        counted_up_to=counted_up_to(spec) if hints.is_wide(context, spec) else None,
        parts=partial(_parts, context, spec) if context.is_page and not _is_cut(spec) else None,
        money_of=frozenset(context.money_of),
    )


def _columns(scope: Scope, spec: QuerySpec) -> tuple[dict[str, ColumnElement[Value]], list[Output]]:
    """What is shown of each record."""
    names = spec.columns or defaults.columns(scope.entity)
    columns: dict[str, ColumnElement[Value]] = {"record_id": scope.id, "version": scope.table.c.version}
    return columns, [_column(scope, scope.walk(name), at, columns) for at, name in enumerate(dict.fromkeys(names))]


def _is_cut(spec: QuerySpec) -> bool:
    return spec.limit is not None or spec.top_per is not None or spec.offset > 0


def _whole(context: Context, spec: QuerySpec, scope: Scope, columns: dict[str, ColumnElement[Value]]) -> Select[Value]:
    """All that match, at once."""
    terms = _order(scope, spec, columns)
    tests = [*scope.guard(), *hints.hold_all(scope, _where(spec))]
    stage = Stage.of(columns, context.dialect, scope.source())
    return stage.statement.where(*tests).order_by(*stage.order(terms))


def _page_of(
    context: Context, spec: QuerySpec, scope: Scope, columns: dict[str, ColumnElement[Value]]
) -> Select[Value]:
    """The columns of the records on one page."""
    page, terms = _page(context, spec)
    shown = page.statement.subquery("page")
    source = scope.source(shown.join(scope.table, scope.id == shown.c.record_id))
    if "total" in page.columns:
        columns["total"] = shown.c.total
    ordered = Stage(page.statement, {key: shown.c[key] for key in page.columns}, context.dialect)
    return Stage.of(columns, context.dialect, source).statement.order_by(*ordered.order(terms))


def _page(context: Context, spec: QuerySpec) -> tuple[Stage, Sequence[Term]]:
    """Ids in order, cut to what is asked for."""
    scope = context.scope(spec.entity, is_base=True, is_wide=hints.is_wide(context, spec))
    keys: dict[str, ColumnElement[Value]] = {"record_id": scope.id}
    terms = _order(scope, spec, keys)
    if spec.top_per is not None:
        keys["top"] = fields.value_at(scope, scope.walk(spec.top_per.field))
    in_order = spec.top_per is None and hints.is_in_order(scope, scope.walk(_orders(scope, spec)[0].by), _where(spec))
    tests = [*scope.guard(), *hints.hold_all(scope, _where(spec), in_order=in_order)]
    stage = Stage.of(keys, context.dialect, scope.source())
    stage.keep(*tests)
    if not scope.is_wide and _tells_total(context, spec):  # few rows, all of which are read anyway
        stage.add("total", func.count().over())
    elif in_order and terms[0].descending and spec.limit is not None and not spec.with_ties:
        stage = filled_first(stage, terms, spec.offset + spec.limit)
    stage = cut(stage, _window(spec, terms))
    if scope.is_wide and _tells_total(context, spec):
        stage.add("total", _total(context, spec))
    return stage, terms


def _parts(context: Context, spec: QuerySpec) -> Parts:
    """A long list, in the order of ids where the question says none. See `crm_core.query.pages`."""
    every, terms = _keyed(context, spec)
    found, _ = _keyed(context, spec, _where(spec))
    walked = None
    if len(terms) <= 2 and hints.may_walk(context, spec):
        walked = _keyed(context, spec, _where(spec), in_order=True)[0].statement

    def show(part: Select[Value]) -> Select[Value]:
        page, scope = part.subquery("page"), context.scope(spec.entity, is_base=True)
        columns, _ = _columns(scope, spec)
        columns |= {term.key: page.c[term.key] for term in terms[:-1]}
        shown = Stage.of(columns, context.dialect, scope.source(page.join(scope.table, scope.id == page.c.record_id)))
        return shown.statement.order_by(*shown.order(terms))

    return Parts(tuple(terms), found.statement, walked, every.statement, show)


def _keyed(
    context: Context, spec: QuerySpec, where: Sequence[Filter] | None = None, *, in_order: bool = False
) -> tuple[Stage, list[Term]]:
    """Ids and what they are sorted by: of the records that match; None: of every row, whoever may see it."""
    is_wide = hints.is_wide(context, spec)
    is_led = context.dialect == SQLITE and (in_order or not is_wide)
    scope = context.scope(spec.entity, is_base=True, is_wide=is_wide, is_led=is_led)
    keys: dict[str, ColumnElement[Value]] = {"record_id": scope.id}
    terms = _order(scope, spec, keys) if spec.order_by else [Term("record_id", is_filled=True)]
    keys |= {term.key: dialect.text_order(keys[term.key], context.dialect) for term in terms if term.is_text}
    tests = [] if where is None else [*scope.guard(), *hints.hold_all(scope, where, in_order=in_order)]
    stage = Stage.of(keys, context.dialect, scope.source())
    stage.keep(*tests)
    return stage, [replace(term, is_text=False) for term in terms]


def _tells_total(context: Context, spec: QuerySpec) -> bool:
    return not context.is_page and spec.limit is not None and spec.top_per is None


def _window(spec: QuerySpec, terms: Sequence[Term]) -> Window:
    top = spec.top_per
    return Window(
        terms=tuple(terms),
        ranked_by=len(terms) - 1,
        limit=spec.limit,
        offset=spec.offset,
        with_ties=spec.with_ties,
        top=top.limit if top else None,
        top_key="top" if top else None,
    )


def _total(context: Context, spec: QuerySpec) -> ColumnElement[Value]:
    """How many match, counted up to a bound that costs next to nothing."""
    scope = replace(context.scope(spec.entity, is_base=True, is_wide=True), is_probed=context.dialect != SQLITE)
    tests = [*scope.guard(), *hints.hold_all(scope, _where(spec))]
    some = select(scope.id).select_from(scope.source()).where(*tests).limit(counted_up_to(spec) + 1).subquery()
    return select(func.count()).select_from(some).scalar_subquery()


def counted_up_to(spec: QuerySpec) -> int:
    """How many matches of a limited list are counted at most."""
    todo = _where(spec)
    while todo:
        part = todo.pop()
        if isinstance(part, Children):
            return _COUNTED_BY_CHILDREN
        todo += part.all if isinstance(part, All) else part.any if isinstance(part, Any) else []
        todo += [part.none] if isinstance(part, Not) else []
    return _COUNTED


def _where(spec: QuerySpec) -> list[Filter]:
    return [] if spec.where is None else [spec.where]


def _orders(scope: Scope, spec: QuerySpec) -> Sequence[Order]:
    return spec.order_by or defaults.order(scope.entity)


def _order(scope: Scope, spec: QuerySpec, keys: dict[str, ColumnElement[Value]]) -> list[Term]:
    """The terms of a complete order; what they sort by joins `keys`."""
    terms = [term for order in _orders(scope, spec) for term in _sort_key(scope, order, keys)]
    is_last_first = scope.context.is_page and terms[-1].descending
    return [*terms, Term("record_id", is_last_first, is_filled=True)]


def _column(scope: Scope, path: Path, at: int, columns: dict[str, ColumnElement[Value]]) -> Output:
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


def _sort_key(scope: Scope, order: Order, keys: dict[str, ColumnElement[Value]]) -> Sequence[Term]:
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
    keys[key] = fields.label_of(holder) if _may_be_nameless(holder, field) else fields.value_of(holder, field)
    is_text = field.kind not in NUMERIC | {Kind.DATE, Kind.DATETIME, Kind.BOOLEAN}
    return [Term(key, order.descending, is_text=is_text)]


def _may_be_nameless(holder: Scope, field: Field) -> bool:
    return field.role is Role.TITLE and field.column is not None and bool(holder.entity.table.c[field.column].nullable)
