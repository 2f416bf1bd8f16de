"""What was sent, and what nobody knows of."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Exists, Row, Select, func, select, true

from crm_core.access import Actor, Scope
from crm_core.db import ReadStore
from crm_core.models import Contact, Draft, Interaction, Lead, Send, SendState

SETTLES_WITHIN = timedelta(minutes=10)  # longer than every wait for a server together
OPEN = (SendState.CLAIMED, SendState.UNKNOWN)
_NAME = func.coalesce(Contact.name, Lead.name, Lead.company, "")


@dataclass(frozen=True)
class Sent:
    """One send.

    Attributes:
        to: the name of the contact or lead.
        state: a claim that nobody settled in time is UNKNOWN; an unknown one whose mail came in since is SENT.
    """

    id: int
    draft_id: int
    approval: str
    to: str
    recipient: str
    subject: str
    sender: str
    state: SendState
    at: datetime
    attempts: int
    message_id: str
    note: str | None


@dataclass(frozen=True)
class Unsent:
    """An approved draft that nobody has tried to send."""

    id: int
    to: str
    subject: str


def list_unsent(store: ReadStore, actor: Actor, *, limit: int = 20) -> tuple[Unsent, ...]:
    """The newest drafts of the actor's own that were not sent; a draft changed since its send waits again."""
    newest_send = select(func.max(Send.claimed_at)).where(Send.draft_id == Draft.id, Send.state != SendState.FAILED)
    query = (
        select(Draft.id, _NAME, Draft.subject)
        .outerjoin(Contact, Contact.id == Draft.contact_id)
        .outerjoin(Lead, Lead.id == Draft.lead_id)
        .where(
            Draft.deleted_at.is_(None),
            Draft.user_id == actor.id if actor.id else Draft.user_id.is_(None),
            func.coalesce(newest_send.scalar_subquery() < Draft.updated_at, true()),
        )
        .order_by(Draft.id.desc())
        .limit(limit)
    )
    with store.read() as connection:
        return tuple(Unsent(*row) for row in connection.execute(query))


def list_sends(
    store: ReadStore, actor: Actor, *, limit: int = 20, unknown: bool = False, now: datetime | None = None
) -> tuple[Sent, ...]:
    """The newest sends of those whose records the actor may read; `unknown`: only those that nobody knows of."""
    now = now or datetime.now(UTC)
    query = _sends(actor)
    if unknown:
        query = query.where(Send.state.in_(OPEN), ~_is_logged())
    with store.read() as connection:
        rows = connection.execute(query.limit(limit)).all()
    found = (_sent(row, now) for row in rows)
    return tuple(one for one in found if not unknown or one.state is SendState.UNKNOWN)


def find_send(store: ReadStore, actor: Actor, approval: str, *, now: datetime | None = None) -> Sent | None:
    """The send that an approval of a draft led to; None: nobody tried, or the actor may not read of it."""
    with store.read() as connection:
        row = connection.execute(_sends(actor).where(Send.approval == approval)).one_or_none()
    return None if row is None else _sent(row, now or datetime.now(UTC))


def _is_logged() -> Exists:
    return select(Interaction.id).where(Interaction.external_id == Send.message_id).exists()


def _sends(actor: Actor) -> Select[Any]:
    """The sends of those whose records the actor may read, the newest first."""
    query = (
        select(Send.__table__, _NAME.label("to"), _is_logged().label("is_logged"))
        .outerjoin(Contact, Contact.id == Send.contact_id)
        .outerjoin(Lead, Lead.id == Send.lead_id)
        .order_by(Send.claimed_at.desc(), Send.id.desc())
    )
    return query if actor.reads is Scope.ALL else query.where(Send.sender_id.in_(sorted(actor.team | {actor.id})))


def _sent(row: Row[Any], now: datetime) -> Sent:
    state = _state(row.state, row.claimed_at, is_logged=row.is_logged, now=now)
    return Sent(
        row.id, row.draft_id, row.approval, row.to, row.recipient, row.subject, row.sender, state,
        row.claimed_at, row.attempts, row.message_id, row.note,
    )  # fmt: skip


def _state(state: str, claimed_at: datetime, *, is_logged: bool, now: datetime) -> SendState:
    if is_logged and state in OPEN:
        return SendState.SENT
    is_late = state == SendState.CLAIMED and now - claimed_at > SETTLES_WITHIN
    return SendState.UNKNOWN if is_late else SendState(state)
