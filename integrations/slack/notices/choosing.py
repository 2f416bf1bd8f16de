"""The buttons of notices: what a person is told and when, and the answer to a question on a deal."""

from copilot.context import Lang
from copilot.refusals import translate
from crm_core.errors import CrmError
from integrations.slack import home
from integrations.slack.blocks import notices as blocks
from integrations.slack.direct import tell
from integrations.slack.door import Door, Place
from integrations.slack.notices.once import find_told
from integrations.slack.notices.silent import take_words
from integrations.slack.notices.wants import keep_wants, read_wants
from integrations.slack.people import Person
from integrations.slack.shape import Payload
from integrations.slack.words import say

BUTTONS = ("settings", "answer")


def on_press(door: Door, person: Person, payload: Payload) -> None:
    """Open the window that belongs to the button."""
    action = payload["actions"][0]
    lang: Lang = "zh" if action.get("value") == "zh" else "en"
    if action["action_id"] == "settings":
        view = blocks.settings_view(read_wants(door.store, door.people.outsider(person.slack_id)), lang)
    else:
        container = payload.get("container") or {}
        told = find_told(door.store, message=f"{container.get('channel_id')}:{container.get('message_ts')}")
        if told is None or told.user_id != person.actor.id or told.is_answered:
            door.hint(payload, say("answered", lang))
            return
        view = blocks.answer_view(lang, told.id)
    door.open_window(payload, view, lang)


def on_chosen(door: Door, person: Person, payload: Payload) -> None:
    """Keep what was chosen, and say how it now is."""
    given = blocks.chosen((payload["view"].get("state") or {}).get("values") or {})
    outsider = door.people.outsider(person.slack_id)
    keep_wants(door.store, outsider, given | {"time_zone": str(person.zone)})
    tell(door, person, blocks.settings_line(read_wants(door.store, outsider), person.lang))
    home.publish(door, person)


def on_answered(door: Door, person: Person, payload: Payload) -> None:
    """What was typed is proposed as a note on the deal."""
    view = payload["view"]
    kept, told = str(view.get("private_metadata") or ""), None
    if kept.isascii() and kept.isdigit() and len(kept) < 20:
        told = find_told(door.store, id=int(kept))
    if told is None or told.user_id != person.actor.id:
        tell(door, person, say("not_shown", person.lang))
        return
    state = (view.get("state") or {}).get("values") or {}
    words = str(((state.get("words") or {}).get("value") or {}).get("value") or "")
    try:
        take_words(door, person, told, words)
    except CrmError as error:
        tell(door, person, translate(error, person.lang))


def show_settings(door: Door, person: Person, place: Place, lang: Lang) -> None:
    """What the person is told and when, with the button that changes it."""
    door.say(place, blocks.settings_message(read_wants(door.store, door.people.outsider(person.slack_id)), lang))
