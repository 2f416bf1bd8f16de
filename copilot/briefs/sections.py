"""The sections of a brief that tell what is recorded: deals, people, talks, tasks, the next step."""

from collections.abc import Iterator
from dataclasses import replace

from copilot.briefs.desk import Desk, Found
from copilot.briefs.subject import Subject
from copilot.labels import entity_label
from copilot.page import Line
from copilot.reply import Citation
from copilot.words import sentence

MOST_TALKS, MOST_MOVES = 3, 6


def told_record(desk: Desk, subject: Subject) -> Iterator[Line]:
    """Who or what it is, in a line."""
    record = subject.record
    skipped = ("name", "external_id", "do_not_contact")
    told = [record.told(column.name) for column in record.columns if column.name not in skipped]
    yield Line(" · ".join([record.label, *filter(None, told)]), record.source)
    if subject.is_person and record["do_not_contact"]:
        yield Line(sentence("do_not_contact", desk.context.lang), record.source)


def told_deals(desk: Desk, subject: Subject) -> Iterator[Line]:
    """The state of each deal, and how it got there."""
    lang = desk.context.lang
    for deal in subject.deals:
        told = [deal.label, _in_stage(desk, deal), deal.told("amount") or sentence("no_amount", lang)]
        if deal["closes_on"]:
            told.append(sentence("closes", lang, day=deal.told("closes_on")))
        yield Line(" · ".join([*told, deal.told("owner")]).rstrip(" ·"), deal.source)
        moves = [one for one in subject.moves if one.id_of("deal") == deal.id][-MOST_MOVES:]
        if moves:
            path = " → ".join(f"{one.told('to_stage')} ({one.told('changed_on')})" for one in moves)
            yield Line(sentence("path", lang, path=path), deal.source, moves[-1]["changed_on"])


def told_people(desk: Desk, subject: Subject) -> Iterator[Line]:
    """Who is there, in which part, and when we last spoke with them."""
    for person in subject.people:
        roles = dict.fromkeys(one.told("role") for one in subject.roles if one.id_of("contact") == person.id)
        last, lang = person["last_interaction_at"], desk.context.lang
        talked = sentence("last_talk", lang, day=last.isoformat()) if last else sentence("no_talk", lang)
        told = [person.label, person.told("title"), *roles, talked]
        yield Line(" · ".join(filter(None, told)), person.source, last)


def told_talks(desk: Desk, subject: Subject) -> Iterator[Line]:
    """The last talks, the newest first: day, kind, with whom, about what."""
    for talk in subject.talks[:MOST_TALKS]:
        told = [talk.told(name) for name in ("happened_on", "kind", "contact", "subject")]
        yield Line(" · ".join(filter(None, told)), _named(talk), talk["happened_on"])


def told_tasks(desk: Desk, subject: Subject) -> Iterator[Line]:
    """What is to be done."""
    lang = desk.context.lang
    for task in subject.tasks:
        due = task["due_on"]
        key = "overdue" if due and due < desk.today else "is_due"
        told = sentence(key, lang, day=due.isoformat()) if due else ""
        yield Line(" · ".join(filter(None, [task.label, told, task.told("owner")])), task.source, due)


def told_next(desk: Desk, subject: Subject) -> Iterator[Line]:
    """The next step of each deal; without one the next task."""
    for deal in subject.deals:
        if deal["next_step"]:
            name = f"{deal.label}: " if len(subject.deals) > 1 else ""
            yield Line(name + deal.told("next_step"), deal.source)
    if not any(deal["next_step"] for deal in subject.deals) and subject.tasks:
        yield from list(told_tasks(desk, subject))[:1]


def _in_stage(desk: Desk, deal: Found) -> str:
    days = deal["days_in_stage"]
    if days is None:
        return deal.told("stage")
    return sentence("in_stage", desk.context.lang, stage=deal.told("stage"), days=deal.told("days_in_stage"))


def _named(talk: Found) -> Citation:
    """The talk as a source, called by its subject."""
    return replace(talk.source, label=talk.told("subject") or entity_label(talk.entity, talk.lang, count=1))
