"""Words that tell what a sentence is about, from `prompts/lexicon/summary.yaml`, in both languages at once."""

import re
from functools import cache
from typing import Any

import prompts

_NEVER = r"(?!)"


def find_section(text: str) -> str | None:
    """The first section of the lexicon's order, promises aside, that a sentence has a word of; None: of none."""
    return next((name for name in _lexicon()["order"] if name != "promises" and holds("sections", name, text)), None)


def holds(part: str, name: str, text: str) -> bool:
    """Whether a sentence has a word of `name` in a part of the lexicon ("tone", "warm")."""
    return _pattern(part, name).search(text) is not None


def without(part: str, name: str, text: str) -> str:
    """The sentence without these words."""
    return _pattern(part, name).sub(" ", text)


@cache
def _pattern(part: str, name: str) -> re.Pattern[str]:
    words = _lexicon()[part][name]
    english, chinese = "|".join(words["en"]) or _NEVER, "|".join(words["zh"]) or _NEVER
    return re.compile(rf"(?<!\w)(?:{english})(?!\w)|(?:{chinese})", re.IGNORECASE)


def _lexicon() -> Any:
    return prompts.load_yaml("lexicon/summary")
