"""Slack's door as people find it: what they type and press are signed requests, and what they see is the answer."""

import html
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any, cast

from copilot.agent import Copilot
from copilot.reply import Reply
from copilot.serialise import reply_to_json
from crm_core.access import ADMIN, Actor
from crm_core.changes import State
from crm_core.db import Store
from crm_core.errors import CrmError, Forbidden, Invalid, NotFound
from crm_core.models import InboxRow, Notice, NoticeSetting
from crm_core.users import list_people
from evals.transcript import Json
from integrations.cards import read_card
from integrations.indexing import keep_in_step
from integrations.rehearsal import payloads
from integrations.rehearsal.workspace import FakeSlack, Posted
from integrations.slack.cards import Pressed
from integrations.slack.http import GateApp
from integrations.slack.start import build, identify, open_door, web_client

_STATES = {"approve": State.APPLIED, "reject": State.REJECTED, "undo": State.UNDONE}
_MANY = "approve_many"  # the button whose window asks for the number of changes
_SHOWN = 30  # characters of a cell that a table surely shows


class Heard:
    """A copilot whose last reply is kept: of what people see, its status alone is not to be read."""

    def __init__(self, copilot: Copilot) -> None:
        self._copilot = copilot
        self.reply: Reply | None = None

    def ask(self, *said: Any, **more: Any) -> Reply:
        """As `Copilot.ask`."""
        self.reply = self._copilot.ask(*said, **more)
        return self.reply


class SlackDoor:
    """The door over `store`, over HTTP, with its gate, inbox and worker.

    Attributes:
        books: the tables that the door keeps for itself; `store_info` says how far the search has read.
    """

    books = frozenset({"store_info", *(model.__tablename__ for model in (InboxRow, Notice, NoticeSetting))})

    def __init__(self, store: Store, copilot: Copilot) -> None:
        self._store = store
        self._slack = FakeSlack()
        self._heard = Heard(copilot)
        self._today = date.min
        self._threads: dict[str, str] = {}
        client = web_client(self._slack.token, api_url=self._slack.api_url)
        identity = identify(client)
        door = open_door(store, cast(Copilot, self._heard), client, identity)
        self._running = build(replace(door, clock=self._now, take_in=lambda: keep_in_step(store)), identity)
        self._gate = GateApp(self._running.inbox, secret=payloads.SECRET, came=lambda: None)

    def close(self) -> None:
        """The workspace is gone."""
        self._slack.close()

    def say(self, text: str, *, actor: Actor, today: date, thread: str) -> Json:
        """Write a direct message, or press the option that says the same; what is then to be seen.

        Raises:
            Invalid: Slack refuses what it is told to show.
        """
        self._today, self._heard.reply = today, None
        if thread not in self._threads:  # another case: its people have an empty screen
            self._threads[thread] = self._slack.ts()
            self._slack.messages.clear()
        user, seen = self._user(actor), len(self._slack.messages)
        last = self._slack.seen_by(user)[-1:]
        option = _option(last[0], text) if last else None
        if option:
            self._press(user, last[0], option)
        else:
            typed = html.escape(text, quote=False)
            self._deliver(payloads.message(user, typed, thread_ts=self._threads[thread]))
        return self._told(user, seen)

    def decide(self, act: str, target: Json, *, actor: Actor) -> None:
        """Press a button of the card of a proposal.

        Raises:
            Forbidden: nothing came of it; says what the person was told.
            NotFound: no card of it has such a button.
        """
        shown = [(one, found) for one in self._slack.messages if (found := _of_card(one, str(target["id"]), act))]
        if not shown:
            raise NotFound(f"No message shows a button to {act} this proposal.")
        user, seen = self._user(actor), len(self._slack.messages)
        self._press(user, *shown[-1])
        if shown[-1][1] == _MANY:
            typed: dict[str, str | None] = {"count": str(len(target["changes"]))}
            self._deliver(payloads.submission(user, self._slack.views[-1], typed))
        if read_card(self._store, str(target["id"]), ADMIN).found.state is not _STATES[act]:
            raise Forbidden("; ".join(one.shown for one in self._slack.messages[seen:]) or "Nothing came of it.")

    def _told(self, user: str, first: int) -> Json:
        """The reply as far as it is to be seen: its text is all that stands there."""
        mine = list(self._seen(user, first))
        text = "\n".join(one.shown for one in mine)
        if self._heard.reply is None:
            return {"status": "refused", "text": text}
        told = reply_to_json(self._heard.reply, id=None)
        cards = [one for one in told["proposals"] if any(_of_card(card, one["id"], "approve") for card in mine)]
        options = [one for one in told["options"] if any(_option(message, one) for message in mine)]
        rows = [row for row in told["rows"] if _stands_in(text, row)]
        return {**told, "text": text, "rows": rows, "proposals": cards, "options": options}

    def _seen(self, user: str, first: int) -> Iterator[Posted]:
        """The messages from `first` on that the person sees; a table is turned over to its end, page by page."""
        while first < len(self._slack.messages):
            posted = self._slack.messages[first]
            first += 1
            if posted in self._slack.seen_by(user):
                yield posted
                if "page_later" in posted.buttons:
                    self._press(user, posted, "page_later")

    def _press(self, user: str, posted: Posted, action: str) -> None:
        self._deliver(payloads.click(self._slack, user, posted, action))

    def _deliver(self, payload: dict[str, Any]) -> None:
        """Slack sends it, and all that waits is worked."""
        status, why = self._gate.take(*payloads.request(payload))
        if status != 200:
            raise CrmError(f"the gate answered {status}: {why}")
        while self._running.worker.work_one():
            pass
        if self._slack.violations:
            wrong, self._slack.violations[:] = "; ".join(self._slack.violations), []
            raise Invalid(f"Slack refuses what it is told to show: {wrong}.")

    def _user(self, actor: Actor) -> str:
        user = f"U{actor.id}"
        if user not in self._slack.users:
            emails = {one.id: one.email for one in list_people(self._store)}
            self._slack.add_user(user, emails.get(actor.id))
        return user

    def _now(self) -> datetime:
        return datetime.combine(self._today, time(12), tzinfo=UTC)


def _buttons(posted: Posted) -> Iterator[dict[str, Any]]:
    for block in posted.blocks:
        yield from block.get("elements", []) if block["type"] == "actions" else []


def _option(posted: Posted, text: str) -> str | None:
    """The action of the option that says `text`; None where the message offers none such."""
    is_it = (one for one in _buttons(posted) if one["action_id"].startswith("option_") and one.get("value") == text)
    return next((str(one["action_id"]) for one in is_it), None)


def _of_card(posted: Posted, proposal: str, act: str) -> str | None:
    """The action that does `act` on a proposal; None where the message is no card of it, or has no such button."""
    for one in _buttons(posted):
        pressed = Pressed.unpacked(str(one.get("value") or ""))
        if pressed and pressed.id == proposal and one["action_id"] in (act, f"{act}_many"):
            return str(one["action_id"])
    return None


def _stands_in(text: str, row: list[Any]) -> bool:
    """Whether a row is to be seen: one of its texts is, or it has none."""
    words = [one for one in row if isinstance(one, str) and one]
    return not words or any(one[:_SHOWN] in text for one in words)
