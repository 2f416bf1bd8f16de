"""Blanks of a mail: what a person has to fill in before it leaves, marked as in "[…: price]"."""

import re

_MARK = re.compile(r"\[…\s*[:：]?\s*([^\]\n]*?)\s*\]")  # as prompts/drafts writes it


def blanks_in(text: str) -> tuple[str, ...]:
    """What the blanks are for, in order, each once."""
    return tuple(dict.fromkeys(found[1] for found in _MARK.finditer(text)))


def fill_in(text: str, name: str, words: str) -> str:
    """The text with `words` in every blank for `name`."""
    return _MARK.sub(lambda found: words if found[1] == name else found[0], text)
