"""Requests for a draft of a mail, and for another version of the one that waits: found by their form."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import prompts
from copilot.drafts.blanks import read_fill
from copilot.drafts.wishes import Wishes, names_purpose_alone, of_topics, read_wishes
from copilot.offline.briefing import find_record
from copilot.offline.history import names_of
from copilot.offline.plan import PastTurn, Plan, WriteDraft
from copilot.offline.reader import Read

_MARKS = " ?？.。!！'’\"“”,，"
_LONGEST = 300  # characters
_THEM = re.compile(r"(?:him|her|them|it|他们?|她们?)", re.IGNORECASE)


@dataclass(frozen=True)
class DraftWish:
    """A message of such a form.

    Attributes:
        who: as the person names them; empty: whoever was just talked of.
        wishes: what the mail is to be.
    """

    who: str
    wishes: Wishes


def find_draft(text: str) -> DraftWish | None:
    """What a message of such a form asks for; None: it has no such form."""
    plain = " ".join(text.strip(_MARKS).replace("’", "'").split())
    if len(plain) > _LONGEST or "\n" in text.strip():
        return None
    for form in _forms():
        found = form.fullmatch(plain)
        if found:
            parts = found.groupdict(default="")
            topics = tuple(one.strip() for one in re.split(r"[,，、]", parts["topic"]) if one.strip())
            kind = read_wishes(parts.get("what", ""))
            style = read_wishes(parts["style"])
            if not style.unread:
                asked = Wishes(kind.purpose, kind.tone, kind.length).then(of_topics(topics)).then(style)
                return DraftWish(parts.get("who", "").strip(_MARKS), asked)
    return None


def plan_draft(text: str, wish: DraftWish, read: Callable[[str], Read], dialogue: Sequence[PastTurn]) -> Plan | None:
    """The draft; asks back or declines where a name is not clear. None: it asks for something else."""
    seen = read(text)
    who = wish.who or "them"
    found = find_record(who, seen, text, dialogue)
    if not isinstance(found, tuple):
        return found
    if not _THEM.fullmatch(who) and _stray(who, seen):
        return None
    return WriteDraft(found, wish.wishes.words())


def plan_revision(text: str, dialogue: Sequence[PastTurn]) -> Plan | None:
    """Another version of the draft that was just proposed: "shorter", "the price is 40 EUR"; None: something else."""
    last = next((turn for turn in reversed(dialogue) if turn.proposal or turn.spec or turn.told or turn.options), None)
    if last is None or not last.is_draft or not last.proposal or len(text) > _LONGEST:
        return None
    filled = read_fill(text)
    if filled is not None:
        return WriteDraft(None, Wishes(fills=(filled,)).words(), last.proposal)
    wishes = read_wishes(text)
    if wishes.unread or wishes == Wishes() or names_purpose_alone(text, wishes):
        return None
    return WriteDraft(None, wishes.words(), last.proposal)


def _stray(who: str, read: Read) -> bool:
    """Whether words beside the names say something that nobody has read."""
    for tag in sorted((tag for tag in read.tags if names_of(tag)), key=lambda one: -len(one.text)):
        who = re.sub(re.escape(tag.text), " ", who, flags=re.IGNORECASE)
    beside = prompts.load_yaml("lexicon/draft")["beside"]
    who = re.sub("|".join(sorted(beside["zh"], key=len, reverse=True)), " ", who)
    return any(word.strip(_MARKS).casefold() not in beside["en"] for word in who.split() if word.strip(_MARKS))


@cache
def _forms() -> tuple[re.Pattern[str], ...]:
    lexicon = prompts.load_yaml("lexicon/draft")
    made = []
    for form in (*lexicon["forms"]["en"], *lexicon["forms"]["zh"]):
        for name in ("letter_en", "style_en", "topic_en", "style_zh", "topic_zh", "kind_en", "please"):
            form = form.replace("{" + name + "}", lexicon[name])
        made.append(re.compile(form.replace("{kind_en}", lexicon["kind_en"]), re.IGNORECASE))
    return tuple(made)
