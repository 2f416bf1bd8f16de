"""The words of the page in both languages, from the files of `words/`: one for each page, keys as `board_empty`."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from copilot.context import Lang
from prompts import fill

_FOLDER = Path(__file__).parent / "words"


def say(key: str, lang: Lang, **values: object) -> str:
    """The words `key` in `lang` with their holes filled; KeyError where either is missing."""
    return fill(all_words()[key][lang], **values)


@cache
def all_words() -> dict[str, dict[str, str]]:
    """Key → language → words. A key that stands in two files is a mistake."""
    found: dict[str, dict[str, str]] = {}
    for path in sorted(_FOLDER.glob("*.yaml")):
        words: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
        if twice := found.keys() & words.keys():
            raise ValueError(f"{path.name}: {min(twice)} stands in another file too")
        found |= words
    return found
