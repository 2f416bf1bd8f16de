"""Why a deal was lost, in the company's own words for it: "they found someone cheaper" is its "Price"."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache

import prompts
from copilot.offline.lexicon import Words, key
from copilot.offline.phrases import Phrases
from copilot.offline.tags import Sense, T, Tag

REASON = "deal.lost_reason"
_WHY = "why"


def said_reasons(phrases: Phrases) -> Iterator[tuple[Words, Sense]]:
    """How people tell each stored reason; a concept that several stored ones may mean tells none."""
    stored = dict.fromkeys(s.value[1] for _, senses in phrases.of(T.VALUE) for s in senses if _is_stored(s))
    for names, said in _concepts():
        meant = [reason for reason in stored if _holds(key(str(reason).lower()), names)]
        if len(meant) == 1:
            yield from ((words, Sense(T.WISH, (_WHY, meant[0]))) for words in said)


def reasons_in(tags: Iterable[Tag]) -> list[str]:
    """The company's own reasons for a loss that these words name or tell, each once."""
    found = [s.value[1] for tag in tags for s in tag.senses if _is_stored(s) or _is_told(s)]
    return list(dict.fromkeys(found))


def told_reasons(tags: Iterable[Tag]) -> list[str]:
    """Those that they tell in other words than the company's."""
    return list(dict.fromkeys(s.value[1] for tag in tags for s in tag.senses if _is_told(s)))


def _is_stored(sense: Sense) -> bool:
    return sense.type is T.VALUE and sense.value[0] == REASON


def _is_told(sense: Sense) -> bool:
    return sense.type is T.WISH and isinstance(sense.value, tuple) and sense.value[0] == _WHY


def _holds(words: Words, names: Sequence[Words]) -> bool:
    return any(words[at : at + len(name)] == name for name in names for at in range(len(words)))


@cache
def _concepts() -> tuple[tuple[tuple[Words, ...], tuple[Words, ...]], ...]:
    """Of each concept what companies call it, and how people tell it."""
    lists = prompts.load_yaml("lexicon/reason").values()
    return tuple((_keys(each["names"]), _keys(each["said"])) for each in lists)


def _keys(listed: Iterable[object]) -> tuple[Words, ...]:
    return tuple(key(str(phrase).lower()) for phrase in listed)
