"""What Slack sends: events, commands, clicks and windows as its documentation shows them."""

import json
import time
from itertools import count
from typing import Any
from urllib.parse import urlencode

from integrations.rehearsal.workspace import BOT_USER, TEAM, FakeSlack, Posted
from integrations.slack.gate import sign

SECRET = b"8f742231b10e8888abcd99yyyzzz85a5"
_numbers = count(1)


def event(inner: dict[str, Any], *, team: str = TEAM, event_id: str | None = None) -> dict[str, Any]:
    return {
        "token": "x", "team_id": team, "api_app_id": "A0", "type": "event_callback", "event_time": 1_700_000_000,
        "event_id": event_id or f"Ev{next(_numbers):08d}", "event": inner,
    }  # fmt: skip


def message(user: str, text: str, *, ts: str | None = None, **given: Any) -> dict[str, Any]:
    """A direct message."""
    inner = {"type": "message", "user": user, "text": text, "channel": f"D{user}", "channel_type": "im", "team": TEAM}
    return event(inner | {"ts": ts or f"1700.{next(_numbers):06d}"} | given)


def mention(user: str, text: str, *, channel: str = "C0SALES", **given: Any) -> dict[str, Any]:
    inner = {"type": "app_mention", "user": user, "text": f"<@{BOT_USER}> {text}", "channel": channel, "team": TEAM}
    return event(inner | {"ts": f"1700.{next(_numbers):06d}"} | given)


def command(slack: FakeSlack, user: str, text: str, *, channel: str = "C0SALES") -> dict[str, Any]:
    return {
        "token": "x", "team_id": TEAM, "channel_id": channel, "user_id": user, "command": "/farley", "text": text,
        "response_url": f"{slack.root}/respond/{channel}/{user}/0", "trigger_id": f"t{next(_numbers)}",
    }  # fmt: skip


def click(slack: FakeSlack, user: str, posted: Posted, label: str, *, team: str = TEAM, **given: Any) -> dict[str, Any]:
    """A press of the button `label` of a message."""
    container = {"type": "message", "message_ts": posted.ts, "channel_id": posted.channel,
                 "is_ephemeral": posted.to is not None, "thread_ts": posted.thread}  # fmt: skip
    return {
        "type": "block_actions", "team": {"id": team}, "user": {"id": user, "team_id": team}, "api_app_id": "A0",
        "container": container, "channel": {"id": posted.channel}, "trigger_id": f"t{next(_numbers)}",
        "response_url": f"{slack.root}/respond/{posted.channel}/{user}/{posted.ts}",
        "actions": [posted.button(label) | {"action_ts": f"{next(_numbers)}"}],
    } | given  # fmt: skip


def submission(user: str, view: dict[str, Any], typed: dict[str, str | None]) -> dict[str, Any]:
    """A window that is sent; what nobody typed over stays as it was."""
    values = {
        block["block_id"]: {"value": _left(block["element"])} for block in view["blocks"] if block["type"] == "input"
    }
    for block_id, text in typed.items():
        field = values[block_id]["value"]
        field.update({"selected_option": {"value": text}} if field["type"] == "static_select" else {"value": text})
    return {
        "type": "view_submission", "team": {"id": TEAM}, "user": {"id": user, "team_id": TEAM},
        "trigger_id": f"t{next(_numbers)}", "view": view | {"state": {"values": values}},
    }  # fmt: skip


def _left(element: dict[str, Any]) -> dict[str, Any]:
    if element["type"] == "static_select":
        return {"type": "static_select", "selected_option": element.get("initial_option")}
    return {"type": "plain_text_input", "value": element.get("initial_value")}


def request(payload: dict[str, Any], *, now: float | None = None) -> tuple[bytes, list[tuple[bytes, bytes]]]:
    """Body and headers as Slack sends the payload over HTTP."""
    if "command" in payload:
        body, kind = urlencode(payload).encode(), b"application/x-www-form-urlencoded"
    elif payload.get("type") in ("event_callback", "url_verification"):
        body, kind = json.dumps(payload).encode(), b"application/json"
    else:
        body, kind = urlencode({"payload": json.dumps(payload)}).encode(), b"application/x-www-form-urlencoded"
    return body, signed(body, kind, now=now)


def signed(body: bytes, kind: bytes = b"application/json", *, now: float | None = None) -> list[tuple[bytes, bytes]]:
    stamp = str(int(time.time() if now is None else now)).encode()
    return [
        (b"Content-Type", kind), (b"X-Slack-Request-Timestamp", stamp),
        (b"X-Slack-Signature", sign(body, stamp, SECRET)),
    ]  # fmt: skip
