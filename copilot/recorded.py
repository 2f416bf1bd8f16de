"""Whether a result holds what was asked for. Empty is an answer ("none match"); blank is not ("not recorded")."""

from collections.abc import Iterator

from crm_core.query.result import QueryResult, Value
from crm_core.query.spec import All, Any, Condition, Filter


def is_empty(result: QueryResult) -> bool:
    """Nothing matched: no rows, or measures over no record."""
    return not result.rows or (_is_blank(result) and not any(result.missing.values()))


def is_recorded(result: QueryResult) -> bool:
    """False where records match, but none has a value for what was asked: a sum of amounts that nobody filled in."""
    if is_empty(result):
        return True
    if result.spec.measures:
        return not _is_blank(result) and _is_compared(result)
    return _is_ranked(result) and _is_looked_up(result)


def _is_blank(result: QueryResult) -> bool:
    """No measure has a value in any row."""
    groups = 0 if result.spec.summary else len(result.spec.group_by)
    measured = [value for row in result.rows for value in row.values[groups:]]
    return bool(result.spec.measures) and all(value is None for value in measured)


def _is_compared(result: QueryResult) -> bool:
    """Two periods compared as a whole: both have a value, or there is no change to tell."""
    if result.spec.compare_to is None or result.spec.group_by:
        return True
    return result.rows[0].values[-1] is not None


def _is_ranked(result: QueryResult) -> bool:
    """Missing values sort last: a first row without a value means that nothing was there to rank by."""
    spec = result.spec
    if not (spec.order_by and spec.limit):
        return True
    value = _values_of(result, spec.order_by[0].by)
    return not value or value[0] is not None


def _is_looked_up(result: QueryResult) -> bool:
    """One record, asked for named fields of it: at least one of them is filled."""
    spec = result.spec
    if len(result.rows) != 1 or not spec.columns:
        return True
    known = {condition.field for condition in conditions(spec.where)}
    asked = [name for name in spec.columns if name not in known]
    values = [value for name in asked for value in _values_of(result, name)]
    return not values or any(value is not None for value in values)


def _values_of(result: QueryResult, name: str) -> list[Value]:
    at = next((i for i, column in enumerate(result.columns) if column.name == name), None)
    return [] if at is None else [row.values[at] for row in result.rows]


def conditions(where: Filter | None) -> Iterator[Condition]:
    """Every condition on the records themselves, through `all` and `any`."""
    match where:
        case Condition():
            yield where
        case All(all=parts) | Any(any=parts):
            for part in parts:
                yield from conditions(part)
