"""The rule for what runs out on a company's own day: "licences that expire before Christmas", "what has lapsed"."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache

import prompts
from copilot.offline.compose.composer import FACT, Composer, entity_of
from copilot.offline.compose.items import Item
from copilot.offline.compose.reading import Doubt, FieldTest, Period, Target
from copilot.offline.dates import DateSpan
from copilot.offline.dates.span import describe
from copilot.offline.dates.steps import coming, is_ahead
from copilot.offline.lexicon import key
from copilot.offline.own_sayings import end_fields
from copilot.offline.payments import stored_values
from copilot.offline.tags import T

_SOON = 30  # days
_NAMING = (T.ENTITY, T.RECORD, T.VALUE, T.DATE, T.ASK, T.MINE)
_HAS = frozenset({"has", "have", "had", "already", "has already", "have already"})
_NEAR = ("about", "due", "going", "set")


def running_out(c: Composer) -> None:
    """The day of the sentence is that of the end; without one it has passed ("have expired") or is near."""
    said = [at for at, item, _ in c.each(T.FIELD) if item.tag.text.lower() in _words("ending") | _words("ended")]
    said = [at for at in said if c.has(at, T.FIELD, *end_fields(c.vocabulary.schema)) and not c.has(at, T.VALUE)]
    dates = [at for at, _, _ in c.each(T.DATE)]
    if not said or len(dates) > 1 or c.mentions(T.ASK, "when") or _names_a_stage(c):
        return
    over = [at for at in said if _is_over(c.items[at])]
    fields = _meant(c, said)
    if len(fields) > 1:
        labels = tuple(c.vocabulary.field(dotted).label for dotted in fields)
        c.reading.doubts.append(Doubt(c.items[said[0]].tag.text, (), labels))
    span = c.items[dates[0]].get(T.DATE).value if dates else None  # type: ignore[union-attr]
    if span is not None:
        c.reading.periods.append(Period(_to_come(c, span, past=bool(over)), fields[0]))
    elif over:
        c.reading.fields.append(FieldTest(fields[0], "lt", (c.today.isoformat(),), at=c.items[said[0]].tag.start))
    elif any(c.items[at].tag.text.lower().split(" ")[0] in _NEAR for at in said):
        until = c.today + timedelta(days=_SOON)
        near = DateSpan(0, 0, c.today, until, "range", describe(c.today, until), True, "in", True)
        c.reading.periods.append(Period(near, fields[0]))
    else:
        return
    if not over:
        _still_running(c, fields[0].split(".")[0])
    nouns = {k for at in said for k in _own_nouns(c, at, fields[0])}
    c.own(*said, *dates, *nouns)
    _target(c, fields[0], said[0], named=bool(nouns))


def _is_over(item: Item) -> bool:
    """As in "ran out", "has | expired"."""
    return item.tag.text.lower() in _words("ended") or bool(item.before & _HAS)


def _still_running(c: Composer, entity: str) -> None:
    """What was accepted, rejected or has expired by its status runs out no more, unless a status is named."""
    if any(s.value[0].startswith(f"{entity}.") for item in c.items for s in item.tag.all(T.VALUE)):
        return
    for dotted, values in stored_values(c.vocabulary, entity, _words("decided_values")).items():
        c.reading.fields.append(FieldTest(dotted, "in", values, negated=True))


def _meant(c: Composer, said: Sequence[int]) -> list[str]:
    """Which day is spoken of: that whose header another word names, else that of the records asked about."""
    fields = [str(s.value) for s in c.items[said[0]].all(T.FIELD)]
    named = [dotted for dotted in fields if any(_own_nouns(c, at, dotted) for at in said)]
    named = named or [dotted for dotted in fields if dotted.split(".")[0] in _spoken_of(c)]
    return named or fields


def _spoken_of(c: Composer) -> set[str]:
    return {entity_of(str(s.value)) for item in c.items for s in item.tag.all(T.ENTITY)}


def _own_nouns(c: Composer, at: int, dotted: str) -> list[int]:
    """As in "licence | running out", "agreements that lapse": words of the header beside the verb."""
    label = {_single(word) for word in key(c.vocabulary.field(dotted).label)}
    near = [k for k in range(max(0, at - 3), at) if not (c.items[k].owned or c.items[k].tag.get(*_NAMING))]
    return [k for k in near if {_single(word) for word in key(c.items[k].tag.text)} <= label]


def _to_come(c: Composer, span: DateSpan, *, past: bool) -> DateSpan:
    """As in "run out before Christmas": the next one, from today on; what "ran out" before it did at any time."""
    ahead = span if past else coming(span, c.today)
    if past or ahead.since is not None or not is_ahead(ahead, c.today):
        return ahead
    return replace(ahead, since=c.today, text=describe(c.today, ahead.until))


def _target(c: Composer, dotted: str, at: int, *, named: bool) -> None:
    """As in "what's running out this month", "how many agreements lapse": the records whose day it is."""
    entity = dotted.split(".")[0]
    counts = c.mentions(T.ASK, "how_many", "count")
    asked = counts or any(c.mentions(T.ASK, ask) for ask in ("what", "which", "list", "exists", "whose"))
    if _spoken_of(c) or c.mentions(T.METRIC) or not (asked or named or c.mentions(T.MINE) or c.mentions(T.THING)):
        return
    c.reading.target = Target(entity, "count" if counts else "list")
    c.reading.asks.append("count" if counts else "list")
    if entity != FACT:
        c.reading.facts.append(entity)
    c.own(*(k for k, _, _ in list(c.each(T.THING, T.ASK))))


def _names_a_stage(c: Composer) -> bool:
    """As in "my trials that expire": the deals at a stage have rules of their own."""
    names = [name.entity for item in c.items for s in item.tag.all(T.RECORD) for name in s.value]
    return "stage" in names


def _single(word: str) -> str:
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


@cache
def _words(kind: str) -> frozenset[str]:
    return frozenset(prompts.load_yaml("lexicon/own_sayings")[kind])
