"""Stored values in the other words that the lexicon has for them."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from copilot.offline.lexicon import Lexicon, Words, key
from copilot.offline.tags import Sense, T


def translated(
    lexicon: Lexicon, by_text: dict[Words, list[Sense]], direct: Mapping[Words, Collection[str]]
) -> Iterator[tuple[Words, list[Sense]]]:
    """Synonyms of a canonical value reach every stored spelling of it, near misses of the spelling included.

    Args:
        lexicon: with the synonyms.
        by_text: stored values.
        direct: "entity.field" of those of which the words name a value by themselves: the team Food is no brewery.
    """
    from rapidfuzz import fuzz, process

    texts = {" ".join(words): senses for words, senses in by_text.items() if senses}
    for canonical, synonyms in lexicon.synonyms.items():
        spelled = dict.fromkeys([canonical, *(" ".join(words) for words in synonyms)])
        hits = [form for form in spelled if form in texts]
        if not hits and (near := process.extractOne(canonical, list(texts), scorer=fuzz.ratio, score_cutoff=88)):
            hits = [near[0]]
        for hit in hits:
            for words in synonyms:
                own = direct.get(words, ())
                said = _says_it(words, hit, texts)
                found = [s for s in said or texts[hit] if s.type is not T.VALUE or s.value[0] not in own]
                if found:
                    yield words, found


def _says_it(words: Words, hit: str, texts: Mapping[str, Sequence[Sense]]) -> list[Sense]:
    """The one other value of the same column that has these very words: "food" is the Food Producer, and no brewery."""
    fields = {s.value[0] for s in texts[hit] if s.type is T.VALUE}
    if set(words) <= set(hit.split(" ")):
        return []
    whole = {hit, " ".join(words)}
    found = [text for text in texts if set(words) <= set(text.split(" ")) and text not in whole]
    senses = [s for text in found for s in texts[text] if s.type is T.VALUE and s.value[0] in fields]
    return senses if len(senses) == 1 else []


def spelled_out(lexicon: Lexicon, codes: Mapping[str, Sequence[Sense]]) -> Iterator[tuple[Words, list[Sense]]]:
    """The names of places that a list holds codes of: "Ohio" and "Ohioan" of OH.

    Args:
        lexicon: with the codes of places.
        codes: values of capital letters alone → their readings.
    """
    held = {name.lower(): codes[code] for name, code in lexicon.codes.items() if code in codes}
    for name, senses in held.items():
        yield key(name), list(senses)
    for words, named in lexicon.translations.items() if held else ():
        if named[0].lower() in held:
            yield words, list(held[named[0].lower()])


def elsewhere(
    lexicon: Lexicon, phrases: Mapping[Words, Sequence[Sense]], dotted: str
) -> Iterator[tuple[Words, list[Sense]]]:
    """Countries in which no record is: known as such, so that none is found and not "what is France?"."""
    for name in sorted(lexicon.countries):
        for words in (key(name), *lexicon.synonyms.get(name, ())):
            if not phrases.get(words):
                yield words, [Sense(T.VALUE, (dotted, name.title()))]
