"""What to call entities and columns in the language of the person. English labels stand with the declarations."""

import re
from collections.abc import Mapping
from functools import cache

from copilot.context import Lang
from crm_core.schema import build_schema, pluralize
from prompts import fill, load_yaml


def labels(lang: Lang) -> Mapping[str, str]:
    """Labels by "deal", "deal.amount" and "metric.bookings"; empty for English."""
    return {} if lang == "en" else load_yaml(f"lexicon/{lang}")["labels"]


def entity_label(entity: str, lang: Lang, *, count: int = 2) -> str:
    """What records of `entity` are called ("deals", "line items" …): one of them, or several."""
    told = labels(lang).get(entity)
    if told:
        return told
    known = build_schema().entities.get(entity)
    word = known.words[0] if known else entity.replace("_", " ")
    return column_label(word if count == 1 else pluralize(word), entity, lang)


def column_label(label: str, entity: str, lang: Lang) -> str:
    """A column's English label as a person of `lang` says it; a label that nothing explains stays as it is."""
    return label if lang == "en" else _translated(label, entity, lang)


def value_label(value: str, column: str, lang: Lang) -> str:
    """A value of Farley's own ("at risk", "won") as a person of `lang` says it; any other stays as it is.

    Args:
        value: as the store holds it.
        column: the field, dotted or plain.
        lang: of the person.
    """
    return value if lang == "en" else _values(lang).get((column.rpartition(".")[2], value), value)


@cache
def _values(lang: Lang) -> dict[tuple[str, str], str]:
    """(field, value) → what it is called."""
    named = ((key.partition("="), told) for key, told in labels(lang).items() if "=" in key)
    return {(path.partition(".")[2], value): told for (path, _, value), told in named}


@cache
def _translated(label: str, entity: str, lang: Lang) -> str:
    known = _words(lang)
    told = known.get((entity, label)) or known.get(("", label))
    if told:
        return told
    for form, there in load_yaml("labels")[lang]:
        if found := re.fullmatch(form, label):
            return fill(there, **{name: _translated(part, entity, lang) for name, part in found.groupdict().items()})
    return label


@cache
def _words(lang: Lang) -> dict[tuple[str, str], str]:
    """(entity or "", English label) → label there; under "" what the word means wherever it stands."""
    told, words = labels(lang), {}
    schema = build_schema()
    for field in schema.fields():
        if there := told.get(f"{field.entity}.{field.name}"):
            words[field.entity, field.label] = there
            for form in (field.label, pluralize(field.label)):
                words.setdefault(("", form), there)
    for metric in schema.metrics.values():
        if there := told.get(f"metric.{metric.name}"):
            words["", metric.words[0]] = there
    for entity in schema.entities.values():
        if there := told.get(entity.name):
            words["", entity.words[0]] = words["", pluralize(entity.words[0])] = there
    return words
