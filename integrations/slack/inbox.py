"""The inbox: events are kept before they are acknowledged, and worked once each.

A worker holds an event for some seconds and renews that while it lives; what a killed one held is taken up by another.
"""

import json
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, exists, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from crm_core.db import Store
from crm_core.ids import new_id
from crm_core.models import InboxRow
from integrations.slack.shape import Payload, is_urgent, key_of, lane_of

DOOR = "slack"
WAITING, DONE, FAILED = "waiting", "done", "failed"
KEPT = timedelta(days=7)  # that a key is remembered, so that a late delivery is known again
PAUSES_S = (5, 30, 120, 600, 1800)  # before an event is tried again whose work failed for a passing reason
MOST_ATTEMPTS = len(PAUSES_S) + 1


@dataclass(frozen=True)
class Held:
    """An event that this worker holds."""

    id: int
    payload: Payload
    attempts: int


@dataclass(frozen=True)
class Counts:
    """How many events there are."""

    waiting: int
    failed: int


def utc_now() -> datetime:
    """The moment."""
    return datetime.now(UTC)


class Inbox:
    """The events of Slack in `store`.

    Args:
        store: where they are kept.
        worker: names this process.
        lease_s: how long an event is held without being renewed.
        clock: tells the moment.
    """

    def __init__(
        self, store: Store, *, worker: str, lease_s: float = 30, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._store = store
        self._worker = worker
        self.lease_s = lease_s
        self._clock = clock
        self._claiming = threading.Lock()

    def put(self, payload: Payload) -> bool:
        """Keep an event, committed when this returns; False: it was delivered before.

        Raises:
            Unavailable: the store cannot take it; it must not be acknowledged.
        """
        row = {
            "id": new_id(), "door": DOOR, "key": key_of(payload), "lane": lane_of(payload),
            "is_urgent": is_urgent(payload), "payload": json.dumps(payload), "received_at": self._clock(),
        }  # fmt: skip
        try:
            with self._store.derive() as connection:
                connection.execute(insert(InboxRow), [row])
        except IntegrityError:
            return False
        return True

    def claim(self, *, urgent: bool = False) -> Held | None:
        """Hold the next event, the urgent ones first; None: none is to be worked now.

        Args:
            urgent: no other than these.
        """
        with self._claiming:
            while True:
                now = self._clock()
                with self._store.read() as connection:  # a search that finds nothing keeps no event from being kept
                    found = connection.execute(_next(now, urgent=urgent)).scalar()
                if found is None:
                    return None
                if held := self._hold(found, now):  # else another process was quicker
                    return held

    def renew(self) -> None:
        """Hold what this worker holds for longer."""
        until = self._clock() + timedelta(seconds=self.lease_s)
        with self._store.derive() as connection:
            mine = (InboxRow.state == WAITING, InboxRow.held_by == self._worker)
            connection.execute(update(InboxRow).where(*mine).values(held_until=until))

    def finish(self, held: Held, *, failed: str | None = None) -> None:
        """The event is worked; what it said is forgotten.

        Args:
            held: the event.
            failed: id of the log entry, where it came to nothing.
        """
        state = DONE if failed is None else FAILED
        self._set(held, state=state, payload="{}", note=failed, done_at=self._clock(), held_by=None, held_until=None)

    def put_off(self, held: Held, *, note: str) -> bool:
        """Try the event again later; False: it was tried often enough and has failed."""
        if held.attempts >= MOST_ATTEMPTS:
            self.finish(held, failed=note)
            return False
        later = self._clock() + timedelta(seconds=PAUSES_S[held.attempts - 1])
        self._set(held, not_before=later, note=note, held_by=None, held_until=None)
        return True

    def forget_old(self) -> None:
        """Forget events that no delivery can repeat any more."""
        with self._store.derive() as connection:
            old = (InboxRow.state != WAITING, InboxRow.received_at < self._clock() - KEPT)
            connection.execute(delete(InboxRow).where(InboxRow.door == DOOR, *old))

    def counts(self) -> Counts:
        """How many events wait and how many failed."""
        with self._store.read() as connection:
            query = (
                select(InboxRow.state, func.count().label("number"))
                .where(InboxRow.door == DOOR)
                .group_by(InboxRow.state)
            )
            by_state = {row.state: row.number for row in connection.execute(query)}
        return Counts(by_state.get(WAITING, 0), by_state.get(FAILED, 0))

    def _hold(self, event_id: int, now: datetime) -> Held | None:
        until = now + timedelta(seconds=self.lease_s)
        held = update(InboxRow).where(InboxRow.id == event_id, *_is_to_work(now)).values(
            held_by=self._worker, held_until=until, attempts=InboxRow.attempts + 1
        )  # fmt: skip
        with self._store.derive() as connection:
            row = connection.execute(held.returning(InboxRow.payload, InboxRow.attempts)).first()
        return None if row is None else Held(event_id, json.loads(row.payload), row.attempts)

    def _set(self, held: Held, **values: Any) -> None:
        with self._store.derive() as connection:
            mine = (InboxRow.id == held.id, InboxRow.held_by == self._worker)
            connection.execute(update(InboxRow).where(*mine).values(**values))


def _is_to_work(now: datetime) -> tuple[Any, ...]:
    """It waits, is held by nobody, and its pause is over."""
    return (
        InboxRow.state == WAITING,
        or_(InboxRow.held_until.is_(None), InboxRow.held_until < now),
        or_(InboxRow.not_before.is_(None), InboxRow.not_before <= now),
    )


def _next(now: datetime, *, urgent: bool) -> Any:
    """The id of the first event that is to be worked and has none before it in its lane."""
    before = aliased(InboxRow)
    is_behind = exists().where(and_(before.state == WAITING, before.lane == InboxRow.lane, before.id < InboxRow.id))
    query = select(InboxRow.id).where(InboxRow.door == DOOR, *_is_to_work(now), ~is_behind)
    query = query.where(InboxRow.is_urgent) if urgent else query
    return query.order_by(InboxRow.is_urgent.desc(), InboxRow.id).limit(1)
