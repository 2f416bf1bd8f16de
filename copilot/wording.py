"""A model's words on lines of text: a sentence stays where the lines that it names hold its figures, days and names."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from copilot.context import Lang, TurnContext
from copilot.faithful import Sources, add_text, unsourced
from copilot.faithful.names import unsourced_names
from copilot.page import Line, Page, Section
from copilot.words import sentence
from retrieval.chunk import split

MOST = 6  # sentences
_MARKS = re.compile(r"\[(\d{1,4}(?:\s*[,，、]\s*\d{1,4})*)\]")
_MARKS_AFTER_END = re.compile(r"(?P<end>[.!?。！？])\s*(?P<marks>(?:\[[\d\s,，、]+\]\s*)+)")
_BULLET = re.compile(r"^[\s\-*•·]+")


@dataclass(frozen=True)
class Worded:
    """What is kept of a model's words.

    Attributes:
        sentences: each with the numbers of the lines that it rests on.
        dropped: how many others there were.
    """

    sentences: tuple[str, ...]
    dropped: int


def verified(text: str, lines: Mapping[int, Sequence[Line]], turn: TurnContext, *, about: str = "") -> Worded:
    """The sentences of `text` whose numbers are of lines that hold what they say; six at most.

    Args:
        text: of a model.
        lines: by number.
        turn: in which it was said.
        about: a name that any sentence may say.
    """
    said = [bare for one in _sentences(text) if (bare := _BULLET.sub("", one).strip())]
    kept = [one for one in said if _holds(one, lines, turn, about)][:MOST]
    return Worded(tuple(kept), len(said) - len(kept))


def numbers_in(text: str) -> tuple[int, ...]:
    """The numbers of lines that a text names, in its order."""
    return tuple(int(number) for marks in _MARKS.findall(text) for number in re.findall(r"\d+", marks))


def renumbered(text: str, numbers: Mapping[int, int]) -> str:
    """The text with other numbers in its marks."""
    return _MARKS.sub(lambda marks: re.sub(r"\d+", lambda one: str(numbers[int(one[0])]), marks[0]), text)


def with_cited(page: Page, sentences: Sequence[str], lang: Lang) -> tuple[Page, tuple[str, ...]]:
    """The page with those lines of its history that sentences name, and the sentences with the numbers of that page."""
    lines, shown = page.numbered, len(page.citations)
    cited = sorted({number for one in sentences for number in numbers_in(one)})
    further = tuple(lines[number][0] for number in cited if number > shown)
    if not further:
        return page, tuple(sentences)
    told = replace(page, sections=(*page.sections, Section(sentence("section_cited", lang), further)))
    numbers = {number: told.places[source] for number in cited if (source := lines[number][0].source)}
    return told, tuple(renumbered(one, numbers) for one in sentences)


def _sentences(text: str) -> Iterator[str]:
    within = _MARKS_AFTER_END.sub(lambda found: f" {found['marks'].strip()}{found['end']} ", text)
    return (sentence for piece in split(within) for sentence in piece.sentences)


def _holds(said: str, lines: Mapping[int, Sequence[Line]], turn: TurnContext, about: str) -> bool:
    numbers = numbers_in(said)
    if not numbers or not all(number in lines for number in numbers):
        return False
    sources = Sources(names={turn.actor.name, *([about] if about else [])})
    sources.add_day(turn.today)
    for line in (line for number in set(numbers) for line in lines[number]):
        add_text(sources, line.text)
    plain = _MARKS.sub(" ", said)
    return not unsourced(plain, sources) and not unsourced_names(plain, sources, turn.store)
