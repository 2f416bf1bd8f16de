"""The words of changes: `prompts/lexicon/writing.yaml` as readings by concept, and a vocabulary that holds them."""

from dataclasses import replace
from functools import cache

import prompts
from copilot.offline.lexicon import Words, key
from copilot.offline.tags import Sense, T
from copilot.offline.vocabulary import Vocabulary


@cache
def writing_words() -> dict[Words, tuple[Sense, ...]]:
    """Phrase → its concepts."""
    found: dict[Words, list[Sense]] = {}
    for concept, phrases in prompts.load_yaml("lexicon/writing").items():
        for phrase in phrases:
            found.setdefault(key(str(phrase)), []).append(Sense(T.WRITE, concept))
    return {words: tuple(senses) for words, senses in found.items()}


def with_writing_words(vocabulary: Vocabulary) -> Vocabulary:
    """The same vocabulary, in which orders are read by concept and not merely known as orders."""
    phrases = {
        words: kept for words, senses in vocabulary.phrases.items() if (kept := [s for s in senses if s.type is not T.WRITE])
    }
    for words, senses in writing_words().items():
        phrases[words] = [*phrases.get(words, ()), *senses]
    changed = replace(vocabulary, phrases=phrases)
    changed.words = vocabulary.words | {word for words in writing_words() for word in words}
    changed.longest = max(map(len, phrases))
    return changed
