"""What a spec rests on that the store has no value of: then nothing found says nothing, and no zero is told."""

from collections.abc import Iterator

from copilot.offline.vocabulary import Vocabulary
from crm_core.query.spec import All, Any, Children, Condition, Filter, QuerySpec


def find_unfilled(spec: QuerySpec, vocabulary: Vocabulary) -> str | None:
    """The first field ("entity.field") that is tested, ranked or grouped by and that no record has filled in."""
    named = [*_tested(spec.entity, spec.where, vocabulary), *((spec.entity, group.field) for group in spec.group_by)]
    for entity, path in named:
        step = vocabulary.schema.path(entity, path).field
        dotted = f"{step.entity}.{step.name}"
        if not vocabulary.holds(dotted):
            return dotted
    return _never_dated(spec, vocabulary)


def _tested(entity: str, where: Filter | None, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """Every (entity, path) of a condition that only a value can meet."""
    if isinstance(where, Condition):
        if where.op not in ("empty", "ne", "not_in"):
            yield entity, where.field
    elif isinstance(where, All | Any):
        for part in where.all if isinstance(where, All) else where.any:
            yield from _tested(entity, part, vocabulary)
    elif isinstance(where, Children) and where.op != "eq":
        child = vocabulary.schema.child(entity, where.children).entity
        yield from _tested(child, where.where, vocabulary)


def _never_dated(spec: QuerySpec, vocabulary: Vocabulary) -> str | None:
    """The close date, where only deals of the other outcome have one: lost deals by month, when none has a day."""
    if spec.entity != "deal":
        return None
    tests = list(_conditions(spec.where))
    dated = any(test.field == "closed_on" and test.op not in ("empty", "ne") for test in tests)
    kinds = {str(test.value) for test in tests if test.field == "stage.kind" and test.op == "eq"}
    return "deal.closed_on" if dated and kinds & vocabulary.undated else None


def _conditions(where: Filter | None) -> Iterator[Condition]:
    """The conditions that all must hold."""
    if isinstance(where, Condition):
        yield where
    elif isinstance(where, All):
        for part in where.all:
            yield from _conditions(part)
