"""The rule for what is planned next: "when is my next call with Acme", "our upcoming visits".

What is still to come stands among the tasks where those have types of their own, else among the interactions with a
day to come.
"""

from copilot.offline.compose.composer import Composer, entity_of
from copilot.offline.compose.reading import FieldTest, SupNode, Target
from copilot.offline.tags import Sense, T
from copilot.offline.writing.words import small
from crm_core.models import InteractionKind

_TALK, _TASK = "interaction", "task"
_PLANNED = (("planned",), ("scheduled",), ("upcoming",))
_IN_PERSON = InteractionKind.MEETING


def next_up(c: Composer) -> None:
    """The earliest that is still to come; of "upcoming" ones all of them."""
    for at, item in enumerate(c.items):
        word = item.tag.text.lower()
        if item.owned or item.tag.type is not T.UNKNOWN or word not in small("planned_next"):
            continue
        noun = at + 2 if _is_planned(c.item(at + 1)) else at + 1
        kind = _kind(c, noun)
        if kind is None:
            continue
        entity, tests = kind
        if _is_of_state(c, at, noun):
            continue
        c.reading.fields += [*tests, *_still_ahead(c, entity)]
        c.reading.facts.append(entity)
        if word == "next" and not c.items[noun].is_plural:
            c.reading.sup = SupNode("old", limit=1, noun=entity)
        else:
            c.reading.target = Target(entity, "list")
        c.own(*range(at, noun + 1), *_asked(c, at))


def _asked(c: Composer, at: int) -> list[int]:
    """As in "when is", "who is … with": the row tells it."""
    return [k for k, _, s in c.each(T.ASK) if s.value in ("when", "what", "who", "which", "where") and k != at]


def _is_of_state(c: Composer, at: int, noun: int) -> bool:
    """A state of deals beside it says that something else is spoken of."""
    return any(c.sense(k, T.STATE, T.METRIC, T.VERB_METRIC) for k in (at - 1, noun + 1))


def _is_planned(item: object) -> bool:
    senses: tuple[Sense, ...] = getattr(getattr(item, "tag", None), "senses", ())
    return any(s.type is T.VALUE and str(s.value[1]).lower() in {words[0] for words in _PLANNED} for s in senses)


def _kind(c: Composer, at: int) -> tuple[str, list[FieldTest]] | None:
    """Of which records the noun is, and the test of their kind."""
    item = c.item(at)
    if item is None:
        return None
    start = item.tag.start
    types = [s.value for s in item.all(T.VALUE) if str(s.value[0]).startswith(f"{_TASK}.")]
    if types:
        return _TASK, [FieldTest(types[0][0], "in", tuple(v for d, v in types if d == types[0][0]), at=start)]
    own = [s.value for s in item.all(T.VALUE) if str(s.value[0]).startswith(f"{_TALK}.")]
    nouns = [str(s.value) for s in item.all(T.ENTITY)]
    if _TASK in nouns:
        return _TASK, []
    if not own and not any(entity_of(noun) == _TALK for noun in nouns):
        return None
    kinds = [noun for noun in nouns if noun != _TALK and entity_of(noun) == _TALK]
    if typed := _typed(c):
        field, named = typed
        met = [v for v in named if v.lower() not in small("not_in_person")] if _IN_PERSON in kinds else []
        return _TASK, [FieldTest(field, "in", tuple(met), at=start)] * bool(met)
    if not own and not c.vocabulary.plans_talks and c.vocabulary.holds_records(_TASK):
        return _TASK, []
    tests = [FieldTest(own[0][0], "in", tuple(v for d, v in own if d == own[0][0]), at=start)] if own else []
    return _TALK, tests or [FieldTest(f"{_TALK}.kind", "in", tuple(kinds), at=start)] * bool(kinds)


def _typed(c: Composer) -> tuple[str, list[str]] | None:
    """A company's own column of tasks that says whether one is a call, a visit …, and its values."""
    found: dict[str, list[str]] = {}
    for _, senses in c.vocabulary.phrases.of(T.VALUE):
        for dotted, value in (s.value for s in senses if s.type is T.VALUE):
            if dotted.startswith(f"{_TASK}.") and c.vocabulary.field(dotted).is_custom:
                found.setdefault(dotted, []).append(value)
    spoken = small("not_in_person")
    return next(((d, list(dict.fromkeys(vs))) for d, vs in found.items() if any(v.lower() in spoken for v in vs)), None)


def _still_ahead(c: Composer, entity: str) -> list[FieldTest]:
    today = c.today.isoformat()
    if entity == _TASK:
        return [FieldTest(f"{_TASK}.due_on", "ge", (today,)), FieldTest(f"{_TASK}.status", "in", ("open",))]
    planned = [
        s.value for words in _PLANNED for s in c.vocabulary.phrases.get(words, ())
        if s.type is T.VALUE and s.value[0].startswith(f"{_TALK}.")
    ]  # fmt: skip
    kept = [FieldTest(planned[0][0], "in", (planned[0][1],))] if planned else []
    return [FieldTest(f"{_TALK}.happened_on", "ge", (today,)), *kept]
