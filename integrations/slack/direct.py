"""What Farley says to a person alone, in their direct messages."""

from integrations.cards import read_card
from integrations.slack.blocks.card import card_message
from integrations.slack.blocks.message import Message
from integrations.slack.blocks.text import fallback
from integrations.slack.cards import Pressed
from integrations.slack.door import Door, Place
from integrations.slack.people import Person


def direct(door: Door, person: Person) -> Place:
    """The person's direct messages with Farley."""
    return Place(door.direct(person.slack_id), person.slack_id, is_private=True)


def tell(door: Door, person: Person, text: str) -> None:
    """Say a sentence."""
    tell_user(door, person.slack_id, text)


def tell_user(door: Door, slack_id: str, text: str) -> None:
    """Say a sentence to somebody in Slack."""
    door.say(Place(door.direct(slack_id), slack_id, is_private=True), Message(fallback(text)))


def show_card(door: Door, person: Person, pressed: Pressed, *, place: Place | None = None) -> None:
    """The card of a change set as it stands, to be decided on; `place`: elsewhere than at their direct messages."""
    card = read_card(door.store, pressed.id, person.actor)
    door.say(place or direct(door, person), card_message(card, pressed.lang, now=door.clock()))
