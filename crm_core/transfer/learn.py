"""The words that an import teaches: headers by which the company calls the fields they fill."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from crm_core.models import Role
from crm_core.own_words import METRIC
from crm_core.schema import Entity, Field, Schema, pluralize
from crm_core.titles import same_title
from crm_core.transfer.called import called
from crm_core.transfer.guess import LISTS
from crm_core.transfer.mapping import CLOSE_DATE
from crm_core.transfer.text import closed_values, header_parts, header_words, headers
from crm_core.transfer.units import without_unit
from crm_core.transfer.words_in import value_of

if TYPE_CHECKING:
    from crm_core.transfer.plan import FilePlan

MOST_WORDS = 4
_LONGEST = 30


def words_learnt(
    files: Sequence["FilePlan"], schema: Schema, known: Mapping[str, Sequence[str]]
) -> tuple[tuple[str, str], ...]:
    """(phrase, target) of each header that tells a new word: ("acv", "deal.amount"), ("ae", "user").

    Left out are headers that say nothing ("id", "name"), that the field or kind of record is called by already, that
    are made of its words ("deal stage"), or that a total goes by ("revenue" is that of won deals).

    Args:
        files: with their maps.
        schema: the store's registry.
        known: words of other languages, keyed "deal.amount" for a field and "deal" for an entity.
    """
    found: dict[tuple[str, str], None] = {}
    for plan in files:
        entity = schema.entities[plan.entity]
        for header, column in plan.map.columns.items():
            name = "closed_on" if column.field == CLOSE_DATE else column.field
            field = entity.fields.get(name or "") if not column.skip else None
            if field is not None and not field.is_custom:
                for form in header_parts(header) or [header]:
                    found |= dict.fromkeys(_of(form, field, entity, schema, known))
            if column.keep is not None and column.keep.key in schema.entities[plan.entity].fields:
                found[header_words(header), f"{entity.name}.{column.keep.key}"] = None
        found |= dict.fromkeys(_records(plan, entity, schema, known))
    return tuple(found)


def narrower_words(files: Sequence["FilePlan"], schema: Schema) -> tuple[tuple[str, str, dict[str, str]], ...]:
    """(phrase, kind of record, filter) of each noun for the rows of one of several files: contracts among orders.

    Args:
        files: with their maps.
        schema: the store's registry.
    """
    found: dict[str, list[tuple[str, str, dict[str, str]]]] = {}
    for plan in files:
        for one in plan.map.fixed:
            if one.custom is None or plan.entity != "order":
                continue  # a company's own words for talks are told by the words themselves
            nouns = [*called(plan.profile, schema.entities[plan.entity], plan.targets()), header_words(one.value)]
            for noun in dict.fromkeys(nouns):
                where = {"field": one.custom.key, "op": "eq", "value": one.value}
                found.setdefault(noun, []).append((noun, plan.entity, where))
    return tuple(same[0] for same in found.values() if len(same) == 1)


def _records(
    plan: "FilePlan", entity: Entity, schema: Schema, known: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, str]]:
    """What the company calls the records of this file, where no kind of record is called so."""
    if any(one.custom is not None for one in plan.map.fixed):
        return  # the nouns are what the rows of this file alone are
    words = {word for e in schema.entities.values() for word in (*e.words, *known.get(e.name, ()))}
    words |= {word for section in ("entities", "files") for listed in headers()[section].values() for word in listed}
    held = {entity.name + "." + target for target in plan.targets().values()}
    told = [m for m in schema.metrics.values() if f"{m.entity}.{m.measure.field}" in held or m.entity != entity.name]
    metrics = {word for metric in told for word in metric.words}  # "bookings" are deals where no amount is told of them
    for noun in called(plan.profile, entity, plan.targets()):
        is_new = noun not in words or _is_wider(noun, plan, entity)
        if is_new and not {noun, pluralize(noun)} & metrics:
            yield noun, entity.name


def _is_wider(noun: str, plan: "FilePlan", entity: Entity) -> bool:
    """Whether records that are called after one kind of talk are of several: "visits" that hold calls too."""
    kinds = closed_values(f"{entity.name}.kind")
    at = next((index for index, target in plan.targets().items() if target == "kind"), None)
    cells = plan.profile.columns[at].distinct if at is not None else ()
    told = [value_of(value, f"{entity.name}.kind") for value in cells]
    is_own = at is None or noun not in {same_title(value) for value in plan.profile.columns[at].distinct}
    return noun in kinds and is_own and any(kind not in (None, kinds[noun]) for kind in told)


def _of(
    header: str, field: Field, entity: Entity, schema: Schema, known: Mapping[str, Sequence[str]]
) -> Iterator[tuple[str, str]]:
    phrase = without_unit(header)
    if field.role is Role.CODE or not _says_something(phrase) or _is_total(phrase, field, schema):
        return
    for target in _targets(field, entity):
        called = schema.entities[target.partition(".")[0]]
        words = [*(field.words if "." in target else called.words), *known.get(target, ())]
        own = [*called.words, *known.get(called.name, ())]
        if field.target is not None:  # "sales agent" says who the owner is already
            words += [*schema.entities[field.target].words, *known.get(field.target, ())]
        if _is_known(phrase, words, own):
            return
        yield phrase, target


def _targets(field: Field, entity: Entity) -> list[str]:
    """A column of titles names the record; one of a deal's owner names both the field and the people."""
    dotted = f"{field.entity}.{field.name}"
    if field.role is Role.TITLE:
        return [entity.name] if entity.name in LISTS else []
    is_party = entity.is_fact and field.target in LISTS and field.role is not Role.PARENT
    return [dotted, str(field.target)] if is_party else [dotted]


def _says_something(phrase: str) -> bool:
    words = phrase.split()
    empty = headers()["say_nothing"]
    plain = len(phrase) > 1 and len(phrase) <= _LONGEST and len(words) <= MOST_WORDS and not re.search(r"\d", phrase)
    named = words and (words[-1] in empty or any(phrase.endswith(word) for word in empty if not word.isascii()))
    return plain and not named and phrase not in headers()["commands"]


def _is_total(phrase: str, field: Field, schema: Schema) -> bool:
    """Whether a metric goes by this word that is the sum of this field, or measures another one."""
    dotted = f"{field.entity}.{field.name}"
    for metric in schema.metrics.values():
        measured = f"{metric.entity}.{metric.measure.field}"
        if phrase in metric.words and (metric.measure.fn == "sum" or measured != dotted):
            return f"{METRIC}{metric.name}" not in schema.own_words.get(phrase, ())
    return False


def _is_known(phrase: str, words: Sequence[str], own: Sequence[str]) -> bool:
    """Whether `phrase` is among `words`, or is one of them after the record's own word ("deal stage")."""
    plain = {form for word in words for form in (header_words(word), header_words(pluralize(word)))}
    rests = [phrase.removeprefix(f"{word} " if word.isascii() else word) for word in own]
    return any(rest in plain for rest in (phrase, *rests))
