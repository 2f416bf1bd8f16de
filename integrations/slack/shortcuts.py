"""The shortcuts of any message: keep what was said there, or answer it by mail."""

from collections.abc import Callable
from typing import Any

from copilot.context import Lang
from copilot.language import clean
from copilot.refusals import translate
from crm_core.changes.draft import Draft, draft
from crm_core.changes.steps import Step
from crm_core.errors import CrmError, NotFound
from integrations.slack.blocks.text import Block
from integrations.slack.blocks.views import log_view, reply_view, typed_log
from integrations.slack.direct import direct, tell
from integrations.slack.door import Door
from integrations.slack.noting import propose_log
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
    door.open_window(payload, view(words, person.lang), person.lang)


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
        tell(door, person, translate(error, person.lang))
        return
    propose_log(door, person, found, words, is_others=True)


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
