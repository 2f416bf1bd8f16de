"""Stored values by a word of their own: "Vertigo" for the competitor Vertigo Lifts."""

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence

from copilot.offline.lexicon import Words
from copilot.offline.tags import Sense, T

_LEAST_LETTERS = 4
_EVERYDAY_ZIPF = 3.5


def short_values(
    values: Mapping[Words, Sequence[Sense]], phrases: Mapping[Words, Sequence[Sense]], *, taken: Container[str]
) -> Iterator[tuple[Words, list[Sense]]]:
    """The words that only one stored value holds, that no other thing is called by and that are no everyday ones.

    Args:
        values: what is stored, with its readings.
        phrases: what is known already.
        taken: words of the names of records, which stay names.
    """
    holders: dict[str, list[Words]] = defaultdict(list)
    for words in values:
        for word in set(words) if len(words) > 1 else ():
            holders[word].append(words)
    for word, found in holders.items():
        plain = word.isascii() and word.isalpha() and len(word) >= _LEAST_LETTERS
        if plain and len(found) == 1 and word not in taken and not phrases.get((word,)) and not is_everyday(word):
            yield (word,), [Sense(T.VALUE, sense.value, "partial") for sense in values[found[0]]]


def is_everyday(word: str) -> bool:
    """Whether it is a word of ordinary English, and no name or abbreviation of somebody's."""
    from wordfreq import zipf_frequency

    return bool(zipf_frequency(word, "en", wordlist="small") >= _EVERYDAY_ZIPF)
