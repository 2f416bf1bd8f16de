"""Filters as SQL. NULL counts as false, and a negation keeps what has no value, as `QuerySpec` promises.

Conditions beyond a reference become subqueries (`stage_id IN (SELECT id ...)`): they need no join, and an index on
the reference can drive the query. Below a negation, and for rights, they are EXISTS: one look-up for each row.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from enum import Enum
from typing import Any as Value

from sqlalchemy import ColumnElement, Exists, and_, exists, func, or_, select, true
from sqlalchemy.sql.operators import is_not

from crm_core.access import visible_to
from crm_core.errors import Invalid
from crm_core.models import Kind, Role
from crm_core.query.compile import answers, fields, hints, measures, trees, values
from crm_core.query.compile.context import Scope
from crm_core.query.compile.given import Given
from crm_core.query.spec import All, Children, Condition, Filter, Not, QuerySpec
from crm_core.schema import DATES, NUMERIC, Field, Path

Test = ColumnElement[bool]

_POSITIVE = {"ne": "eq", "not_in": "in", "empty": "not_empty"}


NAMES = frozenset({Role.TITLE, Role.CODE})


class Use(Enum):
    """How a condition beyond a reference is looked up."""

    FINDS = "an index on the reference may find the rows"
    HIDDEN = "the rows are found otherwise; the set of ids is worked out once"
    PROBES = "one look-up for each row"


def holds(scope: Scope, where: Filter, *, is_hidden: bool = False) -> Test:
    """Whether the filter holds for a row; `is_hidden`: no index is to be chosen for it."""
    return _test(scope, where, Use.HIDDEN if is_hidden else Use.FINDS)


def rights(scope: Scope) -> list[Test]:
    """What keeps the rows to those that the actor may read."""
    visible = visible_to(scope.context.actor, scope.entity)
    if visible is None:
        return []
    raw = Scope(scope.context, scope.entity, scope.table, is_raw=True, is_led=scope.is_led)
    return [_test(raw, visible, Use.HIDDEN if scope.is_led else Use.FINDS)]


def _test(scope: Scope, where: Filter, use: Use) -> Test:
    if isinstance(where, Condition):
        return _condition(scope, where, use)
    if isinstance(where, Children):
        return _children(scope, where)
    if isinstance(where, Not):
        return _untrue(_test(scope, where.none, Use.PROBES))
    parts = where.all if isinstance(where, All) else where.any
    join, nothing = (and_, "all") if isinstance(where, All) else (or_, "any")
    if not parts:
        raise Invalid(f"An empty {nothing!r} tests nothing; leave it out or put conditions into it.")
    return join(*(_test(scope, part, use) for part in parts)).self_group()


def _untrue(test: Test) -> Test:
    """Where the test is false or NULL."""
    is_never_null = isinstance(test, Exists) or getattr(test, "operator", None) is is_not
    if is_never_null:
        return ~test  # which both databases find an index for
    return test.self_group().is_not(true())


def _condition(scope: Scope, condition: Condition, use: Use) -> Test:
    path = scope.walk(condition.field)
    if condition.other is not None:
        return _compare_fields(scope, condition, path)
    if condition.answer is not None:
        return _compare_answer(scope, condition, condition.answer, path, use)
    if condition.op == "under":
        return _through(scope, path.steps, lambda at: trees.under(at, path.field, condition), use)
    values.check_operator(path.field, condition.op)
    wanted = values.raw_values(condition, path.field.kind)
    op = _POSITIVE.get(condition.op, condition.op)
    use = use if op == condition.op else Use.PROBES
    test = _through(scope, path.steps, lambda at: _leaf(at, path.field, op, wanted), use)
    return test if op == condition.op else _untrue(test)


def _through(scope: Scope, steps: Sequence[Field], leaf: Callable[[Scope], Test], use: Use) -> Test:
    if not steps:
        return leaf(scope)
    target = scope.beyond(steps[0])
    return _links_to(scope, steps[0], target, _through(target, steps[1:], leaf, use), use)


def _links_to(scope: Scope, step: Field, target: Scope, test: Test | None, use: Use) -> Test:
    link = scope.column(step)
    wanted = [*target.guard(), *([] if test is None else [test])]
    if use is Use.PROBES:
        return exists().where(target.id == link, *wanted).select_from(target.source()).correlate(scope.table)
    ids = select(target.id).select_from(target.source()).where(*wanted)
    return (hints.hidden(link) if use is Use.HIDDEN else link).in_(ids)


def _leaf(scope: Scope, field: Field, op: str, wanted: list[Value]) -> Test:
    if field.target is not None:
        return _reference(scope, field, op, wanted)
    value = fields.value_of(scope, field)
    if op == "not_empty":
        is_text = field.kind not in NUMERIC | DATES | {Kind.BOOLEAN}
        return func.coalesce(value, "") != "" if is_text else value.is_not(None)
    if field.kind is Kind.DATETIME:
        return _moments(value, op, [values.coerce(field, one, "") for one in wanted])
    given = [values.coerce(field, one, scope.context.money.currency) for one in wanted]
    if field.kind in NUMERIC | DATES:
        return _sizes(value, op, given)
    if field.kind is Kind.BOOLEAN:
        return or_(*(value.is_(one) for one in sorted(set(given))))
    return _texts(scope, field, value, op, given)


def _reference(scope: Scope, field: Field, op: str, wanted: list[Value]) -> Test:
    if scope.is_raw:  # rights compare ids only
        link = hints.hidden(scope.column(field)) if scope.is_led else scope.column(field)
        return link.is_not(None) if op == "not_empty" else link.in_(wanted)
    target = scope.beyond(field)
    if op == "not_empty":
        return _links_to(scope, field, target, None, Use.PROBES)
    return _links_to(scope, field, target, named(target, field, op, wanted), Use.FINDS)


def named(target: Scope, field: Field, op: str, wanted: Sequence[Value]) -> Test:
    """Whether the record is one of those meant by ids, titles or external ids."""
    if len(wanted) == 1 and isinstance(wanted[0], Given):
        return target.id == wanted[0].parameter
    ids = [one for one in wanted if isinstance(one, int) and not isinstance(one, bool)]
    if any(abs(one) >= 2**63 for one in ids):
        raise Invalid(f"{field.entity}.{field.name}: there is no record with an id this large.")
    words = [values.text(field, one) for one in wanted if not (isinstance(one, int) and one in ids)]
    tests: list[Test] = [target.id.in_(ids)] if ids else []
    names = dict.fromkeys((*target.entity.title, *(() if op == "contains" else ("external_id",))))
    tests += [_text_test(target.table.c[name], op, words) for name in names if words]
    return or_(*tests)


def _texts(scope: Scope, field: Field, value: ColumnElement[str], op: str, given: list[str]) -> Test:
    test = _text_test(value, op, given)
    if field.role is Role.TITLE and op in ("eq", "in"):  # what has no name is called by its id
        return or_(test, _text_test(scope.table.c.external_id, op, given))
    return test


def _text_test(value: ColumnElement[str], op: str, given: Sequence[str]) -> Test:
    if op == "contains":
        return or_(*(value.icontains(one, autoescape=True) for one in given))
    if op == "starts_with":
        return or_(*(value.istartswith(one, autoescape=True) for one in given))
    return func.lower(value).in_([shape for one in given for shape in values.folded(one)])


def _sizes(value: ColumnElement[Value], op: str, given: list[Value]) -> Test:
    one = given[0]
    if op == "between":
        return and_(value >= one, value <= given[1])
    if op == "in":
        return or_(*(value == each for each in given)) if len(given) < 3 else value.in_(given)
    tests: dict[str, Test] = {
        "eq": value == one,
        "gt": value > one,
        "ge": value >= one,
        "lt": value < one,
        "le": value <= one,
    }
    return tests[op]


def _moments(value: ColumnElement[Value], op: str, given: list[date | datetime]) -> Test:
    """A day stands for all of its moments."""
    starts = [one if isinstance(one, datetime) else values.day_start(one) for one in given]
    ends = [None if isinstance(one, datetime) else values.day_start(one, after=1) for one in given]
    if op == "between":
        return and_(value >= starts[0], _until(value, starts[1], ends[1]))
    if op == "ge":
        return value >= starts[0]
    if op == "lt":
        return value < starts[0]
    if op == "le":
        return _until(value, starts[0], ends[0])
    if op == "gt":
        return value > starts[0] if ends[0] is None else value >= ends[0]
    days = zip(starts, ends, strict=True)
    return or_(*(value == at if end is None else and_(value >= at, value < end) for at, end in days))


def _until(value: ColumnElement[Value], start: datetime, end: datetime | None) -> Test:
    return value <= start if end is None else value < end


def _compare_fields(scope: Scope, condition: Condition, path: Path) -> Test:
    assert condition.other is not None
    other = scope.walk(condition.other)
    left, right = (_comparable(scope, each) for each in (path, other))
    op = _POSITIVE.get(condition.op, condition.op)
    if _family(path.field) != _family(other.field) or op not in ("eq", "gt", "ge", "lt", "le"):
        raise Invalid(
            f"{condition.field} {condition.op} {condition.other} compares nothing: two fields of one sort can be "
            "compared, by eq, ne, gt, ge, lt or le."
        )
    if op != "eq" and path.field.kind not in NUMERIC | DATES:
        raise Invalid(f"{condition.field} is no number or date, so it can only be compared by eq or ne.")
    test = _sizes(left, op, [right])
    return test if condition.op == op else _untrue(test)


def _compare_answer(scope: Scope, condition: Condition, asked: QuerySpec, path: Path, use: Use) -> Test:
    """A field against what another question gives."""
    op = _POSITIVE.get(condition.op, condition.op)
    if op == "in":
        found = answers.found(scope.context, asked, path.field)
        is_record = path.field.target is None and found.is_record
        test = _through(scope, path.steps, lambda at: _is_found(at, path.field, found, by_id=is_record), use)
    elif op in ("gt", "ge", "lt", "le") and path.field.kind in NUMERIC:
        one = answers.number(scope.context, asked, kind=path.field.kind)
        test = _through(scope, path.steps, lambda at: _sizes(fields.value_of(at, path.field), op, [one]), use)
    else:
        raise Invalid(f"{condition.field} {condition.op} takes no answer: in and not_in do, and gt … le on numbers.")
    return test if op == condition.op else _untrue(test)


def _is_found(scope: Scope, field: Field, found: answers.Found, *, by_id: bool) -> Test:
    if by_id:
        return scope.id.in_(found.values)
    return (scope.column(field) if field.target else fields.value_of(scope, field)).in_(found.values)


def _comparable(scope: Scope, path: Path) -> ColumnElement[Value]:
    value = fields.value_at(scope, path)
    if path.field.kind in DATES:
        return fields.as_day(scope, path.field, value)
    return func.lower(value) if _family(path.field) == "text" else value


def _family(field: Field) -> str:
    if field.kind is Kind.MONEY or field.kind is Kind.BOOLEAN:
        return str(field.kind)
    if field.kind in NUMERIC:
        return "number"
    return "date" if field.kind in DATES else field.target or "text"


def _children(scope: Scope, test: Children) -> Test:
    if test.measure is None and (test.op, test.value) in _AT_LEAST_ONE:
        return _has_children(scope, test)
    if test.measure is None and (test.op, test.value) in _NONE:
        return ~_has_children(scope, test)
    measure = test.measure or measures.COUNT
    value = fields.over_children(scope, test.children, measure, test.where)
    child = scope.context.schema.child(scope.entity.name, test.children)
    limit = measures.plan(scope.context.schema, child.entity, measure).bound(test.value, scope.context.money)
    if test.op == "ne":
        return _untrue(value == limit)
    return _sizes(value, test.op, [limit])


def _has_children(scope: Scope, test: Children) -> Test:
    rows, conditions = fields.child_rows(scope, test.children, test.where)
    link = fields.link_to(scope, rows, test.children) == scope.id
    some = select(rows.id).where(link, *conditions).select_from(rows.source()).correlate(scope.table)
    return exists(some.offset(0) if scope.is_probed else some)


_AT_LEAST_ONE = frozenset({("ge", 1), ("gt", 0), ("ne", 0)})
_NONE = frozenset({("eq", 0), ("lt", 1), ("le", 0)})
