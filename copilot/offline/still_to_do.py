"""Calls that were made, and calls that are still to be made: "calls" may be either where tasks have types of their own.

They are those to be made where the sentence speaks of what is to be done: of tasks, of what is late, of a day to come.
Else they are those that were made.
"""

from collections.abc import Sequence
from datetime import date

from copilot.offline.tags import Sense, T, Tag
from copilot.offline.writing.words import small
from crm_core.models import InteractionKind

_TALK, _TASK = "interaction", "task"


def settle_to_do(tags: Sequence[Tag], *, today: date) -> list[Tag]:
    """`tags`, those that may be either as one of both."""
    either = [tag for tag in tags if _is_either(tag)]
    if not either:
        return list(tags)
    is_to_do = any(_speaks_of_to_do(tag, today) for tag in tags if tag not in either)
    return [_settled(tag, is_to_do=is_to_do) if tag in either else tag for tag in tags]


def _is_either(tag: Tag) -> bool:
    return any(map(_is_of_tasks, tag.senses)) and any(map(_is_talk, tag.senses))


def _settled(tag: Tag, *, is_to_do: bool) -> Tag:
    return tag.only(*(sense for sense in tag.senses if (_is_of_tasks(sense) if is_to_do else not _is_of_tasks(sense))))


def _is_of_tasks(sense: Sense) -> bool:
    return sense.type is T.VALUE and sense.value[0].startswith(f"{_TASK}.")


def _is_talk(sense: Sense) -> bool:
    if sense.type is T.ENTITY:
        return sense.value == _TALK or sense.value in set(InteractionKind)
    if sense.type is T.MEANING:
        return bool(sense.value.entity == _TALK)
    return sense.type is T.VALUE and sense.value[0].startswith(f"{_TALK}.")


def _speaks_of_to_do(tag: Tag, today: date) -> bool:
    if any(sense.value.since is not None and sense.value.since > today for sense in tag.all(T.DATE)):
        return True
    if tag.type is T.UNKNOWN and tag.text.lower() in small("planned_next"):
        return True
    named = any(sense.value == _TASK for sense in tag.all(T.ENTITY))
    return (
        named
        or (bool(tag.all(T.FIELD)) and all(str(s.value).startswith(f"{_TASK}.") for s in tag.all(T.FIELD)))
        or any(map(_is_of_tasks, tag.senses))
    )
