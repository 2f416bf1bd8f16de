"""A company's own words put into its registry, so that everything which reads the registry knows them."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter, ValidationError

from crm_core.errors import Invalid
from crm_core.own_condition import OwnCondition
from crm_core.query.metrics import Metric
from crm_core.query.spec import All, Children, Condition, Filter, Not
from crm_core.query.spec import Any as AnyOf
from crm_core.schema import Entity, Field, Schema

METRIC = "metric:"  # how the target of a word names a metric
WHERE = "where:"  # how it names the kind of record that a condition is on
_FILTER: TypeAdapter[Filter] = TypeAdapter(Filter)


def with_words(schema: Schema, words: Iterable[tuple[str, str]]) -> Schema:
    """`schema` with further words of fields, kinds of records and metrics.

    A word means its targets alone: metrics, and other fields of the same record, that had it before lose it; a field
    keeps its label. A target that does not exist is left out.

    Args:
        schema: with the store's custom fields.
        words: (phrase, target) pairs, as `CompanyWord` keeps them.
    """
    own: dict[str, tuple[str, ...]] = {}
    for phrase, target in words:
        if _exists(schema, target):
            own[phrase] = (*own.get(phrase, ()), target)
    if not own:
        return schema
    entities = {name: _entity(entity, own) for name, entity in schema.entities.items()}
    metrics = {name: _metric(metric, own) for name, metric in schema.metrics.items()}
    return replace(schema, entities=entities, metrics=metrics, own_words=own)


def with_conditions(schema: Schema, words: Iterable[tuple[str, str, dict[str, Any]]]) -> Schema:
    """`schema` with the words that stand for a condition ("key account": accounts with revenue over 1 m).

    A condition on a field that is gone is left out.

    Args:
        schema: with the store's custom fields.
        words: (phrase, target, filter) as `CompanyWord` keeps them; the target is "where:" and the kind of record.
    """
    found: dict[str, OwnCondition] = {}
    for phrase, target, stored in words:
        entity = target.removeprefix(WHERE)
        try:
            where = _FILTER.validate_python(stored)
            for at, dotted in _fields(schema, entity, where):
                schema.path(at, dotted)
        except (ValidationError, Invalid):
            continue
        found[phrase] = OwnCondition(phrase, entity, where)
    return replace(schema, own_conditions=found) if found else schema


def _fields(schema: Schema, entity: str, where: Filter) -> Iterator[tuple[str, str]]:
    """Every field that a filter on `entity` names, with the entity that it is seen from."""
    if isinstance(where, Condition):
        yield from ((entity, name) for name in (where.field, where.other) if name)
    elif isinstance(where, Not):
        yield from _fields(schema, entity, where.none)
    elif isinstance(where, All | AnyOf):
        for part in where.all if isinstance(where, All) else where.any:
            yield from _fields(schema, entity, part)
    elif isinstance(where, Children):
        child = schema.child(entity, where.children)
        if where.where is not None:
            yield from _fields(schema, child.entity, where.where)


def _exists(schema: Schema, target: str) -> bool:
    if target.startswith(METRIC):
        return target.removeprefix(METRIC) in schema.metrics
    entity, _, name = target.partition(".")
    return entity in schema.entities and (not name or name in schema.entities[entity].fields)


def _entity(entity: Entity, own: dict[str, tuple[str, ...]]) -> Entity:
    fields = {name: _field(field, own) for name, field in entity.fields.items()}
    return replace(entity, words=_added(entity.words, entity.name, own), fields=fields)


def _field(field: Field, own: dict[str, tuple[str, ...]]) -> Field:
    dotted = f"{field.entity}.{field.name}"
    kept = field.words[:1] + tuple(word for word in field.words[1:] if not _is_of_another(word, dotted, own))
    words = _added(kept, dotted, own)
    return field if words == field.words else replace(field, words=words)


def _is_of_another(word: str, dotted: str, own: dict[str, tuple[str, ...]]) -> bool:
    entity = dotted.partition(".")[0]
    meant = [target for target in own.get(word, ()) if target.startswith(f"{entity}.")]
    return bool(meant) and dotted not in meant


def _metric(metric: Metric, own: dict[str, tuple[str, ...]]) -> Metric:
    name = f"{METRIC}{metric.name}"
    kept = tuple(word for word in metric.words if word not in own or name in own[word])
    words = _added(kept or (metric.name.replace("_", " "),), name, own)
    return metric if words == metric.words else replace(metric, words=words)


def _added(words: tuple[str, ...], target: str, own: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    further = [phrase for phrase, targets in own.items() if target in targets and phrase not in words]
    return (*words, *further)
