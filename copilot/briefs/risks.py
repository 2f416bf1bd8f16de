"""What may go wrong, and what is still to be asked: worked out from what is recorded and from what is not."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from statistics import median

from copilot.briefs.desk import Desk, Found
from copilot.briefs.subject import Subject
from copilot.health import cues, tell_signs
from copilot.page import Line
from copilot.summaries.promises import Promise
from copilot.words import sentence
from crm_core.health import check_deals, get_rule
from crm_core.models import StageKind

MOST_RISKS, MOST_QUESTIONS = 4, 4
PROMISES_DAYS = 180  # nobody waits longer for what was said in passing
_QUIET_DAYS = 14  # fewer days without a word are never a risk
_QUIET_TIMES = 2  # the usual gap
_FEWEST_TALKS = 4  # below it there is no usual gap
_DECIDES = "decision"  # in a role that a contact has in a deal


def told_risks(desk: Desk, subject: Subject) -> Iterator[Line]:
    """The warnings of the open deals; where there is none, silence."""
    deals = _open(subject)
    if not deals:
        yield from _silence(desk, subject)
        return
    context, ids = desk.context, [deal.id for deal in deals]
    checked = check_deals(context.store, actor=context.actor, today=context.today, cues=cues(), only=ids)
    signs = [(sign, deal) for deal in deals for sign in tell_signs(desk, checked, deal)]
    for sign, deal in sorted(signs, key=lambda one: -get_rule(one[0].rule).points):
        head = f"{deal.label}: " if len(deals) > 1 else ""
        yield Line(f"{head}{sign.text}", sign.source, sign.day)


def told_questions(desk: Desk, subject: Subject) -> Iterator[Line]:
    """What nobody has written down yet: the budget, who decides, by when, against whom, what for."""
    lang, said = desk.context.lang, subject.said.sections
    source = (_open(subject) or [subject.record])[0].source
    for deal in _open(subject):
        if deal["amount"] is None:
            yield Line(sentence("ask_budget", lang, deal=deal.label), deal.source)
    is_known = any(_DECIDES in str(one["role"]).lower() for one in subject.roles)
    gaps = {"ask_decides": is_known or said["decides"], "ask_wants": said["wants"], "ask_rivals": said["competitors"]}
    yield from (Line(sentence(key, lang), source) for key, known in gaps.items() if not known)
    for deal in _open(subject):
        if not deal["closes_on"]:
            yield Line(sentence("ask_when", lang, deal=deal.label), deal.source)
    for promise in waiting(desk, subject, is_ours=False):
        if promise.due_on is not None and promise.due_on < desk.today:
            quote = promise.quote
            yield Line(sentence("ask_after", lang, quote=quote.text), quote.source, quote.day)


def waiting(desk: Desk, subject: Subject, *, is_ours: bool) -> list[Promise]:
    """Promises of one side of which nothing tells that they were kept."""
    since = desk.today - timedelta(days=PROMISES_DAYS)
    promises = (one for one in subject.said.promises if one.is_open and one.is_ours == is_ours)
    return [one for one in promises if one.quote.day is None or one.quote.day >= since]


def usual_gap(days: Sequence[date]) -> int | None:
    """The median of the days between two talks; None where there were too few."""
    distinct = sorted(set(days))
    if len(distinct) < _FEWEST_TALKS:
        return None
    return round(median((later - earlier).days for earlier, later in pairwise(distinct)))


def _silence(desk: Desk, subject: Subject) -> Iterator[Line]:
    days = [talk["happened_on"] for talk in subject.talks if talk["happened_on"] <= desk.today]
    if not days:
        yield Line(sentence("risk_never", desk.context.lang), subject.record.source)
        return
    since, usual = (desk.today - max(days)).days, usual_gap(days)
    if since <= max(_QUIET_DAYS, _QUIET_TIMES * (usual or 0)):
        return
    last = next(talk for talk in subject.talks if talk["happened_on"] == max(days))
    key = "risk_quiet" if usual is None else "risk_quieter"
    yield Line(sentence(key, desk.context.lang, days=since, usual=usual), last.source, max(days))


def _open(subject: Subject) -> list[Found]:
    return [deal for deal in subject.deals if deal["stage.kind"] == StageKind.OPEN]
