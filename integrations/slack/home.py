"""The Home tab is drawn when it is opened and after each click in it."""

from crm_core.errors import CrmError
from integrations.slack.blocks.home import home_view
from integrations.slack.cards import Pressed
from integrations.slack.day import end_task, put_off_task, read_day
from integrations.slack.direct import show_card, tell
from integrations.slack.door import Door
from integrations.slack.people import Person
from integrations.slack.shape import Payload

BUTTONS = ("task_done", "task_snooze", "show_card")


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
        pressed = Pressed.unpacked(value)
        if pressed is not None:
            show_card(door, person, pressed)
        return
    work = end_task if action["action_id"] == "task_done" else put_off_task
    try:
        work(door, person, int(value) if value.isascii() and value.isdigit() else 0)
    except CrmError as error:
        tell(door, person, str(error))
    publish(door, person)
