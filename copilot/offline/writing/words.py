"""The words of changes: `prompts/lexicon/writing.yaml` as readings by concept, and a vocabulary that holds them."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import prompts
from copilot.offline.lexicon import Words, key
from copilot.offline.phrases import Phrases, SharedPhrases
from copilot.offline.tags import Sense, T
from copilot.offline.vocabulary import Vocabulary
from copilot.offline.writing.why import said_reasons

VERBS = ("set", "give", "take", "delete", "reopen", "raise", "lower", "later", "earlier", "clear", "split", "swap",
         "convert", "complete", "close", "rename")  # fmt: skip
_TELLING = ("deals_won", "deals_lost")


def _hides(words: Words, sense: Sense) -> bool:
    """Whether the reading hides a word that may order: "deals lost" in "mark all his deals lost", "Advanced to"."""
    told = sense.type in (T.METRIC, T.VERB_METRIC) and sense.value in _TELLING
    moved = sense.type in (T.FIELD, T.OWNS) and str(sense.value).startswith("stage_change.")
    fills = sense.type is T.FILLER and "there" in words
    if sense.type is T.FIELD and words == ("no", "."):  # "Kornbæk is a no."
        return True
    if sense.type is T.MANAGES and words[-1] == "under":  # "all she has | under 10k"
        return True
    if sense.type in (T.SHIFT, T.STEP) or (sense.type is T.OP and words == ("close", "to")):
        return True
    joined = sense.type is T.STATE and bool({"and", "or", "和"} & set(words))
    owned = sense.type is T.OWNS and ("owner" in words or words in (("down", "to"), ("up", "to")))
    ordered = sense.type is T.ASK and words[0] in ("give", "hand") and words[-1] == "all"
    return joined or told or moved or fills or owned or ordered


@cache
def writing_words() -> dict[Words, tuple[Sense, ...]]:
    """Phrase → its concepts."""
    found: dict[Words, list[Sense]] = {}
    for concept, phrases in prompts.load_yaml("lexicon/writing").items():
        for phrase in phrases:
            found.setdefault(key(str(phrase)), []).append(Sense(T.WISH, concept))
    return {words: tuple(senses) for words, senses in found.items()}


@cache
def small(kind: str) -> frozenset[str]:
    """A closed list of small words ("copula", "receiver"), of `prompts/lexicon/small_words.yaml`."""
    return frozenset(str(word) for word in prompts.load_yaml("lexicon/small_words")[kind])


def with_writing_words(vocabulary: Vocabulary) -> Vocabulary:
    """The same vocabulary, in which orders are read by concept and not merely known as orders."""
    phrases = Phrases(_shared(vocabulary.phrases.shared))
    for words, senses in vocabulary.phrases.own.items():
        kept, orders = _ordering(words, senses or ()), writing_words().get(words)
        if told := [*kept, *orders] if orders else kept:
            phrases[words] = told
        else:
            phrases.pop(words, None)
    for words, sense in _bare_stages(phrases):
        phrases[words] = [sense, *phrases.get(words, ())]
    reasons = dict(said_reasons(vocabulary.phrases))
    for words, sense in reasons.items():
        phrases[words] = [*phrases.get(words, ()), sense]
    changed = replace(vocabulary, phrases=phrases)
    changed.words = vocabulary.words | {word for words in (*writing_words(), *reasons) for word in words}
    changed.longest = max(map(len, phrases))
    return changed


def _bare_stages(phrases: Phrases) -> list[tuple[Words, Sense]]:
    """The names of stages without what stands in brackets behind: "booked" of "Booked (Won)"."""
    named = {name for _, senses in phrases.of(T.RECORD) for s in senses if s.type is T.RECORD for name in s.value}
    stages = [name for name in named if name.entity == "stage" and "(" in name.label]
    bare = ((key(name.label.split("(")[0].lower()), Sense(T.RECORD, (name,))) for name in stages)
    return [(words, sense) for words, sense in bare if words]


@cache
def _shared(language: SharedPhrases) -> SharedPhrases:
    """The language where orders are read: with the words of changes, and without what would hide one."""
    kept = {words: _ordering(words, senses) for words, senses in language.readings.items()}
    for words, concepts in writing_words().items():
        kept[words] = [*kept.get(words, ()), *concepts]
    return SharedPhrases({words: senses for words, senses in kept.items() if senses})


def _ordering(words: Words, senses: Sequence[Sense]) -> Sequence[Sense]:
    """The readings without those that hide an order."""
    if all(s.type is T.RECORD for s in senses):
        return senses
    kept = [s for s in senses if s.type is not T.WRITE]
    return [s for s in kept if not _hides(words, s)] if len(words) > 1 else kept


@cache
def making_words() -> dict[Words, frozenset[str]]:
    """Phrase → the concepts of `prompts/lexicon/making.yaml` that it may stand for."""
    found: dict[Words, set[str]] = {}
    for concept, phrases in prompts.load_yaml("lexicon/making").items():
        for phrase in phrases:
            found.setdefault(key(str(phrase)), set()).add(concept)
    return {words: frozenset(concepts) for words, concepts in found.items()}


def with_making_words(vocabulary: Vocabulary) -> Vocabulary:
    """The same vocabulary, to which the words of new records are no typing errors."""
    known = replace(vocabulary)
    known.__dict__["by_sound"] = ({}, {}, {})  # people's own words: what sounds like a known word is left as it is
    known.words = vocabulary.words | {word for words in making_words() for word in words if len(word) > 2}
    return known


def stem(word: str) -> str:
    """A word without the ending of its plural: "charts" → "chart", "glass" as it is."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word
