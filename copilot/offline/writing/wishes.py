"""Whether a message wishes for a change, takes one back, or asks."""

from typing import Literal

from copilot.offline.plan import Plan
from copilot.offline.writing.context import Saying


def wish_of(text: str, saying: Saying) -> Literal["change"] | Plan | None:
    """ "change" for a wish to change something, None for a question; a plan where no more need be read."""
    return None
