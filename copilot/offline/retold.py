"""An option that stands for unknown words of the question before it: that question with the option in their place."""

from collections.abc import Callable, Sequence

from copilot.offline.glossary import Glossary
from copilot.offline.plan import PastTurn
from copilot.offline.tags import Tag


def retold(
    text: str, dialogue: Sequence[PastTurn], glossary: Glossary, cover: Callable[[str], Sequence[Tag]]
) -> tuple[str, Sequence[PastTurn]]:
    """What to read, and after which turns.

    Args:
        text: the message; of an option that was picked, the option.
        dialogue: the turns before it.
        glossary: what the options came from.
        cover: the tags of a message.
    """
    last = dialogue[-1] if dialogue else None
    if last is None or last.spec is not None or text not in last.options:
        return text, dialogue
    offer = glossary.offered(cover(last.text))
    at = last.text.lower().find(offer.said) if offer and text in offer.options else -1
    if offer is None or at < 0:
        return text, dialogue
    return f"{last.text[:at]}{text}{last.text[at + len(offer.said) :]}", dialogue[:-1]
