"""Stored values that have no word in the language of a question: one of them may be what an unknown word means."""

from collections import defaultdict
from collections.abc import Sequence

from copilot.offline.glossary import Offer
from copilot.offline.tags import SILENT, T, Tag
from copilot.offline.vocabulary import Vocabulary


def offered(vocabulary: Vocabulary, word: str, loose: Sequence[Tag], tags: Sequence[Tag]) -> Offer | None:
    """What a stretch with an unknown word may stand for: by the dictionary, else by the field beside it."""
    found = vocabulary.glossary.offered(tags)
    if found is not None:
        return found
    values = values_beside(vocabulary, word, loose, tags)
    return Offer(word, values) if values else None


def values_beside(vocabulary: Vocabulary, word: str, loose: Sequence[Tag], tags: Sequence[Tag]) -> tuple[str, ...]:
    """What the unknown word may stand for, as in "the imaging industry", of the field that stands beside it.

    Only values in the other script that go by no word in this one; none where no field stands beside it.
    """
    unknown = {tag.start for tag in loose if tag.type is T.UNKNOWN}
    content = [tag for tag in tags if tag.type not in SILENT]
    places = [at for at, tag in enumerate(content) if tag.start in unknown]
    beside = [content[at] for at in (places[-1] + 1, places[0] - 1) if 0 <= at < len(content)] if places else []
    for tag in beside:
        for dotted in (sense.value for sense in tag.all(T.FIELD)):
            named: dict[str, set[bool]] = defaultdict(set)  # value → whether a phrase for it is in Latin letters
            for words, senses in vocabulary.phrases.of(T.VALUE):
                for sense in senses:
                    if sense.type is T.VALUE and sense.value[0] == dotted:
                        named[str(sense.value[1])].add(all(part.isascii() for part in words))
            found = tuple(value for value, scripts in named.items() if word.isascii() not in scripts)
            if found:
                return found
    return ()


def unknown_in(loose: Sequence[Tag]) -> str:
    """The first unknown word; of Chinese, the characters that stand together."""
    unknown = [tag for tag in loose if tag.type is T.UNKNOWN]
    text, end = "", -1
    for tag in unknown:
        if text and (tag.start != end or tag.text.isascii() or text.isascii()):
            break
        text, end = text + tag.text, tag.end
    return text
