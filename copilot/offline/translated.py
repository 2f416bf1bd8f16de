"""Stored values in the other words that the lexicon has for them."""

from collections import defaultdict
from collections.abc import Iterator

from copilot.offline.lexicon import Lexicon, Words, key
from copilot.offline.tags import Sense


def translated(lexicon: Lexicon, by_text: dict[Words, list[Sense]]) -> Iterator[tuple[Words, list[Sense]]]:
    """Synonyms of a canonical value reach every stored spelling of it, near misses of the spelling included."""
    from rapidfuzz import fuzz, process

    texts = {" ".join(words): senses for words, senses in by_text.items() if senses}
    forms: dict[str, set[Words]] = defaultdict(set)
    for words, canonicals in lexicon.translations.items():
        for canonical in canonicals:
            forms[canonical.lower()] |= {words, key(canonical)}
    for canonical, synonyms in forms.items():
        spelled = [canonical, *(" ".join(words) for words in synonyms)]
        hits = {form for form in spelled if form in texts}
        if not hits and (near := process.extractOne(canonical, list(texts), scorer=fuzz.ratio, score_cutoff=88)):
            hits = {near[0]}
        for hit in hits:
            for words in synonyms:
                yield words, texts[hit]
