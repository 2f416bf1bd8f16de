"""The Home tab is drawn when it is opened and after each click in it; the shortcut that logs a message."""

from typing import Any

from copilot.language import clean
from crm_core.changes import Origin, propose
from crm_core.changes.draft import Draft, draft, summarise
from crm_core.changes.steps import Step
from crm_core.errors import CrmError, NotFound
from integrations.slack.blocks.card import card_message
from integrations.slack.blocks.home import home_view
from integrations.slack.blocks.views import log_view, typed_log
from integrations.slack.cards import Pressed, read_card
from integrations.slack.day import end_task, put_off_task, read_day
from integrations.slack.door import Door, Place
from integrations.slack.people import Person
from integrations.slack.shape import Payload
from integrations.slack.talking import words_of
from integrations.slack.words import say

BUTTONS = ("task_done", "task_snooze", "show_card")
LOG_SHORTCUT = "log_message"


def on_open(door: Door, person: Person, payload: Payload) -> None:
    """Somebody opened the tab."""
    if payload["event"].get("tab") == "home":
        publish(door, person)


def publish(door: Door, person: Person) -> None:
    """Draw the tab as it is now."""
    door.client.views_publish(user_id=person.slack_id, view=home_view(read_day(door, person), person.lang))


def on_press(door: Door, person: Person, payload: Payload) -> None:
    """A button of the tab was pressed."""
    action = payload["actions"][0]
    value = str(action.get("value") or "")
    if action["action_id"] == "show_card":
        _show_card(door, person, value)
        return
    work = end_task if action["action_id"] == "task_done" else put_off_task
    try:
        work(door, person, int(value) if value.isascii() and value.isdigit() else 0)
    except CrmError as error:
        _tell(door, person, str(error))
    publish(door, person)


def on_shortcut(door: Door, person: Person, payload: Payload) -> None:
    """A message is to be logged: ask with whom it was."""
    said: Any = payload.get("message") or {}
    words = words_of(str(said.get("text") or ""), door.bot_user)
    if not words:
        _tell(door, person, say("no_words", person.lang))
        return
    door.client.views_open(trigger_id=str(payload.get("trigger_id")), view=log_view(words, person.lang))


def on_logged(door: Door, person: Person, payload: Payload) -> None:
    """It is proposed as an interaction. What others wrote may say anything, so the card says that it was read."""
    name, words = typed_log((payload["view"].get("state") or {}).get("values") or {})
    try:
        found = _draft_log(door, person, clean(name), clean(words))
    except CrmError as error:
        _tell(door, person, str(error))
        return
    store = door.store.for_agent
    made = propose(
        store, found.changes, actor=person.actor, summary=summarise(found.changes, store.schema),
        origin=Origin(door="slack", tainted=True, quotes={0: words[:600]}),
    )  # fmt: skip
    _show_card(door, person, Pressed(person.lang, made.id, made.sha256).packed())


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


def _show_card(door: Door, person: Person, value: str) -> None:
    pressed = Pressed.unpacked(value)
    if pressed is None:
        return
    card = card_message(read_card(door.store, pressed.id, person.actor), pressed.lang, now=door.clock())
    door.say(_direct(door, person), card)


def _tell(door: Door, person: Person, text: str) -> None:
    from integrations.slack.blocks.message import Message
    from integrations.slack.blocks.text import fallback

    door.say(_direct(door, person), Message(fallback(text)))


def _direct(door: Door, person: Person) -> Place:
    return Place(door.direct(person.slack_id), person.slack_id, is_private=True)
