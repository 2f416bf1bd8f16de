"""Which payloads can be Slack's, and the key that each has however often it is delivered."""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

Payload = dict[str, Any]

_ID = re.compile(r"[A-Za-z0-9]{1,64}")
_LONGEST = 4_096  # characters of an address or an id
INTERACTIONS = frozenset({"block_actions", "view_submission", "view_closed", "shortcut", "message_action"})
COMMAND_FIELDS = ("command", "text", "user_id", "channel_id", "team_id", "trigger_id", "response_url")


def is_slacks(payload: Any) -> bool:
    """Whether it has the form of an event, a click, a modal, a shortcut or a command."""
    if not isinstance(payload, dict):
        return False
    if "command" in payload:
        return _is_command(payload)
    kind = payload.get("type")
    if kind == "event_callback":
        return _is_event(payload)
    return isinstance(kind, str) and kind in INTERACTIONS and _is_interaction(payload)


def key_of(payload: Mapping[str, Any]) -> str:
    """The same for each delivery of one event, and another one for each other event."""
    if payload.get("type") == "event_callback":
        return f"slack:{payload.get('team_id') or ''}:{payload['event_id']}"
    canonical = json.dumps(payload, sort_keys=True)
    return f"slack:{hashlib.sha256(canonical.encode()).hexdigest()}"


def lane_of(payload: Mapping[str, Any]) -> str:
    """What is worked one after the other: a conversation, the clicks on one message, a person's commands."""
    if payload.get("type") == "event_callback":
        event = payload["event"]
        who = event.get("user") if isinstance(event.get("user"), str) else ""
        return f"{event.get('channel') or ''}:{event.get('thread_ts') or ''}:{who}"[:200]
    if "command" in payload:
        return f"command:{payload['user_id']}"
    container = payload.get("container")
    message = container.get("message_ts") if isinstance(container, dict) else None
    return f"click:{message or payload['user']['id']}"[:200]


def is_urgent(payload: Mapping[str, Any]) -> bool:
    """A click: the modal that it opens can be opened for three seconds only."""
    return str(payload.get("type")) in INTERACTIONS


def _is_event(payload: Payload) -> bool:
    event = payload.get("event")
    ids = [payload.get("event_id"), payload.get("team_id")]
    if not all(_is_id(one) for one in ids) or not isinstance(event, dict) or not _is_text(event.get("type")):
        return False
    named = ("channel", "user", "thread_ts", "ts", "subtype", "bot_id", "channel_type")
    odd = (name for name in named if event.get(name) is not None and not _is_text(event[name]))
    return all(name in ("channel", "user") and isinstance(event[name], dict) for name in odd)


def _is_interaction(payload: Payload) -> bool:
    user, team = payload.get("user"), payload.get("team")
    if not isinstance(user, dict) or not _is_id(user.get("id")):
        return False
    if team is not None and not (isinstance(team, dict) and _is_id(team.get("id"))):
        return False
    if payload["type"] == "block_actions":
        actions = payload.get("actions")
        return isinstance(actions, list) and bool(actions) and all(_is_action(one) for one in actions)
    if payload["type"].startswith("view_"):
        view = payload.get("view")
        return isinstance(view, dict) and _is_text(view.get("callback_id"))
    return _is_text(payload.get("callback_id"))


def _is_action(action: Any) -> bool:
    return isinstance(action, dict) and _is_text(action.get("action_id"))


def _is_command(payload: Payload) -> bool:
    if not all(isinstance(payload.get(name), str) for name in COMMAND_FIELDS):
        return False
    ids = (payload["user_id"], payload["channel_id"], payload["team_id"])
    return payload["command"].startswith("/") and all(_is_id(one) for one in ids)


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= _LONGEST
