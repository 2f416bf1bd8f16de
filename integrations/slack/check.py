"""`farley slack --check`: whether the tokens, the scopes and the address are as Slack wants them."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from crm_core.errors import CrmError
from integrations.slack.gate import sign
from integrations.slack.start import identify

MANIFEST = Path(__file__).parent / "manifest.json"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    is_right: bool
    text: str


@cache
def manifest() -> dict[str, Any]:
    """What an app is made from in Slack's settings."""
    return dict(json.loads(MANIFEST.read_text(encoding="utf-8")))


def check(
    client: WebClient,
    *,
    team: str | None,
    secret: str,
    app_token: str,
    url: str | None = None,
    web: str = "",
    sends: bool = False,
) -> Iterator[Finding]:
    """Look at the bot token and its scopes, at how events come, and at the address if one is given.

    Args:
        client: with the bot token.
        team: the workspace that it has to be of; None: any.
        secret: that events over HTTP are signed with, or empty.
        app_token: of Socket Mode, or empty.
        url: the address that Slack is given; None: it is not asked.
        web: address of the pages that links to records lead to, or empty.
        sends: there is a mail server for approved drafts.
    """
    yield from _check_token(client, team)
    if app_token:
        yield _check_socket(client, app_token)
    elif not secret:
        yield Finding(
            False, "Neither FARLEY_SLACK_SIGNING_SECRET (HTTP) nor FARLEY_SLACK_APP_TOKEN (Socket Mode) is set."
        )
    else:
        yield Finding(True, "Events come over HTTP, signed with FARLEY_SLACK_SIGNING_SECRET.")
    if url and secret:
        yield _check_address(url, secret.encode())
    yield Finding(True, f"Links to records on {web} show a preview." if web else "No preview of links: no FARLEY_URL.")
    yield Finding(
        True, "Approved drafts can be sent." if sends else "Approved drafts cannot be sent here: no FARLEY_SMTP_HOST."
    )


def _check_token(client: WebClient, team: str | None) -> Iterator[Finding]:
    try:
        found = identify(client, team=team)
    except CrmError as error:
        yield Finding(False, str(error))
        return
    yield Finding(True, f"The bot token is of {found.url} ({found.team}).")
    missing = sorted(set(manifest()["oauth_config"]["scopes"]["bot"]) - found.scopes)
    if missing:
        yield Finding(False, f"Scopes are missing: {', '.join(missing)}. Add them and install the app again.")
    else:
        yield Finding(True, "All scopes are there.")


def _check_socket(client: WebClient, app_token: str) -> Finding:
    try:
        client.apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        return Finding(False, f"Slack refuses FARLEY_SLACK_APP_TOKEN: {error.response.get('error')}.")
    return Finding(True, "Socket Mode: Slack accepts FARLEY_SLACK_APP_TOKEN.")


def _check_address(url: str, secret: bytes) -> Finding:
    """Ask the address what Slack asks when it is entered there."""
    body = json.dumps({"type": "url_verification", "challenge": "farley"}).encode()
    stamp = str(int(time.time())).encode()
    headers = {
        "Content-Type": "application/json", "X-Slack-Request-Timestamp": stamp.decode(),
        "X-Slack-Signature": sign(body, stamp, secret).decode(),
    }  # fmt: skip
    if not url.startswith(("https://", "http://")):
        return Finding(False, f"{url} is no address of the web.")
    try:
        with urlopen(Request(url, body, headers), timeout=10) as answer:  # the operator's own address
            is_right = answer.read(100) == b"farley"
    except (URLError, OSError) as error:
        return Finding(False, f"{url} does not answer: {getattr(error, 'reason', error)}.")
    return Finding(
        is_right, f"{url} " + ("answers as Slack wants." if is_right else "answers, but is not Farley's gate.")
    )
