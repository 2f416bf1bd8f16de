"""A message as one sees it who looks for new records: its text, words, tags, and the words of `making.yaml`."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

import prompts
from copilot.offline.tags import Sense, T, Tag
from copilot.offline.tokens import Token, normalise
from copilot.offline.writing.context import Saying
from copilot.offline.writing.words import making_words

_WHOLE = (T.RECORD, T.VALUE, T.DATE)
_WHOLE_WORDS = (*_WHOLE, T.FIELD, T.ENTITY)
MAX_QUOTE = 2000
_STOPS = frozenset(".:;!?。：；！？,，、—\n")


@cache
def longest() -> int:
    """Of the phrases, in words."""
    return max(map(len, making_words()))


@dataclass(frozen=True)
class Mark:
    """A word or phrase of a concept: the tokens [start, end)."""

    start: int
    end: int
    concepts: frozenset[str]


def _holds(tag: Tag, typed: str) -> bool:
    """Whether a name that a tag stands for is written with these characters; other tags always are."""
    return tag.type is not T.RECORD or any(typed in name.label for s in tag.all(T.RECORD) for name in s.value)


def _is_job(tag: Tag) -> bool:
    """Whether it is what somebody is known to be, in which the word for the job still stands: 设备|科长."""
    return tag.type is T.VALUE and any(str(s.value[0]).endswith(".title") for s in tag.all(T.VALUE))


@dataclass(frozen=True)
class Scan:
    """A text with its tokens and tags; every index is of a token."""

    text: str
    tokens: tuple[Token, ...]
    tags: tuple[Tag, ...]

    @cached_property
    def is_chinese(self) -> bool:
        """Whether any of it is."""
        return any(token.script == "cjk" for token in self.tokens)

    @property
    def lang(self) -> str:
        """In which to answer."""
        return "zh" if self.is_chinese else "en"

    def say(self, name: str, **values: object) -> str:
        """A sentence of the planner in the language of the text."""
        return prompts.fill(prompts.load_yaml("planner")[self.lang][name], **values)

    @cached_property
    def marks(self) -> tuple[Mark, ...]:
        """Every phrase of the word list, nested ones too, the longest first where several begin."""
        texts = tuple(token.text for token in self.tokens)
        known, most = making_words(), longest()
        return tuple(
            Mark(at, end, known[texts[at:end]])
            for at in range(len(texts))
            for end in range(min(at + most, len(texts)), at, -1)
            if texts[at:end] in known and not self._cuts_a_name(at, end)
        )

    def _cuts_a_name(self, start: int, end: int) -> bool:
        """Whether the tokens are a part of a Chinese name, value or date: the 加 of 新加坡."""
        if self.tokens[start].script != "cjk":
            return False
        tags = [tag for tag in self.tags if tag.start < end and start < tag.end]
        if all(start <= tag.start and tag.end <= end for tag in tags):
            return False
        kinds = _WHOLE if end > start + 1 else _WHOLE_WORDS
        typed = "".join(token.raw for token in self.tokens[start:end])
        return any(tag.type in kinds and _holds(tag, typed) and not _is_job(tag) for tag in tags)

    def said(self, *wanted: str, start: int = 0, end: int | None = None) -> list[Mark]:
        """The phrases of these concepts within [start, end), the longest only where they overlap."""
        stop = len(self.tokens) if end is None else end
        found: list[Mark] = []
        for mark in self.marks:
            inside = start <= mark.start and mark.end <= stop and mark.concepts.intersection(wanted)
            if inside and not (found and found[-1].end > mark.start):
                found.append(mark)
        return found

    def at(self, index: int, *wanted: str) -> Mark | None:
        """The longest phrase of these concepts that begins here."""
        return next((m for m in self.marks if m.start == index and m.concepts.intersection(wanted)), None)

    def upto(self, index: int, *wanted: str) -> Mark | None:
        """The longest phrase of these concepts that ends here."""
        return next((m for m in self.marks if m.end == index and m.concepts.intersection(wanted)), None)

    def within(self, index: int, *wanted: str) -> bool:
        """Whether a token is part of a phrase of these concepts."""
        return any(m.start <= index < m.end and m.concepts.intersection(wanted) for m in self.marks)

    @property
    def quote(self) -> str:
        """The words, as a step rests on them."""
        return self.text.strip()[:MAX_QUOTE]

    def cut(self, start: int, end: int) -> str:
        """What was typed from one token to another."""
        if start >= end:
            return ""
        stop = self.tokens[end].start if end < len(self.tokens) else len(self.text)
        return self.text[self.tokens[start].start : stop].strip()

    def tag(self, index: int) -> Tag:
        """The tag over a token."""
        return next(tag for tag in self.tags if tag.start <= index < tag.end)

    def of(self, kind: T, *, start: int = 0, end: int | None = None) -> Iterator[tuple[Tag, Sense]]:
        """The tags in [start, end) that may be of this type, with that reading."""
        stop = len(self.tokens) if end is None else end
        for tag in self.tags:
            sense = tag.get(kind) if start <= tag.start and tag.end <= stop else None
            if sense is not None:
                yield tag, sense

    def is_stop(self, index: int) -> bool:
        """Whether a token ends a part of a sentence; a hyphen does between spaces, a full stop not within a name."""
        token = self.tokens[index]
        if token.text in _STOPS:
            if self.tag(index).type is T.DATE and self.tag(index).end > index + 1:
                return False  # "Friday, December 8"
            return not (token.text == "." and index > 0 and self.at(index - 1, "honorific"))
        before = self.text[: token.start][-1:]
        return token.text in ("-", "--", "–", "*", "•") and (before in ("", " ", "\n") or self.is_chinese)

    def is_colon(self, index: int) -> bool:
        """Whether a colon stands here."""
        return 0 <= index < len(self.tokens) and self.tokens[index].text in (":", "：")

    def segments(self) -> list[tuple[int, int]]:
        """The parts between stops: token ranges without them."""
        cuts = [-1, *(i for i in range(len(self.tokens)) if self.is_stop(i)), len(self.tokens)]
        return [(a + 1, b) for a, b in itertools.pairwise(cuts) if b > a + 1]


def scan(text: str, saying: Saying) -> Scan:
    """Read a text; it keeps its own punctuation where each character has its place."""
    prepared, tags = saying.plain(text)
    plain = normalise(text)
    return Scan(text if len(text) == len(plain) else plain, prepared.tokens, tuple(tags))
