"""The talks and mails with a contact, by who reached whom."""

from datetime import date

from copilot.briefs.desk import Found
from copilot.briefs.subject import Subject
from copilot.drafts.reading import is_missed
from crm_core.models import InteractionKind

_TALKS = (InteractionKind.MEETING, InteractionKind.CALL)
_WRITTEN = (InteractionKind.EMAIL, InteractionKind.CHAT)


def talks_of(subject: Subject, today: date) -> list[Found]:
    """Meetings and calls that took place, the newest first."""
    return [one for one in _past(subject, today) if one["kind"] in _TALKS and not is_missed(text_of(one))]


def missed_calls(subject: Subject, today: date) -> list[Found]:
    """Calls that reached nobody, the newest first."""
    calls = (one for one in _past(subject, today) if one["kind"] == InteractionKind.CALL)
    return [one for one in calls if is_missed(text_of(one))]


def mails_of(subject: Subject, today: date, *, is_theirs: bool) -> list[Found]:
    """Mails and chats of one side, the newest first."""
    direction = "in" if is_theirs else "out"
    return [one for one in _past(subject, today) if one["kind"] in _WRITTEN and one["direction"] == direction]


def text_of(talk: Found) -> str:
    """Subject and text."""
    return f"{talk['subject'] or ''} {talk['body'] or ''}"


def _past(subject: Subject, today: date) -> list[Found]:
    return [one for one in subject.talks if one["happened_on"] <= today]
