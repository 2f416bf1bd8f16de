"""Which region or branch "my branch", "our office" is: that of the person who asks, where it is noted."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from copilot.offline.lexicon import key
from copilot.offline.tags import SILENT, Sense, T, Tag
from copilot.offline.vocabulary import Name, Vocabulary
from crm_core.access import Actor

_OF_PEOPLE = ("user.region", "user.team")
LookUp = Callable[[Name, str], Name | str | None]


def own_place(actor: Actor, vocabulary: Vocabulary, look_up: LookUp, tags: Sequence[Tag]) -> list[Tag]:
    """The tags with "my branch" as the value that the asker has there; as they were where nothing is noted."""
    out = list(tags)
    content = [tag for tag in out if tag.type not in SILENT]
    asked_for = all(tag.type in (T.ASK, T.MINE, T.FIELD) for tag in content)  # "what is my branch"
    if actor.id == 0 or asked_for:
        return out
    for at in range(len(out) - 1, 0, -1):
        mine, place = out[at - 1], out[at]
        whose = mine.type is T.MINE and mine.text.lower() in ("my", "our") and not _are_people(place)
        senses = _value(actor, vocabulary, look_up, place) if whose else ()
        if senses:
            out[at - 1 : at + 1] = [replace(place, start=mine.start, text=str(senses[0].value[1]), senses=senses)]
    return out


def _are_people(place: Tag) -> bool:
    """As in "my team", "my places": those whom the asker leads, or several."""
    return place.get(T.TREE) is not None or place.text.lower().endswith("s")


def _value(actor: Actor, vocabulary: Vocabulary, look_up: LookUp, place: Tag) -> tuple[Sense, ...]:
    """Its stored values in the columns of that name, first the asker's own."""
    fields = [str(s.value) for s in place.all(T.FIELD)]
    for dotted in _OF_PEOPLE:
        if dotted not in fields or not vocabulary.holds(dotted):
            continue
        value = look_up(Name("user", actor.id, actor.name), dotted.split(".")[1])
        stored = vocabulary.phrases.get(key(value), ()) if isinstance(value, str) else ()
        return tuple(s for s in stored if s.type is T.VALUE and s.value[0] in fields and s.value[1] == value)
    return ()
