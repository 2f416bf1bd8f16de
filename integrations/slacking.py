"""Slack's door as the settings want it, for the process that answers and for the one that reminds."""

from datetime import datetime
from typing import TYPE_CHECKING

from crm_core.db import Store
from crm_core.errors import Invalid
from integrations.settings import Settings

if TYPE_CHECKING:
    from slack_sdk import WebClient

    from copilot.agent import Copilot
    from integrations.slack.door import Door
    from integrations.slack.start import Identity


def slack_client(settings: Settings) -> "WebClient":
    """Slack's Web API with the bot token.

    Raises:
        Invalid: there is none.
    """
    from integrations.slack.start import web_client

    if settings.slack_bot_token is None:
        raise Invalid("No bot token is set: FARLEY_SLACK_BOT_TOKEN holds it (it begins with xoxb-).")
    return web_client(settings.slack_bot_token.get_secret_value(), api_url=settings.slack_api_url)


def open_slack(settings: Settings, store: Store, copilot: "Copilot") -> "tuple[Door, Identity]":
    """The door, and who Farley is in the workspace.

    Raises:
        Invalid: there is no bot token, or Slack refuses it.
        Unavailable: Slack cannot be reached.
    """
    from dataclasses import replace

    from copilot.feedback import Feedback
    from copilot.memory.dismissals import Dismissals
    from integrations.bootstrap import build_mailer, open_conversations
    from integrations.current import bring_up_to_date
    from integrations.slack.start import identify, open_door

    client = slack_client(settings)
    identity = identify(client, team=settings.slack_team)
    kept = open_conversations(settings)
    door = replace(
        open_door(store, copilot, client, identity),
        open_channels=frozenset(filter(None, map(str.strip, settings.slack_channel_answers.split(",")))),
        mailer=build_mailer(settings), feedback=Feedback(kept), dismissals=Dismissals(kept), web=settings.url,
        take_in=lambda: bring_up_to_date(store, datetime.now().astimezone().date()),
    )  # fmt: skip
    return door, identity
