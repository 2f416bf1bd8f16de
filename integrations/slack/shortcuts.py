"""The shortcuts of any message: keep what was said there, or answer it by mail."""

from collections.abc import Callable
from typing import Any

from copilot.context import Lang
from copilot.language import clean
from crm_core.changes import Origin, propose
from crm_core.changes.draft import Draft, draft, summarise
from crm_core.changes.steps import Step
from crm_core.errors import CrmError, NotFound
from integrations.slack.blocks.text import Block
from integrations.slack.blocks.views import log_view, reply_view, typed_log
from integrations.slack.cards import Pressed
from integrations.slack.direct import direct, show_card, tell
from integrations.slack.door import Door, Place
from integrations.slack.inbox import DOOR
from integrations.slack.people import Person
from integrations.slack.shape import Payload
from integrations.slack.talking import ask, words_of
from integrations.slack.words import say

LOG, REPLY = "log_message", "draft_reply"


def on_log(door: Door, person: Person, payload: Payload) -> None:
    """A message is to be logged: ask with whom it was."""
    _open(door, person, payload, log_view)


def on_reply(door: Door, person: Person, payload: Payload) -> None:
    """A message is to be answered by mail: ask whom, and what to mention."""
    _open(door, person, payload, reply_view)


def _open(door: Door, person: Person, payload: Payload, view: Callable[[str, Lang], Block]) -> None:
    said: Any = payload.get("message") or {}
    words = words_of(str(said.get("text") or ""), door.bot_user)
    if not words:
        tell(door, person, say("no_words", person.lang))
        return
    door.client.views_open(trigger_id=str(payload.get("trigger_id")), view=view(words, person.lang))


def on_replied(door: Door, person: Person, payload: Payload) -> None:
    """A draft is asked for in the person's own words; what others wrote asks for nothing."""
    name, points = typed_log((payload["view"].get("state") or {}).get("values") or {})
    wish = say("mention", person.lang, points=" ".join(points.split())) if points else ""
    if name:
        ask(door, person, direct(door, person), say("reply_to", person.lang, name=name, wish=wish))
    else:
        tell(door, person, say("reply_whom", person.lang))


def on_logged(door: Door, person: Person, payload: Payload) -> None:
    """It is proposed as an interaction. What others wrote may say anything, so the card says that it was read."""
    name, words = typed_log((payload["view"].get("state") or {}).get("values") or {})
    try:
        found = _draft_log(door, person, clean(name), clean(words))
    except CrmError as error:
        tell(door, person, str(error))
        return
    propose_log(door, person, found, words, is_others=True)


def propose_log(
    door: Door, person: Person, found: Draft, words: str, *, is_others: bool, place: Place | None = None
) -> None:
    """Propose what is to be kept, and show the card.

    Args:
        door: Slack's.
        person: who asks.
        found: the interaction.
        words: that it rests on.
        is_others: somebody else wrote them.
        place: of the card; None: a direct message.
    """
    store = door.store.for_agent
    made = propose(
        store, found.changes, actor=person.actor, summary=summarise(found.changes, store.schema),
        origin=Origin(door=DOOR, tainted=is_others, quotes={0: words[:600]}),
    )  # fmt: skip
    show_card(door, person, Pressed(person.lang, made.id, made.sha256), place=place)


def _draft_log(door: Door, person: Person, name: str, words: str) -> Draft:
    """An interaction with the customer, contact or deal of that name."""
    problem: CrmError = NotFound(say("not_shown", person.lang))
    for field in ("account", "contact", "deal"):
        given = {"kind": "chat", "happened_on": door.today(person).isoformat(), "body": words, field: name}
        step = Step(op="create", entity="interaction", set=dict(given))
        try:
            return draft(door.store.for_agent, [step], actor=person.actor, today=door.today(person))
        except NotFound as error:
            problem = error
    raise problem
