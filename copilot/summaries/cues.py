"""Words that tell what a sentence is about, from `prompts/lexicon/summary.yaml`, in both languages at once."""

import re
from functools import cache
from typing import Any

import prompts

_NEVER = r"(?!)"
_BREAK = re.compile(r"[,;:，；：、。—–]|\bbut\b|但", re.IGNORECASE)


def find_section(text: str) -> str | None:
    """The first section of the lexicon's order, promises aside, that a sentence has a word of; None: of none.

    A word that the sentence denies does not count where that turns it around, and a question tells of few sections.
    """
    names = [name for name in _lexicon()["order"] if name != "promises"]
    if text.rstrip().endswith(("?", "？")):
        names = [name for name in names if name in _lexicon()["asked"]]
    return next((name for name in names if _is_told(name, text)), None)


def find_tone(text: str) -> str | None:
    """Warm or cool, as the lexicon names it; a warm word denied is cool, and so is a sentence with words of both."""
    cool, warm = (_stances(_pattern("tone", name), text) for name in ("cool", "warm"))
    if True in cool or False in warm:
        return "cool"
    return "warm" if warm else None


def holds(part: str, name: str, text: str) -> bool:
    """Whether a sentence has a word of `name` in a part of the lexicon ("tone", "warm")."""
    return _pattern(part, name).search(text) is not None


def without(part: str, name: str, text: str) -> str:
    """The sentence without these words."""
    return _pattern(part, name).sub(" ", text)


def _is_told(name: str, text: str) -> bool:
    if name == "objections" and _words_of("settled").search(text):
        return False
    stances = _stances(_pattern("sections", name), text)
    return True in stances or (bool(stances) and name not in _lexicon()["reversible"])


def _stances(pattern: re.Pattern[str], text: str) -> set[bool]:
    """Whether the words are said as they stand (True) or denied (False), for each place where they are."""
    return {not _is_denied(text[: found.start()]) for found in pattern.finditer(text)}


def _is_denied(before: str) -> bool:
    clause = _BREAK.split(before)[-1]
    return _denials().search(clause) is not None


@cache
def _denials() -> re.Pattern[str]:
    words = _lexicon()["negation"]
    english, chinese = "|".join(words["en"]), "|".join(words["zh"])
    return re.compile(rf"(?<!\w)(?:{english})(?:\s+\S+){{0,3}}\s+$|(?:{chinese})[㐀-鿿]{{0,3}}$", re.IGNORECASE)


@cache
def _words_of(name: str) -> re.Pattern[str]:
    return _compiled(_lexicon()[name])


@cache
def _pattern(part: str, name: str) -> re.Pattern[str]:
    return _compiled(_lexicon()[part][name])


def _compiled(words: dict[str, list[str]]) -> re.Pattern[str]:
    english, chinese = "|".join(words["en"]) or _NEVER, "|".join(words["zh"]) or _NEVER
    return re.compile(rf"(?<!\w)(?:{english})(?!\w)|(?:{chinese})", re.IGNORECASE)


def _lexicon() -> Any:
    return prompts.load_yaml("lexicon/summary")
