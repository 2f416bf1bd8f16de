"""The deal of a person that nobody wrote or spoke of for too long, and what they say of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from copilot.health import cues
from crm_core.changes.draft import draft
from crm_core.changes.steps import Step
from crm_core.health import check_deals
from crm_core.query.run import run_query
from crm_core.query.spec import Condition, QuerySpec
from integrations.slack.direct import tell
from integrations.slack.door import Door, Place
from integrations.slack.notices.once import Told, asked_since, find_told, take_answer
from integrations.slack.noting import propose_log
from integrations.slack.people import Person
from integrations.slack.words import say

NOT_AGAIN = timedelta(days=14)
_RULE = "no_activity"


@dataclass(frozen=True)
class Silent:
    """An open deal without activity; `since`: the day of the last talk, None: none is recorded."""

    id: int
    name: str
    since: date | None


def longest_silent(door: Door, person: Person) -> Silent | None:
    """The person's deal with the longest silence that they were not asked about lately."""
    today, mine = door.today(person), Condition(field="owner", op="eq", value=person.actor.id)
    checked = check_deals(door.store.for_agent, actor=person.actor, today=today, cues=cues(), where=mine)
    since: Mapping[int, date | None] = {deal: raw[0] for deal, raw in (checked.fired.get(_RULE) or {}).items()}
    asked = asked_since(door.store, since, door.clock() - NOT_AGAIN)
    left = sorted((since[deal] or date.min, deal) for deal in since if deal not in asked)
    return _named(door, person, left[0][1], since[left[0][1]]) if left else None


def _named(door: Door, person: Person, deal: int, since: date | None) -> Silent | None:
    spec = QuerySpec(entity="deal", columns=["name", "account"])
    rows = run_query(door.store.for_agent, spec, actor=person.actor, today=door.today(person), only=[deal]).rows
    told = [str(one) for one in rows[0].values if one] if rows else []
    return Silent(deal, told[0], since) if told else None


def question_in(door: Door, person: Person, place: Place) -> Told | None:
    """The question under which this person writes and which they have not answered; None: it is no such thread."""
    if not (place.is_private and place.thread):
        return None
    told = find_told(door.store, message=f"{place.channel}:{place.thread}")
    is_open = told is not None and told.kind == "question" and not told.is_answered
    return told if told is not None and is_open and told.user_id == person.actor.id else None


def take_words(door: Door, person: Person, told: Told, words: str, *, place: Place | None = None) -> None:
    """What the person says of the deal is proposed as a note on it.

    Raises:
        NotFound, Forbidden: the deal is gone, or theirs no more.
    """
    if not words.strip() or told.record_id is None:
        tell(door, person, say("no_answer", person.lang))
        return
    given = {
        "kind": "note", "happened_on": door.today(person).isoformat(), "body": words.strip(), "deal": told.record_id,
    }  # fmt: skip
    step = Step(op="create", entity="interaction", set=dict(given))
    found = draft(door.store.for_agent, [step], actor=person.actor, today=door.today(person))
    if take_answer(door.store, told):
        propose_log(door, person, found, words, is_others=False, place=place)
    else:
        tell(door, person, say("answered", person.lang))
