"""Words for answers, made by code from results alone: no figure stands in them that the result does not hold.

The offline model speaks through it, and so does every turn whose model wrote a figure that no result shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from copilot.context import TurnContext
from copilot.offline.say.sentences import Part, Wording
from copilot.recorded import is_recorded

__all__ = ["Part", "Said", "say"]


@dataclass(frozen=True)
class Said:
    """The text of an answer, and whether it answers: False where the data holds none of what was asked."""

    text: str
    is_answer: bool


def say(parts: Sequence[Part], turn: TurnContext) -> Said:
    """Word the answered queries of a turn, one line each, with what was assumed below."""
    lines = [Wording(part.answer, turn.lang).text() for part in parts]
    notes = dict.fromkeys(note for part in parts for note in part.notes)
    return Said(
        text="\n".join([*lines, *notes]),
        is_answer=any(is_recorded(part.answer.result) for part in parts),
    )
