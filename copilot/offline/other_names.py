"""What people call a company's own columns in other words, and in the other language: 竞争对手 of "Competitor"."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

import prompts
from copilot.offline.lexicon import LANGUAGES, Words, key
from copilot.offline.tags import Sense, T
from crm_core.schema import pluralize

_GIVE_WAY = frozenset({T.FILLER, T.NOT_HELD, T.FIELD, T.CHANGE, T.WRITE})


def other_names(
    labels: Mapping[str, Sequence[Words]], phrases: Mapping[Words, Sequence[Sense]]
) -> Iterator[tuple[Words, list[Sense]]]:
    """The other words of the concepts that columns are called by; words that mean something else already keep to it.

    Args:
        labels: by "entity.field", what an own column is called.
        phrases: what is known already.
    """
    for concept in prompts.load_yaml("lexicon/column"):
        told = _forms_of(concept) | _headers_of(concept)
        meant = [Sense(T.FIELD, dotted) for dotted, names in labels.items() if told.intersection(names)]
        for words in _forms_of(concept) if meant else ():
            known = phrases.get(words, ())
            if all(sense.type in _GIVE_WAY for sense in known):
                fields = [sense for sense in known if sense.type is T.FIELD]
                yield words, list(dict.fromkeys([*fields, *meant]))


def is_called(names: Iterable[str], concept: str) -> bool:
    """Whether one of a column's names is a word of this concept of `lexicon/column.yaml`."""
    return any(key(name.lower()) in _forms_of(concept) | _headers_of(concept) for name in names)


@cache
def _forms_of(concept: str) -> frozenset[Words]:
    words = prompts.load_yaml("lexicon/column")[concept]
    return frozenset(form for lang in LANGUAGES for word in words[lang] for form in _numbers(str(word)))


@cache
def _headers_of(concept: str) -> frozenset[Words]:
    """What only a header says so: "Lost To" is a column of competitors, and in a sentence something else."""
    return frozenset(map(key, prompts.load_yaml("lexicon/column")[concept].get("headers", ())))


def _numbers(word: str) -> tuple[Words, ...]:
    return (key(word), key(pluralize(word))) if word.isascii() else (key(word),)
