"""What the filters of several measures have in common, so that an index finds their rows.

A group none of whose rows matches any measure's filter says nothing and drops out: "open deals per rep" lists the
reps who have some.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from crm_core.query.spec import All, Any, Condition, Filter


@dataclass(frozen=True)
class Shared:
    """The filters that every row must pass, and what is left of each measure's own."""

    where: tuple[Filter, ...]
    rest: tuple[tuple[Filter, ...], ...]


def share(filters: Sequence[Sequence[Filter]]) -> Shared:
    """Split the filters of the measures into what any of them needs and what tells them apart."""
    if not filters:
        return Shared((), ())
    parts = [[part for each in own for part in _parts(each)] for own in filters]
    common = [part for part in parts[0] if all(part in other for other in parts[1:])]
    rest = tuple(tuple(part for part in own if part not in common) for own in parts)
    return Shared((*common, *_wider(rest)), rest)


def _parts(where: Filter) -> list[Filter]:
    return [inner for part in where.all for inner in _parts(part)] if isinstance(where, All) else [where]


def _wider(rest: Sequence[tuple[Filter, ...]]) -> list[Filter]:
    """What holds wherever at least one of `rest` holds."""
    if not all(rest):
        return []
    united = [one for one in (_united(field, rest) for field in _fields(rest[0])) if one is not None]
    if len(united) == 1 and all(len(own) == 1 for own in rest):
        return list(united)
    alternatives: list[Filter] = []
    for own in rest:
        one: Filter = own[0] if len(own) == 1 else All(all=list(own))
        if one not in alternatives:
            alternatives.append(one)
    return [*united, Any(any=alternatives)]


def _fields(own: Sequence[Filter]) -> list[str]:
    return list(dict.fromkeys(part.field for part in own if isinstance(part, Condition)))


def _united(field: str, rest: Sequence[tuple[Filter, ...]]) -> Condition | None:
    """`field in` every value that any of them allows, where each of them names values."""
    united: list[str | int | float | bool] = []
    for own in rest:
        values = next((_named(part) for part in own if isinstance(part, Condition) and part.field == field), None)
        if values is None:
            return None
        united += [value for value in values if value not in united]
    return Condition(field=field, op="in", value=united)


def _named(part: Condition) -> list[str | int | float | bool] | None:
    if part.other is not None or part.answer is not None or part.value is None or part.op not in ("eq", "in"):
        return None
    return part.value if isinstance(part.value, list) else [part.value]
