"""The words that spelling is repaired towards, sorted so that few are looked at."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from copilot.offline.dates import VOCABULARY as CALENDAR
from copilot.offline.numbers import NUMERALS
from copilot.offline.phrases import Phrases
from copilot.offline.tags import T

_TELLING = frozenset(
    {T.ENTITY, T.FIELD, T.METRIC, T.VALUE, T.STATE, T.AGG, T.SUP, T.ASK, T.OP, T.BUCKET, T.UNIT, T.VERB_METRIC,
     T.CHANGE}
)  # fmt: skip


@dataclass(frozen=True)
class WordLists:
    """Single words of one store, of the calendar and of numbers.

    Attributes:
        by_length: every word, by how long it is.
        telling: the words that name something by themselves or ask for it, by their first letter.
    """

    by_length: Mapping[int, Sequence[str]]
    telling: Mapping[str, Sequence[str]]


def word_lists(words: Collection[str], phrases: Phrases) -> WordLists:
    """Of a vocabulary's words and phrases."""
    by_length: dict[int, list[str]] = defaultdict(list)
    for word in sorted({*words, *CALENDAR, *NUMERALS}):
        by_length[len(word)].append(word)
    telling: dict[str, list[str]] = defaultdict(list)
    for phrase, _ in phrases.of(*_TELLING):
        if len(phrase) == 1 and phrase[0].isascii():
            telling[phrase[0][:1]].append(phrase[0])
    return WordLists(by_length, telling)
