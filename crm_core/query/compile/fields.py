"""A field as an expression: stored, custom, converted money, worked out, or the label of a record.

`fields`, `filters` and `measures` call one another, as the language does: a worked-out field measures children, a
measure has a filter, a filter compares fields.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    Float,
    Integer,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    type_coerce,
)

from crm_core.models import Kind, ScoreRow, base
from crm_core.query.compile import dialect, filters, hints, measures
from crm_core.query.compile.context import Context, MoneyUse, Scope
from crm_core.query.derived import Derived
from crm_core.query.rules import (
    Cases,
    DaysBetween,
    FirstOf,
    LineTotal,
    OfScore,
    OverChildren,
    Quintile,
    Quotient,
    Rule,
    named_by,
)
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
    return base.label_of([scope.table.c[name] for name in scope.entity.title])


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
    if scope.is_wide and not _is_indexed(scope, children, measure):
        return _for_all(scope, children, measure, where)
    rows, conditions = child_rows(scope, children, where)
    value = select(measures.simple(rows, measure)).select_from(rows.source())
    of_record = link_to(scope, rows, children) == scope.id
    return value.where(of_record, *conditions).correlate(scope.table).scalar_subquery()


def _is_indexed(scope: Scope, children: str, measure: Measure) -> bool:
    """Whether an index gives the measure for each record: the first or the last of its children."""
    child = scope.context.schema.child(scope.entity.name, children)
    entity = scope.context.schema.entities[child.entity]
    of = entity.fields.get(measure.field or "")
    if measure.fn not in ("min", "max") or of is None or of.column is None:
        return False
    wanted = [entity.fields[child.field].column, of.column]
    return any([column.name for column in index.columns][:2] == wanted for index in entity.table.indexes)


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
    shared = scope.attached(_pass_key(children, where))
    value: ColumnElement[Any]
    if shared is not None and repr(measure) in shared.c:
        value = shared.c[repr(measure)]
    else:
        value = _one_pass(scope, children, where, [measure], key=(*_pass_key(children, where), repr(measure)))[0]
    return func.coalesce(value, 0) if measure.fn == "count" else value


def _pass_key(children: str, where: Filter | None) -> tuple[str, ...]:
    return (f"{children} {where!r}",)


def _one_pass(
    scope: Scope, children: str, where: Filter | None, wanted: Sequence[Measure], key: tuple[str, ...]
) -> list[ColumnElement[Any]]:
    """Measures over the children of all records, by record, joined under `key`."""
    rows, conditions = child_rows(scope, children, where)
    parent = link_to(scope, rows, children)
    columns = [measures.simple(rows, measure).label(repr(measure)) for measure in wanted]
    by_parent = hints.hidden(parent) if scope.context.dialect == dialect.SQLITE else parent
    values = select(parent.label("parent"), *columns).select_from(rows.source()).where(*conditions)
    table = values.group_by(by_parent).subquery()
    joined = scope.attach(key, table, table.c.parent)
    return [joined.c[repr(measure)] for measure in wanted]


def _worked_out(scope: Scope, derived: Derived) -> ColumnElement[Any]:
    rule = derived.rule
    if isinstance(rule, OverChildren):
        return over_children(scope, rule.children, rule.measure, rule.where)
    if isinstance(rule, DaysBetween):
        return _days(scope, rule)
    if isinstance(rule, FirstOf):
        *first, last = (over_children(scope, one.children, one.measure, one.where) for one in rule.rules)
        return func.coalesce(*(_nonzero(one) for one in first), last)
    if isinstance(rule, Cases):
        _take_together(scope, rule)
        return case(*((filters.holds(scope, test), value) for value, test in rule.cases), else_=rule.otherwise)
    if isinstance(rule, Quintile):
        return _quintile(scope, derived)
    if isinstance(rule, OfScore):
        return _of_score(scope, rule)
    if isinstance(rule, LineTotal):
        return _line_total(scope, rule)
    assert isinstance(rule, Quotient)
    above, below = (value_at(scope, scope.walk(name)) for name in (rule.numerator, rule.denominator))
    return cast(above, Float) / func.nullif(cast(below, Float), 0.0)


def _line_total(scope: Scope, rule: LineTotal) -> ColumnElement[Any]:
    units, price, discount = (value_at(scope, scope.walk(name)) for name in (rule.units, rule.price, rule.discount_pct))
    full = cast(units, Float) * cast(price, Float) * (1 - cast(func.coalesce(discount, 0), Float) / 100)
    return cast(func.round(full), BigInteger)


def _nonzero(value: ColumnElement[Any]) -> ColumnElement[Any]:
    return value if isinstance(value.type, Date) else func.nullif(value, 0)


def _quintile(scope: Scope, derived: Derived) -> ColumnElement[Any]:
    """Worked out for all records at once, for all fields of this sort together, and joined to the scope's."""
    rows = scope.context.scope(scope.entity.name, is_wide=True)
    rules = {one.name: one.derived.rule for one in rows.entity.fields.values() if one.derived is not None}
    fifths = {name: rule for name, rule in rules.items() if isinstance(rule, Quintile)}
    _take_together(rows, *fifths.values())
    of = {name: value_at(rows, rows.walk(rule.of)) for name, rule in fifths.items()}
    known = or_(*(value_at(rows, rows.walk(rule.among)).is_not(None) for rule in fifths.values()))
    columns = [rows.id.label("record"), *(value.label(name) for name, value in of.items())]
    held = select(*columns).select_from(rows.source()).where(*rows.guard(), known).subquery()
    table = select(held.c.record, *(_fifth(held.c[name]).label(name) for name in of)).subquery()
    return scope.attach(("quintiles",), table, table.c.record).c[derived.name]


def _fifth(value: ColumnElement[Any]) -> ColumnElement[int]:
    """1 to 5 by the middle of the places that equal values share."""
    order = value.asc().nulls_first()
    middle = (func.rank().over(order_by=order) - 1 + func.count().over(order_by=order)) / 2.0
    return case((value.is_(None), None), else_=cast(func.floor(middle * 5 / func.count().over()), Integer) + 1)


def _take_together(scope: Scope, *rules: Rule) -> None:
    """Join what these rules need of a record's children, each sort of children in one pass."""
    if not scope.is_wide:
        return
    wanted: dict[tuple[str, ...], dict[str, OverChildren]] = {}
    for one in (part for rule in rules for part in _parts_of(rule, scope.entity.fields)):
        if not _is_indexed(scope, one.children, one.measure):
            wanted.setdefault(_pass_key(one.children, one.where), {})[repr(one.measure)] = one
    for key, parts in wanted.items():
        first = next(iter(parts.values()))
        if scope.attached(key) is None:
            _one_pass(scope, first.children, first.where, [part.measure for part in parts.values()], key)


def _parts_of(rule: Rule, known: Mapping[str, Field]) -> Iterator[OverChildren]:
    """The measures over children that a rule rests on, through other worked-out fields too, but for fifths."""
    if isinstance(rule, OverChildren):
        yield rule
    elif isinstance(rule, FirstOf):
        yield from rule.rules
    else:
        for name in named_by(rule):
            derived = known[name].derived if name in known else None
            if derived is not None and not isinstance(derived.rule, Quintile):
                yield from _parts_of(derived.rule, known)


def _of_score(scope: Scope, rule: OfScore) -> ColumnElement[Any]:
    """Rights are the record's own: the scope shows no other."""
    own = ScoreRow.__table__.c
    of_entity = own.entity == scope.entity.name, own.is_latest.is_(True)
    latest = select(own.record_id, own.score, own.grade, own.scored_on).where(*of_entity).subquery()
    joined = scope.attach(("score",), latest, latest.c.record_id)
    return joined.c[rule.column]


def _days(scope: Scope, rule: DaysBetween) -> ColumnElement[Any]:
    first = _day_at(scope, rule.start)
    today = literal(scope.context.today, Date)
    last = today if rule.end is None else _day_at(scope, rule.end)
    if rule.end is not None and rule.or_today:
        last = func.coalesce(last, today)
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
    one = literal(1, Integer)
    return case(*((currency == code, factor) for code, factor in worth.items()), else_=one) if worth else one


_FRACTIONS = frozenset({Kind.DECIMAL})
