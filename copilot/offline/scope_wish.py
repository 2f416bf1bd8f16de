"""The scope that a person picked of a question back: within what was spoken of, or over everything."""

from dataclasses import dataclass
from typing import Literal

import prompts

Wish = Literal["within", "everything"]
_WISHES: tuple[Wish, ...] = ("within", "everything")


@dataclass(frozen=True)
class Said:
    """A message without the words of an offered scope, and which scope they say; None: they say none."""

    text: str
    wish: Wish | None = None


def wished(text: str) -> Said:
    """What a message says, and the scope that it was picked with."""
    for words in prompts.load_yaml("planner").values():
        for wish in _WISHES:
            said, mark, _ = text.partition(words["scope"][wish])
            if mark:
                return Said(said.strip(), wish)
    return Said(text)
