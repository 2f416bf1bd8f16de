"""One round: whoever's hour has come is told, once a day, whatever happens to the process in between."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException
from typing import TypeVar
from urllib.error import URLError

from slack_sdk.errors import SlackApiError

from crm_core.errors import CrmError, Invalid, Unavailable
from integrations.slack.blocks import notices as blocks
from integrations.slack.blocks.message import Message
from integrations.slack.day import read_day, read_due
from integrations.slack.door import Door
from integrations.slack.notices.once import claim, is_claimed, release, settle
from integrations.slack.notices.silent import longest_silent
from integrations.slack.notices.wants import Wants, everybody, meet
from integrations.slack.notices.week import last_week, leads, read_week
from integrations.slack.people import Person, Stranger

log = logging.getLogger(__name__)

_TOKEN = frozenset({"invalid_auth", "token_revoked", "token_expired", "account_inactive", "not_authed"})
_NEVER_SAID = frozenset({"ratelimited", "service_unavailable"})
_LATER = _NEVER_SAID | {"fatal_error", "internal_error", "request_timeout"}
_T = TypeVar("_T")


@dataclass(frozen=True)
class _Said:
    """What is to be said; without a message there is nothing."""

    message: Message | None
    record_id: int | None = None


def tell_everybody(door: Door) -> int:
    """Tell each person what is due now; gives how many notices were sent.

    Raises:
        Invalid: Slack does not take the token any more.
        Unavailable: Slack takes nothing now; the next round goes on where this one stopped.
        RuntimeError: a bug stopped some people's notices; the log has it.
    """
    sent, failed = 0, 0
    for slack_id, wants in everybody(door.store, door.people.team).items():
        try:
            sent += _tell(door, slack_id, wants)
        except (Invalid, Unavailable):
            raise
        except Exception:  # the edge of one person's notices: others get theirs
            log.exception("notices of somebody failed")
            failed += 1
    if failed:
        raise RuntimeError(f"the notices of {failed} people failed; the log tells why")
    return sent


def _tell(door: Door, slack_id: str, wants: Wants) -> int:
    now, outsider = door.clock(), door.people.outsider(slack_id)
    day = wants.local(now).date()
    due = [(kind, f"{outsider}:{kind}:{day}") for kind in wants.due(now)]
    due = [(kind, key) for kind, key in due if not is_claimed(door.store, key)]
    if not due:
        return 0
    try:
        person = _reached(lambda: door.people.get(slack_id, None, fresh=True))
    except Stranger:  # they left, or are no user here any more
        return 0
    meet(door.store, outsider, str(person.zone))
    return sum(_once(door, person, kind, key) for kind, key in due)


def _once(door: Door, person: Person, kind: str, key: str) -> bool:
    said = _MAKE[kind](door, person)
    channel = _reached(lambda: door.direct(person.slack_id)) if said.message else ""
    notice = claim(door.store, key, kind, person.actor.id, at=door.clock(), record_id=said.record_id)
    if notice is None:
        return False
    if said.message is None:
        settle(door.store, notice)
        return False
    try:
        at = _reached(lambda: _post(door, channel, said))
    except CrmError as error:
        if _is_unsaid(error.__cause__):
            release(door.store, notice)
        raise
    settle(door.store, notice, message=f"{channel}:{at}")
    return True


def _post(door: Door, channel: str, said: _Said) -> str:
    assert said.message is not None  # looked at before it was claimed
    text, told = said.message.text, list(said.message.blocks)
    posted = door.client.chat_postMessage(
        channel=channel, text=text, blocks=told, unfurl_links=False, unfurl_media=False
    )
    return str(posted["ts"])


def _reached(call: Callable[[], _T]) -> _T:
    """What the call gives.

    Raises:
        Invalid, Unavailable: as `tell_everybody`.
    """
    try:
        return call()
    except SlackApiError as error:
        code = str(error.response.get("error"))
        if code in _TOKEN:
            raise Invalid(f"Slack refuses FARLEY_SLACK_BOT_TOKEN: {code}.") from error
        if code in _LATER or error.response.status_code == 429 or (error.response.status_code or 0) >= 500:
            raise Unavailable(f"Slack takes nothing now: {code}.") from error
        raise
    except (OSError, HTTPException) as error:
        raise Unavailable(f"Slack cannot be reached: {type(error).__name__}.") from error


def _is_unsaid(error: BaseException | None) -> bool:
    """Whether an attempt certainly came to nothing; of any other it may have been shown."""
    if isinstance(error, SlackApiError):
        return str(error.response.get("error")) in _TOKEN | _NEVER_SAID or error.response.status_code == 429
    return isinstance(error, URLError) and isinstance(error.reason, ConnectionRefusedError)


def _digest(door: Door, person: Person) -> _Said:
    return _Said(blocks.digest_message(read_day(door, person), person.lang))


def _reminder(door: Door, person: Person) -> _Said:
    due = read_due(door, person)
    return _Said(blocks.reminder_message(due, person.lang) if due else None)


def _question(door: Door, person: Person) -> _Said:
    deal = longest_silent(door, person)
    if deal is None:
        return _Said(None)
    return _Said(blocks.question_message(deal.name, deal.since, door.today(person), person.lang), deal.id)


def _report(door: Door, person: Person) -> _Said:
    if not leads(person):
        return _Said(None)
    since, until = last_week(door.today(person))
    return _Said(blocks.week_message(tuple(read_week(door, person)), since, until, person.lang))


_MAKE: dict[str, Callable[[Door, Person], _Said]] = {
    "digest": _digest, "report": _report, "reminder": _reminder, "question": _question,
}  # fmt: skip
