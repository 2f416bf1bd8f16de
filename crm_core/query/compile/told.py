"""The measures of a question as columns: their aggregates in the groups, then shares, running totals and changes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Float, and_, case, cast, func, type_coerce

from crm_core.errors import Invalid
from crm_core.models import Kind
from crm_core.query.compile import dialect, measures, pushdown
from crm_core.query.compile.context import Context, Scope
from crm_core.query.compile.keys import Key
from crm_core.query.compile.measures import Leaf, Plan
from crm_core.query.compile.outputs import Output
from crm_core.query.compile.stage import Stage, Term
from crm_core.query.result import Column
from crm_core.query.spec import All, Condition, Filter, Period, QuerySpec, Side


@dataclass(frozen=True)
class Told:
    """One measure over one span: its plan, its label in the statement, and the name that specs call it by."""

    key: str
    plan: Plan
    name: str
    span: str = ""

    @property
    def missing(self) -> str:
        """The label of how many records had no value."""
        return f"{self.key}_missing"

    @property
    def sorted_by(self) -> str:
        """The label to sort by; a running total is sorted as what it adds up."""
        return f"{self.key}_plain" if self.plan.running else self.key

    def output(self, currency: str) -> Output:
        """The result's column."""
        plan = self.plan
        label = f"{plan.label} {self.span}" if self.span else plan.label
        money = currency if plan.kind is Kind.MONEY else None
        return Output(Column(self.name, label, plan.kind, plan.is_ratio or plan.growth, money, plan.unit), self.key)


@dataclass(frozen=True)
class Change:
    """How a measure moved between two sides: the difference, or that relative to the base."""

    key: str
    name: str
    base: Told
    against: Told
    is_relative: bool

    @property
    def sorted_by(self) -> str:
        """The label to sort by."""
        return self.key

    def value(self, stage: Stage) -> ColumnElement[Any]:
        """The change, from the two measures in the stage."""
        base, against = (stage.columns[one.key] for one in (self.base, self.against))
        if not self.is_relative:
            return _difference(base, against, is_total=self.base.plan.is_total)
        base, against = cast(base, Float), cast(against, Float)
        return (against - base) / func.nullif(base, 0.0)

    @property
    def plan(self) -> Plan:
        """What kind of number it is."""
        return replace(self.base.plan, kind=Kind.DECIMAL) if self.is_relative else self.base.plan

    def output(self, currency: str) -> Output:
        """The result's column."""
        plan = self.base.plan
        if self.is_relative or plan.is_ratio:
            return Output(Column(self.name, f"change of {plan.label}", Kind.DECIMAL, is_ratio=True), self.key)
        label, money = f"difference of {plan.label}", currency if plan.kind is Kind.MONEY else None
        return Output(Column(self.name, label, plan.kind, currency=money, unit=plan.unit), self.key)


def told_of(context: Context, spec: QuerySpec) -> tuple[list[Told], list[Change]]:
    """The measures that a question asks for; a question with groups and no measure asks how many."""
    wanted = list(spec.measures) or ([] if spec.distinct else [measures.COUNT])
    told: list[Told] = []
    changes: list[Change] = []
    names: set[str] = set()
    for at, measure in enumerate(wanted):
        plan = measures.plan(context.schema, spec.entity, measure)
        name = f"{plan.name}_{at + 1}" if plan.name in names else plan.name
        names.add(name)
        if spec.compare_to is None:
            told.append(Told(f"measure_{at}", plan, name))
            continue
        plan.check_number("compared as a change")
        base, against = (
            Told(f"measure_{at}_{end}", plan.within(_within(side)), f"{name}@{end}", _told(side))
            for end, side in (("base", spec.compare_to.base), ("against", spec.compare_to.against))
        )
        told += [base, against]
        if not plan.is_ratio:
            changes.append(Change(f"measure_{at}_difference", f"{name}@difference", base, against, is_relative=False))
        relative = not plan.is_ratio
        changes.append(Change(f"measure_{at}_change", f"{name}@change", base, against, is_relative=relative))
    return told, changes


def _difference(base: ColumnElement[Any], against: ColumnElement[Any], *, is_total: bool) -> ColumnElement[Any]:
    """Against - base; a total over no record on one side counts as none."""
    if not is_total:
        return against - base
    gone = and_(base.is_(None), against.is_(None))
    return case((gone, None), else_=func.coalesce(against, 0) - func.coalesce(base, 0))


def _within(side: Period | Side) -> Filter:
    return during(side) if isinstance(side, Period) else side.where


def during(period: Period) -> Filter:
    """The filter that keeps a period."""
    parts: list[Filter] = []
    if period.since:
        parts.append(Condition(field=period.field, op="ge", value=period.since))
    if period.until:
        parts.append(Condition(field=period.field, op="le", value=period.until))
    return All(all=parts or [Condition(field=period.field, op="not_empty")])


def _told(side: Period | Side) -> str:
    if isinstance(side, Side):
        return side.name or "…"
    return f"{side.since or '…'} – {side.until or '…'}"


def shared_filters(told: Sequence[Told]) -> pushdown.Shared:
    """What the filters of all measures have in common, and what is left of each."""
    return pushdown.share([leaf.where for one in told for leaf in one.plan.leaves])


def aggregates(scope: Scope, told: Sequence[Told], rests: Sequence[Sequence[Filter]]) -> list[ColumnElement[Any]]:
    """The labelled aggregates of all measures."""
    rest = iter(rests)
    columns: list[ColumnElement[Any]] = []
    for one in told:
        own = [(leaf, next(rest)) for leaf in one.plan.leaves]
        value = measures.value(one.plan, [measures.aggregate(scope, leaf, where) for leaf, where in own])
        columns.append(value.label(one.key))
        columns += _pieces(scope, one, own) if one.plan.of_group else []
        lacking = [measures.missing(scope, leaf, where) for leaf, where in own if leaf.leaves_out]
        columns += [lacking[0].label(one.missing)] if lacking else []
    return columns


def _pieces(scope: Scope, one: Told, own: Sequence[tuple[Leaf, Sequence[Filter]]]) -> list[ColumnElement[Any]]:
    """What a measure of several groups together is put together from."""
    columns: list[ColumnElement[Any]] = []
    for at, (leaf, where) in enumerate(own):
        if leaf.fn == "avg":
            columns += [
                measures.total(scope, leaf, where).label(f"{one.key}_{at}"),
                measures.filled(scope, leaf, where).label(f"{one.key}_{at}_count"),
            ]
        else:
            columns.append(measures.aggregate(scope, leaf, where).label(f"{one.key}_{at}"))
    return columns


def _together(stage: Stage, one: Told, keys: Sequence[Key]) -> ColumnElement[Any]:
    """A measure over all groups that share a key."""
    key = next((key for key in keys if one.plan.of_group in (key.name, key.path.dotted)), None)
    if key is None:
        names = ", ".join(key.name for key in keys) or "none"
        raise Invalid(f"within needs a grouped field, not {one.plan.of_group!r}; the groups are: {names}.")
    by = stage.columns[key.key]
    leaves: list[ColumnElement[Any]] = []
    for at, leaf in enumerate(one.plan.leaves):
        total: ColumnElement[Any] = func.sum(stage.columns[f"{one.key}_{at}"]).over(partition_by=by)
        if leaf.fn == "avg":
            count = func.sum(stage.columns[f"{one.key}_{at}_count"]).over(partition_by=by)
            total = cast(total, Float) / func.nullif(count, 0)
        leaves.append(total)
    return measures.value(one.plan, leaves)


def add_windows(stage: Stage, told: Sequence[Told], terms: Sequence[Term], keys: Sequence[Key]) -> Stage:
    """Turn measures into shares of all groups, running totals, places and changes since the period before."""
    if not any(_is_windowed(one.plan) for one in told):
        return stage
    inner = stage.wrap()
    columns = dict(inner.columns)
    for one in told:
        if one.plan.of_group:
            columns[one.key] = _together(inner, one, keys)
        else:
            columns[one.key] = _grown(inner, one, keys) if one.plan.growth else _windowed(inner, one, terms)
    return Stage.of(columns, stage.flavour, inner.statement.get_final_froms()[0]).wrap()


def _is_windowed(plan: Plan) -> bool:
    return bool(plan.share or plan.of_group or plan.running or plan.rank or plan.growth)


def _grown(stage: Stage, one: Told, keys: Sequence[Key]) -> ColumnElement[Any]:
    """The change since the period before; nothing where that one is not there."""
    periods = [key for key in keys if key.bucket not in (None, "weekday")]
    if len(periods) != 1:
        raise Invalid(f"The growth of {one.name} needs one group of periods: a date in a day, week, month, ...")
    period = periods[0]
    assert period.bucket is not None
    at = dialect.bucket_index(stage.columns[period.key], period.bucket, stage.flavour)
    others = [stage.columns[key.key] for key in keys if key is not period]
    value = cast(stage.columns[one.key], Float)
    before, place = (func.lag(each).over(partition_by=others or None, order_by=at) for each in (value, at))
    change = value - before if one.plan.is_ratio else (value - before) / func.nullif(before, 0.0)
    return case((at - place == 1, change))


def _windowed(stage: Stage, one: Told, terms: Sequence[Term]) -> ColumnElement[Any]:
    value = stage.columns[one.key]
    if one.plan.rank:
        order = value.asc() if one.plan.rank == "lowest" else value.desc()
        return func.rank().over(order_by=order.nulls_last())
    shown = value
    if one.plan.running:
        shown = type_coerce(func.sum(value).over(order_by=stage.order(terms), rows=(None, 0)), value.type)
    if not one.plan.share:
        return shown
    return cast(shown, Float) / func.nullif(func.sum(cast(value, Float)).over(), 0.0)
