"""Drafts: a person edits one and approves it as it then is, and sends it by a click, once for each approval."""

from collections.abc import Mapping

from copilot.refusals import translate
from crm_core.blanks import blanks_in
from crm_core.changes import Change, State, approve, commit_changes
from crm_core.changes.draft import draft, summarise
from crm_core.changes.steps import Step
from crm_core.errors import Conflict, CrmError, Invalid
from crm_core.models import SendState
from integrations.cards import Card, correct, read_card
from integrations.mails import Mail
from integrations.slack.blocks.card import card_message
from integrations.slack.blocks.text import fallback
from integrations.slack.blocks.views import Where, typed_mail
from integrations.slack.cards import Pressed
from integrations.slack.deciding import draw, tell
from integrations.slack.door import Door
from integrations.slack.inbox import DOOR
from integrations.slack.people import Person
from integrations.slack.shape import Payload
from integrations.slack.words import say

BUTTONS = ("send",)


def on_send(door: Door, person: Person, payload: Payload) -> None:
    """Send the mail that the card shows; a second click finds it sent."""
    pressed = Pressed.unpacked(str(payload["actions"][0].get("value") or ""))
    card = read_card(door.store, pressed.id, person.actor) if pressed else None
    if pressed is None or card is None or card.mail is None or card.found.sha256 != pressed.sha256:
        door.hint(payload, say("not_shown", person.lang))
        return
    problem = ""
    try:
        _send(door, person, pressed, card.mail)
    except CrmError as error:
        problem = translate(error, pressed.lang)
    card = read_card(door.store, pressed.id, person.actor)
    door.redraw(payload, card_message(card, pressed.lang, now=door.clock()))
    if problem and not _is_sent(card):
        door.hint(payload, fallback(problem))


def _send(door: Door, person: Person, pressed: Pressed, mail: Mail) -> None:
    if door.mailer is None:
        raise Invalid(say("no_server", pressed.lang))
    door.mailer.send(door.store, mail.draft_id, actor=person.actor, door=DOOR, shown=pressed.id)


def _is_sent(card: Card) -> bool:
    return card.mail is not None and card.mail.send is not None and card.mail.send.state is SendState.SENT


def on_edited(door: Door, person: Person, payload: Payload) -> None:
    """The text was edited: it is approved as it now is, unless a blank is left in it."""
    view = payload["view"]
    where = Where.unpacked(str(view.get("private_metadata") or ""))
    if where is None:
        return
    try:
        pressed = _approved(door, person, where.pressed, typed_mail((view.get("state") or {}).get("values") or {}))
    except CrmError as error:
        tell(door, person, where, translate(error, where.pressed.lang))
        pressed = where.pressed
    draw(door, person, where, pressed)


def _approved(door: Door, person: Person, pressed: Pressed, typed: Mapping[str, str]) -> Pressed:
    card = read_card(door.store, pressed.id, person.actor)
    mail = card.mail
    if mail is None or card.found.sha256 != pressed.sha256:
        raise Conflict(say("not_shown", pressed.lang))
    new = {name: text for name, text in typed.items() if text != getattr(mail, name)}
    if card.found.state is State.APPLIED:
        return _changed(door, person, pressed, mail, new)
    made = _corrected(door, person, card, pressed, new) if new else pressed
    if not blanks_in(f"{new.get('subject', mail.subject)}\n{new.get('body', mail.body)}"):
        approve(door.store, made.id, sha256=made.sha256, actor=person.actor, door=DOOR)
    return made


def _corrected(door: Door, person: Person, card: Card, pressed: Pressed, new: Mapping[str, str]) -> Pressed:
    """The waiting proposal with another text in its place."""
    given = {(0, name): text for name, text in new.items()}
    made = correct(door.store, card, given, actor=person.actor, today=door.today(person), door=DOOR)
    return Pressed(pressed.lang, made.id, made.sha256)


def _changed(door: Door, person: Person, pressed: Pressed, mail: Mail, new: Mapping[str, str]) -> Pressed:
    """The approved draft with another text: the person's own edit, which is an approval of its own."""
    if not new:
        return pressed
    step = Step(op="update", entity="draft", records=[mail.draft_id], set=dict(new))
    changes: tuple[Change, ...] = tuple(draft(door.store, [step], actor=person.actor, today=door.today(person)).changes)
    summary = summarise(changes, door.store.schema)
    made = commit_changes(door.store, changes, actor=person.actor, kind="edit", summary=summary, door=DOOR)
    return Pressed(pressed.lang, made, read_card(door.store, made, person.actor).found.sha256)
