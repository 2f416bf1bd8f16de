"""Saying something once: the claim is committed before it is said, and settled afterwards."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from crm_core.db import Store
from crm_core.ids import new_id
from crm_core.models import Notice
from integrations.slack.inbox import DOOR

CLAIMED, SENT, ANSWERED = "claimed", "sent", "answered"


@dataclass(frozen=True)
class Told:
    """Something that a person was told.

    Attributes:
        id: of the notice.
        kind: digest | report | reminder | question.
        user_id: who was told.
        record_id: of the deal that was asked about.
        is_answered: the person answered it.
    """

    id: int
    kind: str
    user_id: int
    record_id: int | None
    is_answered: bool


def is_claimed(store: Store, key: str) -> bool:
    """Whether it was said, or may have been."""
    with store.read() as connection:
        return connection.execute(select(Notice.id).where(Notice.key == key)).scalar() is not None


def claim(store: Store, key: str, kind: str, user_id: int, *, at: datetime, record_id: int | None = None) -> int | None:
    """Claim that this process says it; None: another one did."""
    notice = new_id()
    row = {
        "id": notice, "door": DOOR, "key": key, "kind": kind, "user_id": user_id, "state": CLAIMED,
        "record_id": record_id, "at": at,
    }  # fmt: skip
    try:
        with store.derive() as connection:
            connection.execute(insert(Notice), [row])
    except IntegrityError:
        return None
    return notice


def settle(store: Store, notice: int, *, message: str | None = None) -> None:
    """It was said; `message`: the door's name of it, None where there was nothing to say."""
    with store.derive() as connection:
        connection.execute(update(Notice).where(Notice.id == notice).values(state=SENT, message=message))


def release(store: Store, notice: int) -> None:
    """It was certainly not said."""
    with store.derive() as connection:
        connection.execute(delete(Notice).where(Notice.id == notice, Notice.state == CLAIMED))


def find_told(store: Store, *, message: str | None = None, id: int | None = None) -> Told | None:
    """What was said in a message, or under an id; None where that is none of these."""
    query = select(Notice.id, Notice.kind, Notice.user_id, Notice.record_id, Notice.state)
    query = query.where(Notice.door == DOOR, Notice.message == message if id is None else Notice.id == id)
    with store.read() as connection:
        row = connection.execute(query.limit(1)).first()
    return None if row is None else Told(row.id, row.kind, row.user_id, row.record_id, row.state == ANSWERED)


def take_answer(store: Store, told: Told) -> bool:
    """Note that it is answered; False: it was before."""
    with store.derive() as connection:
        mine = (Notice.id == told.id, Notice.state != ANSWERED)
        return bool(connection.execute(update(Notice).where(*mine).values(state=ANSWERED)).rowcount)


def asked_since(store: Store, deals: Collection[int], since: datetime) -> frozenset[int]:
    """Those of the deals that somebody was asked about since then."""
    query = select(Notice.record_id).where(
        Notice.kind == "question", Notice.record_id.in_(sorted(deals)), Notice.at >= since
    )
    with store.read() as connection:
        return frozenset(id_ for id_ in connection.scalars(query) if id_ is not None)
