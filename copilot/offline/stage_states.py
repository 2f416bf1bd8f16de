"""Open states that a stage of the company's own says: 正在谈判 is 商务谈判, "under negotiation" is Negotiation."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import prompts
from copilot.offline.lexicon import Words
from copilot.offline.phrases import Phrases
from copilot.offline.tags import Sense, T

if TYPE_CHECKING:
    from copilot.offline.vocabulary import Name

_LEAST_LETTERS = 8  # "negotiat"
_AROUND = "正在还尚仍中的着"


def stage_states(stages: Mapping[str, str], phrases: Phrases) -> Iterator[tuple[Words, list[Sense]]]:
    """The words for open deals that name one open stage, or several, as those stages.

    Args:
        stages: name → kind.
        phrases: what is known already.
    """
    names = {s.value[0] for _, found in phrases.of(T.RECORD) for s in found if s.type is T.RECORD}
    held = sorted((n for n in names if n.entity == "stage" and stages.get(n.label) == "open"), key=lambda n: n.label)
    for words, senses in phrases.of(T.STATE) if held else ():
        if not any(s.type is T.STATE and s.value == "open" for s in senses):
            continue
        found = tuple(name for name in held if _names(words, name))
        if found and len(found) < len(held):
            yield words, [Sense(T.RECORD, found, "partial")]


def _names(words: Words, stage: "Name") -> bool:
    """Whether what the words say, apart from that it lasts, is part of the stage's name."""
    label = stage.label.lower()
    if all(word.isascii() for word in words):
        stems = {word[:_LEAST_LETTERS] for word in words if len(word) >= _LEAST_LETTERS}
        return any(part.startswith(stem) for stem in stems for part in label.replace("/", " ").split())
    core = "".join(words).strip(_AROUND)
    return len(core) > 1 and core in label and core not in prompts.load_yaml("lexicon/small_words")["plainly_open"]
