"""The Home tab is drawn when it is opened and after each click in it."""

from copilot.refusals import translate
from crm_core.errors import CrmError
from integrations.slack.blocks.home import home_view
from integrations.slack.blocks.notices import digest_message, reminder_message, settings_line
from integrations.slack.blocks.text import rich
from integrations.slack.cards import Pressed
from integrations.slack.day import end_task, put_off_task, read_day, read_due
from integrations.slack.direct import show_card, tell
from integrations.slack.door import Door
from integrations.slack.notices.once import find_told
from integrations.slack.notices.wants import read_wants
from integrations.slack.people import Person
from integrations.slack.shape import Payload

BUTTONS = ("task_done", "task_snooze", "show_card")


def on_open(door: Door, person: Person, payload: Payload) -> None:
    """Somebody opened the tab."""
    if payload["event"].get("tab") == "home":
        publish(door, person)


def turn_away(door: Door, payload: Payload, text: str) -> None:
    """Somebody opened the tab who is no user here: it says why it is empty."""
    if payload["event"].get("tab") == "home":
        view = {"type": "home", "blocks": rich(text)}
        door.client.views_publish(user_id=str(payload["event"]["user"]), view=view)


def publish(door: Door, person: Person) -> None:
    """Draw the tab as it is now."""
    wants = read_wants(door.store, door.people.outsider(person.slack_id))
    view = home_view(read_day(door, person), person.lang, settings=settings_line(wants, person.lang))
    door.client.views_publish(user_id=person.slack_id, view=view)


def on_press(door: Door, person: Person, payload: Payload) -> None:
    """A button of the tab was pressed."""
    action = payload["actions"][0]
    value = str(action.get("value") or "")
    if action["action_id"] == "show_card":
        pressed = Pressed.unpacked(value)
        if pressed is not None:
            show_card(door, person, pressed)
        return
    work = end_task if action["action_id"] == "task_done" else put_off_task
    try:
        work(door, person, int(value) if value.isascii() and value.isdigit() else 0)
    except CrmError as error:
        tell(door, person, translate(error, person.lang))
    if (payload.get("container") or {}).get("type") == "message":
        _redraw(door, person, payload)
    else:
        publish(door, person)


def _redraw(door: Door, person: Person, payload: Payload) -> None:
    """The notice in which a task was ended or put off, as it stands now."""
    container = payload["container"]
    told = find_told(door.store, message=f"{container.get('channel_id')}:{container.get('message_ts')}")
    if told is None or told.user_id != person.actor.id:
        return
    if told.kind == "digest":
        door.redraw(payload, digest_message(read_day(door, person), person.lang))
    else:
        door.redraw(payload, reminder_message(read_due(door, person), person.lang))
