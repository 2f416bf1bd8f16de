"""The words of changes: `prompts/lexicon/writing.yaml` as readings by concept, and a vocabulary that holds them."""

from dataclasses import replace
from functools import cache

import prompts
from copilot.offline.lexicon import Words, key
from copilot.offline.tags import Sense, T
from copilot.offline.vocabulary import Vocabulary

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
    phrases = {
        words: kept
        for words, senses in vocabulary.phrases.items()
        if (kept := [s for s in senses if s.type is not T.WRITE])
    }
    for words in [w for w in phrases if len(w) > 1]:
        phrases[words] = [s for s in phrases[words] if not _hides(words, s)]
        if not phrases[words]:
            del phrases[words]
    for words, senses in writing_words().items():
        phrases[words] = [*phrases.get(words, ()), *senses]
    changed = replace(vocabulary, phrases=phrases)
    changed.words = vocabulary.words | {word for words in writing_words() for word in words}
    changed.longest = max(map(len, phrases))
    return changed


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
