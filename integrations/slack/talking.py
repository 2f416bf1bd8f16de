"""Messages, mentions, commands and picked options become questions to the copilot, and its replies become messages."""

import html
import json
import logging
import re
from functools import lru_cache
from http.client import HTTPException
from typing import Any

from slack_sdk.errors import SlackApiError

from copilot.context import Lang
from copilot.language import language_of
from copilot.reply import Answer, Reply, Status
from copilot.words import sentence
from crm_core.changes import State, list_changes
from crm_core.query.run import run_query
from crm_core.query.spec import All, Condition, Order, QuerySpec
from integrations.cards import read_card
from integrations.slack.blocks.card import card_message
from integrations.slack.blocks.message import Message, message
from integrations.slack.blocks.reply import reply_message
from integrations.slack.blocks.text import fallback, rich
from integrations.slack.door import Door, Place, place_of
from integrations.slack.notices.choosing import show_settings
from integrations.slack.notices.silent import question_in, take_words
from integrations.slack.people import Person
from integrations.slack.shape import Payload
from integrations.slack.streaming import stream
from integrations.slack.words import read_command, say

log = logging.getLogger(__name__)

_UNREACHED = (SlackApiError, OSError, HTTPException)
_HEARD = (None, "file_share", "thread_broadcast", "me_message")  # subtypes of what a person says
_MARKED = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_EMOJI = re.compile(
    r" *(?<![A-Za-z0-9_:]):[a-z0-9_+'-]+:(?::skin-tone-[2-6]:)?(?![A-Za-z0-9_:]) *"
)  # :wave: is a picture
_CARDS = 5  # of one reply
_STATUS = 50  # characters
_DIRECT = "D"  # ids of direct messages begin so


def on_message(door: Door, person: Person, payload: Payload) -> None:
    """Answer what somebody wrote to Farley or mentions it in."""
    event, place = payload["event"], place_of(payload)
    if place is None or event.get("bot_id"):
        return
    if event.get("subtype") == "message_changed":
        _on_edit(door, person, payload)
        return
    if event.get("subtype") not in _HEARD:
        return
    text = words_of(str(event.get("text") or ""), door.bot_user)
    if event.get("files"):
        door.hint(payload, say("only_text", person.lang))
        if not text:
            return
    if not text and event["type"] == "app_mention":
        door.say(place, help_message(person.lang))
    elif asked := question_in(door, person, place):
        take_words(door, person, asked, text, place=place)
    else:
        ask(door, person, place, text)


def _on_edit(door: Door, person: Person, payload: Payload) -> None:
    """A message stays as it was answered; Slack also tells of edits that are none, such as a preview that came."""
    event = payload["event"]
    new, old = event.get("message") or {}, event.get("previous_message") or {}
    if event.get("channel_type") == "im" and new.get("edited") and new.get("text") != old.get("text"):
        door.hint(payload, say("edited", person.lang))


def on_command(door: Door, person: Person, payload: Payload) -> None:
    """`/farley …`: only its person sees what it answers."""
    place = place_of(payload)
    assert place is not None  # a command names its person and its channel
    name, rest = read_command(words_of(payload["text"], door.bot_user))
    lang: Lang = "zh" if language_of(payload["text"]) == "zh" else "en" if rest else person.lang
    if name == "help" or (not rest and name in ("ask", "log", "draft")):
        door.say(place, help_message(lang))
    elif name == "settings":
        show_settings(door, person, place, lang)
    elif name == "undo":
        _offer_undo(door, person, place, lang)
    elif name == "tasks" and not rest:
        _show_tasks(door, person, place, lang)
    else:
        ask(door, person, place, _question(name, rest, lang))


def on_option(door: Door, person: Person, payload: Payload) -> None:
    """What was picked goes on in the conversation that offered it."""
    action = payload["actions"][0]
    channel, _, thread = str(action.get("block_id") or "").partition("|")
    container = payload.get("container") or {}
    is_ephemeral = bool(container.get("is_ephemeral"))
    url = str(payload.get("response_url") or "") if is_ephemeral else ""
    is_private = channel.startswith(_DIRECT)
    place = Place(channel, person.slack_id, thread or None, is_private=is_private, response_url=url or None)
    ask(door, person, place, str(action.get("value") or ""))


def on_assistant_thread(door: Door, person: Person, payload: Payload) -> None:
    """Greet somebody who opens the assistant, and offer what works."""
    told = payload["event"].get("assistant_thread") or {}
    channel, thread = str(told.get("channel_id") or ""), str(told.get("thread_ts") or "")
    prompts = [{"title": one, "message": one} for one in starts(person.lang)]
    door.client.assistant_threads_setSuggestedPrompts(channel_id=channel, thread_ts=thread, prompts=prompts)
    door.say(Place(channel, person.slack_id, thread, is_private=True), Message(say("greeting", person.lang)))


def starts(lang: Lang) -> tuple[str, ...]:
    """Questions that work at once."""
    from copilot.words import sentences
    from integrations.slack.blocks import limits

    return sentences("start", lang)[: limits.PROMPTS]


def ask(door: Door, person: Person, place: Place, text: str) -> None:
    """One turn: ask the copilot, show its answer, and a card for each change that waits."""
    show_status(door, place, say("thinking", language_of(text)))
    door.take_in()
    reply = door.copilot.ask(
        text, thread=f"slack:{place.conversation}", actor=person.actor, today=door.today(person), door="slack",
        on_step=lambda step: show_status(door, place, step),
    )  # fmt: skip
    show_reply(door, person, place, reply, text)


def show_reply(door: Door, person: Person, place: Place, reply: Reply, question: str) -> None:
    """The answer where it was asked; what waits for approval as cards that only the person sees."""
    lang = language_of(question)
    cards = [read_card(door.store, one.id, person.actor) for one in reply.proposals[:_CARDS]]
    intro = reply.text
    if cards and all(card.mail for card in cards):  # the card holds the letter; the page what it rests on
        intro = "\n".join(page.text() for page in reply.pages)
    elif not cards or reply.answers or reply.options:
        shown = reply_message(reply, lang, conversation=place.conversation, question=question)
        if not stream(door, place, shown):
            door.say(place, shown, to_all=door.shows_all(place) and not cards)
        _show_chart(door, person, place, reply)
        intro = ""
    if not cards:
        return
    is_here = place.is_private and not place.response_url
    there = place if is_here else Place(door.direct(person.slack_id), person.slack_id, is_private=True)
    for card in cards:
        door.say(there, card_message(card, lang, now=door.clock(), intro=intro))
        intro = ""
    if not is_here:
        door.say(place, Message(say("card_sent", lang)))


def _show_chart(door: Door, person: Person, place: Place, reply: Reply) -> None:
    """The chart as a picture; a file cannot be for one person alone, so elsewhere it comes as a direct message."""
    if reply.chart is None:
        return
    is_here = place.is_private and not place.response_url
    picture = _picture(json.dumps(reply.chart))
    try:
        channel = place.channel if is_here else door.direct(person.slack_id)
        thread = place.thread if is_here else None
        door.client.files_upload_v2(channel=channel, thread_ts=thread, filename="chart.png", content=picture)
    except _UNREACHED as error:  # the answer stands; it must not come twice for the sake of its picture
        log.warning("a chart was not shown: %s", type(error).__name__)


@lru_cache(maxsize=32)  # a team asks for the same figures, and one picture takes ten times as long as its answer
def _picture(chart: str) -> bytes:
    from vl_convert import vegalite_to_png

    return vegalite_to_png(chart, scale=2)


def show_status(door: Door, place: Place, text: str) -> None:
    """What goes on, where the workspace has assistant threads; elsewhere nothing."""
    if not place.may_be_assistants:
        return
    at = str(place.thread)
    try:
        door.client.assistant_threads_setStatus(channel_id=place.channel, thread_ts=at, status=text[:_STATUS])
    except _UNREACHED:
        return  # the workspace has none, the thread is no assistant's, or nobody sees this one step


def help_message(lang: Lang) -> Message:
    """What can be said."""
    text = say("help", lang)
    return Message(fallback(text.replace("**", "")), message(text, rich(text), lang).blocks)


def words_of(text: str, bot_user: str) -> str:
    """What a person wrote, from Slack's mark-up: without Farley's own name and emoji, links as their words."""
    words = html.unescape(_MARKED.sub(lambda found: _plain(found, bot_user), text)).strip()
    return _EMOJI.sub(" ", words).strip() or words  # emoji alone are what was said


def _plain(found: "re.Match[str]", bot_user: str) -> str:
    target, label = found[1], found[2]
    if target == f"@{bot_user}":
        return ""
    if label:
        return label
    return target.removeprefix("mailto:").lstrip("!") if target[:1] != "@" else target


def _question(name: str, rest: str, lang: Lang) -> str:
    if name == "brief":
        return sentence("brief_me", lang, name=rest or "today")
    return say("draft_me", lang, what=rest) if name == "draft" else rest


def _show_tasks(door: Door, person: Person, place: Place, lang: Lang) -> None:
    """What the person has to do, the first due first."""
    mine = All(
        all=[
            Condition(field="owner", op="eq", value=person.actor.id), Condition(field="status", op="eq", value="open"),
        ]
    )  # fmt: skip
    spec = QuerySpec(entity="task", where=mine, columns=["title", "due_on", "account"], order_by=[Order(by="due_on")])
    result = run_query(door.store.for_agent, spec, actor=person.actor, today=door.today(person))
    text = say("tasks_open", lang, count=f"{len(result.rows):,}")
    reply = Reply(Status.ANSWERED, text, answers=(Answer(result, ""),))
    door.say(place, reply_message(reply, lang, conversation=place.conversation, question=text))


def _offer_undo(door: Door, person: Person, place: Place, lang: Lang) -> None:
    """The card of the person's last change, with its button."""
    done: list[Any] = [
        one for one in list_changes(door.store, person.actor, limit=50)
        if one.head.asked_by_id == person.actor.id and one.state is State.APPLIED and one.head.kind == "edit"
    ]  # fmt: skip
    card = read_card(door.store, done[0].id, person.actor) if done else None
    if card is None or not card.may_be_undone(door.clock()):
        door.say(place, Message(say("undo_none", lang)))
    else:
        door.say(place, card_message(card, lang, now=door.clock()))
