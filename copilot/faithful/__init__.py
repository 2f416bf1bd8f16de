"""Checks that each figure, day and name in a model's text has a source in this turn's tool results.

Used for every language model. What the offline planner says is made by code from the store and needs no check.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from copilot.context import TurnContext
from copilot.faithful.figures import unsourced
from copilot.faithful.names import unsourced_names
from copilot.faithful.sources import Sources, add_text, sources_of
from copilot.reply import Answer

LONGEST = 20_000  # characters: no answer to a seller is longer, and what is not checked is not shown

__all__ = ["Doubts", "Sources", "add_text", "doubts", "sources_of", "unsourced"]


@dataclass(frozen=True)
class Doubts:
    """What of a text has no source, as it is written there."""

    figures: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.figures or self.names)


def doubts(text: str, answers: Sequence[Answer], turn: TurnContext, *, own_words: str = "") -> Doubts:
    """The figures, days and names in `text` that nothing of this turn shows.

    Args:
        text: of a language model, for the person.
        answers: that it may rest on.
        turn: whose other facts it may rest on; names of the question itself may be said again.
        own_words: of the person, whose figures may be said again too.
    """
    if len(text) > LONGEST:
        return Doubts(figures=(f"{len(text):,} characters",))
    sources = sources_of(answers, turn)
    add_text(sources, own_words)
    return Doubts(tuple(unsourced(text, sources)), tuple(unsourced_names(text, sources, turn.store)))
