"""What a text of a talk says, by the words of the lexicons."""

import re
from functools import cache

from copilot.summaries.cues import holds
from crm_core.health import Cues
from prompts import load_yaml
from retrieval.chunk import split


@cache
def cues() -> Cues:
    """The words of the lexicons, as a check of deals takes them."""
    words = load_yaml("health")["words"]
    english, chinese = "|".join(words["deciders"]["en"]), "|".join(words["deciders"]["zh"])
    decides = re.compile(rf"(?<!\w)(?:{english})(?!\w)|(?:{chinese})", re.IGNORECASE)
    return Cues(
        prices=tuple(words["prices"]),
        decides=lambda text: decides.search(text) is not None,
        find_cool=find_cool,
        is_warm=lambda text: holds("tone", "warm", text),
    )


def find_cool(text: str) -> str | None:
    """The first sentence that is annoyed or cool, and not pleased at once."""
    if not holds("tone", "cool", text):
        return None
    sentences = (said.strip() for piece in split(text) for said in piece.sentences)
    return next((one for one in sentences if holds("tone", "cool", one) and not holds("tone", "warm", one)), None)
