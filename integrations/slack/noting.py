"""What was said is proposed as an interaction."""

from crm_core.changes import Origin, propose
from crm_core.changes.draft import Draft, summarise
from integrations.slack.cards import Pressed
from integrations.slack.direct import show_card
from integrations.slack.door import Door, Place
from integrations.slack.inbox import DOOR
from integrations.slack.people import Person


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
