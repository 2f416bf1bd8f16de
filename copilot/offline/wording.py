"""A message as it was typed, with words left out or put in."""

import re
from collections.abc import Iterator, Sequence

from copilot.offline.tags import Tag
from copilot.offline.tokens import Token, normalise

_MARKS = ",.;:?!，。；：？！、"
_DOUBLED = re.compile(rf"\s*[{_MARKS}][{_MARKS}\s]*(?=[?？.。!！])")
_SPACED = re.compile(rf"\s+(?=[{_MARKS}])")


def without_words(text: str, tokens: Sequence[Token], gone: Sequence[Tag]) -> str:
    """The text without these tags, in order; marks and spaces as they should be."""
    whole, at, left = normalise(text), 0, ""
    for start, end in _spans(whole, tokens, gone):
        left, at = left + whole[at:start], max(at, end)
    left = " ".join((left + whole[at:]).split())
    left = _SPACED.sub("", _DOUBLED.sub("", left)).strip(" ,;:，；：、")
    return left[:1].upper() + left[1:] if whole[:1].isupper() else left


def with_word(text: str, tokens: Sequence[Token], gone: Sequence[Tag], word: str) -> str:
    """The text with this word in the place of these tags, which stand together."""
    whole = normalise(text)
    spans = list(_spans(whole, tokens, gone))
    gap = whole[: spans[-1][1]][len(whole[: spans[-1][1]].rstrip()) :]
    return whole[: spans[0][0]] + word + gap + whole[spans[-1][1] :]


def text_of(text: str, tokens: Sequence[Token], tags: Sequence[Tag]) -> str:
    """What was typed for these tags."""
    whole = normalise(text)
    said = "".join(whole[start:end] for start, end in _spans(whole, tokens, tags))
    return " ".join(said.split()).strip(f" {_MARKS}")


def _spans(whole: str, tokens: Sequence[Token], tags: Sequence[Tag]) -> Iterator[tuple[int, int]]:
    """From where to where each tag goes in the text, the space behind it with it."""
    for tag in tags:
        yield tokens[tag.start].start, tokens[tag.end].start if tag.end < len(tokens) else len(whole)
