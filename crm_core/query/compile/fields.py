"""A field as an expression: stored, custom, converted money, worked out, or the label of a record.

`fields`, `filters` and `measures` call one another, as the language does: a worked-out field measures children, a
measure has a filter, a filter compares fields.
"""

from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Date, Float, Integer, case, cast, func, literal, select, type_coerce

from crm_core.models import Kind, ScoreRow
from crm_core.query.compile import dialect, filters, hints, measures
from crm_core.query.compile.context import Context, MoneyUse, Scope
from crm_core.query.derived import DaysBetween, Derived, OfScore, OverChildren, Quotient
from crm_core.query.spec import Filter, Measure
from crm_core.schema import Field, Path


def value_at(scope: Scope, path: Path) -> ColumnElement[Any]:
    """The value at the end of a path, through joins. References give the id of a record that may be seen."""
    return value_of(scope.reach(path.steps), path.field)


def value_of(scope: Scope, field: Field) -> ColumnElement[Any]:
    """A field of the scope's record."""
    if field.derived is not None:
        return _worked_out(scope, field.derived)
    if field.kind is Kind.MONEY:
        return _money(scope, field)
    if field.target is not None:
        return scope.column(field) if scope.is_raw else scope.reach([field]).id
    return stored(scope, field)


def stored(scope: Scope, field: Field) -> ColumnElement[Any]:
    """A field as it stands in the record; money unconverted, references as ids."""
    if field.is_custom:
        return dialect.custom_value(scope.table.c.custom, field.name, field.kind, scope.context.dialect)
    column = scope.column(field)
    return type_coerce(column, Float(asdecimal=False)) if field.kind in _FRACTIONS else column


def label_of(scope: Scope) -> ColumnElement[str]:
    """What the scope's record is called: the first of its title fields that is filled."""
    names = [scope.table.c[name] for name in scope.entity.title]
    return names[0] if len(names) == 1 else func.coalesce(*(func.nullif(name, "") for name in names))


def currency_of(scope: Scope) -> ColumnElement[str]:
    """The currency of the scope's record; the store's own where it names none."""
    base = literal(scope.context.money.base)
    own = scope.table.c.get("currency")
    return base if own is None else func.coalesce(func.nullif(own, ""), base)


def as_day(scope: Scope, field: Field, value: ColumnElement[Any]) -> ColumnElement[Any]:
    """A date or a moment, as a date."""
    return dialect.day_of(value, scope.context.dialect) if field.kind is Kind.DATETIME else value


def over_children(scope: Scope, children: str, measure: Measure, where: Filter | None) -> ColumnElement[Any]:
    """A measure over a record's children."""
    if scope.is_wide and measure.fn not in ("min", "max"):  # these an index gives for each record
        return _for_all(scope, children, measure, where)
    rows, conditions = child_rows(scope, children, where)
    value = select(measures.simple(rows, measure)).select_from(rows.source())
    of_record = link_to(scope, rows, children) == scope.id
    return value.where(of_record, *conditions).correlate(scope.table).scalar_subquery()


def child_rows(scope: Scope, children: str, where: Filter | None) -> tuple[Scope, list[ColumnElement[bool]]]:
    """The rows of all children of a sort, and what holds for those that count."""
    child = scope.context.schema.child(scope.entity.name, children)
    rows = scope.context.scope(child.entity)
    return rows, [*rows.guard(), *([] if where is None else [filters.holds(rows, where)])]


def link_to(scope: Scope, rows: Scope, children: str) -> ColumnElement[Any]:
    """The column by which children name the scope's record."""
    child = scope.context.schema.child(scope.entity.name, children)
    return rows.column(rows.entity.fields[child.field])


def _for_all(scope: Scope, children: str, measure: Measure, where: Filter | None) -> ColumnElement[Any]:
    """The same, worked out in one pass for all records and joined to them."""
    rows, conditions = child_rows(scope, children, where)
    parent = link_to(scope, rows, children)
    columns = parent.label("parent"), measures.simple(rows, measure).label("value")
    by_parent = hints.hidden(parent) if scope.context.dialect == dialect.SQLITE else parent
    table = select(*columns).select_from(rows.source()).where(*conditions).group_by(by_parent).subquery()
    joined = scope.attach((f"{children} {measure!r} {where!r}",), table, table.c.parent)
    return func.coalesce(joined.c.value, 0) if measure.fn == "count" else joined.c.value


def _worked_out(scope: Scope, derived: Derived) -> ColumnElement[Any]:
    rule = derived.rule
    if isinstance(rule, OverChildren):
        return over_children(scope, rule.children, rule.measure, rule.where)
    if isinstance(rule, DaysBetween):
        return _days(scope, rule)
    if isinstance(rule, OfScore):
        return _of_score(scope, rule)
    assert isinstance(rule, Quotient)
    above, below = (value_at(scope, scope.walk(name)) for name in (rule.numerator, rule.denominator))
    return cast(above, Float) / func.nullif(cast(below, Float), 0.0)


def _of_score(scope: Scope, rule: OfScore) -> ColumnElement[Any]:
    """Rights are the record's own: the scope shows no other."""
    own = ScoreRow.__table__.c
    of_entity = own.entity == scope.entity.name, own.is_latest.is_(True)
    latest = select(own.record_id, own.score, own.grade, own.scored_on).where(*of_entity).subquery()
    joined = scope.attach(("score",), latest, latest.c.record_id)
    return joined.c[rule.column]


def _days(scope: Scope, rule: DaysBetween) -> ColumnElement[Any]:
    first = _day_at(scope, rule.start)
    last = literal(scope.context.today, Date) if rule.end is None else _day_at(scope, rule.end)
    return dialect.days_between(first, last, scope.context.dialect)


def _day_at(scope: Scope, dotted: str) -> ColumnElement[Any]:
    path = scope.walk(dotted)
    return as_day(scope, path.field, value_at(scope, path))


def _money(scope: Scope, field: Field) -> ColumnElement[Any]:
    context, minor = scope.context, stored(scope, field)
    context.money_of.add(MoneyUse(scope.entity.name, field.name, scope.is_base))
    if context.money.factors is None:
        return minor
    return minor * _factor(context, currency_of(scope))


def _factor(context: Context, currency: ColumnElement[str]) -> ColumnElement[Any]:
    known = context.money.factors or {}
    worth = {code: literal(float(factor), Float) for code, factor in known.items() if factor != Decimal(1)}
    return case(*((currency == code, factor) for code, factor in worth.items()), else_=literal(1, Integer))


_FRACTIONS = frozenset({Kind.DECIMAL})
