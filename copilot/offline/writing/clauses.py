"""A message cut into the several things to be done."""

from dataclasses import dataclass

from copilot.offline.writing.context import Saying


@dataclass(frozen=True)
class Clause:
    """One thing to be done.

    Attributes:
        text: its words, with what it shares with its neighbours.
        is_new: a record is to be made (a deal, a contact, a task, what was said); else records that exist change.
    """

    text: str
    is_new: bool


def cut(text: str, saying: Saying) -> list[Clause]:
    """The things to be done, in order."""
    return [Clause(text, is_new=False)]
