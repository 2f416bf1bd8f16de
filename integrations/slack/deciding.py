"""The buttons of a card: an authenticated person approves, rejects, edits or undoes exactly what they were shown."""

from collections.abc import Callable

from copilot.context import Lang
from copilot.refusals import translate
from crm_core.changes import State, approve, reject, undo
from crm_core.errors import Conflict, CrmError, Invalid
from integrations.cards import MANY, Card, correct, read_card
from integrations.slack.blocks import views
from integrations.slack.blocks.card import card_message, editable
from integrations.slack.blocks.text import Block, cut, fallback
from integrations.slack.cards import Pressed
from integrations.slack.door import Door, Place
from integrations.slack.inbox import DOOR
from integrations.slack.people import Person
from integrations.slack.shape import Payload
from integrations.slack.words import say

Act = Callable[[Door, Person, Payload, Card, Pressed], None]

_WANTED = {"approve": State.APPLIED, "reject": State.REJECTED, "undo": State.UNDONE}


def on_press(door: Door, person: Person, payload: Payload) -> None:
    """A button of a card was pressed, once or twice; the card is drawn as it then stands."""
    name = str(payload["actions"][0]["action_id"])
    pressed = Pressed.unpacked(str(payload["actions"][0].get("value") or ""))
    if pressed is None:
        door.hint(payload, say("not_shown", person.lang))
        return
    if name in _WINDOWS:
        _open(door, person, payload, pressed, _WINDOWS[name])
        return
    try:
        left = _decide(door, person, name, pressed)
    except CrmError as error:
        _redraw(door, person, payload, pressed)
        if _state(door, person, pressed) is not _WANTED[name]:  # a second click wants what is so already
            door.hint(payload, fallback(translate(error, pressed.lang)))
    else:
        _redraw(door, person, payload, pressed)
        if left:
            door.hint(payload, fallback(left))


def _decide(door: Door, person: Person, name: str, pressed: Pressed) -> str:
    """Do it; gives what an undo had to leave as it is, in words."""
    if name == "approve":
        card = read_card(door.store, pressed.id, person.actor)
        if len(card.changes) > MANY:
            raise Invalid(say("count_wrong", pressed.lang))
        approve(door.store, pressed.id, sha256=pressed.sha256, actor=person.actor, door=DOOR)
    elif name == "reject":
        reject(door.store, pressed.id, actor=person.actor, door=DOOR)
    else:
        result = undo(door.store, pressed.id, actor=person.actor, door=DOOR)
        if result.left:
            what = "; ".join(f"{left.label}: {translate(left.reason, pressed.lang)}" for left in result.left[:5])
            return say("undid_left", pressed.lang, count=len(result.left), what=what)
    return ""


def _state(door: Door, person: Person, pressed: Pressed) -> State | None:
    try:
        return read_card(door.store, pressed.id, person.actor).found.state
    except CrmError:
        return None


def _redraw(door: Door, person: Person, payload: Payload, pressed: Pressed) -> None:
    """The card as it stands; one that the person may not see stays as it is."""
    try:
        card = read_card(door.store, pressed.id, person.actor)
    except CrmError:
        return
    door.redraw(payload, card_message(card, pressed.lang, now=door.clock()))


def _open(
    door: Door, person: Person, payload: Payload, pressed: Pressed, view: Callable[[Card, views.Where], Block | None]
) -> None:
    card = read_card(door.store, pressed.id, person.actor)
    container = payload.get("container") or {}
    is_ephemeral = bool(container.get("is_ephemeral"))
    message = "" if is_ephemeral else str(container.get("message_ts") or "")
    where = views.Where(pressed, str(container.get("channel_id") or ""), message)
    made = view(card, where)
    if made is None:
        door.hint(payload, say("no_fields", pressed.lang))
        return
    door.open_window(payload, made, pressed.lang)


def on_count(door: Door, person: Person, payload: Payload) -> None:
    """The number of many changes was typed: they are applied if it is right."""
    view = payload["view"]
    where = views.Where.unpacked(str(view.get("private_metadata") or ""))
    if where is None:
        return
    card = read_card(door.store, where.pressed.id, person.actor)
    typed = views.typed_count((view.get("state") or {}).get("values") or {})
    if typed.replace(",", "") != str(len(card.changes)):
        tell(door, person, where, say("count_wrong", where.pressed.lang))
        return
    try:
        approve(door.store, where.pressed.id, sha256=where.pressed.sha256, actor=person.actor, door=DOOR)
    except CrmError as error:
        tell(door, person, where, translate(error, where.pressed.lang))
    draw(door, person, where, where.pressed)


def on_edited(door: Door, person: Person, payload: Payload) -> None:
    """New values were typed: a corrected proposal takes the place of the card, and waits in turn."""
    view = payload["view"]
    where = views.Where.unpacked(str(view.get("private_metadata") or ""))
    if where is None:
        return
    pressed = where.pressed
    try:
        corrected = _correct(door, person, pressed, (view.get("state") or {}).get("values") or {})
    except CrmError as error:
        tell(door, person, where, translate(error, pressed.lang))
        corrected = pressed
    draw(door, person, where, corrected)


def _correct(door: Door, person: Person, pressed: Pressed, state: dict[str, object]) -> Pressed:
    card = read_card(door.store, pressed.id, person.actor)
    if card.found.sha256 != pressed.sha256:
        raise Conflict(say("not_shown", pressed.lang))
    typed = views.edited_values(card, state)
    if not typed:
        return pressed
    made = correct(door.store, card, typed, actor=person.actor, today=door.today(person), door=DOOR)
    return Pressed(pressed.lang, made.id, made.sha256)


def draw(door: Door, person: Person, where: views.Where, pressed: Pressed) -> None:
    """The card where it stands; one that only its person saw comes as a direct message."""
    card = card_message(read_card(door.store, pressed.id, person.actor), pressed.lang, now=door.clock())
    if where.message:
        door.client.chat_update(channel=where.channel, ts=where.message, text=card.text, blocks=list(card.blocks))
    else:
        door.say(Place(door.direct(person.slack_id), person.slack_id, is_private=True), card)


def tell(door: Door, person: Person, where: views.Where, text: str) -> None:
    """Say something about a window: where its card stands, else directly."""
    from integrations.slack.blocks.message import Message

    door.say(Place(where.channel, person.slack_id), Message(fallback(cut(text, 2_000))))


def _edit(card: Card, where: views.Where) -> Block | None:
    return views.edit_view(card, where) if editable(card) and card.found.state is State.PROPOSED else None


def _lang(where: views.Where) -> Lang:
    return where.pressed.lang


_WINDOWS: dict[str, Callable[[Card, views.Where], Block | None]] = {
    "edit": _edit,
    "edit_mail": views.mail_view,
    "approve_many": views.count_view,
    "show_all": lambda card, where: views.all_view(card, _lang(where)),
    "why": lambda card, where: views.why_view(card, _lang(where)),
}
BUTTONS = (*_WANTED, *_WINDOWS)
