"""A model's words on a page: a sentence stays where the lines that it names hold its figures, days and names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from copilot.context import TurnContext
from copilot.faithful import Sources, add_text, unsourced
from copilot.faithful.names import unsourced_names
from copilot.page import Page
from retrieval.chunk import split

MOST = 6  # sentences
_MARKS = re.compile(r"\[(\d{1,3}(?:\s*[,，、]\s*\d{1,3})*)\]")
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


def verified(text: str, page: Page, turn: TurnContext) -> Worded:
    """The sentences of `text` whose numbers are of lines of the page that hold what they say; six at most."""
    said = [bare for one in _sentences(text) if (bare := _BULLET.sub("", one).strip())]
    kept = [one for one in said if _holds(one, page, turn)][:MOST]
    return Worded(tuple(kept), len(said) - len(kept))


def _sentences(text: str) -> Iterator[str]:
    within = _MARKS_AFTER_END.sub(lambda found: f" {found['marks'].strip()}{found['end']} ", text)
    return (sentence for piece in split(within) for sentence in piece.sentences)


def _holds(sentence: str, page: Page, turn: TurnContext) -> bool:
    numbers = [int(number) for marks in _MARKS.findall(sentence) for number in re.findall(r"\d+", marks)]
    cited = page.citations
    if not numbers or not all(1 <= number <= len(cited) for number in numbers):
        return False
    sources = Sources(names={turn.actor.name, *([page.about.label] if page.about else [])})
    sources.add_day(turn.today)
    wanted = {cited[number - 1] for number in numbers}
    for line in page.lines:
        if line.source in wanted:
            add_text(sources, line.text)
    plain = _MARKS.sub(" ", sentence)
    return not unsourced(plain, sources) and not unsourced_names(plain, sources, turn.store)
