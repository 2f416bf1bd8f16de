"""The person who asks, beside somebody who is named: "me vs Boris", 我跟李明比. It is their name that is meant."""

from collections.abc import Sequence

from copilot.offline.tags import SILENT, Sense, T, Tag
from copilot.offline.vocabulary import Name
from copilot.offline.writing.words import small
from crm_core.access import Actor

_JOINING = (T.VERSUS, T.AND, T.OR)


def with_asker(actor: Actor, tags: Sequence[Tag]) -> list[Tag]:
    """The tags, in which "me" right beside a person is the name of the one who asks."""
    at = _me_beside(tags) if actor.id else None
    if at is None:
        return list(tags)
    me = Name("user", actor.id, actor.name)
    return [*tags[:at], tags[at].only(Sense(T.RECORD, (me,))), *tags[at + 1 :]]


def _me_beside(tags: Sequence[Tag]) -> int | None:
    """Where "me" stands right before or after what joins it to a person."""
    content = [(at, tag) for at, tag in enumerate(tags) if tag.type not in SILENT]
    for (at, one), (_, between), (there, other) in zip(content, content[1:], content[2:], strict=False):
        if not between.get(*_JOINING):
            continue
        for place, me, them in ((at, one, other), (there, other, one)):
            person = any(name.entity == "user" for s in them.all(T.RECORD) for name in s.value)
            if me.get(T.MINE) and me.text.lower() in {*small("me"), "i"} and person:
                return place
    return None
