"""What became of a letter, and the interaction that a sent one is."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import Connection, select, update

from crm_core.access import Actor
from crm_core.changes.change import Change, Head, Json, Op, storable
from crm_core.changes.commit import commit_on
from crm_core.changes.layout import moment_text
from crm_core.db import Store
from crm_core.errors import CrmError
from crm_core.ids import new_id
from crm_core.models import Draft, InteractionKind, Send, SendState
from crm_core.sending.letter import Letter


@dataclass(frozen=True)
class Delivery:
    """What is known after the attempt: SENT, FAILED or UNKNOWN, with the server's words or the reason."""

    state: SendState
    note: str


def settle(store: Store, letter: Letter, delivery: Delivery, *, actor: Actor, at: datetime | None = None) -> str | None:
    """Note what became of the letter; a sent one becomes an interaction in the sender's name, undone like any other.

    Returns:
        The change set that logged it; None where nothing was sent, or the log was not possible (the note says why).
    """
    at = at or datetime.now(UTC)
    if delivery.state is not SendState.SENT:
        with store.write() as connection:
            _note(connection, letter, delivery, at)
        return None
    try:
        with store.write() as connection:
            _note(connection, letter, delivery, at)
            return _log(connection, store, letter, actor, at)
    except CrmError as error:  # the mail is out all the same
        with store.write() as connection:
            note = f"{delivery.note}; not logged as an interaction: {error}"
            _note(connection, letter, Delivery(SendState.SENT, note), at)
        return None


def _note(connection: Connection, letter: Letter, delivery: Delivery, at: datetime) -> None:
    mine = update(Send).where(Send.id == letter.send_id, Send.state == SendState.CLAIMED)
    connection.execute(mine.values(state=str(delivery.state), settled_at=at, note=storable(delivery.note)))


def _log(connection: Connection, store: Store, letter: Letter, actor: Actor, at: datetime) -> str:
    draft = connection.execute(
        select(Draft.thread, Draft.contact_id, Draft.lead_id, Draft.account_id, Draft.deal_id, Draft.user_id)
        .join(Send, Send.draft_id == Draft.id)
        .where(Send.id == letter.send_id)
    ).one()
    local = letter.at.astimezone()
    values: dict[str, Json] = {
        "external_id": letter.message_id, "kind": str(InteractionKind.EMAIL), "direction": "out",
        "happened_on": local.date().isoformat(), "happened_at": moment_text(letter.at), "subject": letter.subject,
        "body": letter.body, "thread": draft.thread or letter.message_id,
        "counterpart": f"{letter.recipient.name} <{letter.recipient.address}>", "account": draft.account_id,
        "contact": draft.contact_id, "lead": draft.lead_id, "deal": draft.deal_id, "user": draft.user_id,
    }  # fmt: skip
    filled = {name: (None, value) for name, value in values.items() if value not in (None, "")}
    # of the kind of a mail taken in: it sets what people do not edit by hand
    head = Head(str(uuid4()), "import", f"Mail sent to {letter.recipient.name}", actor.name, actor.id, "email")
    change = Change(Op.CREATE, "interaction", new_id(), None, filled)
    commit_on(connection, store.schema_at(connection), [change], head, actor=actor, at=at)
    return head.id
