"""Whom to turn to first today, why, and what one word has proposed."""

from typing import Any

from copilot.context import TurnContext
from copilot.day import Entry, plan_day, set_aside
from copilot.day.wishes import asks_to_set_aside
from copilot.page import Line, Offer, Page, Section
from copilot.reports.report import Asked, Report
from copilot.words import sentence
from crm_core.errors import Invalid
from crm_core.models import TaskStatus

MOST_REASONS = 3
LONGEST_TITLE = 80  # characters of what somebody else wrote
_REFERENCES = ("account", "contact", "deal", "lead")  # of a task


def day(context: TurnContext, asked: Asked) -> Page:
    """The day, the most urgent first; with `about` this one is set aside before.

    Raises:
        Invalid: the person did not ask to set anything aside.
    """
    lang, notes = context.lang, []
    if asked.about:
        if not (context.ledger.is_planned or asks_to_set_aside(context.text)):  # the planner reads nothing else
            raise Invalid("Only the person sets a customer aside, in their own words: “dismiss 2”, “not today”.")
        set_aside(context, asked.about)
        notes.append(sentence("day_set_aside", lang, name=asked.about[2]))
    read = sentence("day_read", lang)
    found = plan_day(context, asked=read)
    title = sentence(f"day_{found.whose}", lang, day=context.today.isoformat())
    offers = tuple(_offer(context, one) for one in found.entries)
    sections = tuple(_section(context, at, *one) for at, one in enumerate(zip(found.entries, offers, strict=True), 1))
    if not sections:
        sections = (Section(sentence("day_first_hour", lang), if_empty=sentence("day_nothing", lang)),)
    else:
        notes.append(sentence("day_how", lang))
    return Page(title, None, sections, found.answers, note="\n".join(notes), asked=read, offers=offers)


def _section(context: TurnContext, at: int, entry: Entry, offer: Offer) -> Section:
    lines = [Line(one.text, one.source, one.day) for one in entry.reasons[:MOST_REASONS]]
    who = entry.person or entry.customer
    head = who.label if who == entry.customer else f"{who.label} · {entry.customer.label}"
    return Section(f"{at}. {head}", (*lines, Line(f"→ {offer.label}", who)))


def _offer(context: TurnContext, entry: Entry) -> Offer:
    """What may be done at once, and a task of it."""
    first, customer = entry.reasons[0], entry.customer
    who = (entry.person or customer).label
    title = sentence(f"day_do_{first.kind}", context.lang, who=who, about=first.source.label[:LONGEST_TITLE])
    task = _task(context, entry, title)
    about, whom = (customer.entity, customer.id, customer.label), entry.person or customer
    to = (whom.entity, whom.id)
    if first.source.entity != "task":
        return Offer(about, sentence("day_as_task", context.lang, title=title), task, task, to)
    done = {"op": "update", "entity": "task", "records": [first.source.id], "set": {"status": str(TaskStatus.DONE)}}
    return Offer(about, sentence("day_as_done", context.lang, task=first.source.label), done, task, to)


def _task(context: TurnContext, entry: Entry, title: str) -> dict[str, Any]:
    set_: dict[str, str | int] = {"title": title, "due_on": context.today.isoformat()}
    set_ |= {entry.customer.entity: entry.customer.id} if entry.customer.entity in _REFERENCES else {}
    set_ |= {"contact": entry.person.id} if entry.person else {}
    deal = next((one.deal for one in entry.reasons if one.deal), None)
    set_ |= {"deal": deal} if deal else {}
    set_ |= {"owner": context.actor.id} if context.actor.id else {}
    return {"op": "create", "entity": "task", "set": set_}


DAY = Report("day", "account", day, "whom to turn to first today; about: who is set aside")
