"""The manifest, from which an app is made in Slack, says what the code does."""

import re
from pathlib import Path

import integrations.slack
from integrations.slack.app import COMMAND, EVENTS
from integrations.slack.check import manifest
from integrations.slack.shortcuts import LOG, REPLY
from prompts import load_yaml

SOURCES = Path(integrations.slack.__file__).parent
SCOPES = {  # method of the Web API → scope of a bot, from https://docs.slack.dev/reference/methods
    "apps_connections_open": None, "assistant_threads_setStatus": "assistant:write",
    "assistant_threads_setSuggestedPrompts": "assistant:write", "auth_test": None, "chat_postEphemeral": "chat:write",
    "chat_postMessage": "chat:write", "chat_startStream": "chat:write", "chat_appendStream": "chat:write",
    "chat_stopStream": "chat:write", "chat_unfurl": "links:write", "chat_update": "chat:write",
    "conversations_open": "im:write",
    "files_upload_v2": "files:write", "users_info": "users:read", "views_open": None, "views_publish": None,
}  # fmt: skip
OF_EVENTS = {"app_home_opened": None, "app_mention": "app_mentions:read", "link_shared": "links:read",
             "message.im": "im:history",
             "assistant_thread_started": "assistant:write",
             "assistant_thread_context_changed": "assistant:write"}  # fmt: skip


def test_its_scopes_are_those_that_the_calls_and_events_need():
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES.rglob("*.py"))
    called = set(re.findall(r"client\.([a-z]+_[a-zA-Z_0-9]+)\(", text))
    events = manifest()["settings"]["event_subscriptions"]["bot_events"]
    needed = {SCOPES[name] for name in called} | {OF_EVENTS[name] for name in events} | {"commands", "users:read.email"}

    assert set(manifest()["oauth_config"]["scopes"]["bot"]) == needed - {None}


def test_its_events_are_those_that_are_listened_to():
    events = {name.split(".")[0] for name in manifest()["settings"]["event_subscriptions"]["bot_events"]}

    assert events == set(EVENTS)


def test_its_command_and_hint_are_those_that_are_read():
    told = manifest()["features"]["slash_commands"]

    assert [one["command"] for one in told] == [COMMAND]
    assert told[0]["usage_hint"].split(" ")[0].split("|") == list(load_yaml("slack")["commands"])


def test_its_shortcuts_are_those_that_are_listened_to():
    assert [one["callback_id"] for one in manifest()["features"]["shortcuts"]] == [LOG, REPLY]


def test_every_sentence_stands_in_both_languages():
    assert [key for key, told in load_yaml("slack")["said"].items() if set(told) != {"en", "zh"}] == []
