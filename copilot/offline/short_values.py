"""Stored values by a word of their own: "Vertigo" for the competitor Vertigo Lifts."""

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence

from copilot.offline.lexicon import Words
from copilot.offline.tags import Sense, T
from crm_core.schema import pluralize

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


def beginnings(
    values: Mapping[Words, Sequence[Sense]], phrases: Mapping[Words, Sequence[Sense]]
) -> Iterator[tuple[Words, list[Sense]]]:
    """What only one stored value begins with: "Hoffman Design" of Hoffman Design Group, 挂网 of 挂网招标.

    Two words or characters at least, or one with a hyphen: "walk-ins" of Walk-In Coolers.

    Args:
        values: what is stored, with its readings.
        phrases: what is known already.
    """
    heads: dict[Words, set[Words]] = defaultdict(set)
    for words in values:
        for full in {words, tuple(part for word in words for part in word.split("-"))}:
            for length in range(1, len(full) + (full != words)):
                heads[full[:length]].add(words)
    for head, found in heads.items():
        telling = len(head) > 1 or "-" in head[0]
        kind = {(*head, "类")} if telling and not head[0].isascii() else set()  # 咨询类 of 咨询项目
        for form in {head, (*head[:-1], pluralize(head[-1])), *kind} if telling and len(found) == 1 else ():
            if not phrases.get(form):
                yield form, [Sense(sense.type, sense.value, "partial") for sense in values[next(iter(found))]]


def is_everyday(word: str) -> bool:
    """Whether it is a word of ordinary English, and no name or abbreviation of somebody's."""
    from wordfreq import zipf_frequency

    return bool(zipf_frequency(word, "en", wordlist="small") >= _EVERYDAY_ZIPF)
