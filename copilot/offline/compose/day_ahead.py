"""What is late and what is planned, as in "the most overdue activities"; whose source is meant."""

from collections.abc import Sequence
from dataclasses import replace

from copilot.offline.compose.composer import Composer
from copilot.offline.compose.reading import Target
from copilot.offline.dates.steps import is_ahead
from copilot.offline.lexicon import key
from copilot.offline.tags import Sense, T, Tag
from copilot.offline.vocabulary import Vocabulary

_LATE, _MOST = "task.overdue_days", "most"
_TALK, _TASK = "interaction", "task"
_OF_DEALS = ("win_rate", "sales_cycle_days")


def as_meant(tags: Sequence[Tag], vocabulary: Vocabulary) -> list[Tag]:
    """`tags`, with late activities as tasks, and the source of a lead as that of deals beside a figure of deals."""
    apart: list[Tag] = []
    for at, tag in enumerate(tags):
        follows = tags[at + 1] if at + 1 < len(tags) else None
        apart += _number_of_late(tag, follows, vocabulary) or [tag]
    late = [_is_late(tag) for tag in apart]
    read = [_as_tasks(tag) if at and late[at - 1] else tag for at, tag in enumerate(apart)]
    of_deals = any(s.value in _OF_DEALS for tag in read for s in tag.all(T.METRIC))
    named = any(s.value == "lead" for tag in read for s in tag.all(T.ENTITY))
    if of_deals and not named and vocabulary.holds("deal.source"):
        return [_source_of_deals(tag) for tag in read]
    return read


def _number_of_late(tag: Tag, follows: Tag | None, vocabulary: Vocabulary) -> list[Tag]:
    """As in "the most overdue tasks": most of what is overdue, where several of them follow."""
    words = tag.text.split()
    long = any(s.value == "max_long" for s in tag.all(T.SUP))
    if not long or [w.lower() for w in words[-2:]] != [_MOST, "overdue"] or follows is None:
        return []
    several = any(s.value in (_TALK, _TASK) for s in follows.all(T.ENTITY)) and follows.text.lower().endswith("s")
    late = tuple(vocabulary.phrases.get(key(words[-1]), ()))
    if not several or not any(s.type is T.FIELD and s.value == _LATE for s in late):
        return []
    most = Sense(T.SUP, "max_count")
    return [
        replace(tag, end=tag.end - 1, text=" ".join(words[:-1]), senses=(most,)),
        replace(tag, start=tag.end - 1, text=words[-1], senses=late),
    ]


def _is_late(tag: Tag) -> bool:
    return any(s.value == _LATE for s in tag.all(T.FIELD))


def _as_tasks(tag: Tag) -> Tag:
    """An activity that is late has not taken place: it is a task."""
    if not any(s.value == _TALK for s in tag.all(T.ENTITY)):
        return tag
    return tag.only(*(replace(s, value=_TASK) if s.type is T.ENTITY and s.value == _TALK else s for s in tag.senses))


def _source_of_deals(tag: Tag) -> Tag:
    """As in "which lead source has the best win rate": deals are won, leads are not."""
    if [s.value for s in tag.all(T.FIELD)] != ["lead.source"]:
        return tag
    return tag.only(*(replace(s, value="deal.source") if s.type is T.FIELD else s for s in tag.senses))


def agenda(c: Composer) -> None:
    """As in "what have I got on tomorrow": one's tasks of a day to come, with nothing else said."""
    r = c.reading
    said = (r.target, r.measures, r.columns, r.states, r.groups, r.sup, r.having, r.facts, r.without, r.fields)
    more = any(said) or r.records or r.pronouns or any(not i.owned and not i.is_soft for i in c.items)
    if more or r.mine != "me" or not r.asks or set(r.asks) - {"what", "list"} or len(r.periods) != 1:
        return
    if is_ahead(r.periods[0].span, c.today) and c.vocabulary.holds("task.due_on"):
        r.target = Target(_TASK, "list")
        r.facts.append(_TASK)
