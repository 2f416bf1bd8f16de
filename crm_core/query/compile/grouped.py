"""Questions with measures: rows → groups → labels, shares, order, limit → at last one number of them all."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select

from crm_core.errors import Invalid
from crm_core.models import Kind
from crm_core.query.compile import answers, dialect, hints, values
from crm_core.query.compile.context import Context, Scope
from crm_core.query.compile.keys import Key, keys_of, labels
from crm_core.query.compile.outputs import Compiled, Output
from crm_core.query.compile.split import can_split, split
from crm_core.query.compile.stage import COMPARE, Stage, Term, Window, cut
from crm_core.query.compile.told import Change, Told, add_windows, aggregates, shared_filters, told_of
from crm_core.query.spec import Filter, Group, Having, Order, QuerySpec

Measured = Told | Change


def compile_groups(context: Context, spec: QuerySpec) -> Compiled:
    """One row a group, or one row in all."""
    scope = context.scope(spec.entity, is_base=True, is_wide=hints.is_wide(context, spec))
    groups = [Group(field=name) for name in spec.columns] if spec.distinct else spec.group_by
    keys = keys_of(scope, groups, need_buckets=not spec.distinct)
    told, changes = told_of(context, spec)
    window = _window(scope, spec, keys, told, changes)
    stage = add_windows(_grouped(scope, spec, keys, told, changes), told, window.terms, keys)
    _having(context, spec, keys, told, changes, stage)
    if spec.distinct and spec.limit is not None:
        stage.add("total", func.count().over())
    stage = cut(stage, window)
    if spec.summary:
        return _folded(context, spec, stage, window, told)
    outputs = [key.output(context.money.currency) for key in keys]
    return Compiled(
        statement=stage.statement,
        outputs=(*outputs, *_outputs(context, told, changes)),
        total="total" if "total" in stage.columns else None,
        missing={one.name: one.missing for one in told if one.missing in stage.columns},
        money_of=frozenset(context.money_of),
    )


def _grouped(
    scope: Scope, spec: QuerySpec, keys: Sequence[Key], told: Sequence[Told], changes: Sequence[Change]
) -> Stage:
    """The rows in groups, with their labels and every measure."""
    shared = shared_filters(told)
    where = [part for part in (spec.where, *shared.where) if part is not None]
    if can_split(scope, keys, told):
        groups = split(scope, keys, told, shared.rest, where).subquery()
    else:
        groups = _at_once(scope, keys, told, shared.rest, where).subquery()
    source, shown = labels(scope, keys, groups)
    measured = {name: value for name, value in groups.c.items() if name not in shown}
    stage = Stage.of(shown | measured, scope.context.dialect, source)
    for one in told:
        if one.plan.running:
            stage.add(one.sorted_by, stage.columns[one.key])
    for change in changes:
        stage.add(change.key, change.value(stage))
    return stage


def _at_once(
    scope: Scope, keys: Sequence[Key], told: Sequence[Told], rests: Sequence[Sequence[Filter]], where: Sequence[Filter]
) -> Select[Any]:
    columns: list[ColumnElement[Any]] = [
        hints.unindexed(scope, key.value(scope), key.path.field, where).label(key.key) for key in keys
    ]
    columns += aggregates(scope, told, rests)
    tests = [*scope.guard(), *hints.hold_all(scope, where)]
    return select(*columns).select_from(scope.source()).where(*tests).group_by(*(key.key for key in keys))


def _outputs(context: Context, told: Sequence[Told], changes: Sequence[Change]) -> list[Output]:
    outputs = {one.key: one.output(context.money.currency) for one in told}
    if not changes:
        return list(outputs.values())
    for change in changes:
        outputs[change.key] = change.output(context.money.currency)
    return [outputs[key] for key in sorted(outputs, key=lambda key: int(key.split("_")[1]))]  # stable: sides first


def _measured(told: Sequence[Told], changes: Sequence[Change]) -> dict[str, Measured]:
    """What an order or a test may name. Beside compared periods a bare measure means the second one."""
    known: dict[str, Measured] = {}
    for change in changes:
        known[change.name.split("@")[0]] = change.against
        known.setdefault(change.name.split("@")[1], change)
    known.update((one.name, one) for one in told)
    known.update((one.name, one) for one in changes)
    return known


def _having(
    context: Context, spec: QuerySpec, keys: Sequence[Key], told: Sequence[Told], changes: Sequence[Change],
    stage: Stage,
) -> None:  # fmt: skip
    known = _measured(told, changes)
    for test in spec.having:
        key = next((key for key in keys if test.measure in (key.name, key.path.dotted)), None)
        if key is not None and test.measure not in known:
            stage.keep(_is_group(stage, key, test))
            continue
        one = _named(known, test.measure)
        if test.other is not None:
            stage.keep(COMPARE[test.op](*_two(stage, one, _named(known, test.other))))
            continue
        stage.keep(COMPARE[test.op](stage.columns[one.key], _bound(context, test, one)))


def _two(stage: Stage, one: Measured, other: Measured) -> list[ColumnElement[Any]]:
    """Two measures of a group, to be compared; a total over no record is none."""
    kinds = [each.plan.kind for each in (one, other)]
    for each in (one, other):
        each.plan.check_number("compared with a number")
    if (kinds[0] is Kind.MONEY) is not (kinds[1] is Kind.MONEY):
        raise Invalid(f"{one.name} cannot be compared with {other.name}: only one of them is an amount of money.")
    found = [stage.columns[each.key] for each in (one, other)]
    return [
        func.coalesce(value, 0) if each.plan.is_total else value
        for value, each in zip(found, (one, other), strict=True)
    ]


def _bound(context: Context, test: Having, one: Measured) -> Any:
    """What a measure is compared with, in its own unit."""
    if test.answer is not None:
        one.plan.check_number("compared with a number")
        return answers.number(context, test.answer, kind=one.plan.kind)
    if test.value is None or isinstance(test.value, str):
        raise Invalid(
            f"{test.measure} is compared with a number, as value, as the answer to a question or as another measure."
        )
    return one.plan.bound(test.value, context.money)


def _is_group(stage: Stage, key: Key, test: Having) -> ColumnElement[bool]:
    """Whether the group is the one of this name."""
    if test.op != "eq" or test.value is None or key.bucket is not None:
        raise Invalid(f"{test.measure} is what groups are made by: only eq with a group's name works on it.")
    if not isinstance(test.value, str):
        return stage.columns[key.shown] == test.value
    return func.lower(stage.columns[key.shown]).in_(values.folded(test.value))


def _window(
    scope: Scope, spec: QuerySpec, keys: Sequence[Key], told: Sequence[Told], changes: Sequence[Change]
) -> Window:
    known = _measured(told, changes)
    leading = [term for order in spec.order_by for term in _terms(scope, keys, known, order)]
    if not leading:
        leading = _usual_order(scope, spec, keys, told, changes)
    rest = [term for key in keys for term in key.terms(scope)]
    top_key = _top_key(spec, keys)
    return Window(
        terms=tuple(dict.fromkeys([*leading, *rest])),
        ranked_by=len(leading),
        limit=spec.limit,
        pct=spec.limit_pct,
        offset=spec.offset,
        with_ties=spec.with_ties,
        top=spec.top_per.limit if spec.top_per else None,
        top_key=top_key.key if top_key else None,
    )


def _usual_order(
    scope: Scope, spec: QuerySpec, keys: Sequence[Key], told: Sequence[Told], changes: Sequence[Change]
) -> list[Term]:
    """By time or position where a group has one, else the largest first; what has no value stands last."""
    if not told or (spec.top_per is None and any(key.is_in_order(scope) for key in keys)):
        return [term for key in keys for term in key.terms(scope)]
    first = changes[0].against if changes else told[0]
    return [*(Term(key.key, is_gap=True) for key in keys), Term(first.sorted_by, descending=True)]


def _terms(scope: Scope, keys: Sequence[Key], known: dict[str, Measured], order: Order) -> list[Term]:
    if order.by in known:
        return [Term(known[order.by].sorted_by, order.descending)]
    for key in keys:
        if order.by in (key.name, key.path.dotted):
            return key.terms(scope, descending=order.descending)
    names = [*known, *(key.name for key in keys)]
    raise Invalid(f"Groups cannot be sorted by {order.by!r}; these can be named: {', '.join(names)}.")


def _named(known: dict[str, Measured], name: str) -> Measured:
    if name not in known:
        raise Invalid(f"There is no measure {name!r} to test in this question; it has: {', '.join(known)}.")
    return known[name]


def _top_key(spec: QuerySpec, keys: Sequence[Key]) -> Key | None:
    if spec.top_per is None:
        return None
    for key in keys:
        if spec.top_per.field in (key.name, key.path.dotted):
            return key
    names = ", ".join(key.name for key in keys) or "none"
    raise Invalid(f"top_per needs a grouped field, not {spec.top_per.field!r}; the groups are: {names}.")


def _folded(context: Context, spec: QuerySpec, stage: Stage, window: Window, told: Sequence[Told]) -> Compiled:
    """One number of all the groups that were kept."""
    assert spec.summary is not None
    if not told or (spec.compare_to is not None and spec.summary != "count"):
        raise Invalid("With compare_to the groups can only be counted; other summaries fold one measure without it.")
    first = told[0]
    if spec.summary not in ("min", "max", "count"):
        first.plan.check_number("added up or averaged")
    stage.add("place", func.row_number().over(order_by=stage.order(window.terms)))
    rows = stage.wrap()
    value = _fold(spec, rows.columns[first.key], rows.columns["place"], context.dialect)
    columns = {"summary": value}
    if first.missing in rows.columns:
        columns["missing"] = func.sum(rows.columns[first.missing])
    folded = Stage.of(columns, context.dialect, rows.statement.get_final_froms()[0])
    column = first.output(context.money.currency).column
    if spec.summary == "count":
        column = replace(column, kind=Kind.INTEGER, is_ratio=False, currency=None, unit=None)
    elif column.kind is Kind.INTEGER and spec.summary in ("avg", "median"):
        column = replace(column, kind=Kind.DECIMAL)
    column = replace(column, name=f"{spec.summary}_{column.name}", label=_FOLDS[spec.summary].format(column.label))
    missing = {column.name: "missing"} if "missing" in columns else {}
    return Compiled(
        folded.statement, (Output(column, "summary"),), missing=missing, money_of=frozenset(context.money_of)
    )


def _fold(spec: QuerySpec, value: ColumnElement[Any], place: ColumnElement[int], flavour: str) -> ColumnElement[Any]:
    if spec.summary == "count":
        return func.count()
    if spec.summary == "median":
        return dialect.median(value, flavour)
    if spec.summary == "spread":
        return func.max(value) - func.min(value)
    if spec.summary == "gap":
        first, second = (func.max(case((place == spec.offset + at, value))) for at in (1, 2))
        return first - second
    total: ColumnElement[Any] = getattr(func, spec.summary or "sum")(value)
    return total


_FOLDS = {
    "avg": "average {}",
    "median": "median {}",
    "sum": "sum of {}",
    "min": "lowest {}",
    "max": "highest {}",
    "count": "number of groups by {}",
    "gap": "gap in {}",
    "spread": "gap between highest and lowest {}",
}
