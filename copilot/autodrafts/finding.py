"""Causes in the records of one person: talks that were logged, mails without an answer, tasks that are due."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from copilot.autodrafts.cause import Cause
from copilot.drafts.reading import is_missed
from copilot.fence import strip_marks
from copilot.language import language_of
from copilot.words import sentence
from crm_core.models import Contact, Interaction, InteractionKind, Lead, Purpose, Task, TaskStatus
from crm_core.reaching import Recipient

TALKED_WITHIN, LOGGED_WITHIN = timedelta(days=2), timedelta(days=3)
DUE_WITHIN = timedelta(days=2)  # a due day may have passed while no worker ran
_ANSWERED_LATE = timedelta(days=14)  # after that much longer a mail is not answered by itself any more
_TALKS = (InteractionKind.MEETING, InteractionKind.CALL)
_SHOWN = 100


def talks(
    connection: Connection, user_id: int, *, today: date, now: datetime, off: timedelta = timedelta()
) -> Iterator[Cause]:
    """Meetings and calls that the person logged lately, unless a mail followed; `off`: days without work before."""
    talk, later = Interaction, aliased(Interaction)
    followed = exists().where(
        _same_person(later, talk), later.direction == "out", later.kind == InteractionKind.EMAIL,
        later.happened_on >= talk.happened_on, later.deleted_at.is_(None),
    )  # fmt: skip
    query = _said_with(talk).where(
        talk.kind.in_(_TALKS), talk.user_id == user_id, talk.created_at >= now - LOGGED_WITHIN - off,
        talk.happened_on.between(today - TALKED_WITHIN - off, today), ~followed,
    )  # fmt: skip
    for row in connection.execute(query):
        if not (row.kind == InteractionKind.CALL and is_missed(f"{row.subject or ''} {row.body or ''}")):
            lang = language_of(f"{row.subject or ''} {row.body or ''}")
            reason = sentence(f"auto_{row.kind}", lang, name=strip_marks(row.name), day=row.happened_on)
            key, purpose = f"interaction {row.id}", Purpose.AFTER_MEETING
            yield Cause(key, whom_of(row), row.deal_id, None, purpose, reason, lang, row.happened_on)


def unanswered(connection: Connection, user_id: int, *, today: date, days: int) -> Iterator[Cause]:
    """Mails of customers that nobody answered, the newest of each customer."""
    mail, later = Interaction, aliased(Interaction)
    until = today - timedelta(days=days)
    answered = exists().where(
        _same_person(later, mail), or_(later.direction == "out", later.kind.in_(_TALKS)),
        or_(later.happened_on > mail.happened_on, _same_day_after(later, mail)), later.deleted_at.is_(None),
    )  # fmt: skip
    owner = func.coalesce(Contact.owner_id, Lead.owner_id)
    mine = or_(mail.user_id == user_id, and_(mail.user_id.is_(None), owner == user_id))
    query = _said_with(mail).where(
        mail.kind == InteractionKind.EMAIL, mail.direction == "in", mine, ~answered,
        mail.happened_on.between(until - _ANSWERED_LATE, until),
    )  # fmt: skip
    seen: set[Recipient] = set()
    for row in connection.execute(query):
        if whom_of(row) not in seen:
            seen.add(whom_of(row))
            yield _mail(row, (today - row.happened_on).days)


def tasks(connection: Connection, user_id: int, *, today: date, off: timedelta = timedelta()) -> Iterator[Cause]:
    """Open tasks with a contact or a lead that are due; `off` as for talks."""
    query = (
        _with_person(Task, Task.id, Task.title, Task.due_on, Task.deal_id)
        .where(
            Task.owner_id == user_id, Task.status == TaskStatus.OPEN,
            Task.due_on.between(today - DUE_WITHIN - off, today), Task.deleted_at.is_(None),
        )
        .order_by(Task.due_on.desc(), Task.id.desc())
    )  # fmt: skip
    for row in connection.execute(query):
        lang = language_of(row.title)
        reason = sentence("auto_task", lang, title=short(row.title), day=row.due_on)
        yield Cause(f"task {row.id}", whom_of(row), row.deal_id, None, None, reason, lang, row.due_on)


def spoken_with(connection: Connection, user_id: int, *, since: date) -> list[Row[Any]]:
    """Texts of the person's own talks, notes and mails with contacts and leads: where their promises stand."""
    own = or_(Interaction.direction.is_(None), Interaction.direction == "out")
    query = _said_with(Interaction).where(Interaction.user_id == user_id, own, Interaction.happened_on >= since)
    return list(connection.execute(query))


def whom_of(row: Row[Any]) -> Recipient:
    """Whom a row of these goes to."""
    return Recipient.of(row._mapping)


def _said_with(model: Any) -> Select[Any]:
    columns = (model.id, model.kind, model.subject, model.body, model.thread, model.happened_on, model.deal_id)
    query = _with_person(model, *columns).where(model.deleted_at.is_(None))
    return query.order_by(model.happened_on.desc(), model.id.desc())


def _with_person(model: Any, *columns: Any) -> Select[Any]:
    """With the contact, also the one that the lead became, else with the lead."""
    contact = func.coalesce(model.contact_id, Lead.contact_id)
    lead = case((contact.is_(None), Lead.id))
    name = func.coalesce(Contact.name, Lead.name, Lead.company, "")
    return (
        select(*columns, contact.label("contact_id"), lead.label("lead_id"), name.label("name"))
        .outerjoin(Lead, and_(Lead.id == model.lead_id, Lead.deleted_at.is_(None)))
        .outerjoin(Contact, and_(Contact.id == contact, Contact.deleted_at.is_(None)))
        .where(or_(Contact.id.is_not(None), and_(contact.is_(None), Lead.id.is_not(None))))
    )


def _same_person(later: Any, talk: Any) -> ColumnElement[bool]:
    return or_(later.contact_id == talk.contact_id, later.lead_id == talk.lead_id)


def _same_day_after(later: Any, mail: Any) -> ColumnElement[bool]:
    """On one day the time tells, where both have one; else what was written down later."""
    at, before = later.happened_at, mail.happened_at
    by_time = and_(at.is_not(None), before.is_not(None), at > before)
    by_entry = and_(or_(at.is_(None), before.is_(None)), later.id > mail.id)
    return and_(later.happened_on == mail.happened_on, or_(by_time, by_entry), func.coalesce(later.id != mail.id, True))


def _mail(row: Row[Any], days: int) -> Cause:
    lang = language_of(f"{row.subject or ''} {row.body or ''}")
    name, subject = strip_marks(row.name), short(row.subject or "")
    reason = sentence("auto_mail", lang, name=name, subject=subject, day=row.happened_on, days=days)
    key = f"interaction {row.id}"
    return Cause(key, whom_of(row), row.deal_id, row.thread, Purpose.REPLY, reason, lang, row.happened_on)


def short(text: str) -> str:
    """The beginning of a text, on one line."""
    text = " ".join(strip_marks(text).split())
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN].rstrip()} …"
