"""The Bolt app: which listener answers what. Its requests come from the inbox; the gate has checked them."""

import logging
import re
from collections.abc import Callable
from http.client import HTTPException
from typing import Any

from slack_bolt import App, BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk.errors import SlackApiError

from copilot.refusals import translate
from crm_core.errors import CrmError, Unavailable
from integrations.slack import deciding, home, links, mailing, shortcuts, tables, talking
from integrations.slack.blocks.text import fallback
from integrations.slack.direct import tell_user
from integrations.slack.door import Door, asker_of
from integrations.slack.notices import choosing
from integrations.slack.notices.wants import meet
from integrations.slack.people import Person, Stranger
from integrations.slack.quiet import quiet
from integrations.slack.shape import Payload, is_urgent
from integrations.slack.words import say
from integrations.slack.worker import PutOff, log_bug

log = logging.getLogger(__name__)

COMMAND = "/farley"
EVENTS = ("app_home_opened", "app_mention", "message", "assistant_thread_started", "assistant_thread_context_changed",
          "link_shared")  # fmt: skip
PASSING = frozenset(  # errors of Slack after which the same call may go well; a token may be put right
    {
        "ratelimited", "service_unavailable", "fatal_error", "internal_error", "request_timeout", "invalid_auth",
        "token_revoked", "token_expired", "account_inactive", "not_authed",
    }
)  # fmt: skip

Listener = Callable[[Door, Person, Payload], None]


def build_app(door: Door, *, bot_id: str) -> App:
    """The app with its listeners. It calls Slack only when one of them does."""

    def authorize() -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None, team_id=door.people.team, bot_token=door.client.token, bot_id=bot_id,
            bot_user_id=door.bot_user,
        )  # fmt: skip

    app = App(
        logger=quiet, client=door.client, authorize=authorize, process_before_response=True,
        request_verification_enabled=False, ssl_check_enabled=False, url_verification_enabled=False,
        raise_error_for_unhandled_request=True, attaching_conversation_kwargs_enabled=False,
    )  # fmt: skip
    app.error(_raise)
    for name in ("app_mention", "message"):
        app.event(name)(_listener(door, talking.on_message))
    app.event("assistant_thread_started")(_listener(door, talking.on_assistant_thread))
    app.event("assistant_thread_context_changed")(_listener(door, _nothing))
    app.event("app_home_opened")(_listener(door, home.on_open))
    app.action(_any_of(home.BUTTONS))(_listener(door, home.on_press))
    app.shortcut(shortcuts.LOG)(_listener(door, shortcuts.on_log))
    app.shortcut(shortcuts.REPLY)(_listener(door, shortcuts.on_reply))
    app.view("log")(_listener(door, shortcuts.on_logged))
    app.view("reply")(_listener(door, shortcuts.on_replied))
    app.action(_any_of(mailing.BUTTONS))(_listener(door, mailing.on_send))
    app.view("mail")(_listener(door, mailing.on_edited))
    app.action(_any_of(choosing.BUTTONS))(_listener(door, choosing.on_press))
    app.view("settings")(_listener(door, choosing.on_chosen))
    app.view("answer")(_listener(door, choosing.on_answered))
    app.event("link_shared")(_listener(door, links.on_link))
    app.command(COMMAND)(_listener(door, talking.on_command))
    app.action(re.compile(r"^option_\d+$"))(_listener(door, talking.on_option))
    app.action(_any_of(deciding.BUTTONS))(_listener(door, deciding.on_press))
    app.action(_any_of(tables.BUTTONS))(_listener(door, tables.on_table))
    app.action(_any_of(("good", "bad")))(_listener(door, tables.on_opinion))
    app.view("edit")(_listener(door, deciding.on_edited))
    app.view("count")(_listener(door, deciding.on_count))
    return app


def handle(app: App, door: Door, payload: Payload) -> str | None:
    """Work one payload of the inbox: the one place where errors become a sentence for the person.

    Returns:
        The id of the log entry where it was a bug.

    Raises:
        PutOff: Slack or the store cannot be reached now.
    """
    try:
        app.dispatch(BoltRequest(body=payload, mode="socket_mode"))
    except BoltUnhandledRequestError:
        log.info("nothing answers a payload of type %s", payload.get("type"))
    except Stranger as stranger:
        _refuse(door, payload, stranger)
    except CrmError as error:
        if isinstance(error, Unavailable):
            raise PutOff(str(error)) from error
        lang = door.people.lang_of(str(asker_of(payload)[0]))
        door.hint(payload, fallback(translate(error, lang)))
    except (OSError, HTTPException) as error:  # a URLError is an OSError
        raise PutOff(type(error).__name__) from error
    except SlackApiError as error:
        return _on_slack_error(door, payload, error)
    except Exception as error:  # the edge
        return _on_bug(door, payload, error)
    return None


def _listener(door: Door, work: Listener) -> Callable[..., None]:
    """What Bolt calls: the person is looked up first, anew for whatever decides something."""

    def listen(body: Payload, ack: Callable[[], Any]) -> None:
        ack()
        user, team = asker_of(body)
        if user is None or user == door.bot_user or _is_by_bot(body):
            return
        person = door.people.get(user, team, fresh=is_urgent(body))
        if (body.get("event") or {}).get("type") != "link_shared":  # who posts a link has not turned to Farley
            meet(door.store, door.people.outsider(user), str(person.zone))
        work(door, person, body)

    return listen


def _is_by_bot(body: Payload) -> bool:
    event = body.get("event") or {}
    inner = event.get("message") if isinstance(event.get("message"), dict) else {}
    is_deleted = event.get("subtype") in ("message_deleted", "bot_message")
    return bool(event.get("bot_id") or (inner or {}).get("bot_id") or is_deleted)


def _nothing(_door: Door, _person: Person, _payload: Payload) -> None:
    """Slack tells this, and nothing follows from it."""


def _refuse(door: Door, payload: Payload, stranger: Stranger) -> None:
    user, _ = asker_of(payload)
    event, text = payload.get("event") or {}, say(stranger.key, stranger.lang, id=user)
    if event.get("type") in (None, "message", "app_mention", "assistant_thread_started"):
        door.hint(payload, text)
    elif event.get("type") == "app_home_opened":
        home.turn_away(door, payload, text)


def _on_slack_error(door: Door, payload: Payload, error: SlackApiError) -> str | None:
    code = str(error.response.get("error"))
    if code in PASSING or (error.response.status_code or 0) >= 500 or error.response.status_code == 429:
        raise PutOff(f"Slack says {code}") from error
    return _on_bug(door, payload, error)


def _on_bug(door: Door, payload: Payload, error: Exception) -> str:
    """Log it, and tell the person its id: directly where Slack takes nothing in the place where they are."""
    error_id = log_bug(error)
    user, _ = asker_of(payload)
    try:
        if user and isinstance(error, SlackApiError):
            tell_user(door, user, say("failed", door.people.lang_of(user), id=error_id))
        elif user:
            door.hint(payload, say("failed", door.people.lang_of(user), id=error_id))
    except Exception as again:  # it is logged already; the person cannot be told
        log.warning("the person could not be told of bug id=%s: %s", error_id, type(again).__name__)
    return error_id


def _any_of(names: tuple[str, ...]) -> "re.Pattern[str]":
    return re.compile(f"^(?:{'|'.join(names)})$")


def _raise(error: Exception) -> None:
    raise error
