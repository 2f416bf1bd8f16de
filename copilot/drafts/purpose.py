"""What a mail is for, where nobody says so: read off the history with the contact."""

from datetime import date, timedelta

from copilot.briefs.desk import Found
from copilot.briefs.subject import Subject
from copilot.drafts.facts import Facts
from copilot.drafts.talks import mails_of, missed_calls, talks_of
from crm_core.models import Purpose

_LATELY = timedelta(days=30)
_ANSWERED_WITHIN = timedelta(days=60)  # a mail of theirs that is older is not answered any more
_DUE = (timedelta(days=300), timedelta(days=400))  # of an order whose year ends


def infer_purpose(subject: Subject, facts: Facts, today: date) -> Purpose:
    """The purpose that fits the latest event; what is newest decides."""
    theirs, ours = (_day(mails_of(subject, today, is_theirs=side)) for side in (True, False))
    talk, missed = _day(talks_of(subject, today)), _day(missed_calls(subject, today))
    if theirs >= today - _ANSWERED_WITHIN and theirs >= max(ours, talk):
        return Purpose.THANK_YOU if "won" in facts.known and "question" not in facts.known else Purpose.REPLY
    if talk >= today - _LATELY and talk >= max(ours, missed):
        return Purpose.AFTER_MEETING
    if "won" in facts.known:
        return Purpose.THANK_YOU
    topic = facts.known.get("topic")
    if topic is not None and topic.day and topic.day >= today - _LATELY and "deal" in facts.known:
        return Purpose.OBJECTION
    if "deal" in facts.known and max(ours, missed, talk) > date.min:
        return Purpose.NO_REPLY
    order = facts.known.get("order")
    if order is not None and order.day and _DUE[0] <= today - order.day <= _DUE[1]:
        return Purpose.RENEWAL
    return Purpose.NO_REPLY if max(ours, talk) != date.min else Purpose.INTRODUCTION


def _day(found: list[Found]) -> date:
    return found[0]["happened_on"] if found else date.min
