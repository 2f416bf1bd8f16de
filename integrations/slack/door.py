"""What every listener stands on: the store, the agent, who is who, and how something is said."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from copilot.agent import Copilot
from copilot.context import Lang
from copilot.feedback import Feedback
from copilot.memory.dismissals import Dismissals
from crm_core.access import DEFAULT_SCOPES, Scope
from crm_core.db import Store
from crm_core.errors import Unavailable
from crm_core.models import RoleScope, UserRole
from integrations.delivery import Mailer
from integrations.slack.blocks.message import Message
from integrations.slack.inbox import utc_now
from integrations.slack.people import People, Person
from integrations.slack.quiet import quiet
from integrations.slack.shape import Payload
from integrations.slack.words import say

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Place:
    """Where something is said.

    Attributes:
        channel: of Slack.
        user: who asked: where others read along, they alone see the answer.
        thread: that the answer stands in.
        is_private: nobody else reads along.
        is_foreign: people of another workspace read along.
        response_url: of a command or a click; what is said there only its person sees.
    """

    channel: str
    user: str
    thread: str | None = None
    is_private: bool = False
    is_foreign: bool = False
    response_url: str | None = None

    @property
    def conversation(self) -> str:
        """The name of the conversation that takes place here."""
        return f"{self.channel}|{self.thread or ''}"

    @property
    def may_be_assistants(self) -> bool:
        """Whether it is a thread in direct messages, as those of Slack's assistant are."""
        return self.is_private and self.thread is not None and not self.response_url


@dataclass(frozen=True)
class Door:
    """Slack's door.

    Attributes:
        store: the CRM.
        copilot: answers and proposes.
        people: who is who.
        client: Slack's Web API.
        bot_user: the user that Farley is in the workspace.
        open_channels: where everybody may see an answer that every rep may read.
        mailer: how approved drafts leave; None: none can.
        feedback: keeps what people think of answers; None: nothing is kept.
        dismissals: what people set aside in their day; None: nothing can be.
        web: address of the pages that links to records lead to; empty: there are none.
        clock: tells the moment.
        take_in: makes searchable what was said since the last time.
    """

    store: Store
    copilot: Copilot
    people: People
    client: WebClient
    bot_user: str
    open_channels: frozenset[str] = frozenset()
    mailer: Mailer | None = None
    feedback: Feedback | None = None
    dismissals: Dismissals | None = None
    web: str = ""
    clock: Callable[[], datetime] = utc_now
    take_in: Callable[[], None] = field(default=lambda: None)

    def today(self, person: Person) -> date:
        """The day where the person is."""
        return self.clock().astimezone(person.zone).date()

    def say(self, place: Place, message: Message, *, to_all: bool = False) -> None:
        """Post a message where it was asked for; where others read along, only the asker sees it."""
        blocks = list(message.blocks) or None
        if place.response_url:
            self._respond(place.response_url, message)
        elif place.is_private or to_all:
            self.client.chat_postMessage(
                channel=place.channel, thread_ts=place.thread, text=message.text, blocks=blocks, unfurl_links=False,
                unfurl_media=False,
            )  # fmt: skip
        else:
            self.client.chat_postEphemeral(
                channel=place.channel, user=place.user, thread_ts=place.thread, text=message.text, blocks=blocks
            )

    def direct(self, user: str) -> str:
        """The channel of direct messages with somebody."""
        return str(self.client.conversations_open(users=[user])["channel"]["id"])

    def shows_all(self, place: Place) -> bool:
        """Whether everybody there may see the answer."""
        return not (place.is_private or place.response_url or place.is_foreign) and self.is_open(place.channel)

    def is_open(self, channel: str) -> bool:
        """Whether a channel may see records: it is one of the open ones, and reps read all that there is."""
        if channel not in self.open_channels:
            return False
        with self.store.read() as connection:
            scope = RoleScope.__table__.c
            found = connection.execute(RoleScope.__table__.select().where(scope.role == UserRole.REP)).first()
        return (Scope(found.reads) if found else DEFAULT_SCOPES[UserRole.REP][0]) is Scope.ALL

    def hint(self, payload: Payload, text: str) -> None:
        """Tell the person who did this something that nobody else sees; where Slack names no place, directly."""
        place, (user, _) = place_of(payload), asker_of(payload)
        if user is None:
            return
        try:
            self.say(place or Place(self.direct(user), user, is_private=True), Message(text))
        except SlackApiError as error:
            log.warning("a hint could not be shown: %s", error.response.get("error"))

    def open_window(self, payload: Payload, view: Mapping[str, Any], lang: Lang) -> None:
        """Open a window for whoever clicked; where Slack waited too long for it, they are asked to click again."""
        try:
            self.client.views_open(trigger_id=str(payload.get("trigger_id")), view=dict(view))
        except SlackApiError as error:
            if "trigger" not in str(error.response.get("error")):
                raise
            self.hint(payload, say("stale_click", lang))

    def redraw(self, payload: Payload, message: Message) -> None:
        """Draw the message anew that was clicked on."""
        container = payload.get("container") or {}
        if container.get("is_ephemeral"):
            self._respond(str(payload.get("response_url") or ""), message, replaces=True)
        else:
            channel, at = str(container.get("channel_id")), str(container.get("message_ts"))
            self.client.chat_update(channel=channel, ts=at, text=message.text, blocks=list(message.blocks))

    def _respond(self, url: str, message: Message, *, replaces: bool = False) -> None:
        """Say something that only the person sees who typed a command or clicked.

        Raises:
            Unavailable: Slack does not take it now. One that is too old is no longer taken at all, which is no error.
        """
        answer = WebhookClient(url, ssl=self.client.ssl, logger=quiet).send(
            text=message.text, blocks=list(message.blocks) or None, response_type="ephemeral", replace_original=replaces
        )
        if answer.status_code == 429 or answer.status_code >= 500:
            raise Unavailable(f"Slack does not take the answer now ({answer.status_code}).")
        if answer.status_code != 200:
            log.warning("an answer was not taken: %s", answer.status_code)


def asker_of(payload: Payload) -> tuple[str | None, str | None]:
    """The ids of the person and the workspace that a payload names; None where it comes of nobody."""
    if "command" in payload:
        return payload["user_id"], payload["team_id"]
    if payload["type"] != "event_callback":
        user = payload["user"]
        return str(user["id"]), str(user.get("team_id") or (payload.get("team") or {}).get("id") or "") or None
    event = payload["event"]
    told: Mapping[str, Any] = event
    for part in ("assistant_thread", "message"):
        told = event[part] if isinstance(event.get(part), dict) else told
    user = told.get("user") or told.get("user_id")
    team = told.get("user_team") or told.get("team") or payload.get("team_id")
    return (user if isinstance(user, str) else None), (team if isinstance(team, str) else None)


def place_of(payload: Payload) -> Place | None:
    """Where the person who did this sees an answer."""
    user, _ = asker_of(payload)
    if user is None:
        return None
    if "command" in payload:
        return Place(payload["channel_id"], user, response_url=payload["response_url"])
    if payload["type"] != "event_callback":
        return _place_of_click(payload, user)
    event = payload["event"]
    if not isinstance(event.get("channel"), str):
        return None
    is_private = event.get("channel_type") == "im"
    thread = event.get("thread_ts") or (None if is_private else event.get("ts"))
    return Place(event["channel"], user, thread=thread, is_private=is_private, is_foreign=is_foreign(payload))


def is_foreign(payload: Payload) -> bool:
    """Whether an event comes from a channel that is shared with another workspace."""
    return bool(payload.get("is_ext_shared_channel"))


def _place_of_click(payload: Payload, user: str) -> Place | None:
    url = payload.get("response_url")
    if isinstance(url, str) and url:
        return Place(str((payload.get("channel") or {}).get("id") or ""), user, response_url=url)
    container = payload.get("container") or {}
    channel = container.get("channel_id") or (payload.get("channel") or {}).get("id")
    thread = container.get("thread_ts")
    return Place(str(channel), user, thread=thread if isinstance(thread, str) else None) if channel else None
