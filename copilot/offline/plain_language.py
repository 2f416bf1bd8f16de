"""The language of sales: what the lexicon and the registry without any company's columns say, made once a process."""

from collections.abc import Iterator
from functools import cache

from copilot.offline.lexicon import Words, key, load_lexicon
from copilot.offline.phrases import Phrases, SharedPhrases
from copilot.offline.tags import Sense, T
from crm_core.models import Kind
from crm_core.schema import Schema, build_schema, pluralize


def phrases_of(schema: Schema) -> Phrases:
    """The language, with the words that a store's registry has for its fields and metrics as its own."""
    told, plain = _registered(schema), _plain_registry()
    known = Phrases(plain_language())
    lexicon = load_lexicon().phrases
    for words in [*told, *(words for words in plain if words not in told)]:
        if told.get(words) != plain.get(words):
            senses = dict.fromkeys([*told.get(words, ()), *lexicon.get(words, ())])
            if senses:
                known[words] = list(senses)
            else:
                known.pop(words, None)
    return known


@cache
def plain_language() -> SharedPhrases:
    """The words of the registry as it stands in the code, and those of the lexicon."""
    lexicon, registered = load_lexicon().phrases, _plain_registry()
    both = {words: list(dict.fromkeys([*senses, *lexicon.get(words, ())])) for words, senses in registered.items()}
    return SharedPhrases({**both, **{words: senses for words, senses in lexicon.items() if words not in both}})


@cache
def _plain_registry() -> dict[Words, list[Sense]]:
    return _registered(build_schema())


def _registered(schema: Schema) -> dict[Words, list[Sense]]:
    found: dict[Words, list[Sense]] = {}
    for words, sense in _registry_words(schema):
        senses = found.setdefault(words, [])
        if sense not in senses:
            senses.append(sense)
    return found


def _registry_words(schema: Schema) -> Iterator[tuple[Words, Sense]]:
    for entity in schema.entities.values():
        for word in entity.words:
            yield from _forms(word, Sense(T.ENTITY, _noun(entity.name, word)))
        for child in entity.children.values():
            own = schema.entities[child.entity].words
            for word in child.words if child.words != own else ():
                yield key(word), Sense(T.TREE, f"{entity.name}.{child.name}")
    for each in schema.fields():
        sense = Sense(T.FIELD, f"{each.entity}.{each.name}")
        counted = each.is_numeric or each.is_date or each.kind is Kind.BOOLEAN
        for word in each.words if each.ask else ():
            yield from [(key(word), sense)] if counted else _forms(word, sense)
    for word in schema.entities["deal"].fields["amount"].words:  # "contract value won", "won contract value"
        yield from [(key(phrase), Sense(T.METRIC, "bookings")) for phrase in (f"{word} won", f"won {word}")]
    for metric in schema.metrics.values():
        for word in metric.words:
            yield from _forms(word, Sense(T.METRIC, metric.name))


def _forms(word: str, sense: Sense) -> Iterator[tuple[Words, Sense]]:
    """A noun in the singular and the plural."""
    yield key(word), sense
    yield key(pluralize(word)), sense


def _noun(entity: str, word: str) -> str:
    return "rep" if entity == "user" and word != "user" else entity
