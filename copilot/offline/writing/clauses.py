"""A message cut into what is to be changed and what is to be made, in order."""

from collections.abc import Sequence
from dataclasses import dataclass

from copilot.offline.tags import T, Tag
from copilot.offline.writing.parts import Part, said, split, wishes
from copilot.offline.writing.words import small

_KINDS = ("task", "interaction", "call", "meeting", "email", "note", "chat", "contact")


@dataclass(frozen=True)
class Clause:
    """One thing to be done.

    Attributes:
        text: its words.
        is_told: it is told and not ordered ("they called"), so it may as well be a remark.
        is_new: a record is to be made (a deal, a contact, a task, what was said); else records that exist change.
    """

    text: str
    is_new: bool
    is_told: bool = False


def cut(text: str, tags: Sequence[Tag]) -> list[Clause]:
    """The things to be done, in order; changes that stand together are one clause."""
    parts = split(tags)
    kinds: list[bool] = []
    for part in parts:
        kinds.append(_makes(part) or (bool(kinds) and kinds[-1] and not _changes(part)))
    if True not in kinds:
        return [Clause(text, is_new=False)]
    out: list[Clause] = []
    for part, is_new in zip(parts, kinds, strict=True):
        words = said(part.tags)
        if out and out[-1].is_new == is_new:
            out[-1] = Clause(f"{out[-1].text}{_glue(part)}{words}", is_new)
        else:
            out.append(Clause(words, is_new, is_new and _tells(part)))
    return out


def _makes(part: Part) -> bool:
    """Whether it makes a record: "log a call", "remind me", "give her a task", "called them"."""
    content = part.content
    if _tells(part):
        return True
    orders = any(wishes(tag, "new") for tag in content[:2])
    noun = next(
        (k for k, tag in enumerate(part.tags) if any(s.type is T.ENTITY and s.value in _KINDS for s in tag.senses[:1])),
        None,
    )
    named = noun is not None and noun > 0 and part.tags[noun - 1].text.lower() in small("new_article")
    return orders or named


def _tells(part: Part) -> bool:
    """As in "called them", "met with Anna"."""
    content = part.content
    return any(wishes(tag, "talk") for tag in content[:2]) and not any(wishes(tag, "won", "lost") for tag in content)


def _changes(part: Part) -> bool:
    """Whether a part after something that was made changes a record again."""
    content = [tag for tag in part.content if not wishes(tag, "joint", "noise")]
    return bool(content) and any(
        wishes(tag, "set", "give", "delete", "won", "lost", "reopen", "take", "close") or tag.get(T.STATE) is not None
        for tag in content
    )


def _glue(part: Part) -> str:
    mark = part.begins
    return " and " if mark == "and" else f"{mark} "
