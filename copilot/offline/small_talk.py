"""Messages that ask nothing, and what is only to be told again."""

from typing import TYPE_CHECKING, Any

import prompts
from copilot.offline.plan import Cannot, Clarify, Plan, Say
from copilot.offline.tags import SILENT, T

if TYPE_CHECKING:
    from copilot.offline.reader import Read

_QUESTIONS = frozenset({"how_many", "how_much", "how_long", "who", "whose", "which", "what", "when", "where", "count"})


def recalled_in(text: str) -> str | None:
    """What somebody wants to be told again: "remind me of | our win rate"."""
    said = text.strip().lower()
    phrases = prompts.load_yaml("lexicon/small_words")["recalling"]
    begun = next((phrase for phrase in phrases if said.startswith(f"{phrase} ")), None)
    return text.strip()[len(begun) :].strip() if begun else None


_HESITATES = frozenset({"hm", "hmm", "hmmm", "mm", "嗯", "呃", "额"})  # "hm many" is another matter


def small_talk(read: "Read") -> Plan | None:
    """A message that asks nothing: empty, a greeting, thanks, a wish to change data."""
    words = prompts.load_yaml("planner")[read.lang]
    content = [tag for tag in read.tags if tag.type not in SILENT]
    if not content:
        return Clarify(words["empty"]) if not read.tags else Clarify(words["help"])
    said = [tag for tag in content if tag.text.lower() not in _HESITATES]
    if said and all(tag.get(T.SMALLTALK) for tag in said):
        sense: Any = said[0].get(T.SMALLTALK)
        return Say(words[sense.value])
    if not said:
        return Clarify(words["help"])
    asks = any(s.type is T.ASK and s.value in _QUESTIONS for tag in content[1:3] for s in tag.senses)
    orders = content[0].text.lower() in ("close", "win", "lose", "lose the") and len(content) > 1
    if orders and not asks and not any(tag.get(T.DATE) for tag in content[:2]):
        return Cannot(words["wish_unread"])
    if (
        content[0].type is T.WRITE and not content[0].get(T.FILLER) and not asks
    ):  # "remind me to …", but not "remind me how many …"
        return Cannot(words["wish_unread"])
    return None
