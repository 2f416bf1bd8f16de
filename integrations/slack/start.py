"""Putting the parts together: who Farley is in the workspace, the door, the worker."""

import os
import ssl
from dataclasses import dataclass
from functools import cache
from uuid import uuid4

from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import HttpRequest, HttpResponse, RetryState
from slack_sdk.http_retry.builtin_handlers import ConnectionErrorRetryHandler, RateLimitErrorRetryHandler

from copilot.agent import Copilot
from crm_core.db import Store
from crm_core.errors import Invalid, Unavailable
from integrations.slack.app import build_app, handle
from integrations.slack.door import Door
from integrations.slack.inbox import Inbox
from integrations.slack.people import People
from integrations.slack.quiet import quiet
from integrations.slack.worker import Worker

API_URL = "https://slack.com/api/"
MOST_PAUSE_S = 10  # that a call waits for in its place


@dataclass(frozen=True)
class Identity:
    """Who a bot token is: workspace, bot and its user."""

    team: str
    bot_id: str
    bot_user: str
    url: str
    scopes: frozenset[str]


@dataclass(frozen=True)
class Running:
    """The parts of a door that works."""

    door: Door
    app: App
    inbox: Inbox
    worker: Worker


class _ShortPauses(RateLimitErrorRetryHandler):
    """Waits for a short pause that Slack asks for; with a longer one the event comes again: no click waits for it."""

    def _can_retry(
        self, *, state: RetryState, request: HttpRequest, response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:  # fmt: skip
        if response is None or not super()._can_retry(state=state, request=request, response=response, error=error):
            return False
        told = next((value for name, value in response.headers.items() if name.lower() == "retry-after"), [""])
        return str(told[0]).isdigit() and int(told[0]) <= MOST_PAUSE_S


def web_client(token: str, *, api_url: str = API_URL) -> WebClient:
    """Slack's Web API; a call is made again after a broken connection and after a short pause that Slack asks for."""
    retries = [ConnectionErrorRetryHandler(), _ShortPauses(max_retry_count=1)]
    return WebClient(
        token, base_url=api_url, timeout=10, ssl=_certificates(), retry_handlers=list(retries), logger=quiet
    )  # fmt: skip


@cache
def _certificates() -> ssl.SSLContext:
    """Read once: without it each call reads them again, which takes longer than the call."""
    return ssl.create_default_context()


def identify(client: WebClient, *, team: str | None = None) -> Identity:
    """Ask Slack whose the token is.

    Raises:
        Invalid: Slack refuses it, or it is of another workspace than `team`.
        Unavailable: Slack cannot be reached.
    """
    try:
        told = client.auth_test()
    except SlackApiError as error:
        raise Invalid(f"Slack refuses FARLEY_SLACK_BOT_TOKEN: {error.response.get('error')}.") from None
    except OSError as error:
        raise Unavailable(f"Slack cannot be reached: {error}.") from error
    if team and told["team_id"] != team:
        raise Invalid(f"FARLEY_SLACK_BOT_TOKEN is of the workspace {told['team_id']}, not of {team}.")
    scopes = str(told.headers.get("x-oauth-scopes") or told.headers.get("X-OAuth-Scopes") or "")
    named = frozenset(one.strip() for one in scopes.split(",") if one.strip())
    return Identity(told["team_id"], told.get("bot_id") or "", told["user_id"], told.get("url") or "", named)


def open_door(store: Store, copilot: Copilot, client: WebClient, identity: Identity) -> Door:
    """The door of a workspace, with nothing set that it can do without."""
    people = People(store, client, team=identity.team)
    return Door(store=store, copilot=copilot, people=people, client=client, bot_user=identity.bot_user)


def build(door: Door, identity: Identity, *, threads: int = 3, lease_s: float = 30) -> Running:
    """The app behind `door` with its inbox and a worker that is not started yet."""
    app = build_app(door, bot_id=identity.bot_id)
    inbox = Inbox(door.store, worker=f"{os.getpid()}-{uuid4().hex[:8]}", lease_s=lease_s)
    worker = Worker(inbox, lambda payload: handle(app, door, payload), threads=threads)
    return Running(door, app, inbox, worker)
