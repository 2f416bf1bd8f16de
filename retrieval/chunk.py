"""Splitting a text into passages: short enough to quote, long enough to mean something."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

MAX_WORDS = 60  # of a passage of several sentences
MAX_SENTENCE_WORDS = 120  # a longer sentence is cut: a model reads at most 256 word pieces

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=\S)|(?<=[。！？；])[”’」』）]*(?=\S)|\n+")
_TURN = re.compile(r"^\s*(?P<speaker>[^\W\d_][\w .'’·-]{0,38}[\w.])\s*[:：]\s+(?P<text>\S.*)$")
_MIN_TURNS = 3  # fewer lines "Name: text" are no transcript: "Next: …" stands in many a note
_WORD = re.compile(r"[㐀-鿿]|[^\s㐀-鿿]+")
_WEIGHT = {True: 0.3, False: 1.0}  # a passage may hold 200 Chinese characters


@dataclass(frozen=True)
class Piece:
    """A part of a text, its sentences, and who says it in a transcript."""

    text: str
    speaker: str | None = None
    sentences: tuple[str, ...] = field(default=(), compare=False)


def split(text: str) -> list[Piece]:
    """The passages of `text`, in order; together they hold all its words.

    A transcript gives a passage a turn, anything else groups of whole sentences: a greeting alone says nothing.
    """
    lines = [line.strip() for line in text.splitlines()]
    turns = [_TURN.match(line) for line in lines]
    named = [turn for turn in turns if turn]
    if len(named) >= _MIN_TURNS and 2 * len(named) >= sum(map(bool, lines)):
        return list(_transcript(lines))
    return [Piece(" ".join(group), sentences=tuple(group)) for group in _grouped(text)]


def size(text: str) -> float:
    """How long a text is, in English words or what says as much."""
    return sum(_WEIGHT["㐀" <= word[0] <= "鿿"] for word in _WORD.findall(text))


def _transcript(lines: list[str]) -> Iterator[Piece]:
    speaker: str | None = None
    for line in filter(None, lines):
        turn = _TURN.match(line)
        speaker = turn["speaker"] if turn else speaker
        for group in _grouped(turn["text"] if turn else line):
            yield Piece(" ".join(group), speaker, tuple(group))


def _grouped(text: str) -> Iterator[list[str]]:
    """Sentences together, as many as make a passage."""
    group: list[str] = []
    for sentence in _sentences(text):
        if group and size(" ".join([*group, sentence])) > MAX_WORDS:
            yield group
            group = []
        group.append(sentence)
    if group:
        yield group


def _sentences(text: str) -> Iterator[str]:
    for sentence in _SENTENCE_END.split(text):
        words = sentence.strip()
        while size(words) > MAX_SENTENCE_WORDS:
            cut = _cut_at(words)
            yield words[:cut].strip()
            words = words[cut:].strip()
        if words:
            yield words


def _cut_at(words: str) -> int:
    """Where the first part of a long sentence ends."""
    total = 0.0
    for match in _WORD.finditer(words):
        total += _WEIGHT["㐀" <= match[0][0] <= "鿿"]
        if total >= MAX_SENTENCE_WORDS:
            return min(match.end(), match.start() + _LONGEST_WORD)
    return len(words)


_LONGEST_WORD = 1000  # characters of one "word": base64 and the like
